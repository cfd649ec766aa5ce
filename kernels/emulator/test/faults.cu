/* One fault a kernel: EmulatorTest shows that each is noticed. The second argument of some switches the fault off. */

#define THREADS 64

/* y[i] = x of the thread at the other end of the block, through shared memory. */
extern "C" __global__ void exchange(float* y, int with_barrier) {
    __shared__ float values[THREADS];
    values[threadIdx.x] = threadIdx.x;
    if (with_barrier) __syncthreads();
    y[threadIdx.x] = values[THREADS - 1 - threadIdx.x];
}

/* 1 + 2 over all threads, in two rounds that use the same shared memory: needs a barrier between them. */
extern "C" __global__ void sum_twice(float* y, int with_barrier) {
    __shared__ float sums[THREADS / 32];
    float total = 0.0f;
    for (int round = 1; round <= 2; round++) {
        int sum = __reduce_add_sync(0xffffffffu, round);
        if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = sum;
        __syncthreads();
        total += sums[0] + sums[1];
        if (with_barrier) __syncthreads();
    }
    y[threadIdx.x] = total;
}

extern "C" __global__ void reads_unwritten_shared(float* y) {
    __shared__ float values[THREADS];
    DYNAMIC_SHARED(float, more);
    if (threadIdx.x != 0) values[threadIdx.x] = 1.0f;
    if (threadIdx.x != 1) more[threadIdx.x] = 1.0f;
    __syncthreads();
    y[threadIdx.x] = values[threadIdx.x] + more[threadIdx.x];
}

/* Groups of copies: the first has landed after a wait for all but one, the second only after a wait for all. */
extern "C" __global__ void copies_async(float* y, const float* x, int pending) {
    __shared__ __align__(16) float values[2][4];
    emu::cp_async<16>(values[0], x);
    emu::copy_commit();
    emu::cp_async<16>(values[1], x + 4, 8);
    emu::copy_commit();
    emu::copy_wait(pending);
    for (int i = 0; i < 8; i++) y[i] = values[i / 4][i % 4];
}

extern "C" __global__ void diverges(float* y) {
    if (threadIdx.x < 32) {
        __syncthreads();
        y[threadIdx.x] = 0.0f;
    } else {
        __syncthreads();
        y[threadIdx.x] = 1.0f;
    }
}

extern "C" __global__ void half_waits_elsewhere(float* y) {
    if (threadIdx.x % 2 == 0) y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.0f, 1);
    else __syncthreads();
}

extern "C" __global__ void mixes_operations(float* y) {
    if (threadIdx.x % 2 == 0) y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.0f, 1);
    else y[threadIdx.x] = __ballot_sync(0xffffffffu, 1);
}

/* Lanes from 20 on return; the others ask them all the same. */
extern "C" __global__ void reads_lanes_that_left(float* y) {
    if (threadIdx.x >= 20) return;
    y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.0f, 16);
}

extern "C" __global__ void writes(float* y, int at) {
    y[at] = 1.0f;
}

extern "C" __global__ void writes_shared(float* y, int at) {
    __shared__ float values[THREADS];
    DYNAMIC_SHARED(float, more);
    if (y != nullptr) values[at] = 1.0f;
    more[at] = values[0];
}
