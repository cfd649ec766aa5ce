package dev.freecp.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.segment.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine gives the released program's numbers, on each backend. */
class ParityTest {

    /** What purification begins with. */
    private static final Set<String> PURIFY_INPUTS = Set.of("attn", "pixel_logits", "query_features_llm");

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "scalar"})
    void everyStageOfEveryGoldenIsWithinItsLimit(String device) throws IOException {
        List<Check> heard = new ArrayList<>();
        ParityReport report = Parity.run(Golden.path("golden"), () -> Device.choose(device, 2), heard::add);
        assertEquals(List.of(), report.failures(), ParityText.summary(report));
        assertTrue(report.pass());
        assertEquals(report.checks(), heard);
        assertEquals(Set.of(), neverCompared(report), "tensors of the goldens that nothing was compared with");
    }

    private static Set<String> neverCompared(ParityReport report) throws IOException {
        Set<String> compared = new HashSet<>();
        for (Check check : report.checks()) compared.add(check.golden() + " " + check.name());
        Set<String> missing = new HashSet<>();
        for (String part : List.of("vocab", "purify", "seg")) {
            try (Stream<Path> files = Files.list(Golden.path("golden/" + part))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                    String golden = part + "/" + file.getFileName().toString().replace(".safetensors", "");
                    try (GoldenTensors tensors = GoldenTensors.open(file)) {
                        for (String name : tensors.names()) if (!compared.contains(golden + " " + name) && !given(part, name)) missing.add(golden + " " + name);
                    }
                }
            }
        }
        return missing;
    }

    /** Not a result: an input, or how labels are to be judged. */
    private static boolean given(String part, String name) {
        return name.equals("image") || name.equals("label_grade") || part.equals("purify") && PURIFY_INPUTS.contains(name);
    }
}
