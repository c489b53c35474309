"""The packages that only playing a world needs, imported when it does."""

from __future__ import annotations

import importlib
from typing import Any

_NEEDED = ("numpy", "negmas", "scml")


def package(name: str) -> Any:
    """The module ``name`` of one of the packages; RuntimeError says how to install them."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise RuntimeError(
            f"SCML worlds need the package {error.name}: pip install scml (it brings the others)"
        ) from error


def world_class(name: str) -> Any:
    """A class of worlds, by its dotted name."""
    module, _, class_name = name.rpartition(".")
    found = getattr(package(module), class_name, None)
    if found is None:
        raise RuntimeError(f"the installed scml has no {name}: it does not know that year's rules")
    return found
