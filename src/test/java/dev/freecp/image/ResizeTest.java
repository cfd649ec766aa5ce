package dev.freecp.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freecp.Golden;
import dev.freecp.error.UsageException;
import dev.freecp.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void equalsOpenCvToTheByte(int number) {
        Golden golden = Golden.tensors("golden/units/resize.safetensors");
        int[] from = golden.shape("u8resize" + number + ".in");
        int[] to = golden.shape("u8resize" + number + ".out");
        Picture picture = Picture.of("golden", from[0], from[1], golden.bytes("u8resize" + number + ".in"));
        assertArrayEquals(golden.bytes("u8resize" + number + ".out"), bytes(Resize.resize(picture, to[0], to[1]).pixels()));
    }

    @Test
    void onePixelFillsAnySize() {
        Picture resized = Resize.resize(Picture.of("dot", 1, 1, new byte[] {10, (byte) 200, 30}), 5, 7);
        assertEquals(5, resized.height());
        for (int y = 0; y < 5; y++) for (int x = 0; x < 7; x++) assertEquals(0x0ac81e, resized.rgb(y, x));
    }

    @Test
    void givesBackAPictureThatHasTheSize() {
        Picture picture = Picture.of("same", 1, 2, new byte[6]);
        assertSame(picture, Resize.resize(picture, 1, 2));
    }

    @Test
    void keepsProportionsAsTheReleasedProgram() {
        List<Object> cases = Golden.jsonList("golden/units/keep_ratio.json");
        assertEquals(15, cases.size());
        for (Object each : cases) {
            Map<?, ?> c = (Map<?, ?>) each;
            List<?> scale = (List<?>) c.get("scale");
            var rule = new ResizeRule(Golden.number(scale.get(0)), Golden.number(scale.get(1)));
            Size expected = new Size(Golden.number(c.get("new_height")), Golden.number(c.get("new_width")));
            assertEquals(expected, rule.target(Golden.number(c.get("height")), Golden.number(c.get("width")), 16), c.toString());
        }
    }

    @Test
    void enlargesOnlyTheSideThatIsShorterThanAPatch() {
        assertEquals(new Size(16, 2048), ResizeRule.DEFAULT.target(20, 30_000, 16));
        assertEquals(new Size(2048, 16), ResizeRule.DEFAULT.target(1_000_000, 1, 16));
        assertEquals(new Size(14, 300), ResizeRule.NONE.target(9, 300, 14));
        assertEquals(new Size(9, 300), ResizeRule.NONE.target(9, 300, 8));
    }

    @Test
    void refusesLimitsInTheWrongOrder() {
        assertThrows(UsageException.class, () -> new ResizeRule(448, 2048));
        assertThrows(UsageException.class, () -> new ResizeRule(448, 0));
    }

    private static byte[] bytes(Tensor pixels) {
        return pixels.segment().toArray(ValueLayout.JAVA_BYTE);
    }
}
