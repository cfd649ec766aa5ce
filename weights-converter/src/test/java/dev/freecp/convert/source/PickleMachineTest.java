package dev.freecp.convert.source;

import static dev.freecp.convert.source.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleMachineTest {

    private final TreeSet<String> globals = new TreeSet<>();

    private Object run(byte[] pickle) {
        Place place = new Place(Path.of("some.pt"), "data.pkl");
        Budget budget = new Budget(place);
        TorchGlobals host = new TorchGlobals(budget, new TorchTensors(place, budget, _ -> { }));
        return new PickleMachine(place, new PickleInput(place, MemorySegment.ofArray(pickle), 0, budget), budget, host, globals).run();
    }

    private Object run(Object... ops) {
        return run(new PickleBytes().op(ops).stop());
    }

    private static PickleBytes pickle() {
        return new PickleBytes();
    }

    @Test
    void readsNumbersOfEveryWidth() {
        assertEquals(-2L, run('J', PickleBytes.le(-2, 4)));
        assertEquals(200L, run('K', 200));
        assertEquals(65_535L, run('M', 255, 255));
        assertEquals(-1L, run(0x8a, 1, 255));
        assertEquals(0L, run(0x8a, 0));
        assertEquals(BigInteger.TWO.pow(64), run(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        assertEquals(1.5, run('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0));
        assertEquals(12L, run("L12L\n"));
        assertEquals(-12L, run("I-12\n"));
        assertEquals(true, run("I01\n"));
        assertEquals(-0.5, run("F-5e-1\n"));
        assertEquals(Double.POSITIVE_INFINITY, run("Finf\n"));
    }

    @Test
    void readsTextOfEveryProtocol() {
        assertEquals("é", run(pickle().text("é").stop()));
        assertEquals("é", run(0x8c, 2, "é"));
        assertEquals("é", run(0x8d, PickleBytes.le(2, 8), "é"));
        assertEquals("é\n\\n", run("V\\u00e9\\u000a\\n\n"));
        assertEquals("a'\u0001\n", run("S'a\\'\\x01\\n'\n"));
        assertEquals("\u00ff", run('U', 1, 0xff));
    }

    @Test
    void buildsContainers() {
        Map<?, ?> map = assertInstanceOf(Map.class, run(pickle().op(0x80, 4, 0x95, PickleBytes.le(3, 8), '}', 0x94, '(').text("a").op('K', 1).text("b").op(']', '(', 'K', 2, 'K', 3, 'e', 'u', 'h', 0)
            .op('0').stop()));
        assertEquals(Map.of("a", 1L, "b", List.of(2L, 3L)), map);
        assertEquals(List.of(1L), assertInstanceOf(Pickled.Bag.class, run(0x8f, '(', 'K', 1, 0x90)).items());
        assertEquals(List.of(1L, 2L, 3L), assertInstanceOf(Pickled.Tuple.class, run('K', 1, 'K', 2, 'K', 3, 0x87)).items());
    }

    @Test
    void answersKnownCallsWithValues() {
        assertEquals(Map.of(), run(pickle().global("collections", "OrderedDict").op(')', 'R').stop()));
        assertEquals(Map.of("a", 1L), run(pickle().global("collections", "OrderedDict").op(']', ']').text("a").op('a', 'K', 1, 'a', 'a', 0x85, 'R').stop()));
        assertEquals("cuda:1", run(pickle().global("torch", "device").text("cuda").op('K', 1, 0x86, 'R').stop()));
        assertEquals("logs/run", run(pickle().global("pathlib", "PosixPath").text("logs").text("run").op(0x86, 'R').stop()));
        assertEquals(2.0, run(pickle().global("numpy.core.multiarray", "scalar").global("numpy", "dtype").text("f8").op(0x89, 0x88, 0x87, 'R', 'C', 8, PickleBytes.le(0x4000L << 48, 8), 0x86, 'R').stop()));
    }

    @Test
    void namesTheGlobalsThatItMeets() {
        run(pickle().global("os", "system").op('0').text("collections").text("Counter").op(0x93, '0', 'N').stop());
        assertEquals(List.of("collections.Counter", "os.system"), List.copyOf(globals));
    }

    @Test
    void refusesEveryWayToCallWhatIsNotKnown() {
        assertUnsafe("byte 14: calls os.system", pickle().op(0x80, 2).global("os", "system").op(')', 'R'));
        assertUnsafe("calls os.system", pickle().op('(', "ios\nsystem\n"));
        assertUnsafe("calls os.system", pickle().op('(').global("os", "system").op('o'));
        assertUnsafe("calls os.system", pickle().global("os", "system").op(')', '}', 0x92));
        assertUnsafe("calls collections.abc.OrderedDict", pickle().text("collections").text("abc.OrderedDict").op(0x93, ')', 'R'));
        assertUnsafe("calls an object", pickle().global("evil", "Thing").op(')', 0x81, ')', 'R'));
        assertUnsafe("extension code", pickle().op(0x82, 1));
        assertUnsafe("puts os.system into", pickle().global("collections", "OrderedDict").op(')', 'R', '}').text("get").global("os", "system").op('s', 'b'));
    }

    private void assertUnsafe(String reason, PickleBytes pickle) {
        assertRefused(Refusal.Kind.UNSAFE, reason, () -> run(pickle.stop()));
    }

    @Test
    void keepsObjectsOfUnknownClassesInert() {
        Pickled.Instance object = assertInstanceOf(Pickled.Instance.class, run(pickle().global("evil", "Thing").op(')', 0x81, '}').text("a").op('K', 1, 's', 'b').stop()));
        assertEquals("evil.Thing", object.type().toString());
        assertEquals(Map.of("a", 1L), object.state());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "0.", "N", "(.", "a.", "N(K\u0001a.", "g5\n.", "}(K\u0001u.", "}]Ns.", "}(K\u0001NK\u0001Nu.", "t.", "I1x\n.", "F0x1p3\n.", "Sa\n.", "V\\U7fffffff\n.", "cos\nsystem",
        "X\u007f\u007f\u007f\u007fa.", "]N\u007f.", "NNb.", "NN\u0001", "R.", "NNR."})
    void refusesPicklesThatBreakTheirFormat(String pickle) {
        assertRefused(Refusal.Kind.MALFORMED, "data.pkl: byte ", () -> run(pickle().op(pickle).bytes()));
    }

    @Test
    void refusesMoreThanAnyCheckpointHas() {
        assertTooLarge("open marks", "(".repeat(20_000));
        assertTooLarge("characters", "L" + "9".repeat(5_000) + "\n");
        assertTooLarge("more objects", "]".repeat(3_000_000));
        assertTooLarge("more objects", "(" + "N".repeat(1_000_000) + "l\u0085q\u0000" + "c__builtin__\nlist\nh\u0000R".repeat(20));
    }

    private void assertTooLarge(String reason, String pickle) {
        byte[] bytes = (pickle + ".").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(Refusal.Kind.TOO_LARGE, reason, () -> run(bytes));
    }

    @Test
    void keepsRefusalsOnOneLine() {
        assertUnsafe("calls os.sy?[31mstem,", pickle().text("os").text("sy\u001b[31mstem").op(0x93, ')', 'R'));
    }
}
