#!/usr/bin/env bash
# Measures joust: builds the release programs where needed, runs every benchmark, and prints one table.
#   tools/bench.sh                          everything: half an hour, most of it for ten million worlds
#   tools/bench.sh --quick                  the same with small sizes: two or three minutes
#   tools/bench.sh --only dispatch,scale    some parts
#   tools/bench.sh --help                   all options
# The table goes to stdout, and with a JSON file to runs/benchmarks (--out DIR). Peers that are missing are
# named with their Debian package.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

python=/usr/bin/python3
[[ -x $python ]] || python=python3

build() {
  [[ -f build/release/build.ninja ]] || cmake --preset release || return 1
  cmake --build --preset release -j "$(nproc)" --target joust joust_benchmarks
}

if [[ ! " $* " =~ \ (-h|--help|--programs)[\ =] ]]; then
  tools/setup.sh >&2 && build >&2 || exit 1
fi
exec "$python" -B benchmarks/run.py "$@"
