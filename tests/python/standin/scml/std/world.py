"""The same game again."""

from scml.oneshot.world import SCML2024OneShotWorld


class SCML2024StdWorld(SCML2024OneShotWorld):
    pass
