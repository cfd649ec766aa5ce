package dev.freecp.parity;

import dev.freecp.ops.Affine;
import dev.freecp.ops.Linear;
import dev.freecp.ops.Ops;
import dev.freecp.ops.Workspace;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Inputs and outputs of one call of an operation on some backend. Two trials with the same seed give two backends the same numbers, all of them multiples of
 * 1/64 up to 2: every number type of activations holds them exactly, so that results differ by what the operation rounds and by nothing else.
 */
final class Trial {

    private static final int STEPS = 64;

    private final Ops ops;
    private final Workspace memory;
    private final Random random;

    Trial(Ops ops, Workspace memory, long seed) {
        this.ops = ops;
        this.memory = memory;
        this.random = new Random(seed);
    }

    Ops ops() {
        return ops;
    }

    Workspace memory() {
        return memory;
    }

    Random random() {
        return random;
    }

    /** A float32 input of numbers in [-2, 2]. */
    Tensor input(int... sizes) {
        return filled(shape -> memory.tensor("input", shape), this::symmetric, sizes);
    }

    /** A float32 input of numbers in [0, 1], as maps are. */
    Tensor maps(int... sizes) {
        return filled(shape -> memory.tensor("maps", shape), () -> (double) random.nextInt(STEPS + 1) / STEPS, sizes);
    }

    /** An input of the tower's number type. */
    Tensor activation(int... sizes) {
        return filled(shape -> memory.activation("activation", shape), this::symmetric, sizes);
    }

    /** A float32 output that begins as NaN, so that an element left out shows. */
    Tensor output(int... sizes) {
        return filled(shape -> memory.tensor("output", shape), () -> Double.NaN, sizes);
    }

    /** The same in the tower's number type. */
    Tensor activationOutput(int... sizes) {
        return filled(shape -> memory.activation("output", shape), () -> Double.NaN, sizes);
    }

    /** Weights in the backend's layout. */
    Linear linear(int out, int in) {
        return ops.linear(host(out, in), host(out));
    }

    Affine affine(int width) {
        return new Affine(weights(width), weights(width));
    }

    /** Weights that are no matrix of a linear map. */
    Tensor weights(int... sizes) {
        return ops.resident(host(sizes));
    }

    private Tensor host(int... sizes) {
        float[] values = new float[Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) values[i] = symmetric();
        return Tensor.of("weight", Shape.unnamed(sizes), values);
    }

    private Tensor filled(Function<Shape, Tensor> allocate, DoubleSupplier value, int... sizes) {
        Tensor tensor = allocate.apply(Shape.unnamed(sizes));
        float[] values = new float[Math.toIntExact(tensor.shape().count())];
        for (int i = 0; i < values.length; i++) values[i] = (float) value.getAsDouble();
        ops.upload(tensor, values);
        return tensor;
    }

    private float symmetric() {
        return (float) (random.nextInt(4 * STEPS + 1) - 2 * STEPS) / STEPS;
    }
}
