#!/bin/bash
# Builds the emulator and the kernels for it: OUT/libcuda.so.1, OUT/libcublas.so.12 and OUT/MODULE.so for every kernel module. Needs g++, nm and grep.
# usage: build.sh OUT KERNELS_DIR NATIVES_DIR [--asan] [--cublas13] [--modules-for=BUILT] [--only=MODULE] [-Dfoo ...]
#   KERNELS_DIR  the folder with the .cu files: this one's parent, or a copy with a fault in it
#   NATIVES_DIR  libJCudaDriver*.so and libJCublas2*.so, unpacked: every function that they ask for and nobody wrote becomes a stub that says its name
#   --asan       with AddressSanitizer, and checks of array bounds and alignment
#   --cublas13   cuBLAS as CUDA 13 brings it, libcublas.so.13, instead of 12
#   --modules-for=BUILT  only the modules, for the libcuda.so.1 in the folder BUILT
#   --only=MODULE        no module but this, say gemm.f16
# What is newer than all that it is made of is left alone.
set -euo pipefail
emulator=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 3 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd) kernels=$(cd "$2" && pwd) natives=$(cd "$3" && pwd)
shift 3

flags=(-std=c++17 -g1 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra)
cublas=12
built=
only=
grep -q -w avx2 /proc/cpuinfo && grep -q -w f16c /proc/cpuinfo && grep -q -w fma /proc/cpuinfo && flags+=(-march=x86-64-v3)
for argument; do
    case $argument in
        --asan) flags+=(-fsanitize=address,bounds,alignment -fno-sanitize-recover=bounds,alignment -fno-omit-frame-pointer) ;;
        --cublas13) cublas=13 ;;
        --modules-for=*) built=${argument#*=} ;;
        --only=*) only=${argument#*=} ;;
        -D*) flags+=("$argument") ;;
        *) echo "build.sh: what is $argument?" >&2; exit 2 ;;
    esac
done

# Other flags, other files: everything is made again.
if [ "$(cat "$out/flags" 2>/dev/null)" != "${flags[*]} cublas$cublas" ]; then
    rm -f "$out"/*.o "$out"/*.so "$out"/*.so.*
    echo "${flags[*]} cublas$cublas" > "$out/flags"
fi

# fresh FILE SOURCE...: FILE is newer than all its sources
fresh() {
    local file=$1 source
    shift
    for source; do [ "$file" -nt "$source" ] || return 1; done
}

# Two compilers at a time, each with an output that appears only when it is whole. finish waits for all, and ends the build if one has failed.
failed=
compile() {
    local file=$1
    shift
    [ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n || failed=1
    { g++ "${flags[@]}" "$@" -o "$file.new" && mv "$file.new" "$file"; } &
}
finish() {
    while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done
    [ -z "$failed" ] || exit 1
}

# stubs LIBRARY PREFIX STATUS: a weak function for every name that JCuda's library asks for
stubs() {
    echo '#include <cstdio>'
    nm -D --undefined-only "$1" | awk '{ print $2 }' | sed 's/@.*//' | grep "^$2" | sort -u | while read -r name; do
        echo "extern \"C\" __attribute__((weak, visibility(\"default\"))) int $name() { std::fputs(\"emulator: $name is not emulated\\n\", stderr); return $3; }"
    done
}

headers=("$emulator"/*.h "$emulator"/*/*.h "$emulator/build.sh")
kernel_headers=("$emulator/runtime.h" "$emulator"/shim/*.h "$emulator/build.sh")
libcuda=${built:-$out}/libcuda.so.1

libraries() {
    local libcublas=$out/libcublas.so.$cublas libcublasLt=$out/libcublasLt.so.$cublas
    local driver_natives=("$natives"/libJCudaDriver*.so) blas_natives=("$natives"/libJCublas2*.so) source object
    [ -e "${driver_natives[0]}" ] && [ -e "${blas_natives[0]}" ] || { echo "build.sh: JCuda's libraries are not in $natives" >&2; exit 2; }
    fresh "$out/cuda_stubs.cpp" "${driver_natives[0]}" "$emulator/build.sh" || stubs "${driver_natives[0]}" 'cu[A-Z]' 801 > "$out/cuda_stubs.cpp"
    fresh "$out/cublas_stubs.cpp" "${blas_natives[0]}" "$emulator/build.sh" || stubs "${blas_natives[0]}" cublas 15 > "$out/cublas_stubs.cpp"

    for source in "$emulator"/device/*.cpp "$out/cuda_stubs.cpp"; do
        object=$out/$(basename "$source" .cpp).o
        fresh "$object" "$source" "${headers[@]}" || compile "$object" -O2 -ftls-model=initial-exec -c "$source"
    done
    finish
    local objects=("$emulator"/device/*.cpp)
    objects=("${objects[@]##*/}")
    objects=("${objects[@]/%.cpp/.o}" cuda_stubs.o)
    fresh "$libcuda" "${objects[@]/#/$out/}" || compile "$libcuda" -shared -Wl,-soname,libcuda.so.1 "${objects[@]/#/$out/}" -pthread -ldl
    finish

    local blas_sources=("$emulator"/cublas/*.cpp "$out/cublas_stubs.cpp")
    if ! fresh "$libcublas" "${blas_sources[@]}" "${headers[@]}"; then
        echo "libcublas.so.$cublas { global: *; };" > "$out/cublas.map"
        compile "$libcublas" -O3 -ffp-contract=fast -DCUBLAS_MAJOR=$cublas -shared -Wl,-soname,libcublas.so.$cublas -Wl,--version-script="$out/cublas.map" \
            "${blas_sources[@]}" "$libcuda"
    fi
    # Nothing of it is used; its absence is what an installation can get wrong.
    fresh "$libcublasLt" "$emulator/build.sh" || compile "$libcublasLt" -shared -Wl,-soname,libcublasLt.so.$cublas -x c++ /dev/null
}
[ -n "$built" ] || libraries

# module SOURCE NAME [DEFINE]: the kernels are those that the preprocessor leaves, so macros may name them
module() {
    local source=$1 name=$2 define=${3:+-D$3} table
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    ! fresh "$out/$name.so" "$source" "${kernel_headers[@]}" "$kernels"/*.cuh || return 0
    table=$(g++ -E -P -x c++ -DCUDA_EMU $define "$source" | tr '\n' ' ' \
        | grep -oE 'extern "C" +__global__ +void +(__launch_bounds__ *\([^()]*\) *)?[A-Za-z_0-9]+' \
        | sed 's/.* //; s/.*)//; s/.*/EMU_KERNEL(&)/')
    printf '#include "%s"\n#include "%s"\nEMU_KERNEL_BEGIN\n%s\nEMU_KERNEL_END\n' "$source" "$emulator/shim/kernel_table.h" "$table" > "$out/$name.cpp"
    compile "$out/$name.so" -O2 -mtls-dialect=gnu -Wno-unknown-pragmas -Wno-unused -Wno-attributes -DCUDA_EMU $define -include "$emulator/shim/cuda_emu.h" \
        -shared "$out/$name.cpp" "$libcuda"
}
for source in "$kernels"/*.cu; do
    name=$(basename "$source" .cu)
    if grep -q '#include "act.cuh"' "$source"; then
        types=(f16 bf16)
        grep -q '#include "tensor_core.cuh"' "$source" || types+=(f32)
        for type in "${types[@]}"; do module "$source" "$name.$type" "ACT_${type^^}"; done
    else
        module "$source" "$name"
    fi
done
finish
