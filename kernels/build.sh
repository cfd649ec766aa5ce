#!/bin/sh
# Compiles every kernel to PTX, which is committed, so that neither building nor running FreeCP needs nvcc: kernels/ptx/NAME.ptx, or NAME.f32.ptx,
# NAME.f16.ptx and NAME.bf16.ptx for a file that includes act.cuh; without f32 for one that includes tensor_core.cuh.
# usage: kernels/build.sh [OUTPUT_FOLDER [NAME...]]
set -eu
cd "$(dirname "$0")"
out=${1:-ptx}
[ $# -eq 0 ] || shift
mkdir -p "$out"

# compile SOURCE MODULE [DEFINE]
compile() {
    ptx=$out/$2.ptx
    # Tensor-core kernels need compute capability 8.0; everything else runs from 7.5 on.
    arch=compute_75
    ! grep -q '#include "tensor_core.cuh"' "$1" || arch=compute_80
    nvcc -ptx -arch=$arch ${3:+-D$3} -o "$ptx.new" "$1"
    # The module's name first. nvcc 13 always declares PTX 9.0, which only its own driver loads; nothing in these files is newer than 7.8, which drivers
    # from CUDA 11.8 on take. Of the comments at the top the one with the compiler's version stays: only the same compiler writes the same text.
    { echo "// freecp $2"; sed -e 's/^\.version .*/.version 7.8/' -e '/^\/\/ Cuda compilation tools/b' -e '/^\/\//d' "$ptx.new"; } > "$ptx"
    rm "$ptx.new"
}

[ $# -gt 0 ] || set -- $(ls ./*.cu | sed 's/\.cu$//; s/^\.\///')
for name; do
    if grep -q '#include "act.cuh"' "$name.cu"; then
        types="f32 f16 bf16"
        ! grep -q '#include "tensor_core.cuh"' "$name.cu" || types="f16 bf16"
        for type in $types; do compile "$name.cu" "$name.$type" "ACT_$(echo $type | tr a-z A-Z)"; done
    else
        compile "$name.cu" "$name"
    fi
done
