"""The map that everybody lands on: tiers, buildings, issues, and the facts of a place."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground

FACTS = {
    "place": "/api/at",
    "issue": "/api/issues",
    "grid": "/api/grids",
    "community": "/api/communities",
    "street": "/api/streets",
}
"""What the panel asks for each kind of thing that can be chosen."""


def compose(ground: Ground) -> GridMap:
    """The overview of the district that `ground` describes."""
    return GridMap("wangge_map", ground.bbox, vendor=ground.vendor).holding(
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers"),
        Tool("issues", url="/api/issues/points"),
        Tool("list", url="/api/issues"),
        Tool(
            "filters", counts="/api/issues/counts", areas="/api/streets", grids="/api/communities"
        ),
        Tool("facts", **FACTS),
        Tool("district", url="/api/district"),
        Tool("search", url="/api/search"),
        Tool("bulletins", url="/api/bulletins"),
        Tool("locate", extent=ground.extent),
        Tool("legend"),
        Tool("print"),
    )
