"""Worlds for joust, the tournament runner, in Python.

A world is one function in a file of its own::

    import joust

    @joust.world
    def play(world):
        return [world.rng.random() for competitor in world.competitors]

joust runs it with ``command = ["python3", "-m", "joust", "my_world.py"]``; to try it by hand, use
``python3 -m joust.check my_world.py``.
"""

from ._errors import CompetitorFault
from ._register import world
from ._resources import UnknownResource
from ._result import Result
from ._setup import Competitor
from ._world import World

__all__ = ["Competitor", "CompetitorFault", "Result", "UnknownResource", "World", "world"]
__version__ = "0.1.0"
