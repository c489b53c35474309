#!/usr/bin/env bash
# Checks joust: sets up, builds, and runs every test.
#   tools/test.sh               the release lane: every test, and a minute of the soak
#   tools/test.sh LANE...       release, asan, tsan, fuzz, lint or format; all of them run, whatever fails before
# The exit code is 0 only when every lane passed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

jobs=$(nproc)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/joust-test.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
chmod 711 "$scratch"  # a test reads as another user
trap 'exit 130' INT
trap 'exit 143' TERM
export TMPDIR=$scratch

build() {
  cmake --preset "$1" >"$scratch/configure.log" 2>&1 || { cat "$scratch/configure.log"; return 1; }
  cmake --build --preset "$1" -j "$jobs" "${@:2}"
}

# ctest_lane PRESET [OPTION...]: the options are for the tests that start workers. These have the machine to
# themselves: their deadlines are real time.
ctest_lane() {
  ctest --preset "$1" -L '^(unit|memory|sim|threads)$' -j "$jobs" </dev/null &&
    ctest --preset "$1" -L '^process$' "${@:2}" </dev/null
}

# The sweeps trace processes, which the sanitizers do not allow.
lane_release() {
  build release && ctest_lane release && ctest --preset release -L '^(python|browser|handbook|package|sweep|soak)$' </dev/null
}

# Unoptimised, which halves the time to build; so fewer simulated stories, and without the two tests that
# kill hundreds of processes: those that are killed have nothing to report.
lane_asan() { build asan && JOUST_SIM_SEEDS=1000 ctest_lane asan -E '_kill$'; }

# TSan looks at threads of one process: the lane runs what has them.
lane_tsan() {
  build tsan --target joust_threads_tests &&
    ctest --preset tsan -L '^threads$' -j "$jobs" </dev/null
}

lane_fuzz() { tools/fuzz.sh 60; }

lane_lint() { tools/lint.sh; }

lane_format() { tools/lint.sh --format; }

lanes=("$@")
[[ ${#lanes[@]} -eq 0 ]] && lanes=(release)
for lane in "${lanes[@]}"; do
  if ! declare -F "lane_$lane" >/dev/null; then
    echo "test.sh: unknown lane '$lane'; there are: release asan tsan fuzz lint format" >&2
    exit 2
  fi
done

needs=()
[[ " ${lanes[*]} " =~ \ (lint|format)\  ]] && needs+=(lint)
[[ " ${lanes[*]} " =~ \ fuzz\  ]] && needs+=(fuzz)
[[ " ${lanes[*]} " =~ \ release\  ]] && needs+=(browser python package slurm)
tools/setup.sh "${needs[@]}" || exit 1

summary=()
failed=0
for lane in "${lanes[@]}"; do
  echo "== $lane"
  SECONDS=0
  if "lane_$lane"; then
    verdict=passed
  else
    verdict=FAILED
    failed=1
  fi
  summary+=("$(printf '%-8s %-7s %4d s' "$lane" "$verdict" "$SECONDS")")
done

echo
printf '%s\n' "${summary[@]}"
if [[ $failed -eq 0 ]]; then
  echo "Every test passed."
else
  echo "Some checks failed: the lines above say which. One lane again: tools/test.sh LANE"
fi
exit "$failed"
