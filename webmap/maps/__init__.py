"""The map pages, each composed by Folium from our own elements."""

from collections.abc import Callable

from webmap.maps import bulletin, coverage, mine, overview, quality, redraw, report, town
from webmap.maps.elements import GridMap, Shell, take_apart
from webmap.maps.ground import Box, Ground

__all__ = ["PAGES", "Box", "Ground", "Shell", "shell"]

PAGES: dict[str, Callable[[Ground], GridMap]] = {
    "bulletin": bulletin.compose,
    "coverage": coverage.compose,
    "overview": overview.compose,
    "quality": quality.compose,
    "redraw": redraw.compose,
    "report": report.compose,
    "issue": report.compose_follow,
    "town": town.compose,
    "mine": mine.compose,
}


def shell(name: str, ground: Ground) -> Shell:
    """The page `name` of `PAGES`, rendered and taken apart.

    Raises:
        KeyError: there is no such page.
    """
    return take_apart(PAGES[name](ground))
