package dev.freecp.cuda;

import jcuda.driver.CUdevice_attribute;

/**
 * What a card says of itself, beside results that depend on it.
 *
 * @param name              the card's own
 * @param computeCapability {@code 9.0} for Hopper
 * @param multiprocessors   their number
 * @param megahertz         the highest clock of its multiprocessors
 * @param memoryMegahertz   that of its memory
 * @param busBits           width of its memory bus
 * @param cacheBytes        second-level cache
 * @param memoryBytes       memory
 */
public record CardFacts(String name, String computeCapability, int multiprocessors, int megahertz, int memoryMegahertz, int busBits, long cacheBytes, long memoryBytes) {

    static CardFacts of(CudaDevice device) {
        return new CardFacts(device.name(), device.computeCapability(), device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE) / 1000, device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE) / 1000,
            device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH), device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
            device.memory()[1]);
    }
}
