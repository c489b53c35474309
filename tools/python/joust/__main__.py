"""``python3 -m joust my_world.py``: serves a world to joust on descriptors 3 and 4."""

from __future__ import annotations

import sys
from typing import List

from ._serve import serve
from ._start import refusal

USAGE = "usage: python3 -m joust my_world.py [ARGUMENT...]"


def main(arguments: List[str]) -> int:
    """Check how the program was started, then serve. The world sees its arguments in sys.argv."""
    by_hand = "To try a world by hand: python3 -m joust.check"
    file = arguments[0] if arguments else ""
    code = refusal(arguments, f"{USAGE}\n{by_hand} my_world.py", f"a spec.\n{by_hand} {file}")
    if code is not None:
        return code
    sys.argv = arguments
    return serve(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
