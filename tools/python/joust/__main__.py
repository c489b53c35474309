"""``python3 -m joust my_world.py``: serves a world to joust on descriptors 3 and 4."""

from __future__ import annotations

import os
import sys
from typing import List

from ._serve import serve
from ._wire import are_pipes

USAGE = "usage: python3 -m joust my_world.py [ARGUMENT...]"


def main(arguments: List[str]) -> int:
    """Check how the program was started, then serve. The world sees its arguments in sys.argv."""
    if not arguments or arguments[0].startswith("-"):
        print(f"{USAGE}\nTo try a world by hand: python3 -m joust.check my_world.py", file=sys.stderr)
        return 2
    file = arguments[0]
    if not os.path.isfile(file):
        print(f"joust: there is no file {file} (seen from {os.getcwd()})", file=sys.stderr)
        return 1
    if not are_pipes():
        print(
            f"joust: descriptors 3 and 4 are no pipes: this program is started by joust, through a"
            f" spec.\nTo try a world by hand: python3 -m joust.check {file}",
            file=sys.stderr,
        )
        return 2
    sys.argv = arguments
    return serve(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
