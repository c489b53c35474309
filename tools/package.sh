#!/usr/bin/env bash
# Makes a Debian package of joust: build/package/joust_VERSION_ARCHITECTURE.deb. Install it with
# apt-get install ./build/package/joust_*.deb, and JOUST_MAINTAINER="Name <address>" names its maintainer.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh package
cmake --preset package ${JOUST_MAINTAINER+"-DJOUST_MAINTAINER=$JOUST_MAINTAINER"}
cmake --build --preset package -j "$(nproc)"
cpack --preset package
