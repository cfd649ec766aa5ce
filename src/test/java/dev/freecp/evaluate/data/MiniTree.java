package dev.freecp.evaluate.data;

import dev.freecp.image.LabelMap;
import dev.freecp.image.LabelPng;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes miniature data sets: pictures of 3 x 4 pixels and label files of the kinds that publishers use. */
public final class MiniTree {

    public static final int HEIGHT = 3;
    public static final int WIDTH = 4;

    private final Path root;

    public MiniTree(Path root) {
        this.root = root;
    }

    /** A picture, JPEG or PNG by its name. */
    public MiniTree picture(String path) {
        return save(path, new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB));
    }

    /** A palette PNG of twelve labels, as of PASCAL VOC. */
    public MiniTree palette(String path, int... labels) {
        LabelPng.write(file(path), new LabelMap(HEIGHT, WIDTH, labels), 256);
        return this;
    }

    /** A 16-bit grey PNG of twelve labels. */
    public MiniTree grey16(String path, int... labels) {
        LabelPng.write(file(path), new LabelMap(HEIGHT, WIDTH, labels), 65536);
        return this;
    }

    /** An 8-bit grey PNG of twelve labels, as of COCO-Stuff, ADE20K and Cityscapes. */
    public MiniTree grey(String path, int... labels) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(0, 0, WIDTH, HEIGHT, labels);
        return save(path, image);
    }

    /** An RGB PNG of twelve colours. */
    public MiniTree colors(String path, int... rgb) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, WIDTH, HEIGHT, rgb, 0, WIDTH);
        return save(path, image);
    }

    public MiniTree text(String path, String text) {
        try {
            Files.writeString(file(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public MiniTree bytes(String path, byte[] bytes) {
        try {
            Files.write(file(path), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private MiniTree save(String path, BufferedImage image) {
        try {
            ImageIO.write(image, path.endsWith(".jpg") ? "jpg" : "png", file(path).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private Path file(String path) {
        Path file = root.resolve(path);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
