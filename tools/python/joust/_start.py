"""What the programs that joust starts do first, whether they play worlds or agents."""

from __future__ import annotations

import os
import sys
from typing import List, Optional

from ._wire import are_pipes


def refusal(arguments: List[str], usage: str, through: str) -> Optional[int]:
    """The exit code where a program was not started as it must be, having said why; else None.

    usage: the lines for who gives no file. through: what joust starts such a program through.
    """
    if not arguments or arguments[0].startswith("-"):
        print(usage, file=sys.stderr)
        return 2
    file = arguments[0]
    if not os.path.isfile(file):
        print(f"joust: there is no file {file} (seen from {os.getcwd()})", file=sys.stderr)
        return 1
    if not are_pipes():
        print(
            "joust: descriptors 3 and 4 are no pipes: this program is started by joust, through"
            f" {through}",
            file=sys.stderr,
        )
        return 2
    return None


def capture_logging() -> None:
    """Send what the user's code logs to standard error, where it logs at all."""
    if "logging" in sys.modules:  # importing it takes longer than all the rest of the start
        from ._logging import configure

        configure()


def flush() -> None:
    """Let out what was printed: joust keeps it with the world that is being played."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # closed, or gone: the world's own business
