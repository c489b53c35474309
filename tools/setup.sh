#!/usr/bin/env bash
# Installs what building joust needs and this machine lacks (Debian 12). Quiet when all is there.
#   tools/setup.sh          compiler, build tools and libraries
#   tools/setup.sh FOR...   the same and what these need: lint (clang-format, clang-tidy), fuzz (Clang),
#                           browser (Chromium, for the test of the HTML report), python (for all tests of the
#                           package for worlds in Python, and the engines of the chess example),
#                           package (what makes a Debian package, and what all tests of the man pages and of
#                           the completions need),
#                           slurm (Slurm and munge, for the tests on a cluster; their daemons are not started)
# JOUST_SKIP_SETUP=1 turns it off, for a machine that has the same things from elsewhere.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-filesystem1.81-dev libtbb-dev libfmt-dev libsqlite3-dev libcli11-dev
  libtomlplusplus-dev nlohmann-json3-dev libxxhash-dev libdw-dev
  doctest-dev libxml2-utils python3
)
for purpose in "$@"; do
  case "$purpose" in
    lint) packages+=(clang-format-14 clang-tidy-14) ;;
    fuzz) packages+=(clang-14 libclang-rt-14-dev llvm-14) ;;
    browser) packages+=(chromium) ;;
    python) packages+=(python3-pip python3-setuptools python3-wheel mypy stockfish gnuchess) ;;
    package) packages+=(dpkg-dev file groff-base zsh fish) ;;
    slurm) packages+=(slurmctld slurmd slurm-client munge) ;;
    *)
      echo "setup.sh: unknown argument '$purpose'; there are: lint fuzz browser python package slurm" >&2
      exit 2
      ;;
  esac
done

fail() {
  printf 'setup.sh: %s\nThe packages that joust is built with: %s\n' "$1" "${packages[*]}" >&2
  printf 'If you have them from elsewhere, set JOUST_SKIP_SETUP=1 and try again.\n' >&2
  exit 1
}

missing_packages() {
  comm -23 <(printf '%s\n' "${packages[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | sort)
}

install_missing() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || fail "installing ${missing[*]} needs root, and there is no sudo here."
    as_root=(sudo)
    [[ -t 0 ]] || as_root+=(-n)
  fi
  echo "setup.sh: installing ${missing[*]}" >&2
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  "${apt[@]}" update </dev/null >"$log" 2>&1 || return
  if [[ ! -e $policy ]]; then  # 101: no package may start its daemons; tests start their own
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy" || return
    clean_up=("${as_root[@]}" rm -f "$policy")
  fi
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1
}

[[ ${JOUST_SKIP_SETUP-} == 1 ]] && exit 0
command -v dpkg-query >/dev/null || fail "this is not Debian 12."
mapfile -t missing < <(missing_packages)
[[ ${#missing[@]} -eq 0 ]] && exit 0
grep -qs '^VERSION_CODENAME=bookworm$' /etc/os-release ||
  fail "this is not Debian 12, and these packages are missing: ${missing[*]}."
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
clean_up=(true)
trap 'rm -f "$log"; "${clean_up[@]}"' EXIT
if ! install_missing; then
  tail -n 20 "$log" >&2
  fail "could not install ${missing[*]}; the lines above say why."
fi
