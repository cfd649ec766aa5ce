/* What a kernel can observe of its device, for EmulatorTest. */

extern "C" __global__ void axpy(float* y, const float* x, float a, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] += a * x[i];
}

/* y[i] = the how manieth thread i was. */
extern "C" __global__ void take_ticket(int* y, int* tickets) {
    y[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(tickets, 1);
}

extern "C" __global__ void __launch_bounds__(96) note_position(int* y) {
    const int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    const int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    y[block * blockDim.x * blockDim.y * blockDim.z + thread] = block * 1000 + thread;
}

extern "C" __global__ void shuffles(int* y) {
    const int lane = threadIdx.x;
    y[lane] = __shfl_xor_sync(0xffffffffu, lane, 5);
    y[32 + lane] = __shfl_down_sync(0xffffffffu, lane, 3, 8);
    y[64 + lane] = __shfl_up_sync(0xffffffffu, lane, 3, 8);
    y[96 + lane] = __shfl_sync(0xffffffffu, lane, 9, 8);
    y[128 + lane] = __ballot_sync(0xffffffffu, lane % 3 == 0);
    y[160 + lane] = __reduce_max_sync(0xffffffffu, lane * 7 % 32);
}

extern "C" __global__ void half_to_float(float* y, const __half* x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = __half2float(x[i]);
}

extern "C" __global__ void float_to_half(__half* y, const float* x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = __float2half_rn(x[i]);
}

extern "C" __global__ void bfloat16_to_float(float* y, const __nv_bfloat16* x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = __bfloat162float(x[i]);
}

extern "C" __global__ void float_to_bfloat16(__nv_bfloat16* y, const float* x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = __float2bfloat16_rn(x[i]);
}

/* d(16, 8) += a(16, 16) * b(16, 8), all row-major: a by ldmatrix, b by its transposing form. One warp. */
template <class T>
__device__ void multiply_tile(float* d, const T* a, const T* b) {
    __shared__ __align__(16) T tile_a[16 * 16];
    __shared__ __align__(16) T tile_b[16 * 8];
    const int lane = threadIdx.x;
    emu::cp_async<16>(tile_a + lane * 8, a + lane * 8);
    if (lane < 16) emu::cp_async<16>(tile_b + lane * 8, b + lane * 8);
    emu::copy_commit();
    emu::copy_wait(0);
    __syncthreads();
    uint32_t fragment_a[4], fragment_b[2];
    emu::ldmatrix<4>(fragment_a, tile_a + lane % 16 * 16 + lane / 16 * 8);
    emu::ldmatrix<2, true>(fragment_b, tile_b + lane % 16 * 8);
    const int row = lane / 4, column = lane % 4 * 2;
    float sums[4];
    for (int i = 0; i < 4; i++) sums[i] = d[(row + i / 2 * 8) * 8 + column + i % 2];
    emu::mma_m16n8k16<T>(sums, fragment_a, fragment_b);
    for (int i = 0; i < 4; i++) d[(row + i / 2 * 8) * 8 + column + i % 2] = sums[i];
}

extern "C" __global__ void multiply_tile_f16(float* d, const __half* a, const __half* b) { multiply_tile(d, a, b); }

extern "C" __global__ void multiply_tile_bf16(float* d, const __nv_bfloat16* a, const __nv_bfloat16* b) { multiply_tile(d, a, b); }
