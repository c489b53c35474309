#!/usr/bin/env bash
# Feeds joust's parsers with inputs that a fuzzer makes up (libFuzzer, under the address and undefined
# behaviour sanitizers).
#   tools/fuzz.sh                      every target, 60 seconds each
#   tools/fuzz.sh SECONDS [TARGET...]  so long each; 0: until it is interrupted
# The targets are tests/fuzz/TARGET.cpp, their corpora tests/fuzz/corpus/TARGET. New inputs that reach new code
# are kept in build/fuzz/found/TARGET; one that breaks a promise is build/fuzz/TARGET-crash-* (or -timeout-, -oom-, -leak-), and
#   build/fuzz/bin/fuzz_TARGET FILE
# plays it again.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

seconds=${1-60}
[[ $seconds =~ ^[0-9]+$ ]] || { echo "fuzz.sh: '$seconds' is no number of seconds" >&2; exit 2; }
shift
mapfile -t all < <(basename -s .cpp tests/fuzz/*.cpp)
targets=("$@")
[[ ${#targets[@]} -eq 0 ]] && targets=("${all[@]}")
for target in "${targets[@]}"; do
  [[ -f tests/fuzz/$target.cpp ]] || { echo "fuzz.sh: no target '$target'; there are: ${all[*]}" >&2; exit 2; }
done

tools/setup.sh fuzz || exit 1
cmake --preset fuzz >/dev/null && cmake --build --preset fuzz -j "$(nproc)" || exit 1

fuzz() {
  local target=$1 found=build/fuzz/found/$1 log=build/fuzz/$1.log
  local -A more=([spec_parser]=tools/examples)
  mkdir -p "$found"
  if ! "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/$target-" \
    "$found" "tests/fuzz/corpus/$target" ${more[$target]-} </dev/null >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "$target: FAILED; the whole of it is in $log"
    return 1
  fi
  printf '%-16s %10d inputs, none broke a promise\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
}
export -f fuzz
export seconds
at_once=$(nproc)
[[ $seconds -eq 0 ]] && at_once=${#targets[@]}
printf '%s\n' "${targets[@]}" | xargs -P "$at_once" -I{} bash -c 'fuzz {}'
