import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Makes the bundle, a folder that runs on any Linux x86-64 without a JDK, and its archive. Run by Maven as a source file, in the root of the repository, with the JDK
 * that the runtime is cut from:
 * <pre>
 * java Bundle.java JARS FOLDER
 * </pre>
 */
static final long MOST_BYTES = 32_000_000;

/** ImageIO and logging (JCuda's), the Vector API, file systems in jars, and what the libraries reach for by reflection. */
static final List<String> MODULES = List.of("java.base", "java.desktop", "java.logging", "jdk.httpserver", "jdk.incubator.vector", "jdk.unsupported", "jdk.zipfs");

/** Of JCuda's native libraries those that are used: the PTX compiler alone, which only tests call, is larger than all the rest. */
static final Map<String, String> NATIVES = Map.of("jcuda-natives", "lib/libJCudaDriver", "jcublas-natives", "lib/libJCublas2-");

void main(String[] args) throws IOException, InterruptedException {
    Path jars = Path.of(args[0]), folder = Path.of(args[1]);
    if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64"))
        throw new IllegalStateException("the bundle is made on Linux x86-64, of the JDK that is there; this is " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    delete(folder);
    link(folder.resolve("runtime"));
    copyJars(jars, folder.resolve("lib"));
    copy(Path.of("build/class-archive"), folder.resolve("build/class-archive"));
    copy(Path.of("build/jvm-options"), folder.resolve("build/jvm-options"));
    listClasses(folder);
    copy(Path.of("bundle/freecp"), folder.resolve("freecp"));
    copy(Path.of("bench/gpu/run-all.sh"), folder.resolve("bench/gpu/run-all.sh"));
    for (Path peer : list(Path.of("bench/peers"))) if (peer.toString().endsWith(".py")) copy(peer, folder.resolve(peer.toString()));
    Files.writeString(folder.resolve("COMMIT"), commit() + "\n");
    copy(Path.of("docs/bundle.md"), folder.resolve("README.md"));
    copy(Path.of("LICENSE"), folder.resolve("LICENSE"));
    Path archive = pack(folder);
    IO.println("%s: %s (runtime %s, jars %s), as %s %s".formatted(folder.getFileName(), size(folder), size(folder.resolve("runtime")), size(folder.resolve("lib")),
        archive.getFileName(), size(archive)));
    if (Files.size(archive) > MOST_BYTES) throw new IllegalStateException(archive + " has more than " + MOST_BYTES + " bytes");
}

/** What the bundle is made of, for the results that it measures. */
String commit() throws IOException, InterruptedException {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(git.getInputStream().readAllBytes()).strip();
    return git.waitFor() == 0 ? said : "unknown";
}

/** Uncompressed: the archive's compression sees through it. */
void link(Path runtime) {
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow(() -> new IllegalStateException("this JDK has no jlink: " + System.getProperty("java.home")));
    int result = jlink.run(System.out, System.err, "--output", runtime.toString(), "--add-modules", String.join(",", MODULES), "--compress", "zip-0",
        "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages");
    if (result != 0) throw new IllegalStateException("jlink: exit code " + result);
}

void copyJars(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path jar : list(from)) {
        String name = jar.getFileName().toString();
        String wanted = NATIVES.entrySet().stream().filter(e -> name.startsWith(e.getKey())).map(Map.Entry::getValue).findFirst().orElse("");
        if (wanted.isEmpty()) copy(jar, to.resolve(name));
        else trim(jar, to.resolve(name), wanted);
    }
}

/** What the launcher makes its archive of on the first run: the archive itself, carried along, would be half as large as all the rest. */
void listClasses(Path folder) throws IOException, InterruptedException {
    int result = new ProcessBuilder("build/class-archive", "list", folder.resolve("runtime/bin/java").toString(), folder.resolve("lib") + "/*",
        folder.resolve("lib/classes.txt").toString()).inheritIO().start().waitFor();
    if (result != 0) throw new IllegalStateException("build/class-archive: exit code " + result);
}

/** Keeps one library of a jar, uncompressed. */
void trim(Path jar, Path trimmed, String wanted) throws IOException {
    int kept = 0;
    try (InputStream file = Files.newInputStream(jar); ZipInputStream in = new ZipInputStream(file);
         OutputStream result = Files.newOutputStream(trimmed); ZipOutputStream out = new ZipOutputStream(result)) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (!entry.getName().startsWith(wanted)) continue;
            byte[] bytes = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            ZipEntry stored = new ZipEntry(entry.getName());
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(bytes.length);
            stored.setCrc(sum.getValue());
            stored.setTime(0);
            out.putNextEntry(stored);
            out.write(bytes);
            kept++;
        }
    }
    if (kept != 1) throw new IllegalStateException(jar + " has " + kept + " libraries " + wanted + "*, wanted one");
}

/** By the system's tar and xz; the same files give the same bytes. */
Path pack(Path folder) throws IOException, InterruptedException {
    Path archive = folder.resolveSibling(folder.getFileName() + ".tar.xz");
    ProcessBuilder tar = new ProcessBuilder("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "-C", folder.getParent().toString(),
        "-cJf", archive.toString(), folder.getFileName().toString()).inheritIO();
    tar.environment().put("XZ_OPT", "-9");
    int result = tar.start().waitFor();
    if (result != 0) throw new IllegalStateException("tar: exit code " + result + "; tar and xz are needed");
    return archive;
}

void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
}

List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
        return files.sorted().toList();
    }
}

void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
}

String size(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
        return String.format(Locale.ROOT, "%.1f MB", files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum() / 1e6);
    }
}
