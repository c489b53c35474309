"""Logging to standard error, for programs that have not set it up themselves."""

from __future__ import annotations

import logging
import sys


def configure() -> None:
    """Log from INFO on, without the time (logs of equal worlds are equal)."""
    if not logging.getLogger().handlers:
        logging.basicConfig(
            level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
        )


def logger() -> logging.Logger:
    """The logger that worlds get."""
    configure()
    return logging.getLogger("world")
