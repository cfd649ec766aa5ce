package dev.freecp.cuda;

/**
 * Which implementation the towers' operations take where there are several, for benchmarks and tests that compare them; everybody else takes {@link #CHOSEN}.
 * A new implementation is a constant here and a line in {@link CudaOps}.
 */
public record Ways(Products products, Attention attention, Launches launches) {

    /** What is best for the machine and the sizes. */
    public static final Ways CHOSEN = new Ways(Products.CHOSEN, Attention.CHOSEN, Launches.GRAPHS);

    /** Matrix products, simplest first. */
    public enum Products {
        /** cuBLAS where it is, the project's own kernels elsewhere. */
        CHOSEN("chosen"),
        /** A thread an element, nothing shared: what the others are worth. */
        NAIVE("own, naive"),
        /** The project's own tiles in shared memory, for any type and any card. */
        PLAIN("own, plain"),
        /** The project's own on tensor cores, in small tiles. */
        TILES_64("own, 64 x 64"),
        /** In larger tiles. */
        TILES_128("own, 128 x 128"),
        /** In the largest. */
        TILES_256("own, 256 x 128"),
        /** In tiles as the sizes ask for. */
        TILES("own, chosen"),
        /** NVIDIA's library. */
        CUBLAS("cuBLAS");

        private final String label;

        Products(String label) {
            this.label = label;
        }

        /** For tables. */
        public String label() {
            return label;
        }
    }

    /** Attentions, simplest first. */
    public enum Attention {
        /** The fastest that fits type and head size. */
        CHOSEN("chosen"),
        /** A thread a query, nothing shared, for heads of 64: what the others are worth. */
        NAIVE("naive"),
        /** Scores by matrix products, a softmax over them, values by matrix products. */
        PRODUCTS("products and softmax"),
        /** All in one kernel on tensor cores, for heads of 64 in 16 bits. */
        FUSED("fused");

        private final String label;

        Attention(String label) {
            this.label = label;
        }

        /** For tables. */
        public String label() {
            return label;
        }
    }

    /** How a tower's kernels reach the card. */
    public enum Launches {
        /** Each by itself. */
        SINGLE,
        /** Those that come again at the same sizes as one graph. */
        GRAPHS
    }

    /** The same with other products. */
    public Ways with(Products other) {
        return new Ways(other, attention, launches);
    }

    /** The same with another attention. */
    public Ways with(Attention other) {
        return new Ways(products, other, launches);
    }

    /** The same with other launches. */
    public Ways with(Launches other) {
        return new Ways(products, attention, other);
    }
}
