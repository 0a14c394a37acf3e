"""The small maps: to point at a new issue or a new station, and to follow an issue."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which a resident puts the pin of a new issue."""
    page = GridMap("report_map", ground.bbox, vendor=ground.vendor, zoom=15)
    tools = [
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("locate", extent=ground.extent),
        Tool("pin", place="/api/at", extent=ground.extent),
    ]
    for tool in tools:
        tool.add_to(page)
    return page


def compose_station(ground: Ground) -> GridMap:
    """The map on which the pin of a new service station is put."""
    page = GridMap("station_map", ground.bbox, vendor=ground.vendor, zoom=15)
    tools = [
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("locate", extent=ground.extent),
        Tool("pin", place="/api/at", extent=ground.extent, station=True),
    ]
    for tool in tools:
        tool.add_to(page)
    return page


def compose_follow(ground: Ground) -> GridMap:
    """The map that shows where one issue lies."""
    page = GridMap("issue_map", ground.bbox, vendor=ground.vendor, zoom=16)
    tools = [
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("follow", url="/api/issues", extent=ground.extent),
    ]
    for tool in tools:
        tool.add_to(page)
    return page
