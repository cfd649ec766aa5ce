package dev.freecp.convert.family;

/** What must be known beside the tensors to run a model. Sources of facts each give what they know, null for the rest, and are asked in order. */
public record Facts(Fact<Integer> heads, Fact<Integer> textHeads, Fact<String> activation, Fact<String> textActivation, Fact<Double> eps, Fact<Double> textEps,
                    Fact<double[]> mean, Fact<double[]> std, Fact<Integer> imageSize) {

    static final Facts NONE = new Facts(null, null, null, null, null, null, null, null, null);

    /** These facts, and those of {@code other} where there is none. */
    Facts or(Facts other) {
        return new Facts(first(heads, other.heads), first(textHeads, other.textHeads), first(activation, other.activation), first(textActivation, other.textActivation),
            first(eps, other.eps), first(textEps, other.textEps), first(mean, other.mean), first(std, other.std), first(imageSize, other.imageSize));
    }

    private static <T> T first(T a, T b) {
        return a != null ? a : b;
    }

    /** Only the numbers that pictures are normalised by. */
    static Facts normalization(Fact<double[]> mean, Fact<double[]> std) {
        return new Facts(null, null, null, null, null, null, mean, std, null);
    }

    /** Those of OpenAI's models. */
    public static Facts ofOpenAi(int heads, int textHeads, int imageSize) {
        return Guesses.openAi(Fact.known(heads, "published"), Fact.known(textHeads, "published"), Fact.known(imageSize, "published"));
    }
}
