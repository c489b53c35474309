#!/usr/bin/env bash
# From a fresh clone to standings: sets up, builds joust, and plays a tournament of 756 worlds.
# Run again, it goes on where it stopped, or shows the report when the run is finished.
set -euo pipefail
cd "$(dirname "$0")/.."

run_dir=runs/oneshot-756
spec=tools/examples/oneshot-756.toml
joust=build/release/bin/joust

tools/setup.sh
echo "Building joust (a few minutes the first time) ..." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset release && cmake --build --preset release -j "$(nproc)" --target joust joust-worker; } \
  >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "quickstart.sh: the build failed; the lines above say where." >&2
  exit 1
fi

status=0
if [[ ! -e $run_dir ]]; then
  "$joust" run "$spec" --out "$run_dir" || status=$?
elif "$joust" report "$run_dir" --format json | grep '^  "state": "finished"' >/dev/null; then
  echo "$run_dir is finished. To play it again, remove that folder first." >&2
  "$joust" report "$run_dir" || status=$?
else
  echo "Going on with $run_dir; worlds that are done stay done." >&2
  "$joust" resume "$run_dir" || status=$?
fi

if [[ $status -eq 0 ]]; then
  cat <<END

What to try next
  $joust worlds prisoners-dilemma        a smaller game: its parameters and players
  $joust run tools/examples/prisoners-dilemma.toml
  $joust plan $spec
  The README shows how to write a tournament of your own.
END
fi
exit "$status"
