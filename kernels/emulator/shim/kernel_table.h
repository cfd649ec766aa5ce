/* The table of a module's kernels, written by build.sh at the end of the compiled file: EMU_KERNEL_BEGIN EMU_KERNEL(a) EMU_KERNEL(b) EMU_KERNEL_END */
#pragma once

namespace emu {

template <class Function>
struct Signature;

template <class... Parameters>
struct Signature<void (*)(Parameters...)> {
    static constexpr int count = sizeof...(Parameters);
    static constexpr size_t sizes[] = {sizeof(Parameters)..., 0};

    template <void (*kernel)(Parameters...)>
    static void call(const void* const* parameters) {
        call<kernel>(parameters, std::index_sequence_for<Parameters...>{});
    }
    template <void (*kernel)(Parameters...), size_t... i>
    static void call(const void* const* parameters, std::index_sequence<i...>) {
        kernel(*static_cast<const std::remove_cv_t<Parameters>*>(parameters[i])...);
    }
};
}

#define EMU_VISIBLE extern "C" __attribute__((visibility("default")))
#define EMU_KERNEL_BEGIN \
    EMU_VISIBLE void* emu_touch_shared() { static thread_local volatile char in_shared_memory; return (void*) &in_shared_memory; } \
    EMU_VISIBLE const emu::Kernel emu_kernels[]; \
    const emu::Kernel emu_kernels[] = {
#define EMU_KERNEL(name) {#name, emu::Signature<decltype(&name)>::call<name>, emu::Signature<decltype(&name)>::count, emu::Signature<decltype(&name)>::sizes},
#define EMU_KERNEL_END {} };
