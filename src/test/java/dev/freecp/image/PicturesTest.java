package dev.freecp.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.error.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {

    /** Every picture with an expectation: what OpenCV makes of it. */
    static Stream<String> pictures() throws IOException {
        try (Stream<Path> files = Files.list(Golden.path("pictures/expected"))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.png$", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void readsWhatOpenCvReads(String file) throws IOException {
        Picture picture = Pictures.read(Golden.path("pictures/" + file));
        BufferedImage expected = ImageIO.read(Golden.path("pictures/expected/" + file + ".png").toFile());
        assertEquals(new Size(expected.getHeight(), expected.getWidth()), new Size(picture.height(), picture.width()));
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                assertEquals(Integer.toHexString(expected.getRGB(x, y) & 0xffffff), Integer.toHexString(picture.rgb(y, x)), "y " + y + ", x " + x);
            }
        }
    }

    @Test
    void readsAStreamAsItReadsAFile() throws IOException {
        Path file = Golden.path("pictures/exif6.jpg");
        Picture fromStream = Pictures.read(new ByteArrayInputStream(Files.readAllBytes(file)), "upload");
        assertEquals("upload", fromStream.name());
        assertArrayEquals(bytes(Pictures.read(file)), bytes(fromStream));
    }

    @Test
    void componentsCalledRgbNeedNoAdobeMarker(@TempDir Path folder) throws IOException {
        Path file = Golden.path("pictures/rgb_components.jpg");
        byte[] bytes = Files.readAllBytes(file);
        int marker = indexOf(bytes, (byte) 0xff, (byte) 0xee);
        int after = marker + 2 + ((bytes[marker + 2] & 0xff) << 8 | bytes[marker + 3] & 0xff);
        var without = new ByteArrayOutputStream();
        without.write(bytes, 0, marker);
        without.write(bytes, after, bytes.length - after);
        Path stripped = Files.write(folder.resolve("stripped.jpg"), without.toByteArray());
        assertArrayEquals(bytes(Pictures.read(file)), bytes(Pictures.read(stripped)));
    }

    @Test
    void readsAVeryLongPicture() throws IOException {
        BufferedImage strip = new BufferedImage(30_000, 20, BufferedImage.TYPE_3BYTE_BGR);
        strip.setRGB(29_999, 19, 0x123456);
        Picture picture = Pictures.read(new ByteArrayInputStream(encode(strip, "png")), "strip");
        assertEquals(new Size(20, 30_000), new Size(picture.height(), picture.width()));
        assertEquals(0x123456, picture.rgb(19, 29_999));
    }

    @Test
    void lossyWebPIsCloseToWhatItWasMadeFrom() {
        byte[] lossy = bytes(Pictures.read(Golden.path("pictures/lossy_420.webp")));
        byte[] source = bytes(Pictures.read(Golden.path("pictures/lossless.webp")));
        assertEquals(source.length, lossy.length);
        long difference = 0;
        for (int i = 0; i < lossy.length; i++) difference += Math.abs((lossy[i] & 0xff) - (source[i] & 0xff));
        assertTrue(difference < 8L * lossy.length, "mean difference " + (double) difference / lossy.length);
    }

    @Test
    void saysWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("notes.jpg"), "these are not the bytes of a picture");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertRefused(folder.resolve("nowhere.jpg"), "there is no such file");
        assertRefused(folder, "this is a folder");
        assertRefused(empty, "the file is empty");
        assertRefused(text, "not a picture");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseline_420.jpg", "progressive_420.jpg", "grey.jpg", "cmyk.jpg", "palette8.png", "rgb16.png", "rgb.bmp",
        "lossless.webp", "palette.gif"})
    void refusesFilesThatEndTooEarly(String file, @TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("pictures/" + file));
        for (int percent : new int[] {2, 10, 30, 50, 70, 90, 99}) {
            Path cut = Files.write(folder.resolve(percent + file), Arrays.copyOf(whole, whole.length * percent / 100));
            InputException refusal = assertThrows(InputException.class, () -> Pictures.read(cut), percent + " %");
            assertTrue(refusal.getMessage().startsWith(cut + ": "), refusal.getMessage());
        }
    }

    @Test
    void refusesAJpegWhoseDataStopsBeforeItsEndMarker(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("pictures/baseline_420.jpg"));
        byte[] cut = Arrays.copyOf(whole, whole.length * 6 / 10);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        assertRefused(Files.write(folder.resolve("cut.jpg"), cut), "truncated");
    }

    @Test
    void refusesAbsurdSizesBeforeTakingMemory(@TempDir Path folder) throws IOException {
        byte[] png = Files.readAllBytes(Golden.path("pictures/palette8.png"));
        System.arraycopy(new byte[] {0, 1, 0, 0, 0, 1, 0, 0}, 0, png, 16, 8);              // IHDR: 65536 x 65536
        assertRefused(Files.write(folder.resolve("bomb.png"), png), "65536 x 65536 pixels are too many, the limit is 400 megapixels");

        byte[] jpeg = Files.readAllBytes(Golden.path("pictures/baseline_420.jpg"));
        int frame = indexOf(jpeg, (byte) 0xff, (byte) 0xc0);
        Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xff);
        assertRefused(Files.write(folder.resolve("bomb.jpg"), jpeg), "65535 x 65535 pixels are too many");
    }

    @Test
    void anyDamageEndsInAPictureOrInOneSentence() throws IOException {
        var random = new Random(7);
        for (String file : pictures().toList()) {
            byte[] whole = Files.readAllBytes(Golden.path("pictures/" + file));
            for (int trial = 0; trial < 20; trial++) {
                byte[] damaged = whole.clone();
                for (int i = 0; i < 3; i++) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                if (damaged[0] != whole[0]) continue;
                try {
                    Pictures.read(new ByteArrayInputStream(damaged), file);
                } catch (InputException refusal) {
                    assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
                }
            }
        }
    }

    private static void assertRefused(Path file, String reason) {
        InputException refusal = assertThrows(InputException.class, () -> Pictures.read(file));
        assertTrue(refusal.getMessage().startsWith(file + ": ") && refusal.getMessage().contains(reason), refusal.getMessage());
    }

    private static int indexOf(byte[] bytes, byte first, byte second) {
        for (int i = 0; ; i++) if (bytes[i] == first && bytes[i + 1] == second) return i;
    }

    private static byte[] encode(BufferedImage image, String format) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] bytes(Picture picture) {
        byte[] all = new byte[picture.height() * picture.width() * 3];
        byte[] row = new byte[picture.width() * 3];
        for (int y = 0; y < picture.height(); y++) {
            picture.row(y, row);
            System.arraycopy(row, 0, all, y * row.length, row.length);
        }
        return all;
    }
}
