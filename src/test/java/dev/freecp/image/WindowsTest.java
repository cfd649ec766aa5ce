package dev.freecp.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.error.UsageException;
import dev.freecp.ops.Region;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowsTest {

    @Test
    void areThoseOfTheReleasedProgramInItsOrder() {
        List<Object> cases = Golden.jsonList("golden/units/windows.json");
        assertTrue(cases.size() >= 12);
        for (Object each : cases) {
            Map<?, ?> c = (Map<?, ?>) each;
            List<Region> expected = ((List<?>) c.get("windows_y1x1y2x2")).stream().map(window -> region((List<?>) window)).toList();
            assertEquals(expected, Windows.of(number(c, "height"), number(c, "width"), number(c, "crop"), number(c, "stride"), 16));
        }
    }

    @Test
    void cropZeroIsTheEntirePicture() {
        assertEquals(List.of(new Region(0, 0, 448, 597)), Windows.of(448, 597, 0, 0, 16));
    }

    @Test
    void coverEveryPixelIfTheStrideIsNotLargerThanTheCrop() {
        boolean[][] covered = new boolean[61][83];
        for (Region window : Windows.of(61, 83, 24, 24, 8)) {
            for (int y = window.y0(); y < window.y1(); y++) for (int x = window.x0(); x < window.x1(); x++) covered[y][x] = true;
        }
        for (boolean[] row : covered) for (boolean pixel : row) assertTrue(pixel);
    }

    @Test
    void refusesWhatCannotBeLookedAt() {
        assertRefused("crop 15 does not hold one patch", 448, 448, 15, 112);
        assertRefused("crop -1 does not hold one patch", 448, 448, -1, 112);
        assertRefused("stride 0 does not move the window", 448, 448, 384, 0);
        assertRefused("does not hold one patch of 16 pixels", 15, 448, 384, 112);
    }

    private static void assertRefused(String reason, int height, int width, int crop, int stride) {
        String message = assertThrows(UsageException.class, () -> Windows.of(height, width, crop, stride, 16)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private static int number(Map<?, ?> map, String key) {
        return Golden.number(map.get(key));
    }

    private static Region region(List<?> w) {
        return new Region(Golden.number(w.get(0)), Golden.number(w.get(1)), Golden.number(w.get(2)), Golden.number(w.get(3)));
    }
}
