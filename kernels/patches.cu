#include "act.cuh"

/* Where an output pixel lies between two input pixels of one axis: as Bilinear.Taps, which the host computes, so that weights are the same bits. */
struct Tap {
    int first, second;
    float weight;       // of the second
};

__device__ __forceinline__ Tap tap_of(const int* taps, int i) {
    return {taps[3 * i], taps[3 * i + 1], __int_as_float(taps[3 * i + 2])};
}

/* A weight of 0 gives a itself: regions that are not resized keep their values. */
__device__ __forceinline__ float between(float a, float b, float weight_of_b) {
    return (1.0f - weight_of_b) * a + weight_of_b * b;
}

/*
 * patches:  y[(s*h + i)*w + j, (channel*p + k)*p + l] = resized[s, i*p + k, j*p + l, channel], where resized[s] is region s of (picture - mean) / std,
 *           interpolated bilinearly to the taps' sizes
 * Shapes    y (n, 3*p*p) act with n = S*h*w, rows y_ld apart; picture (height, picture_width, 3) uint8, pixels picture_ld bytes apart. table int32: for each
 *           region four numbers, y0, x0 and the positions in table where the taps of its rows and of its columns begin; then taps, each first, second and
 *           the bits of the float32 weight, h*p or more of rows, w*p or more of columns.
 * Launch    block (32, ROWS), grid (ceil(n / ROWS), any), no dynamic shared memory. Warps of gridDim.y blocks share a patch, a lane takes all channels of
 *           a pixel.
 * Memory    y is written once, lanes beside each other (coalesced); the picture's bytes, neighbours for neighbouring lanes, and taps come from cache.
 * Numerics  normalised values are interpolated, across before down, in float32: the order of the oracle.
 * Domain    any p, h, w >= 1; regions inside the picture.
 * Oracle    ScalarOps.patches
 */
extern "C" __global__ void patches(act* y, const unsigned char* picture, const int* table, int n, int h, int w, int p, int picture_width,
                                   int y_ld, int picture_ld, float mean_r, float mean_g, float mean_b, float std_r, float std_g, float std_b) {
    const int row = blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= n) return;
    const int* region = table + 4 * (row / (h * w));
    const int* rows = table + region[2];
    const int* columns = table + region[3];
    const int top = row / w % h * p, left = row % w * p;
    const float mean[3] = {mean_r, mean_g, mean_b}, deviation[3] = {std_r, std_g, std_b};
    act* yr = row_of(y, row, y_ld);
    for (int i = blockIdx.y * WARP + threadIdx.x; i < p * p; i += gridDim.y * WARP) {
        const Tap down = tap_of(rows, top + i / p), across = tap_of(columns, left + i % p);
        const unsigned char* upper = picture + ((size_t) (region[0] + down.first) * picture_width + region[1]) * picture_ld;
        const unsigned char* lower = picture + ((size_t) (region[0] + down.second) * picture_width + region[1]) * picture_ld;
        const int first = across.first * picture_ld, second = across.second * picture_ld;
        for (int channel = 0; channel < 3; channel++) {
            const float m = mean[channel], d = deviation[channel];
            const float above = between((upper[first + channel] - m) / d, (upper[second + channel] - m) / d, across.weight);
            const float below = between((lower[first + channel] - m) / d, (lower[second + channel] - m) / d, across.weight);
            yr[channel * p * p + i] = to_act(between(above, below, down.weight));
        }
    }
}
