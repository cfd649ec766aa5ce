package dev.freecp.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds the one EXIF entry that changes what a picture looks like: how the camera was held. */
final class Exif {

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int TYPE_SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    private Exif() {}

    /**
     * The orientation, 1 to 8, that the TIFF block {@code bytes[from .. to - 1]} gives; 1 (upright) if it is broken or says nothing, because
     * a camera's note is no reason to refuse a picture.
     */
    static int orientation(byte[] bytes, int from, int to) {
        ByteBuffer tiff = ByteBuffer.wrap(bytes, from, to - from).slice();
        try {
            short order = tiff.getShort();
            if (order != 0x4949 && order != 0x4d4d) return 1;
            tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            if (tiff.getShort() != 42) return 1;
            return entry(tiff.position(tiff.getInt()));
        } catch (BufferUnderflowException | IllegalArgumentException broken) {
            return 1;
        }
    }

    /** Looks through the directory at the buffer's position. */
    private static int entry(ByteBuffer tiff) {
        int entries = Short.toUnsignedInt(tiff.getShort());
        for (int i = 0, at = tiff.position(); i < entries; i++, at += ENTRY_BYTES) {
            tiff.position(at);
            if (Short.toUnsignedInt(tiff.getShort()) != ORIENTATION_TAG) continue;
            if (tiff.getShort() != TYPE_SHORT || tiff.getInt() != 1) return 1;
            int value = Short.toUnsignedInt(tiff.getShort());
            return value >= 1 && value <= 8 ? value : 1;
        }
        return 1;
    }
}
