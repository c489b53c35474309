"""Two sources of luck in negmas that neither ``random.seed`` nor PYTHONHASHSEED reaches.

*Identifiers.* Contracts are named by ``uuid.uuid4()`` and kept in sets, so that the order in which
they are executed, and with it the last bit of a mean price, changes from one run to the next.

*The clock.* For each second that a negotiation has lasted, its mechanism draws a number from the
global generator, which agents draw from too: on a busy machine a world takes another course.
"""

from __future__ import annotations

import contextlib
import random
import uuid
from typing import Any, Iterator

from joust.scml._packages import package


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """While it lasts, identifiers depend on ``seed``; mechanisms draw from their own generator."""
    # streams of their own: neither takes anything from the numbers that agents draw
    names = random.Random(f"identifiers {seed}")
    # what mechanisms draw decides nothing: SCML's negotiations do not end by chance
    mechanisms = random.Random(f"mechanisms {seed}")

    def identifier() -> uuid.UUID:
        return uuid.UUID(int=names.getrandbits(128), version=4)

    with _replaced(uuid, "uuid4", identifier):
        with _replaced(package("negmas.mechanisms"), "random", mechanisms):
            yield


@contextlib.contextmanager
def _replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, original)
