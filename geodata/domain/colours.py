"""Colours for areas so that neighbours differ."""

from collections.abc import Mapping, Sequence
from typing import Final

COLOURS: Final = 8


def colouring(neighbours: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """A colour from 0 to 7 for each name; neighbours differ wherever eight colours allow.

    Names are taken in order of falling degree (Welsh and Powell 1967), ties by name, so that
    the same map always gets the same colours; among the free colours the least used is taken.
    """
    colour: dict[str, int] = {}
    used = [0] * COLOURS
    for name in sorted(neighbours, key=lambda name: (-len(neighbours[name]), name)):
        taken = {colour[other] for other in neighbours[name] if other in colour}
        free = [c for c in range(COLOURS) if c not in taken] or list(range(COLOURS))
        colour[name] = min(free, key=lambda c: (used[c], c))
        used[colour[name]] += 1
    return colour
