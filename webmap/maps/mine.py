"""The map of a grid worker: own ground outlined, the rest dimmed, own open issues on it."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map beside the worker's list."""
    return GridMap("mine_map", ground.bbox, vendor=ground.vendor, zoom=16).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("locate", extent=ground.extent),
        Tool("mine", url="/api/my-grid", place="/api/at", extent=ground.extent),
    )
