"""The map that everybody lands on: tiers, buildings, issues, and the facts of a place."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The overview of the district that `ground` describes."""
    page = GridMap("wangge_map", ground.bbox)
    tools = [
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", extent=ground.extent),
        Tool("issues", url="/api/issues/points", extent=ground.extent),
        Tool("list", url="/api/issues"),
        Tool("facts", place="/api/at", issue="/api/issues", grid="/api/grids"),
        Tool("district", url="/api/district"),
        Tool("search", url="/api/geocode"),
        Tool("locate", extent=ground.extent),
        Tool("legend"),
        Tool("view", extent=ground.extent, remember=True),
    ]
    for tool in tools:
        tool.add_to(page)
    return page
