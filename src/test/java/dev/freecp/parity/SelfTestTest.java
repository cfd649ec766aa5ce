package dev.freecp.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.cpu.VectorOps;
import dev.freecp.error.DeviceException;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Precision;
import dev.freecp.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SelfTestTest {

    /** Operations that every case uses to bring numbers in and out, and those that compute nothing of their own. */
    private static final Set<String> MEMORY = Set.of("describe", "precision", "beside", "warmUp", "repeat", "workspace", "resident", "picture", "download", "upload", "fill", "close");

    /** Runs something after every operation on a backend that is right. */
    private interface After {
        void call(String operation, Object[] arguments, Ops ops);
    }

    private static Ops wrapped(Ops ops, After after) {
        InvocationHandler handler = (_, method, arguments) -> {
            try {
                Object result = method.invoke(ops, arguments);
                after.call(method.getName(), arguments, ops);
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, handler);
    }

    private static List<SelfTest.Result> run(boolean thorough, After after) {
        try (Ops ops = new VectorOps(2)) {
            return SelfTest.run(wrapped(ops, after), Precision.FP32, thorough);
        }
    }

    private static Set<String> operations() {
        return Arrays.stream(Ops.class.getDeclaredMethods()).filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic()).map(Method::getName)
            .filter(name -> !MEMORY.contains(name)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theCpuPassesAndNoOperationIsLeftOut() {
        for (boolean thorough : new boolean[] {false, true}) {
            Set<String> called = new TreeSet<>();
            List<SelfTest.Result> results = run(thorough, (operation, _, _) -> called.add(operation));
            assertEquals(List.of(), results.stream().filter(r -> !r.pass()).toList());
            called.removeAll(MEMORY);
            assertEquals(operations(), called);
            assertTrue(results.stream().map(SelfTest.Result::operation).toList().containsAll(operations()), results.toString());
        }
    }

    /** One number of its first tensor is changed by a hundredth after each call. */
    @Test
    void noticesAChangeInEveryOperationAndNamesIt() {
        Set<String> changed = operations();
        changed.remove("boxes");                                                             // has no tensor to change
        List<SelfTest.Result> faults = run(false, (operation, arguments, ops) -> {
            if (changed.contains(operation) && arguments.length > 2 || Set.of("normalizeRows", "minMaxRows").contains(operation))
                change((Tensor) arguments[operation.equals("assemble") ? 1 : 0], ops);
        }).stream().filter(r -> !r.pass()).toList();
        assertEquals(changed, faults.stream().map(SelfTest.Result::operation).collect(Collectors.toCollection(TreeSet::new)));
        for (SelfTest.Result fault : faults) assertTrue(fault.fault().matches(fault.operation() + " [0-9x ]+: number 0 is .*, wanted .*"), fault.toString());
    }

    @Test
    void namesOnlyTheOperationThatIsWrong() {
        List<SelfTest.Result> faults = run(false, (operation, arguments, ops) -> {
            if (operation.equals("transition")) change((Tensor) arguments[0], ops);
        }).stream().filter(r -> !r.pass()).toList();
        assertEquals(List.of("transition"), faults.stream().map(SelfTest.Result::operation).toList());
        assertEquals(2, faults.getFirst().cases());
    }

    private static void change(Tensor y, Ops ops) {
        float[] values = ops.download(y);
        values[0] += 0.01f;
        ops.upload(y, values);
    }

    @Test
    void aDeviceThatFailsIsAFaultOfThatOperation() {
        List<SelfTest.Result> results = run(false, (operation, _, _) -> {
            if (operation.equals("propagate")) throw new DeviceException("kernel propagate: out of order");
        });
        SelfTest.Result propagate = results.stream().filter(r -> r.operation().equals("propagate")).findFirst().orElseThrow();
        assertFalse(propagate.pass());
        assertTrue(propagate.fault().endsWith("kernel propagate: out of order"), propagate.fault());
    }
}
