"""The map of problems: what the six checks found, to be stepped through."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which the problems of the present division are shown."""
    return GridMap("quality_map", ground.bbox, vendor=ground.vendor).holding(
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers"),
        Tool("problems", url="/api/quality"),
    )
