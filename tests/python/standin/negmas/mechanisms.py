"""Draws a number for each second that a negotiation lasts, as the real one does."""

import random

seconds = 0


def step():
    for _ in range(seconds):
        random.random()
