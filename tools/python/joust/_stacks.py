"""Stacks for joust: those of a stuck world, and those of a crash."""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import sys
from typing import Optional

NAME = "joust-stacks"


def provide() -> Optional[int]:
    """Write all stacks to a memfd at SIGUSR2, and to standard error at a crash.

    joust finds the memfd by its name. Returns its descriptor, or None where there are no memfds.
    """
    try:
        faulthandler.enable(sys.stderr)
    except (AttributeError, OSError, ValueError, io.UnsupportedOperation):
        pass  # no standard error, or none with a descriptor
    if not hasattr(os, "memfd_create"):
        return None
    descriptor = os.memfd_create(NAME)
    faulthandler.register(signal.SIGUSR2, file=descriptor, all_threads=True, chain=False)
    return descriptor
