"""The map of the district as of any day."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which a slider goes through the days."""
    return GridMap("history_map", ground.bbox, vendor=ground.vendor).holding(
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16, plain=True),
        Tool("history", url="/api/history", layers="/api/layers"),
    )
