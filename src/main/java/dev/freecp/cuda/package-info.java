/**
 * The operations on an NVIDIA GPU: the driver API through JCuda, the kernels of {@code kernels/} as PTX, cuBLAS or an own kernel for matrix products.
 * {@link dev.freecp.cuda.CudaOps} is the backend; everything else here serves it.
 */
package dev.freecp.cuda;
