package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WeightBindingTest {

    private static final Shape MATRIX = Shape.of("out in", 3, 2);

    @TempDir
    Path folder;

    @Test
    void givesTensorsUnderTheNamesWanted() {
        bind(Map.of("w", zeros(3, 2)), binding -> {
            Tensor tensor = binding.want("w", MATRIX);
            assertEquals(MATRIX, tensor.shape());
            assertEquals("w", tensor.name());
            assertDoesNotThrow(binding::finish);
        });
    }

    @Test
    void reportsMissingMisshapenAndUnusedTogether() {
        Map<String, Tensor> tensors = Map.of("good", zeros(3, 2), "turned", zeros(2, 3), "counts", zeros(DType.I32, 3, 2), "stray", zeros(1));
        bind(tensors, binding -> {
            for (String name : new String[] {"good", "absent", "turned", "counts", "gone"}) binding.want(name, MATRIX);
            assertEquals(file() + ": tensors do not fit the model that its configuration describes: 2 missing: absent, gone; "
                + "2 misshapen: turned (wanted [out=3, in=2], came [2, 3]), counts (wanted a float type, came I32); 1 unused: stray", refusal(binding));
        });
    }

    @Test
    void listsEightNamesAndCountsTheOthers() {
        bind(Map.of("good", zeros(3, 2)), binding -> {
            binding.want("good", MATRIX);
            for (int i = 0; i < 48; i++) binding.want("n" + i, MATRIX);
            String message = refusal(binding);
            assertTrue(message.contains("48 missing: n0, n1, n2, n3, n4, n5, n6, n7 and 40 more"), message);
        });
    }

    @Test
    void skipsNamesThatMayBeThere() {
        bind(Map.of("good", zeros(3, 2), "text_model.embeddings.position_ids", zeros(DType.I64, 1, 77), "x", zeros(1)), binding -> {
            binding.want("good", MATRIX);
            binding.skip(name -> name.endsWith(".position_ids"));
            binding.skip(name -> name.equals("x"));
            assertDoesNotThrow(binding::finish);
        });
    }

    @Test
    void aSingleNumberMayComeWithOrWithoutADimension() {
        bind(Map.of("a", zeros(), "b", zeros(1), "c", zeros(1, 1)), binding -> {
            assertEquals(Shape.SCALAR, binding.want("b", Shape.SCALAR).shape());
            binding.want("a", Shape.of("one", 1));
            binding.want("c", Shape.SCALAR);
            assertTrue(refusal(binding).endsWith("1 misshapen: c (wanted [], came [1, 1])"));
        });
    }

    @Test
    void stopsAskingWhenTheConfigurationIsMad() {
        bind(Map.of("good", zeros(3, 2)), binding -> assertThrows(InputException.class,
            () -> IntStream.range(0, Integer.MAX_VALUE).forEach(layer -> binding.want("layers." + layer, MATRIX))));
    }

    @Test
    void whatIsRefusedHasNoMemory() {
        bind(Map.of("good", zeros(3, 2)), binding -> {
            Tensor absent = binding.want("absent", MATRIX);
            assertEquals(MATRIX, absent.shape());
            assertThrows(IndexOutOfBoundsException.class, () -> absent.get(0, 0));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        visual.transformer.resblocks.0.ln_1.weight        | OpenAI-style
        module.visual.transformer.resblocks.0.ln_1.weight | OpenAI-style
        text.transformer.resblocks.0.ln_1.weight          | OpenAI-style
        visual.layer1.0.conv1.weight                      | ResNet
        logit_bias                                        | SigLIP
        vision_model.head.probe                           | SigLIP
        blocks.0.attn.qkv.weight                          | DINO or timm
        backbone.blocks.11.attn.qkv.weight                | DINO or timm
        embeddings.class_embedding                        | single tower
        module.text_model.final_layer_norm.bias           | prefix of a training program
        lm_head.weight                                    | holds none of the 1 tensors of this model, such as logit_scale; it holds 1: lm_head.weight
        """)
    void saysWhichOtherModelItIs(String name, String wanted) {
        bind(Map.of(name, zeros(1)), binding -> {
            binding.want("logit_scale", Shape.SCALAR);
            String message = refusal(binding);
            assertTrue(message.startsWith(file() + ": ") && message.contains(wanted) && message.contains(name), message);
        });
    }

    @Test
    void saysSigLipEvenWhereMostNamesAreThere() {
        bind(Map.of("a", zeros(3, 2), "b", zeros(3, 2), "logit_bias", zeros(1)), binding -> {
            binding.want("a", MATRIX);
            binding.want("b", MATRIX);
            binding.want("c", MATRIX);
            assertTrue(refusal(binding).contains("SigLIP"));
        });
    }

    @Test
    void namesTheFirstNonFiniteNumber() {
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put("good", Tensor.of("x", Shape.unnamed(2), 1, Float.MAX_VALUE));
        tensors.put("nan", Tensor.of("x", Shape.unnamed(2, 2), 1, 2, 3, Float.NaN));
        tensors.put("infinite", Tensor.of("x", Shape.unnamed(2), Float.NEGATIVE_INFINITY, 1));
        bind(tensors, binding -> {
            binding.requireFinite(binding.want("good", Shape.of("n", 2)));
            Tensor nan = binding.want("nan", Shape.of("n m", 2, 2)), infinite = binding.want("infinite", Shape.of("n", 2));
            assertEquals(file() + ": tensor 'nan' holds NaN at index 3 of [2, 2], weights must be finite in float32",
                assertThrows(InputException.class, () -> binding.requireFinite(nan)).getMessage());
            assertTrue(assertThrows(InputException.class, () -> binding.requireFinite(infinite)).getMessage().contains("-Infinity at index 0"));
        });
    }

    private void bind(Map<String, Tensor> tensors, Consumer<WeightBinding> test) {
        SafeTensorsWriter.write(file(), tensors, Map.of());
        try (Weights weights = Weights.open(file())) {
            test.accept(new WeightBinding(weights));
        }
    }

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    private static String refusal(WeightBinding binding) {
        return assertThrows(InputException.class, binding::finish).getMessage();
    }

    private static Tensor zeros(int... sizes) {
        return zeros(DType.F32, sizes);
    }

    private static Tensor zeros(DType type, int... sizes) {
        Shape shape = Shape.unnamed(sizes);
        return Tensor.allocate(Arena.ofAuto(), "x", shape, type, shape.cols());
    }
}
