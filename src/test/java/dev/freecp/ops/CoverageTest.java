package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new operation without a test on every backend fails here. */
class CoverageTest {

    @Test
    void everyOperationIsComparedWithTheReference() {
        Set<String> operations = Arrays.stream(Ops.class.getDeclaredMethods())
            .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic()).map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
        Set<String> covered = Stream.of(TokenOpsTest.class, AttentionOpsTest.class, MapOpsTest.class, PictureOpsTest.class, MemoryOpsTest.class)
            .flatMap(test -> Arrays.stream(test.getDeclaredMethods())).filter(m -> m.isAnnotationPresent(Covers.class))
            .flatMap(m -> Arrays.stream(m.getAnnotation(Covers.class).value())).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(operations, covered);
    }
}
