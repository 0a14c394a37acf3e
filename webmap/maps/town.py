"""The map that hangs in the town hall: tiers and base map, and nothing about anybody."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map of the district for everybody."""
    return GridMap("town_map", ground.bbox, vendor=ground.vendor).holding(
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers"),
        Tool("bulletins", url="/api/bulletins"),
        Tool("locate", extent=ground.extent),
    )
