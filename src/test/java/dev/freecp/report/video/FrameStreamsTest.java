package dev.freecp.report.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.error.InputException;
import dev.freecp.image.Picture;
import dev.freecp.image.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameStreamsTest {

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) out.writeBytes(part instanceof int[] samples ? samples(samples) : part.toString().getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    private static byte[] samples(int[] samples) {
        byte[] bytes = new byte[samples.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) samples[i];
        return bytes;
    }

    private static FrameReader reader(Object... parts) {
        return FrameReader.open(new ByteArrayInputStream(bytes(parts)), "clip", null);
    }

    private static Picture pixel(int rgb) {
        return Picture.of("pixel", 1, 1, new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb});
    }

    private static Picture noise(int height, int width) {
        byte[] rgb = new byte[3 * height * width];
        new Random(2).nextBytes(rgb);
        return Picture.of("noise", height, width, rgb);
    }

    private static byte[] written(Y4mHeader header, Picture... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = FrameWriter.y4m(out, header, null);
        for (Picture frame : frames) writer.write(frame);
        return out.toByteArray();
    }

    private static void assertSimilar(int expected, int actual, int tolerance) {
        for (int shift = 0; shift <= 16; shift += 8)
            assertEquals(expected >> shift & 0xff, actual >> shift & 0xff, tolerance, () -> "%06x is not %06x".formatted(actual, expected));
    }

    /** Samples as the recommendations' colour bars have them (8 bits, limited range). */
    @ParameterizedTest
    @CsvSource({"ffffff,BT601,235,128,128", "000000,BT601,16,128,128", "ff0000,BT601,81,90,240", "00ff00,BT601,145,54,34", "0000ff,BT601,41,240,110",
        "ffffff,BT709,235,128,128", "ff0000,BT709,63,102,240", "00ff00,BT709,173,42,26", "0000ff,BT709,32,240,118"})
    void coloursAreThoseOfTheRecommendations(String rgb, ColorMatrix matrix, int y, int cb, int cr) throws IOException {
        int color = Integer.parseInt(rgb, 16);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter.y4m(out, new Y4mHeader(new Size(1, 1), "25:1", "p", "1:1", "444", false), matrix).write(pixel(color));
        assertArrayEquals(bytes("YUV4MPEG2 W1 H1 F25:1 Ip A1:1 C444\nFRAME\n", new int[] {y, cb, cr}), out.toByteArray());
        assertSimilar(color, FrameReader.open(new ByteArrayInputStream(out.toByteArray()), "clip", matrix).next().rgb(0, 0), 2);
    }

    @Test
    void theUsualMatrixGoesByTheHeight() {
        assertEquals(ColorMatrix.BT601, ColorMatrix.usual(576));
        assertEquals(ColorMatrix.BT709, ColorMatrix.usual(720));
    }

    @Test
    void aColourOf420CountsForFourPixelsAndOddSidesAreRoundedUp() {
        FrameReader reader = reader("YUV4MPEG2 W3 H3 F25:1 C420jpeg\n", "FRAME\n", new int[] {81, 81, 145, 81, 81, 145, 41, 41, 235}, new int[] {90, 54, 240, 128},
            new int[] {240, 34, 110, 128}, "FRAME Ip\n", new int[] {16, 16, 16, 16, 16, 16, 16, 16, 16}, new int[] {128, 128, 128, 128}, new int[] {128, 128, 128, 128});
        Picture frame = reader.next();
        int[] colors = {0xff0000, 0xff0000, 0x00ff00, 0xff0000, 0xff0000, 0x00ff00, 0x0000ff, 0x0000ff, 0xffffff};
        for (int i = 0; i < 9; i++) assertSimilar(colors[i], frame.rgb(i / 3, i % 3), 2);
        assertEquals(0, reader.next().rgb(2, 2));
        assertNull(reader.next());
    }

    @Test
    void aColourOf422CountsForTwoPixelsOfARow() {
        Picture frame = reader("YUV4MPEG2 W2 H2 C422\nFRAME\n", new int[] {81, 81, 145, 145}, new int[] {90, 54}, new int[] {240, 34}).next();
        for (int i = 0; i < 4; i++) assertSimilar(i < 2 ? 0xff0000 : 0x00ff00, frame.rgb(i / 2, i % 2), 2);
    }

    @ParameterizedTest
    @CsvSource({"420jpeg,12", "420mpeg2,12", "420paldv,12", "420,12", "422,18", "411,12", "444,30", "mono,0"})
    void everySamplingIsReadInItsLength(String chroma, int colors) {
        int[] samples = new int[15 + colors];
        Arrays.fill(samples, 128);
        FrameReader reader = reader("YUV4MPEG2 W5 H3 C" + chroma + "\nFRAME\n", samples, "FRAME\n", samples);
        int grey = reader.next().rgb(1, 1);
        assertEquals(grey, reader.next().rgb(2, 4));
        assertEquals(Math.round((128 - 16) / 219.0 * 255) * 0x010101, grey);
        assertNull(reader.next());
    }

    @Test
    void aColourIsWrittenAsTheMeanOfItsPixels() throws IOException {
        Picture redAndBlue = Picture.of("two", 1, 2, new byte[] {(byte) 255, 0, 0, 0, 0, (byte) 255});
        byte[] stream = written(Y4mHeader.usual(new Size(1, 2), "25:1"), redAndBlue);
        assertArrayEquals(samples(new int[] {81, 41, (90 + 240) / 2, (240 + 110) / 2}), Arrays.copyOfRange(stream, stream.length - 4, stream.length));
    }

    @Test
    void fullRangeIsReadAndWritten() throws IOException {
        FrameReader reader = reader("YUV4MPEG2 W2 H1 F25:1 Ip A1:1 C444 XYSCSS=444 XCOLORRANGE=FULL\nFRAME\n", new int[] {0, 255, 128, 128, 128, 128});
        Picture frame = reader.next();
        assertEquals(0, frame.rgb(0, 0));
        assertEquals(0xffffff, frame.rgb(0, 1));
        assertArrayEquals(bytes("YUV4MPEG2 W2 H1 F25:1 Ip A1:1 C444 XCOLORRANGE=FULL\nFRAME\n", new int[] {0, 255, 128, 128, 128, 128}), written(reader.header().orElseThrow(), frame));
    }

    @Test
    void whatAStreamSaysOfItselfGoesOnAndMonoBecomesColour() throws IOException {
        Y4mHeader header = reader("YUV4MPEG2 W2 H2 F30000:1001 It A4:3 Cmono Xother\n").header().orElseThrow();
        assertTrue(new String(written(header, noise(2, 2)), StandardCharsets.ISO_8859_1).startsWith("YUV4MPEG2 W2 H2 F30000:1001 It A4:3 C444\nFRAME\n"));
    }

    @Test
    void y4mComesBackNearlyAsItWasWritten() throws IOException {
        Picture frame = noise(7, 9);
        FrameReader reader = FrameReader.open(new ByteArrayInputStream(written(new Y4mHeader(new Size(7, 9), "25:1", "p", "1:1", "444", true), frame, frame)), "clip", null);
        for (int n = 0; n < 2; n++) {
            Picture back = reader.next();
            for (int i = 0; i < 63; i++) assertSimilar(frame.rgb(i / 9, i % 9), back.rgb(i / 9, i % 9), 2);
        }
        assertNull(reader.next());
    }

    @Test
    void ppmComesBackAsItWasWritten() throws IOException {
        Picture frame = noise(5, 4);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = FrameWriter.ppm(out);
        writer.write(frame);
        writer.write(noise(2, 3));
        FrameReader reader = FrameReader.open(new ByteArrayInputStream(out.toByteArray()), "clip", null);
        Picture back = reader.next();
        for (int i = 0; i < 20; i++) assertEquals(frame.rgb(i / 4, i % 4), back.rgb(i / 4, i % 4));
        assertEquals(3, reader.next().width());
        assertNull(reader.next());
    }

    @Test
    void headersOfPpmMayHaveComments() {
        assertEquals(0x010203, reader("P6 # made\n#by hand\n1\t1\n255\n", new int[] {1, 2, 3}).next().rgb(0, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        | clip: is empty
        GIF89a | clip: is neither Y4M nor binary PPM
        YUV5~ | clip: does not begin with YUV4MPEG2
        YUV4MPEG2 W4 | clip: the header ends early
        YUV4MPEG2 W4 F25:1~ | clip: the header has no size, W and H
        YUV4MPEG2 W-4 H4~ | clip: the header has the size W-4
        YUV4MPEG2 W99999 H99999~ | clip: frames of 99999 x 99999 pixels are too large
        YUV4MPEG2 W4 H4 C420p10~ | clip: has samples of kind C420p10
        YUV4MPEG2 W2 H2~ | clip: ends before its first frame
        YUV4MPEG2 W2 H2~FRAME~12345 | clip: frame 1 ends after 5 of 6 bytes
        YUV4MPEG2 W2 H2~FRAME~123456FRAME~1 | clip: frame 2 ends after 1 of 6 bytes; 1 frame before it came whole
        YUV4MPEG2 W2 H2~FRAME~123456789FRAME~ | clip: where a frame should begin, with FRAME, stands something else
        P6 1 1 65535~ | clip: a picture has samples up to 65535
        P6 1 x | clip: a picture's header has no sensible height
        P6 99999 99999 255~ | frames of 99999 x 99999 pixels are too large
        P6 1 1 255~12 | clip: frame 1 ends after 2 of 3 bytes
        P6 1 1 255~123P5 | clip: where a picture should begin, with P6, stands something else; 1 frame before it came whole""")
    void whatIsWrongIsSaidInOneSentence(String stream, String sentence) {
        InputException refusal = assertThrows(InputException.class, () -> {
            FrameReader reader = reader(stream == null ? "" : stream.replace('~', '\n'));
            for (int frame = 0; frame < 9; frame++) reader.next();
        });
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }

    @Test
    void aFrameOfAnotherSizeDoesNotFitTheStream() {
        assertThrows(IllegalArgumentException.class, () -> written(Y4mHeader.usual(new Size(2, 2), "25:1"), noise(2, 2), noise(2, 3)));
    }
}
