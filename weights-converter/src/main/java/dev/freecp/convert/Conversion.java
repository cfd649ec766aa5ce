package dev.freecp.convert;

import dev.freecp.cli.Version;
import dev.freecp.convert.family.FactFinder;
import dev.freecp.convert.family.Facts;
import dev.freecp.convert.family.Family;
import dev.freecp.convert.family.Model;
import dev.freecp.convert.source.Sources;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.error.UsageException;
import dev.freecp.tensor.DType;
import dev.freecp.weights.LazyTensor;
import dev.freecp.weights.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a weight file of any known kind to a folder in Hugging Face layout. The folder appears whole or not at all, and the source is only read. */
final class Conversion {

    private static final List<String> TOKENIZER_FILES = List.of("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");

    /**
     * What the caller says; null where nothing.
     *
     * @param dtype type of the result; F32 if null, or for {@code raw} the types that are stored
     * @param raw   copy tensors as they are, whatever they are
     * @param bpe   OpenAI's vocabulary, to make tokenizer files from
     * @param force write into a folder that holds something
     */
    record Options(FactFinder.Said said, String branch, DType dtype, boolean raw, Path bpe, boolean force) {
    }

    private final Path in;
    private final Path out;
    private final Options options;
    private final Progress progress;
    private final List<String> remarks = new ArrayList<>();

    private Conversion(Path in, Path out, Options options, Progress progress) {
        this.in = in;
        this.out = out;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Converts.
     *
     * @return what was found, chosen and guessed, in lines for people
     * @throws dev.freecp.convert.source.Refusal if the source cannot or must not be read, or is no model of a known family
     * @throws UsageException if the result may not come to lie at {@code out}
     */
    static List<String> run(Path in, Path out, Options options, Progress progress) throws IOException {
        AsideFolder.requireFree(out, options.force);
        Conversion conversion = new Conversion(in, out, options, progress);
        try (TensorSource source = Sources.open(in)) {
            conversion.requireNotTheSource(source);
            try (Provenance provenance = Provenance.of(source.files())) {
                if (options.raw) conversion.copy(source, provenance);
                else conversion.convert(source, provenance);
            }
        }
        return conversion.remarks;
    }

    private void requireNotTheSource(TensorSource source) throws IOException {
        for (Path file : source.files()) {
            if (Files.exists(out) && Files.isSameFile(file.toAbsolutePath().getParent(), out)) throw new UsageException(out + ": is where the source lies; choose another folder");
        }
    }

    private void convert(TensorSource source, Provenance provenance) throws IOException {
        Path file = source.files().getFirst(), folder = file.toAbsolutePath().getParent();
        Model model = Model.find(source, in, options.branch);
        Facts facts = FactFinder.find(model, source, folder, folder.getFileName() + "/" + file.getFileName(), options.said);
        ClipVocabulary vocabulary = options.bpe == null ? null : BpeFile.read(options.bpe);
        remarks.add(source.container() + " with " + model.family().title() + ", " + model.recipes().size() + " tensors");
        remarks.addAll(model.remarks());
        remarks.addAll(Report.lines(model, facts));
        DType type = options.dtype == null ? DType.F32 : options.dtype;
        boolean projected = model.recipes().stream().anyMatch(recipe -> recipe.target().endsWith("_projection.weight"));
        try (AsideFolder aside = AsideFolder.beside(out)) {
            write(aside, provenance, new TensorMaker(model, source, in, type).tensors(), model.family().title() + (model.prefix().isEmpty() ? "" : " under " + model.prefix()) + " to "
                + (model.family().level() == Family.Level.CLIP ? "transformers.CLIPModel" : "the same"));
            new ModelFiles(model.family(), model.vision(), model.text(), model.embedding(), projected, facts).write(aside.path(""));
            if (model.text() != null) tokenizer(aside, folder, vocabulary, model.text().vocabulary(), model.text().context());
            aside.publish();
        }
    }

    private void copy(TensorSource source, Provenance provenance) throws IOException {
        Map<String, LazyTensor> tensors = new LinkedHashMap<>();
        Caster caster = options.dtype == null ? null : new Caster(options.dtype);
        for (String name : source.names()) {
            boolean cast = caster != null && source.type(name).isFloat();
            tensors.put(name, new LazyTensor(cast ? caster.type() : source.type(name), source.shape(name), arena -> cast ? caster.cast(source.tensor(name), arena) : source.tensor(name)));
        }
        try (AsideFolder aside = AsideFolder.beside(out)) {
            write(aside, provenance, tensors, "names and tensors as they were" + (caster == null ? "" : ", floats as " + caster.type()));
            aside.publish();
        }
        remarks.add(source.container() + ", " + tensors.size() + " tensors copied");
        if (caster != null && caster.overflowed() > 0) remarks.add(caster.overflowed() + " numbers were too large for " + caster.type() + " and are infinite now");
    }

    private void write(AsideFolder aside, Provenance provenance, Map<String, LazyTensor> tensors, String mapping) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put("freecp.source", in.toAbsolutePath().normalize().getFileName().toString());
        metadata.put("freecp.source.sha256", provenance.placeholder());
        metadata.put("freecp.version", Version.number());
        metadata.put("freecp.mapping", mapping);
        Path model = aside.path("model.safetensors");
        SafeTensorsWriter.stream(model, progress.watch(tensors), metadata);
        remarks.add("source: SHA-256 " + provenance.fillIn(model));
    }

    private void tokenizer(AsideFolder aside, Path folder, ClipVocabulary vocabulary, int size, int context) throws IOException {
        if (vocabulary != null) {
            vocabulary.write(aside.path(""), context);
            int made = vocabulary.ids().size();
            remarks.add("tokenizer: made from " + options.bpe.getFileName() + (made == size ? "" : ", but it has " + made + " tokens, and the model " + size));
            return;
        }
        List<String> found = TOKENIZER_FILES.stream().filter(name -> Files.isRegularFile(folder.resolve(name))).toList();
        for (String name : found) Files.copy(folder.resolve(name), aside.path(name));
        remarks.add(found.isEmpty() ? "tokenizer: none beside the source; --bpe makes one from OpenAI's bpe_simple_vocab_16e6.txt.gz" : "tokenizer: copied " + String.join(", ", found));
    }
}
