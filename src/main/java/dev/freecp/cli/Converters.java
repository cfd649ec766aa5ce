package dev.freecp.cli;

import dev.freecp.clip.Cleaning;
import dev.freecp.clip.ReadOut;
import dev.freecp.error.UsageException;
import dev.freecp.image.ResizeRule;
import dev.freecp.ops.Precision;
import dev.freecp.purify.Step;
import dev.freecp.report.export.ExportFormat;
import dev.freecp.report.export.ExportFormats;
import dev.freecp.report.video.ColorMatrix;
import dev.freecp.segment.Background;
import dev.freecp.segment.Preset;
import dev.freecp.segment.TextSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the text of an option to its value; what is refused is refused in one sentence that says what there is. */
final class Converters {

    private Converters() {
    }

    /** A converter whose refusals are usage errors, in the form that picocli puts the option's name before. */
    abstract static class Refusing<T> implements ITypeConverter<T> {

        /** @throws UsageException if there is no such value */
        abstract T read(String text);

        @Override
        public final T convert(String text) {
            try {
                return read(text);
            } catch (UsageException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class Method extends Refusing<ReadOut> {
        @Override
        ReadOut read(String text) {
            return constant("method", text, ReadOut.values());
        }
    }

    static final class ModeName extends Refusing<Mode> {
        @Override
        Mode read(String text) {
            return constant("mode", text, Mode.values());
        }
    }

    static final class PrecisionName extends Refusing<Precision> {
        @Override
        Precision read(String text) {
            return constant("precision", text, Precision.values());
        }
    }

    static final class CleaningName extends Refusing<Cleaning> {
        @Override
        Cleaning read(String text) {
            return constant("cleaning", text, Cleaning.values());
        }
    }

    static final class TextSourceName extends Refusing<TextSource> {
        @Override
        TextSource read(String text) {
            return constant("text", text, TextSource.values());
        }
    }

    static final class PresetName extends Refusing<Preset> {
        @Override
        Preset read(String text) {
            return Preset.of(text);
        }
    }

    static final class BackgroundRule extends Refusing<Background> {
        @Override
        Background read(String text) {
            return Background.parse(text);
        }
    }

    /** A list as one value: picocli would take a bare list apart. */
    record StepList(List<Step> steps) {
    }

    static final class Steps extends Refusing<StepList> {
        @Override
        StepList read(String text) {
            return new StepList(Step.parse(text));
        }
    }

    /** Formats as one value. */
    record ExportList(List<ExportFormat> formats) {
    }

    static final class Exports extends Refusing<ExportList> {
        @Override
        ExportList read(String text) {
            return new ExportList(ExportFormats.parse(text));
        }
    }

    static final class ShowName extends Refusing<VideoOptions.Show> {
        @Override
        VideoOptions.Show read(String text) {
            return constant("kind of frame", text, VideoOptions.Show.values());
        }
    }

    static final class StreamName extends Refusing<VideoOptions.Stream> {
        @Override
        VideoOptions.Stream read(String text) {
            return constant("stream", text, VideoOptions.Stream.values());
        }
    }

    static final class MatrixName extends Refusing<ColorMatrix> {
        @Override
        ColorMatrix read(String text) {
            return text.equals("auto") ? null : constant("matrix", text, ColorMatrix.values());
        }
    }

    /** {@code 2048,448} or {@code none}. */
    static final class Resize extends Refusing<ResizeRule> {

        private static final Pattern LIMITS = Pattern.compile("([1-9]\\d{0,8}),([1-9]\\d{0,8})");

        @Override
        ResizeRule read(String text) {
            if (text.equals("none")) return ResizeRule.NONE;
            Matcher limits = LIMITS.matcher(text);
            if (!limits.matches()) throw new UsageException("'" + text + "' is no limit of the long and the short side such as 2048,448, nor none");
            return new ResizeRule(Integer.parseInt(limits.group(1)), Integer.parseInt(limits.group(2)));
        }
    }

    /** Numbers of blocks, increasing, as one value. */
    record LayerList(int[] layers) {
    }

    /** {@code 0-10} or {@code 0,3,5-7}. */
    static final class Layers extends Refusing<LayerList> {

        private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

        @Override
        LayerList read(String text) {
            return new LayerList(Arrays.stream(text.split(",", -1)).flatMapToInt(part -> {
                Matcher range = RANGE.matcher(part.strip());
                if (!range.matches()) throw new UsageException("'" + text + "' is no list of layers such as 0-10 or 0,3,5-7");
                int first = Integer.parseInt(range.group(1)), last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                if (last < first) throw new UsageException("layers " + part.strip() + " run backwards; write " + last + "-" + first);
                return IntStream.rangeClosed(first, last);
            }).sorted().distinct().toArray());
        }
    }

    /** {@code 512M}, {@code 2G}, {@code 1.5G} or a plain number of bytes. */
    static final class Bytes extends Refusing<Long> {

        private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)([KMGT]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);

        @Override
        Long read(String text) {
            Matcher size = SIZE.matcher(text);
            if (!size.matches()) throw new UsageException("'" + text + "' is no amount of memory such as 512M or 2G");
            long unit = 1L << 10 * (" KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2).toUpperCase(Locale.ROOT)));
            long bytes = (long) (Double.parseDouble(size.group(1)) * unit);
            if (bytes < 1) throw new UsageException("memory must be more than nothing, such as 512M or 2G");
            return bytes;
        }
    }

    /** A constant as it is written on the command line. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(String what, String text, E[] constants) {
        return Arrays.stream(constants).filter(constant -> text(constant).equals(text.strip().toLowerCase(Locale.ROOT))).findFirst()
            .orElseThrow(() -> new UsageException("there is no " + what + " '" + text + "'; choose one of "
                + Arrays.stream(constants).map(Converters::text).collect(Collectors.joining(", "))));
    }
}
