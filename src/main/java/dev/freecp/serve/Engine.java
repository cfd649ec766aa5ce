package dev.freecp.serve;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.image.Picture;
import dev.freecp.image.Pictures;
import dev.freecp.image.Size;
import dev.freecp.image.Windows;
import dev.freecp.ops.Region;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.Segmentation;
import dev.freecp.segment.Segmenter;
import dev.freecp.segment.WordFeatures;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The model, and everything that is kept between requests. */
final class Engine implements AutoCloseable {

    private final Segmenter segmenter;
    private final ServerOptions.Limits limits;
    private final WordStore words;
    private final PictureStore pictures;
    private final AtomicLong towerRuns = new AtomicLong();

    Engine(Segmenter segmenter, ServerOptions options) {
        this.segmenter = segmenter;
        this.limits = options.limits();
        this.words = new WordStore(segmenter, options.keep().words());
        this.pictures = new PictureStore(options.keep().pictures(), options.keep().bytes());
    }

    Segmenter segmenter() {
        return segmenter;
    }

    WordStore words() {
        return words;
    }

    PictureStore pictures() {
        return pictures;
    }

    /** How often the tower went over a picture. */
    long towerRuns() {
        return towerRuns.get();
    }

    /** @throws dev.freecp.error.InputException if the bytes are no picture, or one with too many pixels */
    Picture decode(String name, byte[] bytes) {
        return Pictures.read(new ByteArrayInputStream(bytes), name, limits.pixels());
    }

    /** Labels of a picture that is seen once. */
    Segmentation segment(Picture picture, Order order) {
        return segmenter.segment(picture, prepare(picture, order), order.settings());
    }

    /** The words' features, for a run of the tower that whoever asks is going to make. */
    WordFeatures prepare(Picture picture, Order order) {
        WordFeatures features = features(order);
        requireReasonable(picture, order.settings());
        towerRuns.incrementAndGet();
        return features;
    }

    /** Keeps a picture, ready to be labelled with these settings. */
    KeptPicture keep(Picture picture, SegmentSettings settings) {
        KeptPicture kept = pictures.prepare(picture);
        kept.view(settings, () -> look(picture, settings));
        pictures.keep(kept);
        return kept;
    }

    /** Labels of a picture that is kept. */
    Segmentation segment(KeptPicture kept, Order order) {
        WordFeatures features = features(order);
        long before = kept.bytes();
        Segmentation result = kept.segment(features, order.settings(), () -> look(kept.picture(), order.settings()));
        if (kept.bytes() != before) pictures.trim();
        return result;
    }

    private WordFeatures features(Order order) {
        int count = order.vocabulary().words().size();
        if (count > limits.words()) throw new Refusal(Refusal.BAD_REQUEST, count + " words are too many for one request, the limit is " + limits.words());
        return words.features(order);
    }

    /** One pass for all read-outs that can share it: to try another one then costs nothing. */
    private KeptPicture.View look(Picture picture, SegmentSettings settings) {
        List<Region> windows = requireReasonable(picture, settings);
        ReadOutSettings chosen = settings.readOut();
        List<SegmentSettings> all = Stream.of(ReadOut.values()).filter(other -> other.positionRule() == chosen.method().positionRule())
            .map(other -> settings.with(new ReadOutSettings(other, chosen.form(), chosen.gemBlocks()))).toList();
        towerRuns.incrementAndGet();
        long tokens = tokens(windows.getFirst()), embedding = segmenter.clip().config().vision().embedding();
        return new KeptPicture.View(segmenter.encode(picture, all), Float.BYTES * windows.size() * tokens * (all.size() * embedding + tokens));
    }

    /** A few characters of a request can ask for years of work: a stride of one pixel, or one window of a whole large picture. */
    private List<Region> requireReasonable(Picture picture, SegmentSettings settings) {
        int patch = segmenter.clip().config().vision().patch();
        Size size = settings.resize().target(picture.height(), picture.width(), patch);
        if ((long) size.height() * size.width() > limits.pixels())
            throw new Refusal(Refusal.BAD_REQUEST, "the picture would be resized to " + size + " pixels, more than the limit of " + limits.pixels()
                + "; choose a smaller resize");
        if (settings.crop() > 0 && settings.stride() > 0) {                  // a list of them would itself be too long to be made
            long count = (1L + size.height() / settings.stride()) * (1L + size.width() / settings.stride());
            if (count > 4L * limits.windows()) throw tooManyWindows("some " + count);
        }
        List<Region> windows = Windows.of(size.height(), size.width(), settings.crop(), settings.stride(), patch);
        if (windows.size() > limits.windows()) throw tooManyWindows(Integer.toString(windows.size()));
        if (tokens(windows.getFirst()) > limits.tokens())
            throw new Refusal(Refusal.BAD_REQUEST, "a window would have " + tokens(windows.getFirst()) + " tokens, more than the limit of "
                + limits.tokens() + "; choose a smaller crop");
        return windows;
    }

    private Refusal tooManyWindows(String count) {
        return new Refusal(Refusal.BAD_REQUEST, "the picture would be cut into " + count + " windows, more than the limit of " + limits.windows()
            + "; choose a larger stride");
    }

    private long tokens(Region window) {
        int patch = segmenter.clip().config().vision().patch();
        return (long) (window.height() / patch) * (window.width() / patch);
    }

    @Override
    public void close() {
        pictures.close();
    }
}
