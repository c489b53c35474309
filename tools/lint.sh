#!/usr/bin/env bash
# Checks the form of the C++ files: clang-format on all, clang-tidy on every .cpp but the tests (doctest's
# macros cost it minutes). Nothing is built.
#   tools/lint.sh             every file
#   tools/lint.sh FILE.cpp... these only, tests as well
#   tools/lint.sh --format    clang-format alone
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
tools/setup.sh lint || exit 1

only_format=0
if [[ ${1-} == --format ]]; then
  only_format=1
  shift
fi
rooms=(common runner worker tests benchmarks)
if [[ $# -gt 0 ]]; then
  files=("$@")
  tidied=("$@")
else
  mapfile -t tidied < <(find common runner worker benchmarks -name '*.cpp' | sort)
  mapfile -t files < <(find "${rooms[@]}" -name '*.cpp' -o -name '*.hpp' | sort)
fi
failed=0

clang-format-14 --dry-run -Werror "${files[@]}" || failed=1

[[ $only_format -eq 1 ]] && exit "$failed"

# The lint preset has no precompiled headers: GCC's are not for clang.
if ! configured=$(cmake --preset lint 2>&1); then
  echo "$configured"
  exit 1
fi
tidy() {
  local out
  # The analyzer's shallow mode: its deep one triples the time, and the sanitizer lanes run the code.
  local -a shallow=(-Xclang -analyzer-config -Xclang mode=shallow)
  if ! out=$(clang-tidy-14 --quiet -p build/lint "${shallow[@]/#/--extra-arg=}" "$1" 2>/dev/null); then
    printf '%s\n' "$out"
    return 1
  fi
}
export -f tidy
printf '%s\0' "${tidied[@]}" | grep -z '\.cpp$' |
  xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy "$1"' tidy || failed=1

[[ $failed -eq 0 ]] && echo "lint: nothing to say about ${#files[@]} files"
exit "$failed"
