#!/bin/sh
# Compiles every kernel to PTX: kernels/ptx/NAME.ptx, which is committed, so that neither building nor running FreeCP needs nvcc.
# usage: kernels/build.sh [OUTPUT_FOLDER]
set -eu
cd "$(dirname "$0")"
out=${1:-ptx}
mkdir -p "$out"
for source in *.cu; do
    ptx=$out/${source%.cu}.ptx
    nvcc -ptx -arch=compute_80 -o "$ptx.new" "$source"
    # nvcc 13 always declares PTX 9.0, which only its own driver loads; nothing in these files is newer than 7.8, which drivers from CUDA 11.8 on take.
    # Of the comments at the top the one with the compiler's version stays: only the same compiler writes the same text.
    sed -e 's/^\.version .*/.version 7.8/' -e '/^\/\/ Cuda compilation tools/b' -e '/^\/\//d' "$ptx.new" > "$ptx"
    rm "$ptx.new"
done
