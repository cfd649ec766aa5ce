package dev.freecp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code freecp} in a source tree of empty files, with a JDK, a Maven and an archive of classes that only tell how they were called. */
class LauncherTest {

    private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L), BUILT = FileTime.fromMillis(1_100_000_000_000L), LATER = FileTime.fromMillis(1_200_000_000_000L);

    @TempDir
    private Path folder;
    private Path root;
    private Path jdk;

    private record Started(int code, List<String> arguments, String err) {
    }

    @BeforeEach
    void makeTree() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher is for a POSIX shell");
        root = folder.resolve("a tree");
        script(root.resolve("freecp"), Files.readString(Path.of(System.getProperty("freecp.root"), "freecp")));
        file(root.resolve("pom.xml"), "<project>\n  <version>1.2</version>\n  <version>3</version>\n</project>\n", OLD);
        for (String source : List.of("src/pom.xml", "weights-converter/pom.xml", "src/main/A.java", "weights-converter/src/main/B.java", "kernels/c.cu")) file(root.resolve(source), "", OLD);
        for (String source : List.of("src/main", "weights-converter/src/main", "kernels")) Files.setLastModifiedTime(root.resolve(source), OLD);
        file(engine(), "", BUILT);
        file(root.resolve("weights-converter/target/freecp-weights-converter-1.2.jar"), "", BUILT);
        script(root.resolve("build/class-archive"), "#!/bin/sh\necho \"$1\" >> '" + root + "/calls'\n[ \"$1\" = list ] || echo archived > \"$5\"\n");
        script(folder.resolve("bin/mvn"), "#!/bin/sh\necho mvn \"$@\" >> '" + root + "/calls'\n");
        jdk = jdk("jdk", "25.0.3");
    }

    private Path engine() {
        return root.resolve("src/target/freecp-1.2.jar");
    }

    private Path archive() {
        return root.resolve("target/classes-25.0.3.jsa");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        script(home.resolve("bin/java"), "#!/bin/sh\necho '" + name + "'\nfor argument; do echo \"$argument\"; done\n");
        file(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base\"\n", OLD);
        return home;
    }

    private static void file(Path file, String text, FileTime time) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, time);
    }

    private static void script(Path file, String text) throws IOException {
        file(file, text, OLD);
        assertTrue(file.toFile().setExecutable(true), file.toString());
    }

    private Started start(String... arguments) throws IOException, InterruptedException {
        return start(root.resolve("freecp"), Map.of("FREECP_JAVA_HOME", jdk.toString()), arguments);
    }

    private Started start(Path launcher, Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder process = new ProcessBuilder(command).redirectError(err.toFile());
        process.environment().keySet().removeIf(name -> name.contains("JAVA"));
        process.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        process.environment().putAll(environment);
        Process started = process.start();
        List<String> out = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return new Started(started.waitFor(), out, Files.readString(err));
    }

    private List<String> calls() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void becomesTheJvmWithAllArguments() throws IOException, InterruptedException {
        Started run = start("segment", "a b.jpg", "--classes", "x; y");
        assertEquals(0, run.code, run.err);
        assertEquals(List.of("dev.freecp.cli.Main", "segment", "a b.jpg", "--classes", "x; y"), run.arguments.subList(run.arguments.size() - 5, run.arguments.size()));
        assertTrue(run.arguments.contains("--add-modules=jdk.incubator.vector"), run.arguments.toString());
        assertTrue(run.arguments.contains(engine() + ":" + root.resolve("weights-converter/target/freecp-weights-converter-1.2.jar") + ":" + root.resolve("src/target/lib/*")), run.arguments.toString());
    }

    @Test
    void isFoundThroughLinks() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a tree/freecp"));
        Path another = Files.createSymbolicLink(folder.resolve("another"), link);
        assertEquals(0, start(another, Map.of("FREECP_JAVA_HOME", jdk.toString()), "doctor").code);
        assertTrue(Files.exists(archive()));
    }

    @Test
    void theArchiveOfClassesIsMadeOnce() throws IOException, InterruptedException {
        assertTrue(start("doctor").err.contains("preparing"));
        Started again = start("doctor");
        assertEquals("", again.err);
        assertEquals(List.of("list", "dump"), calls());
        assertTrue(again.arguments.contains("-XX:SharedArchiveFile=" + archive()), again.arguments.toString());
    }

    @Test
    void theArchiveOfClassesIsMadeAgainForOtherJars() throws IOException, InterruptedException {
        start("doctor");
        Files.setLastModifiedTime(archive(), OLD);
        start("doctor");
        assertEquals(List.of("list", "dump", "list", "dump"), calls());
    }

    @Test
    void goesWithoutAnArchiveThatCannotBeMadeAndTriesItOnce() throws IOException, InterruptedException {
        script(root.resolve("build/class-archive"), "#!/bin/sh\necho \"$1\" >> '" + root + "/calls'\nexit 1\n");
        for (int i = 0; i < 2; i++) {
            Started run = start("doctor");
            assertEquals(0, run.code, run.err);
            assertFalse(run.arguments.stream().anyMatch(argument -> argument.startsWith("-XX:SharedArchiveFile")), run.arguments.toString());
        }
        assertEquals(List.of("list"), calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/A.java", "weights-converter/src/main/B.java", "kernels/c.cu", "kernels", "pom.xml", "weights-converter/pom.xml"})
    void buildsWhatIsOlderThanASource(String source) throws IOException, InterruptedException {
        Files.setLastModifiedTime(root.resolve(source), LATER);
        Started run = start("doctor");
        assertTrue(run.err.contains("building (sources have changed)"), run.err);
        assertEquals("mvn -q -B -DskipTests -pl src,weights-converter package", calls().getFirst());
    }

    @Test
    void buildsIfOnlyOneJarIsOlderThanASource() throws IOException, InterruptedException {
        Files.setLastModifiedTime(root.resolve("src/main/A.java"), LATER);
        Files.setLastModifiedTime(engine(), FileTime.from(LATER.toInstant().plusSeconds(1)));
        assertTrue(start("doctor").err.contains("building"));
    }

    @Test
    void aFailedBuildIsToldWithItsErrors() throws IOException, InterruptedException {
        Files.delete(engine());
        script(folder.resolve("bin/mvn"), "#!/bin/sh\necho noise\necho '[ERROR] no luck'\nexit 1\n");
        Started run = start("doctor");
        assertEquals(1, run.code);
        assertTrue(run.err.contains("first use") && run.err.contains("[ERROR] no luck") && !run.err.contains("noise"), run.err);
        assertFalse(Files.exists(root.resolve("target/build.lock")));
    }

    @ParameterizedTest
    @CsvSource({"25.0.2, 2", "21.0.9, 2", "25, 2", "26-ea, 0", "25.0.3, 0", "25.0.10, 0", "25.0.3-beta, 0", "27.0.1, 0", "what, 2"})
    void takesJdksThatAreNewEnough(String version, int code) throws IOException, InterruptedException {
        Path home = jdk("another", version);
        Started run = start(root.resolve("freecp"), Map.of("JAVA25_HOME", home.toString(), "FREECP_JAVA_HOME", code == 0 ? "" : home.toString()), "doctor");
        if (code == 0) assertEquals("another", run.arguments.getFirst(), run.err);
        else assertFalse(run.arguments.contains("another"), run.arguments.toString());
    }

    @Test
    void optionsForTheJvmComeLast() throws IOException, InterruptedException {
        Started run = start(root.resolve("freecp"), Map.of("FREECP_JAVA_HOME", jdk.toString(), "FREECP_JAVA_OPTS", "-Xmx8g -XX:+UseZGC"), "weights");
        assertTrue(run.arguments.indexOf("-Xmx8g") > run.arguments.indexOf("--enable-native-access=ALL-UNNAMED"), run.arguments.toString());
        assertFalse(run.arguments.contains("-XX:+UseSerialGC"), run.arguments.toString());
        assertFalse(run.arguments.contains("--add-modules=jdk.incubator.vector"), run.arguments.toString());
    }
}
