package dev.freecp.ops;

/**
 * Mean and standard deviation of the three channels in 8-bit units: x = (v - mean) / std, v in 0..255, red first.
 */
public record Normalization(float meanR, float meanG, float meanB, float stdR, float stdG, float stdB) {

    /** Mean of channel 0 (red), 1 or 2. */
    public float mean(int channel) {
        return channel == 0 ? meanR : channel == 1 ? meanG : meanB;
    }

    /** Standard deviation of channel 0 (red), 1 or 2. */
    public float std(int channel) {
        return channel == 0 ? stdR : channel == 1 ? stdG : stdB;
    }
}
