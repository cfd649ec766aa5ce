package dev.freecp.cuda;

import dev.freecp.tensor.DType;
import dev.freecp.tensor.Tensor;

/**
 * Row-major matrices of one size in device memory: element (i, j) of matrix s lies s * step + i * stride + j elements behind {@code address}.
 *
 * @param type F32, F16 or BF16
 * @param step distance of two matrices in elements; less than a matrix where heads lie beside each other in a row
 */
record Matrix(long address, DType type, int rows, int cols, int stride, long step) {

    /** A whole tensor as one matrix. */
    static Matrix of(Tensor tensor) {
        return new Matrix(DeviceMemory.addressOf(tensor), tensor.type(), tensor.rows(), tensor.cols(), tensor.stride(), 0);
    }

    /** A tensor (..., rows, cols) as one matrix for each of what comes before. */
    static Matrix stack(Tensor tensor) {
        int rows = tensor.shape().dim(-2);
        return new Matrix(DeviceMemory.addressOf(tensor), tensor.type(), rows, tensor.cols(), tensor.stride(), (long) rows * tensor.stride());
    }

    /** The matrices that begin {@code elements} later, {@code newStep} apart. */
    Matrix from(long elements, long newStep) {
        return new Matrix(address + elements * type.bytes(), type, rows, cols, stride, newStep);
    }

    /** The matrices from number {@code first} on. */
    Matrix behind(int first) {
        return from(first * step, step);
    }

    @Override
    public String toString() {
        return "%s %d x %d (rows %d, matrices %d apart)".formatted(type, rows, cols, stride, step);
    }
}
