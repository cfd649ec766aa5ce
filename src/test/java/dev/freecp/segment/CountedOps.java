package dev.freecp.segment;

import dev.freecp.ops.Ops;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose passes of the vision tower are counted. */
record CountedOps(Ops ops, AtomicInteger passes) {

    static CountedOps of(Ops ops) {
        AtomicInteger passes = new AtomicInteger();
        Ops counting = (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (_, method, arguments) -> {
            if (method.getName().equals("embedPatches")) passes.incrementAndGet();
            try {
                return method.invoke(ops, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return new CountedOps(counting, passes);
    }
}
