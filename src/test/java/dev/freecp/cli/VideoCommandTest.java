package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.PromptTemplates;
import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;
import dev.freecp.image.Palette;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import dev.freecp.image.Pictures;
import dev.freecp.image.ResizeRule;
import dev.freecp.report.video.FrameReader;
import dev.freecp.report.video.LabelSmoothing;
import dev.freecp.segment.Background;
import dev.freecp.segment.Descriptions;
import dev.freecp.segment.Device;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.TextSource;
import dev.freecp.segment.Vocabulary;
import dev.freecp.segment.WordFeatures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoCommandTest {

    private static final int SIDE = 96;

    @TempDir
    private Path folder;

    /** What came of a run whose output may be frames. */
    private record Result(int code, byte[] out, String err) {

        FrameReader frames() {
            return FrameReader.open(new ByteArrayInputStream(out), "output", null);
        }
    }

    private static Object[] arguments(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--model", Run.MODEL, "--classes", "circle; heart; moon; water; sand", "--templates", "a photo of a {}.",
            "--resize", "none", "--crop", "0", "--cache", "off"));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }

    private static Result video(byte[] input, Object... more) {
        Object[] arguments = arguments("video", more);
        ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayInputStream(input), new PrintStream(out), new PrintStream(err, false, StandardCharsets.UTF_8), () -> false);
        int code = Main.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new), console, OutputFolder.Opener.DISK);
        return new Result(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** The upper left corner of a scene. */
    private static Picture frame(int scene) {
        Picture whole = Pictures.read(Run.scene(scene));
        byte[] rgb = new byte[3 * SIDE * SIDE], row = new byte[3 * whole.width()];
        for (int y = 0; y < SIDE; y++) {
            whole.row(y, row);
            System.arraycopy(row, 0, rgb, 3 * SIDE * y, 3 * SIDE);
        }
        return Picture.of("scene " + scene, SIDE, SIDE, rgb);
    }

    /** The scenes as PPM, spelt out. */
    private static byte[] ppm(int... scenes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int scene : scenes) {
            out.writeBytes("P6 96 96 255\n".getBytes(StandardCharsets.US_ASCII));
            Picture picture = frame(scene);
            for (int i = 0; i < SIDE * SIDE; i++) for (int shift = 16; shift >= 0; shift -= 8) out.write(picture.rgb(i / SIDE, i % SIDE) >> shift);
        }
        return out.toByteArray();
    }

    private Path pictures(int... scenes) throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        for (int scene : scenes) PicturePng.write(in.resolve("f%02d.png".formatted(scene)), frame(scene));
        return in;
    }

    private static void assertColorsOf(Path labels, Picture frame) {
        Picture expected = Palette.voc("labels", LabelPng.read(labels));
        for (int i = 0; i < SIDE * SIDE; i++) assertEquals(expected.rgb(i / SIDE, i % SIDE), frame.rgb(i / SIDE, i % SIDE));
    }

    @Test
    void picturesAndStreamsGiveTheSameLabelsAsSegment() throws IOException {
        Path in = pictures(1, 2), out = folder.resolve("out");
        Result fromFiles = video(new byte[0], in, "--out", out);
        assertEquals(0, fromFiles.code(), fromFiles.err());
        assertEquals(List.of("f01.labels.png", "f01.overlay.png", "f02.labels.png", "f02.overlay.png"), Run.list(out));
        assertEquals(List.of(SIDE, SIDE), List.of(Pictures.read(out.resolve("f01.overlay.png")).height(), Pictures.read(out.resolve("f01.overlay.png")).width()));
        assertEquals(1, fromFiles.err().lines().filter(line -> line.contains("encoding 5 sentences")).count(), fromFiles.err());
        assertTrue(fromFiles.err().contains("2 frames in "), fromFiles.err());

        Path alone = folder.resolve("alone");
        assertEquals(0, Run.of(arguments("segment", in.resolve("f02.png"), "--out", alone)).code());
        assertArrayEquals(Files.readAllBytes(alone.resolve("f02.labels.png")), Files.readAllBytes(out.resolve("f02.labels.png")));

        Result fromStream = video(ppm(1, 2), "-", "--out", "-", "--show", "labels", "--quiet");
        assertEquals("", fromStream.err());
        assertEquals(2 * (3 * SIDE * SIDE + "P6\n96 96\n255\n".length()), fromStream.out().length, "frames and nothing else");
        FrameReader frames = fromStream.frames();
        assertColorsOf(out.resolve("f01.labels.png"), frames.next());
        assertColorsOf(out.resolve("f02.labels.png"), frames.next());
    }

    @Test
    void y4mGoesThroughAsOverlaysWithItsRate() {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        in.writeBytes("YUV4MPEG2 W64 H48 F30000:1001 Ip A1:1 C420mpeg2\n".getBytes(StandardCharsets.US_ASCII));
        byte[] grey = new byte[64 * 48 * 3 / 2];
        Arrays.fill(grey, (byte) 128);
        for (int i = 0; i < 2; i++) {
            in.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            in.writeBytes(grey);
        }
        Result result = video(in.toByteArray(), "-", "--out", "-");
        assertEquals(0, result.code(), result.err());
        assertTrue(new String(result.out(), 0, 60, StandardCharsets.ISO_8859_1).startsWith("YUV4MPEG2 W64 H48 F30000:1001 Ip A1:1 C420mpeg2\nFRAME\n"));
        FrameReader frames = result.frames();
        assertEquals(64, frames.next().width());
        assertEquals(48, frames.next().height());
        assertNull(frames.next());
    }

    @Test
    void picturesBecomeAStreamWithTheRateAskedFor() throws IOException {
        Result result = video(new byte[0], pictures(3), "--out", "-", "--rate", "30000:1001", "--matrix", "bt709");
        assertEquals(0, result.code(), result.err());
        assertTrue(new String(result.out(), 0, 60, StandardCharsets.ISO_8859_1).startsWith("YUV4MPEG2 W96 H96 F30000:1001 Ip A1:1 C420jpeg\nFRAME\n"));
    }

    @Test
    void labelsAreSmoothedFromFrameToFrame() {
        Result result = video(ppm(1, 2, 1), "-", "--out", "-", "--show", "labels", "--smooth", "0.8");
        FrameReader frames = result.frames();
        try (Segmenter segmenter = Segmenter.open(Run.MODEL, Device.choose("cpu"))) {
            Vocabulary vocabulary = Vocabulary.parse("circle; heart; moon; water; sand", new Background.None());
            QuerySentences sentences = QuerySentences.of(vocabulary, PromptTemplates.single("a photo of a {}."), Descriptions.none(), TextSource.TEMPLATES, 0);
            WordFeatures words = segmenter.words(vocabulary, sentences, TextCache.off(), Cleaning.PLAIN);
            LabelSmoothing smoothing = new LabelSmoothing(0.8);
            int changed = 0;
            for (int scene : new int[] {1, 2, 1}) {
                Segmentation alone = segmenter.segment(frame(scene), words, SegmentSettings.defaults().withWindows(ResizeRule.NONE, 0, 0));
                LabelMap expected = smoothing.next(alone.labels(), alone.confidence());
                Picture shown = frames.next();
                for (int i = 0; i < SIDE * SIDE; i++) {
                    assertEquals(Palette.voc(expected.labels()[i]), shown.rgb(i / SIDE, i % SIDE));
                    if (expected.labels()[i] != alone.labels().labels()[i]) changed++;
                }
            }
            assertTrue(changed > SIDE, "the frame between should hardly show, " + changed + " pixels are held");
        }
    }

    @Test
    void framesBeforeABrokenOneAreWhole() {
        byte[] two = ppm(1, 2);
        Result cut = video(Arrays.copyOf(two, two.length - 100), "-", "--out", "-", "--quiet");
        assertEquals(3, cut.code());
        assertEquals("freecp: standard input: frame 2 ends after 27548 of 27648 bytes; 1 frame before it came whole", cut.err().strip());
        assertEquals(3 * SIDE * SIDE + "P6\n96 96\n255\n".length(), cut.out().length);

        byte[] other = Stream.of(ppm(1), "P6 1 1 255\nabc".getBytes(StandardCharsets.US_ASCII)).collect(ByteArrayOutputStream::new, ByteArrayOutputStream::writeBytes,
            (a, b) -> a.writeBytes(b.toByteArray())).toByteArray();
        Result changed = video(other, "-", "--out", folder.resolve("out"), "--quiet");
        assertEquals(3, changed.code());
        assertEquals("freecp: frame 2 of standard input: is 1 x 1 pixels after frames of 96 x 96; all frames of a video must be of one size", changed.err().strip());
        assertEquals(List.of("frame_000001.labels.png", "frame_000001.overlay.png"), Run.list(folder.resolve("out")));
    }

    @Test
    void aReaderThatGoesAwayEndsTheRun() {
        PrintStream closed = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayInputStream(ppm(1, 2)), closed, new PrintStream(err), () -> false);
        String[] words = Stream.of(arguments("video", "-", "--quiet", "--out", "-")).map(Object::toString).toArray(String[]::new);
        assertEquals(3, Main.run(words, console, OutputFolder.Opener.DISK));
        assertEquals("freecp: standard output: frame 1 of standard input cannot be written (standard output is closed)", err.toString(StandardCharsets.UTF_8).strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        - --smooth 1 | --smooth must be from 0 to below 1, not 1.0
        - --show labels | --show, --to and --rate are for --out -
        - --out - --to avi | there is no stream 'avi'; choose one of y4m, ppm
        - --out - --show all | there is no kind of frame 'all'; choose one of overlay, labels
        - --out - --matrix bt2020 | there is no matrix 'bt2020'; choose one of bt601, bt709
        - --out - --rate 0 | --rate must be frames a second such as 25 or 30000:1001, not '0'
        - --out - --rate 50 | --rate is for pictures and PPM; this Y4M stream says 25:1
        - x.png | frames come from standard input or from files, not both""")
    void whatCannotBeIsRefusedInOneSentence(String arguments, String sentence) {
        Result result = video("YUV4MPEG2 W2 H2 F25:1\n".getBytes(StandardCharsets.US_ASCII), (Object[]) arguments.split(" "));
        assertEquals(2, result.code());
        assertTrue(result.err().contains(sentence), result.err());
        assertEquals(0, result.out().length);
    }

    @Test
    void framesNeverOverwriteTheirSource() throws IOException {
        Path in = pictures(1);
        Path older = Files.copy(in.resolve("f01.png"), in.resolve("f01.labels.png"));
        Result result = video(new byte[0], in, "--out", in);
        assertEquals(2, result.code());
        assertTrue(result.err().contains(older + ": is an input"), result.err());
        assertFalse(Files.exists(in.resolve("f01.overlay.png")));
    }
}
