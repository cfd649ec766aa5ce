package dev.freecp.image;

import dev.freecp.error.InputException;

/**
 * What the marker segments of a JPEG file say, read without decoding anything.
 *
 * @param components   1 grey, 3 colour, 4 CMYK or YCCK
 * @param luminance    true if the first three components are Y, Cb and Cr, false if they are colours as they stand (RGB, CMYK)
 * @param adobe        true if Adobe's marker is there: its CMYK files hold inverted inks
 * @param orientation  EXIF orientation, 1 if the file says nothing
 */
record JpegHeader(int height, int width, int components, boolean luminance, boolean adobe, int orientation) {

    private static final int SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP0 = 0xe0, APP1 = 0xe1, APP14 = 0xee, TEM = 0x01;

    /**
     * Walks over all segments up to the end marker.
     *
     * @throws InputException if the file ends before its end marker or has no frame
     */
    static JpegHeader parse(String name, byte[] bytes) {
        return new Walk(name, bytes).header();
    }

    private static final class Walk {
        private final String name;
        private final byte[] bytes;
        private int at = 2;
        private int height, width, components, firstId, orientation;
        private boolean jfif;
        private int adobeTransform = -1;

        Walk(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        JpegHeader header() {
            for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
                if (marker == TEM || marker >= 0xd0 && marker <= SOI) continue;
                int end = at + u16(at);
                if (end > bytes.length) throw truncated();
                segment(marker, at + 2, end);
                at = end;
                if (marker == SOS) skipScan();
            }
            if (components == 0) throw new InputException(name + ": this JPEG file holds no picture");
            return new JpegHeader(height, width, components, hasLuminance(), adobeTransform >= 0, Math.max(orientation, 1));
        }

        /** The code after the next 0xff, and {@code at} behind it. Stray bytes before it are passed over, as libjpeg does. */
        private int nextMarker() {
            while (u8(at) != 0xff) at++;
            while (u8(at) == 0xff) at++;
            return u8(at++);
        }

        private void segment(int marker, int from, int end) {
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (frame && end - from >= 7) {
                height = u16(from + 1);
                width = u16(from + 3);
                components = u8(from + 5);
                firstId = u8(from + 6);
            } else if (marker == APP0 && startsWith("JFIF", from, end)) {
                jfif = true;
            } else if (marker == APP1 && startsWith("Exif\0\0", from, end) && orientation == 0) {
                orientation = Exif.orientation(bytes, from + 6, end);
            } else if (marker == APP14 && startsWith("Adobe", from, end) && end - from >= 12) {
                adobeTransform = u8(from + 11);
            }
        }

        /** libjpeg's rule: JFIF is always Y Cb Cr, then Adobe's word counts, then components called R, G, B. */
        private boolean hasLuminance() {
            if (components == 4) return adobeTransform == 2;
            if (components != 3) return false;
            if (jfif) return true;
            return adobeTransform >= 0 ? adobeTransform != 0 : firstId != 'R';
        }

        /** Entropy-coded data goes on to the first marker that is neither a stuffed zero nor a restart. */
        private void skipScan() {
            while (u8(at) != 0xff || u8(at + 1) == 0 || u8(at + 1) >= 0xd0 && u8(at + 1) <= 0xd7) at++;
        }

        private boolean startsWith(String word, int from, int end) {
            if (end - from < word.length()) return false;
            for (int i = 0; i < word.length(); i++) if (bytes[from + i] != word.charAt(i)) return false;
            return true;
        }

        private int u16(int index) {
            return u8(index) << 8 | u8(index + 1);
        }

        private int u8(int index) {
            if (index >= bytes.length) throw truncated();
            return bytes[index] & 0xff;
        }

        private InputException truncated() {
            return Pictures.truncated(name, "JPEG");
        }
    }
}
