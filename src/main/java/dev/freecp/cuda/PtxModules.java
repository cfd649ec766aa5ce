package dev.freecp.cuda;

import dev.freecp.error.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kernels' PTX, which lies on the class path: in the jar, or beside the classes. */
final class PtxModules {

    private static final String FOLDER = "/dev/freecp/kernels/ptx/";
    private static final String ENDING = ".ptx";
    private static final Pattern TARGET = Pattern.compile("^\\.target sm_(\\d+)", Pattern.MULTILINE);

    private PtxModules() {
    }

    /** Of every module: {@code layer_norm.f16}. */
    static List<String> names() {
        try {
            URI folder = PtxModules.class.getResource(FOLDER).toURI();
            if (!folder.getScheme().equals("jar")) return names(Path.of(folder));
            try (FileSystem jar = FileSystems.newFileSystem(Path.of(URI.create(folder.getRawSchemeSpecificPart().replaceFirst("!.*", ""))), Map.of())) {
                return names(jar.getPath(FOLDER));
            }
        } catch (IOException | URISyntaxException e) {
            throw new DeviceException(FOLDER + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(ENDING)).map(name -> name.substring(0, name.length() - ENDING.length())).sorted().toList();
        }
    }

    /** The compute capability that a module needs at least: 80 for 8.0. */
    static int computeCapability(String name) {
        Matcher target = TARGET.matcher(new String(read(name), StandardCharsets.US_ASCII));
        if (!target.find()) throw new IllegalArgumentException(FOLDER + name + ENDING + " has no target");
        return Integer.parseInt(target.group(1));
    }

    /** Text of a module, in ASCII. */
    static byte[] read(String name) {
        try (InputStream in = PtxModules.class.getResourceAsStream(FOLDER + name + ENDING)) {
            if (in == null) throw new IllegalArgumentException("there is no " + FOLDER + name + ENDING);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new DeviceException(FOLDER + name + ENDING + " cannot be read: " + e.getMessage(), e);
        }
    }
}
