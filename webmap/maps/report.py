"""The small maps: to point at a new issue or a new station, and to follow an issue."""

from webmap.maps.elements import GridMap, Tool
from webmap.maps.ground import Ground


def compose(ground: Ground) -> GridMap:
    """The map on which a resident puts the pin of a new issue."""
    return GridMap("report_map", ground.bbox, vendor=ground.vendor, zoom=15).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("locate", extent=ground.extent),
        Tool("pin", place="/api/at", extent=ground.extent),
    )


def compose_station(ground: Ground) -> GridMap:
    """The map on which the pin of a new service station is put."""
    return GridMap("station_map", ground.bbox, vendor=ground.vendor, zoom=15).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("locate", extent=ground.extent),
        Tool("pin", place="/api/at", extent=ground.extent, station=True),
    )


def compose_follow(ground: Ground) -> GridMap:
    """The map that shows where one issue lies."""
    return GridMap("issue_map", ground.bbox, vendor=ground.vendor, zoom=16).holding(
        Tool("controls"),
        Tool("base", url=ground.tiles, largest_zoom=16),
        Tool("tiers", url="/api/layers", quiet=True),
        Tool("follow", url="/api/issues", extent=ground.extent),
    )
