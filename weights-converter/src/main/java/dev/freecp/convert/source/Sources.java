package dev.freecp.convert.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Opens weight files of every container that is known here, told apart by their first bytes and not by their names. */
public final class Sources {

    /** What a folder is searched for, in this order: safetensors before pickles, Hugging Face's names before open_clip's, one file before shards. */
    private static final List<String> NAMES = List.of("model.safetensors", "model.safetensors.index.json", "open_clip_model.safetensors",
        "pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_pytorch_model.bin");
    private static final List<String> ENDINGS = List.of(".safetensors", ".pt", ".pth", ".bin", ".ckpt");

    private static final int HEAD_BYTES = 512;
    /** How a pickle of protocol 0 writes torch's magic number. */
    private static final String TEXT_MAGIC = "L119547037146038801333356L";
    private static final Map<String, String> OTHERS = others();

    private Sources() {
    }

    /**
     * Opens a file, or what a folder holds: {@code model.safetensors}, {@code model.safetensors.index.json}, {@code open_clip_model.safetensors},
     * {@code pytorch_model.bin}, {@code pytorch_model.bin.index.json}, {@code open_clip_pytorch_model.bin}, the first of these that is there; else
     * the only weight file.
     *
     * <p>Names, shapes and places of all tensors are checked here, numbers when they are asked for. A tensor of a kind that is not read (complex,
     * quantised, sparse, float8, or an object of an unknown class among tensors) is named, and refused by {@link TensorSource#type} and its like.
     * Tensors live until the source is closed; those that had to be unpacked or gathered, as long as somebody refers to them.
     *
     * @throws Refusal if there is nothing to open, or it cannot or must not be read
     */
    public static TensorSource open(Path fileOrFolder) {
        Path file = Files.isDirectory(fileOrFolder) ? choose(fileOrFolder) : fileOrFolder;
        Place place = new Place(file);
        if (!Files.exists(file)) throw place.missing("no such file");
        if (!Files.isRegularFile(file)) throw place.malformed("wanted a weight file or a folder, this is neither");
        byte[] head = head(place);
        String start = new String(head, StandardCharsets.ISO_8859_1);
        if (looksLikeSafeTensors(start)) return SafeTensorsSource.open(file);
        if (start.startsWith("PK")) return mapped(file, TorchZip::open);
        if (start.startsWith("\u0080") || start.startsWith(TEXT_MAGIC)) return mapped(file, TorchLegacy::open);
        if (start.stripLeading().startsWith("{")) return ShardedSource.open(file);
        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            if (start.startsWith(other.getKey())) throw place.malformed("is " + other.getValue());
        }
        if (file.getFileName().toString().endsWith(".safetensors")) return SafeTensorsSource.open(file);
        throw place.malformed(head.length == 0 ? "is empty" : "is neither safetensors nor a file that torch writes");
    }

    /** True if the file begins as an index does. */
    static boolean isJson(Path file) {
        return new String(head(new Place(file)), StandardCharsets.ISO_8859_1).stripLeading().startsWith("{");
    }

    /** Eight bytes of length, then JSON; where JSON stands in front already, the length would be absurd. */
    private static boolean looksLikeSafeTensors(String start) {
        return start.length() > 8 && start.charAt(8) == '{' && (start.charAt(0) != '{' || start.charAt(7) == 0);
    }

    private static Path choose(Path folder) {
        for (String name : NAMES) if (Files.exists(folder.resolve(name))) return folder.resolve(name);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> weights = files.filter(path -> ENDINGS.stream().anyMatch(path.getFileName().toString()::endsWith)).sorted().limit(2).toList();
            if (weights.size() == 1) return weights.getFirst();
            throw new Place(folder).missing(weights.isEmpty() ? "holds no weights; wanted one of " + String.join(", ", NAMES)
                : "holds several weight files and none of the usual names; say which, for instance " + weights.getFirst());
        } catch (IOException e) {
            throw new Place(folder).missing("cannot be read: " + e.getMessage());
        }
    }

    private interface Opener {
        TensorSource open(MappedFile file);
    }

    private static TensorSource mapped(Path path, Opener opener) {
        MappedFile file = MappedFile.open(path);
        try {
            return opener.open(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static byte[] head(Place place) {
        try (InputStream in = Files.newInputStream(place.file())) {
            return in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw place.missing("cannot be read: " + e.getMessage());
        }
    }

    /** What is mistaken for weights, by its first bytes (one character a byte). */
    private static Map<String, String> others() {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("version https://git-lfs", "a Git LFS pointer, not the weights themselves: fetch them with git lfs pull");
        others.put("<", "a page or other markup, not weights: the download went wrong");
        others.put("\u001f\u008b", "packed with gzip: unpack it first");
        others.put("\u0089PNG", "a picture");
        others.put("\u0089HDF", "an HDF5 file, as Keras writes them");
        return others;
    }
}
