"""The small map on which the place of a notice is shown, where it has one."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which a pin may be put for a notice."""
    return GridMap("bulletin_map", ground.bbox, vendor=ground.vendor, zoom=15).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("pin", place="/api/at", extent=ground.extent),
    )
