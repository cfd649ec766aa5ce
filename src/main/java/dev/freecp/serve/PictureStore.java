package dev.freecp.serve;

import dev.freecp.image.Picture;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pictures that may be labelled again. Those that were not asked for longest make room for new ones. */
final class PictureStore implements AutoCloseable {

    private static final int ID_BYTES = 12;

    private final int limit;
    private final long byteLimit;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, KeptPicture> pictures = new LinkedHashMap<>(16, 0.75f, true);

    PictureStore(int limit, long byteLimit) {
        this.limit = limit;
        this.byteLimit = byteLimit;
    }

    /** A picture with a name that nobody can guess, not yet kept. */
    KeptPicture prepare(Picture picture) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new KeptPicture(HexFormat.of().formatHex(id), picture);
    }

    void keep(KeptPicture picture) {
        synchronized (pictures) {
            pictures.put(picture.id(), picture);
        }
        trim();
    }

    /** @throws Refusal if there is no such picture, or no longer */
    KeptPicture get(String id) {
        synchronized (pictures) {
            KeptPicture picture = pictures.get(id);
            if (picture == null) throw gone(id);
            return picture;
        }
    }

    /** @throws Refusal if there is no such picture, or no longer */
    void remove(String id) {
        KeptPicture removed;
        synchronized (pictures) {
            removed = pictures.remove(id);
        }
        if (removed == null) throw gone(id);
        removed.close();
    }

    /** Closes the least recently used until what is left keeps within the limits; the last one stays in any case. */
    void trim() {
        List<KeptPicture> all = all();
        long bytes = all.stream().mapToLong(KeptPicture::bytes).sum();
        Iterator<KeptPicture> oldest = all.iterator();
        for (int left = all.size(); left > 1 && (left > limit || bytes > byteLimit); left--) {
            KeptPicture picture = oldest.next();
            bytes -= picture.bytes();
            synchronized (pictures) {
                pictures.remove(picture.id());
            }
            picture.close();
        }
    }

    int count() {
        return all().size();
    }

    long bytes() {
        return all().stream().mapToLong(KeptPicture::bytes).sum();
    }

    private List<KeptPicture> all() {
        synchronized (pictures) {
            return new ArrayList<>(pictures.values());
        }
    }

    static Refusal gone(String id) {
        return new Refusal(Refusal.NOT_FOUND, "there is no picture " + id + ", or it has made room for newer ones; send it again");
    }

    @Override
    public void close() {
        all().forEach(KeptPicture::close);
        synchronized (pictures) {
            pictures.clear();
        }
    }
}
