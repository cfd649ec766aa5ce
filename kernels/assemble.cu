#include "common.cuh"

/* Two neighbours along an axis and the weight of the second, as dev.freecp.ops.Bilinear has it. */
struct tap {
    int first, second;
    float weight;
};

/* Label 0 of a rule: a class, 1 - max, or whatever stays below the threshold. */
#define BACKGROUND_NONE 0
#define BACKGROUND_ONE_MINUS_MAX 1
#define BACKGROUND_THRESHOLD 2

/* Pixels of the picture that an output pixel lies between. */
#define CORNERS 4

__device__ __forceinline__ float between(const float* values, tap at) {
    return (1.0f - at.weight) * values[at.first] + at.weight * values[at.second];
}

/* A map between four of its grid cells. */
__device__ __forceinline__ float sample(const float* map, int width, tap y, tap x) {
    return (1.0f - y.weight) * between(map + y.first * width, x) + y.weight * between(map + y.second * width, x);
}

/*
 * assemble_labels:  labels[y,x] = first of the largest of the scores P[c] there; P[c] = bilinear resize to the output of (sum over windows of the largest of
 *                   0 and class c's maps, resized to the window) / (windows over the pixel)
 * Shapes    labels (height, width) int32, confidence (height, width) float32 or null, scores (label_count * height, width) float32 or null, rows label_ld,
 *           confidence_ld, score_ld apart; maps (S*C, n) float32, rows map_ld apart, n = grid rows * grid_width; windows (S, 2) int32, top and left;
 *           classes (slots) int32, increasing: the classes with a map that is not zero; members int32: rows of maps, those of slot k in window s from
 *           starts[k * S + s] to starts[k * S + s + 1]; taps window_rows (window_height) and window_columns (window_width) on the grid, rows (height) and
 *           columns (width) on the picture.
 * Launch    block (32, 8), grid (ceil(width / 32), ceil(height / 8)), S ints of dynamic shared memory. A thread owns an output pixel.
 * Memory    maps and tables come from cache; neighbouring threads read the same or neighbouring cells. Nothing of size class x height x width is made.
 * Numerics  windows and maps in increasing order for every pixel, so the block does not show in the bits.
 * Domain    windows cover the picture and lie inside it; maps without NaN; slots, S >= 0, 1.
 * Oracle    ScalarOps.assemble
 */
extern "C" __global__ void assemble_labels(int* labels, float* confidence, float* scores, const float* maps,
                                           const int* windows, const int* classes, const int* starts, const int* members,
                                           const tap* window_rows, const tap* window_columns, const tap* rows, const tap* columns,
                                           int window_count, int slots, int label_count, int window_height, int window_width, int grid_width,
                                           int height, int width, int background, float threshold, int label_ld, int confidence_ld, int score_ld, int map_ld) {
    DYNAMIC_SHARED(int, near);                      // windows that reach into what this block looks at, increasing
    __shared__ int near_count;
    const int left = blockIdx.x * blockDim.x, top = blockIdx.y * blockDim.y;
    const int right = left + (int) blockDim.x < width ? left + blockDim.x - 1 : width - 1, bottom = top + (int) blockDim.y < height ? top + blockDim.y - 1 : height - 1;
    if (threadIdx.y == 0) {
        int count = 0;
        for (int from = 0; from < window_count; from += WARP) {
            const int s = from + threadIdx.x;
            const bool reaches = s < window_count
                && windows[2 * s] <= rows[bottom].second && rows[top].first < windows[2 * s] + window_height
                && windows[2 * s + 1] <= columns[right].second && columns[left].first < windows[2 * s + 1] + window_width;
            const unsigned all = __ballot_sync(ALL_LANES, reaches);
            if (reaches) near[count + __popc(all & ((1u << threadIdx.x) - 1))] = s;
            count += __popc(all);
        }
        if (threadIdx.x == 0) near_count = count;
    }
    __syncthreads();
    const int x = left + threadIdx.x, y = top + threadIdx.y;
    if (x >= width || y >= height) return;

    int corner_y[CORNERS], corner_x[CORNERS];
    float weight[CORNERS], cover[CORNERS];
#pragma unroll
    for (int k = 0; k < CORNERS; k++) {
        corner_y[k] = k / 2 ? rows[y].second : rows[y].first;
        corner_x[k] = k % 2 ? columns[x].second : columns[x].first;
        weight[k] = (k / 2 ? rows[y].weight : 1.0f - rows[y].weight) * (k % 2 ? columns[x].weight : 1.0f - columns[x].weight);
        cover[k] = 0.0f;
        for (int i = 0; i < near_count; i++) {
            const int wy = corner_y[k] - windows[2 * near[i]], wx = corner_x[k] - windows[2 * near[i] + 1];
            if (wy >= 0 && wy < window_height && wx >= 0 && wx < window_width) cover[k] += 1.0f;
        }
    }

    if (scores != nullptr) for (int l = 0; l < label_count; l++) row_of(scores, l * height + y, score_ld)[x] = 0.0f;
    const int first_class = background == BACKGROUND_NONE ? 0 : 1;
    float best = 0.0f;                              // classes without a map score 0, the least there is: they only matter where all do
    int winner = first_class;
    for (int slot = 0; slot < slots; slot++) {
        float sums[CORNERS] = {0.0f, 0.0f, 0.0f, 0.0f};
        for (int i = 0; i < near_count; i++) {
            const int s = near[i], from = starts[slot * window_count + s], to = starts[slot * window_count + s + 1];
            if (from == to) continue;
#pragma unroll
            for (int k = 0; k < CORNERS; k++) {
                const int wy = corner_y[k] - windows[2 * s], wx = corner_x[k] - windows[2 * s + 1];
                if (weight[k] == 0.0f || wy < 0 || wy >= window_height || wx < 0 || wx >= window_width) continue;
                float largest = 0.0f;
                for (int m = from; m < to; m++) largest = fmaxf(largest, sample(row_of(maps, members[m], map_ld), grid_width, window_rows[wy], window_columns[wx]));
                sums[k] += largest;
            }
        }
        float score = 0.0f;
#pragma unroll
        for (int k = 0; k < CORNERS; k++) score += weight[k] * (sums[k] / cover[k]);
        const int label = first_class + classes[slot];
        if (scores != nullptr) row_of(scores, label * height + y, score_ld)[x] = score;
        if (score > best) { best = score; winner = label; }
    }

    const bool nothing = background == BACKGROUND_ONE_MINUS_MAX ? 1.0f - best >= best : background == BACKGROUND_THRESHOLD && best < threshold;
    row_of(labels, y, label_ld)[x] = nothing ? 0 : winner;
    if (confidence != nullptr) row_of(confidence, y, confidence_ld)[x] = nothing ? 1.0f - best : best;
    if (scores != nullptr && background != BACKGROUND_NONE)
        row_of(scores, y, score_ld)[x] = background == BACKGROUND_ONE_MINUS_MAX || nothing ? 1.0f - best : -INFINITY;
}
