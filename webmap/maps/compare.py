"""Two maps side by side, of which the tool makes the second: one division on each."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The left one of the two maps, which move together."""
    return GridMap("compare_map", ground.bbox, vendor=ground.vendor, zoom=15).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16, plain=True),
        Tool("compare", plans="/api/redraws", tiles=ground.tiles),
    )
