#!/bin/sh
# Everything that a machine with a GPU can tell, as unattended as possible: each stage writes what it finds at once, and a short table comes last.
# usage: bench/gpu/run-all.sh check
#   check   doctor; every operation in every precision on many sizes, with cuBLAS and with our own kernels for matrix products; goldens in fp32; where
#           NVIDIA's compute-sanitizer is, every kernel once more under its memcheck
#   OUT               folder for the results (default: out)
#   FREECP_HOME       where freecp lies (default: two folders above this script, in a bundle as in a source tree)
#   FREECP_TESTDATA   the repository's test-data (default: beside freecp)
# Exit codes: 0 all is well, 1 something is not, 2 usage, 4 no GPU that works.
set -u

[ $# -eq 1 ] && [ "$1" = check ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }

self=$(cd "$(dirname "$0")/../.." && pwd -P)
home=${FREECP_HOME:-$self}
if [ -z "${FREECP_TESTDATA:-}" ]; then
    for data in "$home/test-data" "$self/test-data"; do [ -d "$data" ] && break; done
else
    data=$FREECP_TESTDATA
fi
out=${OUT:-out}
mkdir -p "$out" || exit 2
table=$out/table.txt
: > "$table"
failed=0

# stage NAME COMMAND...: its output goes to NAME.txt as it comes, its result to the table. Returns the command's exit code.
stage() {
    name=$1
    shift
    echo "== $name: $*"
    start=$(date +%s)
    "$@" > "$out/$name.txt" 2>&1
    code=$?
    note "$name" "$([ $code -eq 0 ] && echo passed || echo "FAILED, exit code $code")" "$(($(date +%s) - start)) s"
    [ $code -eq 0 ] || { failed=1; tail -n 5 "$out/$name.txt"; }
    return $code
}

# note STAGE RESULT [TIME]: a line of the table
note() {
    printf '%-20s %-24s %s\n' "$1" "$2" "${3:-}" >> "$table"
}

finish() {
    echo
    cat "$table"
    exit "$1"
}

freecp() {
    "$home/freecp" "$@"
}

stage doctor freecp doctor --device cuda
code=$?
grep -v '^WARNING' "$out/doctor.txt"
if [ $code -eq 4 ]; then
    echo "no GPU that works: nothing else was run"
    finish 4
fi

stage kernels freecp doctor --device cuda --thorough
stage kernels-own-gemm freecp doctor --device cuda --thorough --cuda-libs none

if [ -d "${data:-}/golden" ]; then
    stage goldens-fp32 freecp parity --device cuda --json "$out/goldens-fp32.json" "$data/golden"
else
    note goldens-fp32 "NOT RUN: no test-data" "(FREECP_TESTDATA names its folder)"
    failed=1
fi

if command -v compute-sanitizer > /dev/null; then
    # Every operation once; exit code 9 where the kernels are right and the tool finds fault with them.
    stage sanitizer compute-sanitizer --tool memcheck --target-processes all --error-exitcode 9 "$home/freecp" doctor --device cuda
else
    note sanitizer "not run: no tool" "(compute-sanitizer is not on the path)"
fi

finish $failed
