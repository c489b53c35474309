"""From the name of a competitor's type to its class.

``package.module.Class`` is imported; ``folder/file.py:Class`` is loaded from that file, relative to
the working directory. Each file is loaded once per process: its classes stay the same objects.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType


class AgentTypeError(ValueError):
    """There is no such class; says which name and why."""


def find_class(name: str) -> type:
    """The class that ``name`` stands for; what the import of its module raises passes through."""
    module_name, separator, class_name = name.rpartition(":")
    if not separator:
        module_name, _, class_name = name.rpartition(".")
    if not module_name or not class_name:
        raise AgentTypeError(f"competitor type {name!r}: expected package.Class or file.py:Class")
    module = _loaded(module_name) if module_name.endswith(".py") else _imported(module_name)
    found = getattr(module, class_name, None)
    if not isinstance(found, type):
        raise AgentTypeError(f"competitor type {name!r}: {module_name} has no class {class_name}")
    return found


def _imported(name: str) -> ModuleType:
    return importlib.import_module(name)


def _loaded(path: str) -> ModuleType:
    return _load_file(Path(path).resolve())


@functools.lru_cache(maxsize=None)
def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise AgentTypeError(f"competitor file {str(path)!r} is not there")
    # two competitors may both be called agent.py
    name = f"{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AgentTypeError(f"competitor file {str(path)!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    _let_it_import_its_neighbours(path.parent)
    sys.modules[name] = module  # dataclasses and pickle look there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _let_it_import_its_neighbours(folder: Path) -> None:
    # last, so that a neighbour called random.py changes nothing for the others
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
