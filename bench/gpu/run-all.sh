#!/bin/sh
# Everything that a machine with a GPU can tell, unattended: each stage leaves what it finds at once, nothing runs past the given time, and a short table comes last.
# usage: bench/gpu/run-all.sh check|bench|sanitize|all [--minutes N] [--tiny]
#   check      doctor; every operation in every precision on many sizes, with cuBLAS and with our own kernels for matrix products; goldens in fp32; what the other
#              precisions change on the shapes scenes
#   bench      times of everything, and of PyTorch on the same card where python3 has it; a page with charts
#   sanitize   every operation once under each tool of NVIDIA's compute-sanitizer, where it is
#   all        the three of them, in the order of their worth
#   --minutes  when to stop; default 9
#   --tiny     what an emulator can do: benchmarks of small sizes, no whole pictures in all precisions
#   OUT               folder for the results, at most eight files (default: out)
#   FREECP_HOME       where freecp lies (default: two folders above this script, in a bundle as in a source tree)
#   FREECP_TESTDATA   the repository's test-data (default: beside freecp)
#   FREECP_COMMIT     what is measured (default: what git or the bundle says)
#   PYTHON            for the peers (default: python3)
# Exit codes: 0 all is well, 1 something is not or was cut off, 2 usage, 4 no GPU that works.
set -u

usage() {
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
}

mode=${1:-} minutes=9 tiny=
case $mode in check|bench|sanitize|all) shift ;; *) usage ;; esac
while [ $# -gt 0 ]; do
    case $1 in
        --minutes) [ $# -ge 2 ] || usage; minutes=$2; shift 2 ;;
        --tiny) tiny=--tiny; shift ;;
        *) usage ;;
    esac
done
case $minutes in ''|*[!0-9]*) usage ;; esac
end=$(($(date +%s) + 60 * minutes))

self=$(cd "$(dirname "$0")/../.." && pwd -P)
home=${FREECP_HOME:-$self}
if [ -z "${FREECP_TESTDATA:-}" ]; then
    for data in "$home/test-data" "$self/test-data"; do [ -d "$data" ] && break; done
else
    data=$FREECP_TESTDATA
fi
commit=${FREECP_COMMIT:-$(cat "$self/COMMIT" 2> /dev/null || git -C "$self" describe --always --dirty 2> /dev/null || echo unknown)}
python=${PYTHON:-python3}
out=${OUT:-out}
mkdir -p "$out" || exit 2
table=$out/table.txt log=$out/log.txt
: > "$table"
: > "$log"
failed=0

wanted() {
    [ "$mode" = all ] || [ "$mode" = "$1" ]
}

left() {
    echo $((end - $(date +%s)))
}

# stage NAME PERCENT COMMAND...: its output goes to the log as it comes, its result to the table. It gets that much of the time that is left, so that one that hangs
# does not take the others' time. Returns the command's exit code, 124 where time ran out.
stage() {
    name=$1 most=$(($(left) * $2 / 100))
    shift 2
    echo "== $name: $*" | tee -a "$log"
    start=$(date +%s)
    cut="no time left"
    if [ "$most" -lt 1 ]; then
        code=124
    else
        cut="$most s are over"
        timeout -k 5 "$most" "$@" >> "$log" 2>&1
        code=$?
    fi
    case $code in
        0) result=passed ;;
        124|137) code=124 result="CUT OFF, $cut" ;;
        *) result="FAILED, exit code $code" ;;
    esac
    note "$name" "$result" "$(($(date +%s) - start)) s"
    [ $code -eq 0 ] || { failed=1; tail -n 5 "$log"; }
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

freecp=$home/freecp
stage doctor 50 "$freecp" doctor --device cuda
code=$?
grep -v '^WARNING\|^==' "$log"
if [ $code -eq 4 ]; then
    echo "no GPU that works: nothing else was run"
    finish 4
fi

if wanted check; then
    stage kernels 35 "$freecp" doctor --device cuda --thorough
    stage kernels-own-gemm 35 "$freecp" doctor --device cuda --thorough --cuda-libs none
    if [ -d "${data:-}/golden" ]; then
        stage goldens-fp32 40 "$freecp" parity --device cuda --json "$out/goldens-fp32.json" "$data/golden"
    else
        note goldens-fp32 "NOT RUN: no test-data" "(FREECP_TESTDATA names its folder)"
        failed=1
    fi
fi

# More than half of the time that is left, so that peers on the same card get some.
if wanted bench; then
    stage bench 70 "$freecp" bench gpu --minutes "$(awk "BEGIN { print 0.55 * $(left) / 60 }")" --out "$out/gpu.json" --commit "$commit" $tiny
    if "$python" -c 'import sys, torch; sys.exit(not (torch.cuda.is_available() or sys.argv[1:]))' $tiny > /dev/null 2>&1; then
        stage torch 80 "$python" "$self/bench/peers/torch_peers.py" --minutes "$(awk "BEGIN { print 0.5 * $(left) / 60 }")" --out "$out/torch.json" $tiny
    else
        note torch "not run: no torch" "($python has none that finds a GPU; PYTHON names another)"
    fi
    set --
    for results in "$out/gpu.json" "$out/torch.json"; do [ ! -f "$results" ] || set -- "$@" "$results"; done
    [ $# -eq 0 ] || stage page 100 "$freecp" bench report "$@" -o "$out/gpu.html"
fi

if wanted check; then
    if [ -n "$tiny" ]; then
        note precision "not run: --tiny" "(whole pictures take an emulator minutes)"
    elif [ -d "${data:-}/shapes" ]; then
        stage precision 100 "$freecp" precision --device cuda --root "$data/shapes/dataset" --classes "$data/shapes/classes_single.txt" --model "$data/shapes/model" \
            --cache off --quiet
    else
        note precision "NOT RUN: no test-data" "(FREECP_TESTDATA names its folder)"
        failed=1
    fi
fi

# Exit code 9 where the kernels are right and a tool finds fault with them. Without cuBLAS, whose inner workings are not ours to judge.
if wanted sanitize; then
    if command -v compute-sanitizer > /dev/null; then
        for tool in memcheck racecheck synccheck initcheck; do
            stage "sanitize-$tool" 50 compute-sanitizer --tool $tool --target-processes all --error-exitcode 9 "$freecp" doctor --device cuda --cuda-libs none
        done
    else
        note sanitize "not run: no tool" "(compute-sanitizer is not on the path)"
    fi
fi

if wanted bench; then
    echo
    sed -n '/^== bench:/,/^== /p' "$log" | grep -E '^(ceilings|tower|pictures|products .*M=3462|attention .*N=577|purification .* all|traffic) '
fi
finish $failed
