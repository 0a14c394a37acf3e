"""What the public sees of an answer that carries more: the members named here, and no others."""

import json
from collections.abc import Iterable
from typing import Any, Final

from geodata.domain.roles import Action
from webmap import guard

AREA: Final = ("code", "name")
BUILDING: Final = ("id", "name", "address", "kind", "levels")
GRID_ON_MAP: Final = ("code", "name", "kind", "community", "label")
ISSUE: Final = (
    *("id", "url", "channel", "category", "category_zh", "category_en", "category_name", "text"),
    *("address", "status", "level", "is_open", "overdue", "reported_at", "due_at", "closed_at"),
    *("lon", "lat", "precision", "rule", "border_m", "ticket"),
)


def sees_figures() -> bool:
    """Whether who asks sees figures and names at all, and so the whole of these answers."""
    return guard.may_somewhere(Action.SEE_FIGURES)


def place(told: dict[str, Any]) -> dict[str, Any]:
    """What stands at a place, without households, residents, workers and groups."""
    if sees_figures():
        return told
    building, grid = told["building"], told["grid"]
    return told | {
        "building": building and _only(building, BUILDING),
        "grid": grid and _only(grid, (*AREA, "kind")),
    }


def issue(told: dict[str, Any]) -> dict[str, Any]:
    """An issue as whoever holds its number follows it: who has it, and what happened when."""
    if guard.may_somewhere(Action.SEE_ISSUES):
        return told
    grid, community, group = (told.get(key) for key in ("grid", "community", "party_group"))
    return _only(told, ISSUE) | {
        "grid": grid and _only(grid, AREA),
        "community": community and _only(community, AREA),
        "party_group": group and _only(group, ("name",)),
        "workers": None,
        "candidates": [],
        "boundary": told.get("boundary"),
        "runner_up": None,
        "located": None,
        "events": [
            _only(event, ("at", "kind", "status")) | {"note": ""} for event in told["events"]
        ],
    }


def grids(layer: str) -> str:
    """The layer of grids without figures, as GeoJSON text."""
    if sees_figures():
        return layer
    told = json.loads(layer)
    for feature in told["features"]:
        feature["properties"] = _only(feature["properties"], GRID_ON_MAP)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _only(told: dict[str, Any], members: Iterable[str]) -> dict[str, Any]:
    return {name: told[name] for name in members if name in told}
