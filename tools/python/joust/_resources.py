"""Files that many worlds read: mapped into memory once per process, and shared by all of them."""

from __future__ import annotations

import mmap
import os
from typing import Dict, Union


class UnknownResource(KeyError):
    """The spec has no resource of this name."""

    def __str__(self) -> str:
        return str(self.args[0])


class Resources:
    """The resources of a spec, by name."""

    __slots__ = ("_paths", "_mapped")

    def __init__(self, paths: Dict[str, str]) -> None:
        self._paths = paths
        self._mapped: Dict[str, Union[mmap.mmap, bytes]] = {}

    def view(self, name: str) -> memoryview:
        """The bytes of a resource, read-only. The view lives as long as you keep it."""
        if name not in self._mapped:
            self._mapped[name] = _map(self._path(name))
        return memoryview(self._mapped[name])

    def _path(self, name: str) -> str:
        if name in self._paths:
            return self._paths[name]
        known = ", ".join(sorted(self._paths)) or "none"
        raise UnknownResource(f"no resource is called {name!r}; the spec has: {known}")


def _map(path: str) -> Union[mmap.mmap, bytes]:
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""  # nothing cannot be mapped
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
