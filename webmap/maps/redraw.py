"""The map on which a community's grids are redrawn."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map with the tool that redraws; which community, the page itself says."""
    return GridMap("redraw_map", ground.bbox, vendor=ground.vendor, zoom=15).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16, plain=True),
        Tool("redraw", ground="/api/communities", plans="/api/redraws"),
    )
