"""Loading the file of a world or of an agent."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any, Dict

from ._register import PlayFunction, world_of


def load(file: str) -> PlayFunction:
    """The world of the file."""
    return world_of(os.path.abspath(file), run(file))


def run(file: str) -> Dict[str, Any]:
    """Run the file as a module under its own name, its folder first on sys.path. Its namespace."""
    path = os.path.abspath(file)
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules:
        raise ImportError(f"{file} has the name of the module {name}, in use here: rename the file")
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file: its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as import does: pickle and dataclasses look there
    spec.loader.exec_module(module)
    return vars(module)
