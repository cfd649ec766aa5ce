package dev.freecp.cuda;

import dev.freecp.tensor.DType;

/**
 * Matrix products of one size: for each s below {@code count}, c(s) = alpha * a(s) * b(s) + beta * c(s), or with b(s) transposed. Sums are float32. With
 * beta = 0 c may hold anything before. c shares no element with a or b.
 *
 * @param c          (M, N), of the type of a, or F32
 * @param a          (M, K)
 * @param b          (K, N), or (N, K) if transposed; of the type of a
 * @param transposed each element of c is then the dot product of a row of a and a row of b
 */
record Product(Matrix c, Matrix a, Matrix b, boolean transposed, int count, float alpha, float beta) {

    /** @throws IllegalArgumentException if sizes or types do not fit */
    Product {
        boolean sizes = c.rows() == a.rows() && c.cols() == (transposed ? b.rows() : b.cols()) && a.cols() == (transposed ? b.cols() : b.rows());
        boolean types = a.type() == b.type() && (c.type() == a.type() || c.type() == DType.F32);
        if (!sizes || !types)
            throw new IllegalArgumentException("no matrix product: " + c + " = " + a + " times " + b + (transposed ? " transposed" : ""));
    }

    /** c = a b. */
    static Product of(Matrix c, Matrix a, Matrix b) {
        return new Product(c, a, b, false, 1, 1, 0);
    }

    /** c = a b^T. */
    static Product transposed(Matrix c, Matrix a, Matrix b) {
        return new Product(c, a, b, true, 1, 1, 0);
    }

    /** The same for {@code matrices} matrices. */
    Product each(int matrices) {
        return new Product(c, a, b, transposed, matrices, alpha, beta);
    }

    /** {@code matrices} of the products, from number {@code first} on. */
    Product part(int first, int matrices) {
        return new Product(c.behind(first), a.behind(first), b.behind(first), transposed, matrices, alpha, beta);
    }

    /** The same with alpha = factor. */
    Product scaled(float factor) {
        return new Product(c, a, b, transposed, count, factor, beta);
    }

    /** The same, added to c. */
    Product added() {
        return new Product(c, a, b, transposed, count, alpha, 1);
    }

    /** True if c has no element. */
    boolean isEmpty() {
        return c.rows() == 0 || c.cols() == 0 || count == 0;
    }
}
