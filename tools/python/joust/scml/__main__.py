"""``python3 -m joust.scml``: serves this package's world as ``python3 -m joust FILE`` would."""

import runpy
import sys
from pathlib import Path

from joust.scml._packages import package

try:
    for name in ("negmas", "scml"):  # who cannot play must not say that it is ready
        package(name)
except RuntimeError as error:
    sys.exit(f"joust.scml: {error}")
sys.argv = ["joust", str(Path(__file__).with_name("scml_world.py")), *sys.argv[1:]]
runpy.run_module("joust", run_name="__main__", alter_sys=True)
