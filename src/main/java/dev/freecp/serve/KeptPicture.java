package dev.freecp.serve;

import dev.freecp.image.Picture;
import dev.freecp.segment.EncodedPicture;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.WordFeatures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * A picture that is labelled again and again, and what the tower saw of it: once for the read-outs that share a pass, once more for GEM or for other windows.
 * One request at a time.
 */
final class KeptPicture implements AutoCloseable {

    private static final int MOST_VIEWS = 2;

    private final String id;
    private final Picture picture;
    private final Deque<View> views = new ArrayDeque<>();
    private volatile long bytes;
    private boolean closed;

    /** @param bytes of the features, estimated */
    record View(EncodedPicture encoded, long bytes) {
    }

    KeptPicture(String id, Picture picture) {
        this.id = id;
        this.picture = picture;
    }

    String id() {
        return id;
    }

    Picture picture() {
        return picture;
    }

    /**
     * Labels, from what the tower has seen already where it serves the settings.
     *
     * @param encode lets the tower see the picture for these settings
     */
    synchronized Segmentation segment(WordFeatures words, SegmentSettings settings, Supplier<View> encode) {
        return view(settings, encode).encoded.segment(words, settings);
    }

    /** Makes sure that the tower has seen the picture for these settings. */
    synchronized View view(SegmentSettings settings, Supplier<View> encode) {
        if (closed) throw PictureStore.gone(id);
        for (View view : views) if (view.encoded.serves(settings)) return view;
        if (views.size() == MOST_VIEWS) views.removeFirst().encoded.close();
        View view = encode.get();
        views.addLast(view);
        bytes = views.stream().mapToLong(View::bytes).sum();
        return view;
    }

    /** Of all features; answered at once, also while somebody works with the picture. */
    long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        closed = true;
        views.forEach(view -> view.encoded.close());
        views.clear();
        bytes = 0;
    }
}
