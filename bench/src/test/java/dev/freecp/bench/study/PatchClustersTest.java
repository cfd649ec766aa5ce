package dev.freecp.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchClustersTest {

    @Test
    void findsTheThreeStripesOfAFlag(@TempDir Path folder) throws IOException {
        Color[] stripes = {Color.RED, Color.GREEN, Color.BLUE};
        BufferedImage flag = new BufferedImage(100, 96, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = flag.createGraphics();
        for (int i = 0; i < 3; i++) {
            graphics.setColor(stripes[i]);
            graphics.fillRect(0, 32 * i, 100, 32);
        }
        graphics.dispose();
        Path picture = folder.resolve("flag.png"), output = folder.resolve("clusters.png");
        ImageIO.write(flag, "png", picture.toFile());

        PatchClusters.main(new String[] {picture.toString(), output.toString(), "3"});

        BufferedImage painted = ImageIO.read(output.toFile());
        assertEquals(96, painted.getWidth());       // the right-hand patch is cut, and so dropped
        assertEquals(96, painted.getHeight());
        Set<Integer> colours = Arrays.stream(painted.getRGB(0, 0, 96, 96, null, 0, 96)).boxed().collect(Collectors.toSet());
        assertEquals(Arrays.stream(stripes).map(Color::getRGB).collect(Collectors.toSet()), colours);
    }
}
