package dev.freecp.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What workspaces hold, share and give back. Sizes are in floats; pieces are of 16 MiB at least. */
class HostMemoryTest {

    private static final int PIECE = 4 << 20;

    @Test
    void theNextWorkspaceUsesTheSameMemory() {
        try (HostMemory memory = new HostMemory()) {
            assertEquals(address(used(memory, 10)), address(used(memory, 20)));
        }
    }

    @Test
    void memoryThatIsTooSmallForTheNextWorkspaceGoesBackToTheSystem() {
        try (HostMemory memory = new HostMemory()) {
            Tensor small = used(memory, PIECE);
            Tensor large = used(memory, 2 * PIECE);
            assertFalse(small.segment().scope().isAlive());
            assertTrue(large.segment().scope().isAlive());
        }
    }

    @Test
    void memoryThatAnotherWorkspaceUsesStays() {
        try (HostMemory memory = new HostMemory(); Workspace open = memory.workspace()) {
            Tensor tensor = open.tensor("open", Shape.of("row col", 1, 10));
            used(memory, PIECE);
            used(memory, 2 * PIECE);
            tensor.set(0, 9, 5);
            assertEquals(5, tensor.get(0, 9));
        }
    }

    @Test
    void theSmallestPieceThatFitsIsTaken() {
        try (HostMemory memory = new HostMemory()) {
            Tensor large, small;
            try (Workspace first = memory.workspace(); Workspace second = memory.workspace()) {
                large = first.tensor("large", Shape.of("row col", 1, 2 * PIECE));
                small = second.tensor("small", Shape.of("row col", 1, 10));
            }
            assertEquals(address(small), address(used(memory, 11)));
            assertEquals(address(large), address(used(memory, 2 * PIECE)));
        }
    }

    @Test
    void nothingIsHandedOutOrReadAfterClosing() {
        HostMemory memory = new HostMemory();
        Tensor tensor = used(memory, 10);
        Workspace late = memory.workspace();
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> tensor.get(0, 0));
        assertThrows(IllegalStateException.class, () -> late.tensor("late", Shape.of("row col", 1, 10)));
        late.close();
    }

    /** A tensor of a workspace that is closed again. */
    private static Tensor used(HostMemory memory, int floats) {
        try (Workspace workspace = memory.workspace()) {
            return workspace.tensor("t", Shape.of("row col", 1, floats));
        }
    }

    private static long address(Tensor tensor) {
        return tensor.segment().address();
    }
}
