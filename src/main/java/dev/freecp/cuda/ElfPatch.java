package dev.freecp.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes the name of a library that a shared object asks for. Three places know it: the string behind its DT_NEEDED entry, the file's name in the list of wanted
 * symbol versions (.gnu.version_r), and, where the version is called like the library as cuBLAS's is, that version's name and hash. Offsets stay as they are,
 * because both names are equally long.
 */
final class ElfPatch {

    private static final int MAGIC = 0x464c457f, SECTION_DYNAMIC = 6, SECTION_VERSIONS_NEEDED = 0x6ffffffe, NEEDED = 1;

    private final byte[] file;
    private final ByteBuffer data;
    private final String from;
    private final String to;

    private ElfPatch(byte[] file, String from, String to) {
        this.file = file;
        this.data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.from = from;
        this.to = to;
    }

    /**
     * A copy of a 64-bit little-endian shared object that asks for {@code to} where it asked for {@code from}.
     *
     * @throws IOException if it is another kind of file or does not ask for {@code from}
     */
    static byte[] renameLibrary(byte[] sharedObject, String from, String to) throws IOException {
        if (from.length() != to.length()) throw new IllegalArgumentException(from + " and " + to + " are not equally long");
        ElfPatch patch = new ElfPatch(sharedObject.clone(), from, to);
        try {
            patch.apply();
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the shared object that asks for " + from + " is cut off", e);
        }
        return patch.file;
    }

    private void apply() throws IOException {
        if (data.getInt(0) != MAGIC || data.get(4) != 2 || data.get(5) != 1) throw new IOException("not a 64-bit little-endian ELF file");
        Set<Integer> names = new TreeSet<>();
        for (int section = 0; section < sections(); section++) {
            if (type(section) == SECTION_DYNAMIC) names.addAll(neededNames(section));
            if (type(section) == SECTION_VERSIONS_NEEDED) names.addAll(versionNames(section));
        }
        if (names.isEmpty()) throw new IOException("the shared object does not ask for " + from);
        byte[] replacement = to.getBytes(StandardCharsets.US_ASCII);
        for (int name : names) System.arraycopy(replacement, 0, file, name, replacement.length);
    }

    /** Offsets of the names of DT_NEEDED entries. */
    private Set<Integer> neededNames(int section) {
        Set<Integer> names = new TreeSet<>();
        int strings = offset(link(section)), end = offset(section) + size(section);
        for (int entry = offset(section); entry < end; entry += 16)
            if (data.getLong(entry) == NEEDED) addIfFrom(names, strings + Math.toIntExact(data.getLong(entry + 8)));
        return names;
    }

    /** Offsets of the file's name and of the versions called like it, whose hashes are changed on the way. */
    private Set<Integer> versionNames(int section) {
        Set<Integer> names = new TreeSet<>();
        int strings = offset(link(section)), need = offset(section);
        for (int files = data.getInt(header(section) + 44); files > 0; files--) {
            addIfFrom(names, strings + data.getInt(need + 4));
            int version = need + data.getInt(need + 8);
            for (int count = Short.toUnsignedInt(data.getShort(need + 2)); count > 0; count--) {
                if (addIfFrom(names, strings + data.getInt(version + 8))) data.putInt(version, hash(to));
                version += data.getInt(version + 12);
            }
            need += data.getInt(need + 12);
        }
        return names;
    }

    private boolean addIfFrom(Set<Integer> names, int offset) {
        int end = offset;
        while (file[end] != 0) end++;
        boolean same = new String(file, offset, end - offset, StandardCharsets.US_ASCII).equals(from);
        if (same) names.add(offset);
        return same;
    }

    private int sections() {
        return Short.toUnsignedInt(data.getShort(0x3c));
    }

    private int header(int section) {
        return Math.toIntExact(data.getLong(0x28)) + section * Short.toUnsignedInt(data.getShort(0x3a));
    }

    private int type(int section) {
        return data.getInt(header(section) + 4);
    }

    private int offset(int section) {
        return Math.toIntExact(data.getLong(header(section) + 24));
    }

    private int size(int section) {
        return Math.toIntExact(data.getLong(header(section) + 32));
    }

    private int link(int section) {
        return data.getInt(header(section) + 40);
    }

    /** The ELF specification's hash of a name. */
    private static int hash(String name) {
        int h = 0;
        for (byte c : name.getBytes(StandardCharsets.US_ASCII)) {
            h = (h << 4) + Byte.toUnsignedInt(c);
            int high = h & 0xf0000000;
            if (high != 0) h ^= high >>> 24;
            h &= ~high;
        }
        return h;
    }
}
