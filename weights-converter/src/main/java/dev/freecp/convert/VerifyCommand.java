package dev.freecp.convert;

import dev.freecp.weights.Pages;
import dev.freecp.convert.family.FactFinder;
import dev.freecp.convert.family.Model;
import dev.freecp.convert.family.Recipe;
import dev.freecp.convert.source.Refusal;
import dev.freecp.convert.source.Sources;
import dev.freecp.convert.source.TensorSource;
import dev.freecp.tensor.Tensor;
import dev.freecp.weights.Floats;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code freecp weights verify}: whether a file or folder holds a whole model whose numbers are numbers. */
@Command(name = "verify", mixinStandardHelpOptions = true,
    description = "Checks that a model is whole: no tensor of its family missing, shapes and configuration consistent, all numbers finite.",
    footer = {"", "Examples:", "  freecp weights verify clip-b16/", "  freecp weights verify ViT-B-16.pt"})
final class VerifyCommand extends WeightsAction {

    private static final FactFinder.Said NOTHING = new FactFinder.Said(null, null, null);

    @Parameters(paramLabel = "FILE|FOLDER", description = "A weight file, an index of shards, or a folder that holds one.")
    private Path path;

    @Option(names = "--branch", paramLabel = "NAME", description = "Which of several models in one file.")
    private String branch;

    @Override
    int run() {
        try (TensorSource source = Sources.open(path); Progress progress = Progress.of("verify")) {
            Model model = Model.find(source, path, branch);
            Path file = source.files().getFirst(), folder = file.toAbsolutePath().getParent();
            FactFinder.find(model, source, folder, file.getFileName().toString(), NOTHING);
            requireFinite(model, source, progress);
            out().println(path + ": " + source.container() + " with " + model.family().title() + ": " + model.recipes().size() + " tensors, complete, consistent, all finite");
        }
        return 0;
    }

    private void requireFinite(Model model, TensorSource source, Progress progress) {
        progress.start(model.recipes().stream().mapToLong(recipe -> recipe.shape().count()).sum());
        Set<String> bad = new LinkedHashSet<>();
        for (Recipe recipe : model.recipes()) {
            Tensor tensor = model.tensor(source, recipe);
            if (Floats.firstNonFinite(recipe.view(tensor)) >= 0) bad.add(recipe.source());
            Pages.release(tensor);
            progress.step(recipe.shape().count());
        }
        if (!bad.isEmpty()) throw new Refusal(Refusal.Kind.MALFORMED, path, "holds NaN or infinity in " + String.join(", ", bad));
    }
}
