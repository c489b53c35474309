"""What is the same for all worlds of a process: parameters, competitors, resources."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ._resources import Resources

Parameters = Dict[str, Any]
PROTOCOL = 1


def copied(value: Any) -> Any:
    """A copy of JSON data that shares nothing that could be changed with the original."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


class Competitor:
    """An entrant: `name` (unique), `type` (what your world makes of it) and `parameters`.

    Each world gets new ones: what a world changes in the parameters, the next does not see.
    """

    __slots__ = ("name", "type", "_shared", "_parameters")

    def __init__(self, name: str, type: str, parameters: Optional[Parameters] = None) -> None:
        self.name = name
        self.type = type
        self._shared: Parameters = {} if parameters is None else parameters
        self._parameters: Optional[Parameters] = None

    @property
    def parameters(self) -> Parameters:
        """What `[competitor.parameters]` of the spec says."""
        if self._parameters is None:
            self._parameters = copied(self._shared)
        return self._parameters

    def __repr__(self) -> str:
        return f"Competitor({self.name!r}, {self.type!r}, {self.parameters!r})"


class Setup:
    """The setup message, checked: what worlds are made from."""

    __slots__ = ("parameters", "resources", "_entrants")

    def __init__(self, message: Dict[str, Any]) -> None:
        if message.get("type") != "setup":
            raise ValueError(f"the first message is no setup: {message.get('type')!r}")
        if message.get("protocol") != PROTOCOL:
            raise ValueError(
                f"joust speaks version {message.get('protocol')!r} of the world protocol, this"
                f" package version {PROTOCOL}: install the one that came with your joust"
            )
        self.parameters: Parameters = message.get("parameters") or {}
        self.resources = Resources(message.get("resources") or {})
        self._entrants: List[Tuple[str, str, Parameters]] = [
            (entrant["name"], entrant.get("type", ""), entrant.get("parameters") or {})
            for entrant in message["competitors"]
        ]

    def seated(self, seats: List[int]) -> Tuple[Competitor, ...]:
        """A new competitor for each seat."""
        entrants = self._entrants
        return tuple([Competitor(*entrants[index]) for index in seats])
