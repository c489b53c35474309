"""Lets go of worlds that are over.

Methods of negmas' and scml's classes remember their results (``functools.lru_cache``), and with them
the objects that they were called for: utility functions, their agents, and so whole worlds. A process
that plays one world after another would grow by each of them.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, List

_PACKAGES = ("negmas.", "scml.")


def forget_worlds() -> None:
    """Empties these memories. What is played afterwards is the same: it is only computed anew."""
    for clear in _cached_methods():
        clear()


def _cached_methods() -> List[Callable[[], Any]]:
    found = []
    for name, module in list(sys.modules.items()):
        if not name.startswith(_PACKAGES):
            continue
        for thing in list(vars(module).values()):
            if isinstance(thing, type) and thing.__module__ == name:
                methods = list(vars(thing).values())
                found += [each.cache_clear for each in methods if hasattr(each, "cache_clear")]
    return found
