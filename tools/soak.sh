#!/usr/bin/env bash
# Plays joust's promises for as long as you care to wait.
#   tools/soak.sh MINUTES [SEED]   random tournaments under random misfortunes, each against a calm run of the
#                                  same, and one supervisor that loses its workers all the time; a page of results
#   tools/soak.sh --sweeps         every sweep without leaving out a step, and a million simulated tournaments:
#                                  some hours
# What is printed is also in build/soak.txt. The exit code is 0 only when nothing was wrong.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

what=${1-}
seed=${2-$(date +%s)}
if ! { [[ $what == --sweeps && $# -eq 1 ]] || [[ $what =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ && $# -le 2 ]]; }; then
  echo "soak.sh: say for how many minutes, as in tools/soak.sh 10, or --sweeps" >&2
  exit 2
fi

tools/setup.sh || exit 1
log=build/soak.txt
bin=build/release/bin
mkdir -p build
if ! { cmake --preset release && cmake --build --preset release -j "$(nproc)"; } >"$log" 2>&1; then
  tail -n 40 "$log"
  exit 1
fi

soak() {
  printf 'joust %s, %s, seed %s, %s minutes\n' "$("$bin/joust" --version | sed 's/^joust //')" \
    "$(uname -sr)" "$seed" "$what"
  JOUST_SOAK_MINUTES=$what JOUST_SOAK_SEED=$seed "$bin/joust_soak_tests"
}

sweeps() {
  local failed=0
  JOUST_SIM_SEEDS=1000000 "$bin/joust_sim_tests" || failed=1
  JOUST_STEP_EVERY=1 JOUST_CALLS_EVERY=1 JOUST_DAMAGE_EVERY=1 "$bin/joust_sweep_tests" || failed=1
  return "$failed"
}

if [[ $what == --sweeps ]]; then sweeps; else soak; fi </dev/null 2>&1 | tee "$log"
