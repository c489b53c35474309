"""A stand-in for negmas: see README.md in the folder above."""

IS_STANDIN = True


class Negotiator:
    """Talks for its owner."""

    def __init__(self, owner):
        self.owner = owner

    def propose(self):
        return self.owner.player.propose()
