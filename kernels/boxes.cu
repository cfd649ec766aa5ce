#include "common.cuh"

/*
 * Components of one map's grid, by one block. A cell is on where its byte lies above 2/5 of the map's largest; on cells are connected to eight neighbours, off
 * cells to four. Cells of a component hang in a tree below its first cell, row by row: whoever joins two trees first, that cell is the same.
 * n = height * width ints for each array; extents stand at a component's first cell, whose row is the topmost.
 */
struct components {
    int* parent;
    int* left;
    int* right;
    int* bottom;
};

/* Arrays of struct components; mask_by_boxes has one more. */
#define COMPONENT_ARRAYS 4

struct grid_map {
    const float* values;
    int height, width;
    int threshold;
};

__device__ __forceinline__ components components_at(int* memory, int n) {
    return {memory, memory + n, memory + 2 * (size_t) n, memory + 3 * (size_t) n};
}

/* The truncations are the released program's and decide which cells count. */
__device__ __forceinline__ int to_byte(float v) {
    return (int) (v * 255.0f) & 0xff;
}

__device__ __forceinline__ bool is_on(const grid_map& map, int cell) {
    return to_byte(map.values[cell]) > map.threshold;
}

/* The first cell of the tree that `cell` hangs in, as far as it has grown. Reads by atomics, since other threads are joining trees meanwhile. */
__device__ __forceinline__ int first_of(int* parent, int cell) {
    for (int above = atomicAdd(&parent[cell], 0); above != cell; above = atomicAdd(&parent[cell], 0)) cell = above;
    return cell;
}

/* Joins the trees of two cells. Parents only ever become smaller, so whatever other threads do in between, it ends. */
__device__ __forceinline__ void join(int* parent, int a, int b) {
    for (a = first_of(parent, a), b = first_of(parent, b); a != b; a = first_of(parent, a), b = first_of(parent, b)) {
        const int low = a < b ? a : b, high = a < b ? b : a;
        const int before = atomicMin(&parent[high], low);
        if (before == high) return;                 // high was still a first cell: it hangs below low now
        a = before;                                 // high had been hung below this one: these two are left to join
        b = low;
    }
}

/* The map with its threshold. All threads of the block must take part; they are done with the map before when it returns. */
__device__ __forceinline__ grid_map map_of(const float* values, int height, int width) {
    __shared__ int top;
    if (threadIdx.x == 0) top = 0;
    __syncthreads();
    int largest = 0;
    for (int i = threadIdx.x; i < height * width; i += blockDim.x) {
        const int v = to_byte(values[i]);
        if (v > largest) largest = v;
    }
    atomicMax(&top, largest);
    __syncthreads();
    return {values, height, width, 2 * top / 5};
}

/* Finds the components of on cells, and of off cells if asked. All threads of the block must take part, and have called map_of before; all see the result. */
__device__ __forceinline__ void find_components(const components& found, const grid_map& map, bool off_too) {
    const int n = map.height * map.width, width = map.width;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        found.parent[i] = i;
        found.left[i] = width;
        found.right[i] = -1;
        found.bottom[i] = -1;
    }
    __syncthreads();
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        const bool on = is_on(map, i);
        if (!on && !off_too) continue;
        const int y = i / width, x = i % width;
        if (x > 0 && is_on(map, i - 1) == on) join(found.parent, i, i - 1);
        if (y == 0) continue;
        if (is_on(map, i - width) == on) join(found.parent, i, i - width);
        if (!on) continue;
        if (x > 0 && is_on(map, i - width - 1)) join(found.parent, i, i - width - 1);
        if (x + 1 < width && is_on(map, i - width + 1)) join(found.parent, i, i - width + 1);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        const int first = first_of(found.parent, i);
        atomicMin(&found.left[first], i % width);
        atomicMax(&found.right[first], i % width);
        atomicMax(&found.bottom[first], i / width);
    }
    __syncthreads();
}

/*
 * find_boxes:  appends (map, x0, y0, x1, y1) for every component of on cells of every map and, by contours, for every hole
 * Shapes    boxes (room, 5) int32 dense; count (1) int32, 0 before; maps (rows, n) float32, rows ld apart, n = height * width;
 *           memory (blocks, 4 * n) int32, or null if dynamic shared memory holds as much.
 * Launch    block (any whole warps), grid (1 to rows), 4 * n ints of dynamic shared memory or none. A block owns every gridDim.x-th map.
 * Memory    maps are read some six times, all but the first from cache; components live in shared memory where they fit, else in global memory.
 * Numerics  v * 255 in float32, truncated: no rounding, no fused operation. Integer atomics only; the order of boxes is not defined.
 * Domain    values in [0, 1] or NaN (off); any height, width >= 1 with n below 2^29. room = rows * height * ceil(width / 2) is always enough: of two
 *           neighbours in a row at most one can be the first cell of a component or hole.
 * Oracle    ScalarOps.boxes
 */
