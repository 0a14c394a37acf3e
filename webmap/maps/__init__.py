"""The map pages, each composed by Folium from our own elements."""

from collections.abc import Callable
from functools import lru_cache

from webmap.maps import (
    bulletin,
    compare,
    coverage,
    history,
    mine,
    overview,
    quality,
    redraw,
    report,
    town,
)
from webmap.maps.elements import GridMap, Shell, take_apart
from webmap.maps.ground import Box, Ground

__all__ = ["PAGES", "Box", "Ground", "Shell", "shell"]

PAGES: dict[str, Callable[[Ground], GridMap]] = {
    "bulletin": bulletin.compose,
    "compare": compare.compose,
    "coverage": coverage.compose,
    "history": history.compose,
    "overview": overview.compose,
    "quality": quality.compose,
    "redraw": redraw.compose,
    "report": report.compose,
    "station": report.compose_station,
    "issue": report.compose_follow,
    "town": town.compose,
    "mine": mine.compose,
}


@lru_cache(maxsize=64)
def shell(name: str, ground: Ground) -> Shell:
    """The page `name` of `PAGES`, rendered and taken apart, once for each ground.

    Raises:
        KeyError: there is no such page.
    """
    return take_apart(PAGES[name](ground))
