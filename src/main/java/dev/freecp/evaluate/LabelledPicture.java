package dev.freecp.evaluate;

import dev.freecp.error.InputException;
import dev.freecp.evaluate.data.Sample;
import dev.freecp.image.LabelMap;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A sample in memory.
 *
 * @param sample  what was read
 * @param picture its pixels
 * @param truth   its labels, of the same size
 * @param sha256  of the picture's file, then the truth's labels as big-endian integers; the first 32 hex digits
 */
record LabelledPicture(Sample sample, Picture picture, LabelMap truth, String sha256) {

    private static final int HEX_DIGITS = 32;

    /** @throws InputException if picture or truth cannot be read, or are not of one size */
    static LabelledPicture read(Sample sample) {
        byte[] file = bytes(sample);
        Picture picture = Pictures.read(new ByteArrayInputStream(file), sample.picture().toString());
        LabelMap truth = sample.truth().read();
        if (picture.height() != truth.height() || picture.width() != truth.width())
            throw new InputException(sample.picture() + ": the picture is of " + new Size(picture.height(), picture.width())
                + " pixels and its truth of " + new Size(truth.height(), truth.width()) + "; they must be of one size");
        return new LabelledPicture(sample, picture, truth, sha256(file, truth));
    }

    private static byte[] bytes(Sample sample) {
        try {
            return Files.readAllBytes(sample.picture());
        } catch (IOException e) {
            String cause = Files.exists(sample.picture()) ? e.getMessage() : "there is no such file";
            throw new InputException(sample.picture() + ": cannot be read (" + cause + ")", e);
        }
    }

    private static String sha256(byte[] file, LabelMap truth) {
        ByteBuffer labels = ByteBuffer.allocate(truth.labels().length * Integer.BYTES);
        labels.asIntBuffer().put(truth.labels());
        MessageDigest digest = Sha256.digest();
        digest.update(file);
        digest.update(labels);
        return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }
}
