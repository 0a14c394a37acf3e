"""The map that everybody lands on: tiers, buildings, issues, and the facts of a place."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The overview of the district that `ground` describes."""
    page = GridMap("wangge_map", ground.bbox)
    tools = [
        Tool("controls"),
        Tool("view", extent=ground.extent),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers"),
        Tool("issues", url="/api/issues/points", extent=ground.extent),
        Tool("list", url="/api/issues"),
        Tool("facts", place="/api/at", issue="/api/issues", grid="/api/grids"),
        Tool("district", url="/api/district"),
        Tool("search", url="/api/geocode"),
        Tool("locate", extent=ground.extent),
        Tool("legend"),
    ]
    for tool in tools:
        tool.add_to(page)
    return page