extern "C" __global__ void find_boxes(int* boxes, int* count, const float* maps, int* memory, int rows, int height, int width, int contours, int ld) {
    DYNAMIC_SHARED(int, shared);
    const int n = height * width;
    const components found = components_at(memory == nullptr ? shared : memory + (size_t) blockIdx.x * COMPONENT_ARRAYS * n, n);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        const grid_map map = map_of(row_of(maps, row, ld), height, width);
        find_components(found, map, contours);
        for (int i = threadIdx.x; i < n; i += blockDim.x) {
            if (found.parent[i] != i) continue;
            const bool on = is_on(map, i);
            const int left = found.left[i], top = i / width, right = found.right[i], bottom = found.bottom[i];
            const bool hole = !on && contours && left > 0 && top > 0 && right < width - 1 && bottom < height - 1;
            if (!on && !hole) continue;
            int* box = boxes + 5 * (size_t) atomicAdd(count, 1);
            const int margin = hole ? 1 : 0, x1 = right + 1 + margin, y1 = bottom + 1 + margin;   // a hole's box goes round the on cells beside it
            box[0] = row;
            box[1] = left - margin;
            box[2] = top - margin;
            box[3] = contours && x1 > width - 1 ? width - 1 : x1;        // exclusive, and yet clipped: the last column and row are never inside
            box[4] = contours && y1 > height - 1 ? height - 1 : y1;
        }
    }
}

/*
 * mask_by_boxes:  x[s,c,i] = y[s, first + c, i] inside the union of that map's boxes, 0 outside
 * Shapes    x (S, C, n) float32, rows x_ld apart, n = height * width; y (S, Q, n) float32, rows y_ld apart; rows = S*C;
 *           memory (blocks, 5 * n) int32, or null if dynamic shared memory holds as much.
 * Launch    block (any whole warps), grid (1 to S*C), 5 * n ints of dynamic shared memory or none. A block owns every gridDim.x-th map.
 * Memory    y is read some six times, all but the first from cache; x is written once, coalesced.
 * Numerics  integers; values are copied. The union is made from +1 and -1 at the boxes' corners, summed along rows and then columns. Boxes of holes lie
 *           inside their component's, clipped alike, and are left out.
 * Domain    values in [0, 1] or NaN (off); any height, width >= 1 with n below 2^29.
 * Oracle    ScalarOps.maskByBoxes
 */
extern "C" __global__ void mask_by_boxes(float* x, const float* y, int* memory, int rows, int maps, int words, int first, int height, int width, int contours,
                                         int x_ld, int y_ld) {
    DYNAMIC_SHARED(int, shared);
    const int n = height * width;
    int* block_memory = memory == nullptr ? shared : memory + (size_t) blockIdx.x * (COMPONENT_ARRAYS + 1) * n;
    const components found = components_at(block_memory, n);
    int* cover = block_memory + COMPONENT_ARRAYS * (size_t) n;
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        const grid_map map = map_of(row_of(y, row / maps * words + first + row % maps, y_ld), height, width);
        for (int i = threadIdx.x; i < n; i += blockDim.x) cover[i] = 0;
        find_components(found, map, false);
        for (int i = threadIdx.x; i < n; i += blockDim.x) {
            if (found.parent[i] != i || !is_on(map, i)) continue;
            const int x0 = found.left[i], y0 = i / width, last = contours ? 1 : 0;    // by contours the last column and row are never inside
            const int x1 = found.right[i] + 1 < width - last ? found.right[i] + 1 : width - last;
            const int y1 = found.bottom[i] + 1 < height - last ? found.bottom[i] + 1 : height - last;
            if (x0 >= x1 || y0 >= y1) continue;
            atomicAdd(&cover[y0 * width + x0], 1);
            if (x1 < width) atomicAdd(&cover[y0 * width + x1], -1);
            if (y1 < height) atomicAdd(&cover[y1 * width + x0], -1);
            if (x1 < width && y1 < height) atomicAdd(&cover[y1 * width + x1], 1);
        }
        __syncthreads();
        for (int i = threadIdx.x; i < height; i += blockDim.x)
            for (int j = 1; j < width; j++) cover[i * width + j] += cover[i * width + j - 1];
        __syncthreads();
        float* to = row_of(x, row, x_ld);
        for (int j = threadIdx.x; j < width; j += blockDim.x) {
            int boxes = 0;
            for (int i = 0; i < height; i++) {
                boxes += cover[i * width + j];
                to[i * width + j] = boxes > 0 ? map.values[i * width + j] : 0.0f;
            }
        }
    }
}
