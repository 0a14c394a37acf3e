"""The map of coverage: areas coloured by a measure, and gaps where they are."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which the coverage of an area is shown."""
    return GridMap("coverage_map", ground.bbox, vendor=ground.vendor).holding(
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("coverage", url="/api/coverage", layers="/api/layers"),
        Tool("tiers", url="/api/layers", quiet=True),
    )
