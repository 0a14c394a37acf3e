"""What the public sees of an answer that carries more: the members named here, and no others."""

import json
from collections.abc import Iterable
from typing import Any, Final

from geodata.domain.issue import COARSE, IMPERSONAL
from geodata.domain.roles import Action
from webmap import guard

Area = dict[str, Any] | None
AREA: Final = ("code", "name")
BUILDING: Final = ("id", "name", "address", "kind", "levels", "outline")
GRID_ON_MAP: Final = ("code", "name", "kind", "community", "label")
ISSUE: Final = (
    *("id", "url", "channel", "category", "category_zh", "category_en", "category_name", "text"),
    *("address", "status", "level", "is_open", "overdue", "reported_at", "due_at", "closed_at"),
    *("lon", "lat", "precision", "rule", "border_m", "ticket", "code", "satisfaction"),
)


def sees_figures() -> bool:
    """Whether who asks sees figures and names at all, and so the whole of these answers."""
    return guard.may_somewhere(Action.SEE_FIGURES)


def _covered(action: Action, community: Area, grid: Area, handler: str | None = None) -> bool:
    """Whether who asks may do this where something lies; where it lies nowhere, everywhere."""
    home, code = (area["code"] if area else None for area in (community, grid))
    return guard.reach(action).covers(home, code, handler)


def place(told: dict[str, Any]) -> dict[str, Any]:
    """What stands at a place, without households, residents, workers and groups.

    All of it for who sees the figures of this ground.
    """
    building, grid, area = told["building"], told["grid"], told["community"]
    if _covered(Action.SEE_FIGURES, grid["community"] if grid else area, grid):
        return told
    return told | {
        "building": building and _only(building, BUILDING),
        "grid": grid and _only(grid, (*AREA, "kind")),
    }


def issue(told: dict[str, Any]) -> dict[str, Any]:
    """An issue as whoever holds its number follows it: who has it, and what happened when.

    All of it for who works on the issues of this ground.
    """
    if _covered(Action.SEE_ISSUES, told["community"], told["grid"], told.get("handler")):
        return told
    grid, community, group = (told.get(key) for key in ("grid", "community", "party_group"))
    return (_only(told, ISSUE) | _coarse(told)) | {
        "grid": grid and _only(grid, AREA),
        "community": community and _only(community, AREA),
        "party_group": group and _only(group, ("name",)),
        "workers": None,
        "candidates": [],
        "boundary": told.get("boundary"),
        "runner_up": None,
        "located": None,
        "photos": [],
        "steps": [],
        "beside": [],
        "events": [
            _only(event, ("at", "kind", "status")) | {"note": ""} for event in told["events"]
        ],
    }


def _coarse(told: dict[str, Any]) -> dict[str, Any]:
    """Where a personal matter is seen to lie: some 100 m about, without its address."""
    if told["category"] in IMPERSONAL:
        return {"coarse": False}
    at = {name: round(told[name], COARSE) for name in ("lon", "lat") if told[name] is not None}
    return {**at, "coarse": True, "address": "", "border_m": None}


def grids(layer: str) -> str:
    """The layer of grids, without the figures of those outside one's ground, as GeoJSON text."""
    ground = guard.reach(Action.SEE_FIGURES)
    if ground.whole:
        return layer
    told = json.loads(layer)
    for feature in told["features"]:
        known = feature["properties"]
        if not ground.covers(known["community"], known["code"]):
            feature["properties"] = _only(known, GRID_ON_MAP)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _only(told: dict[str, Any], members: Iterable[str]) -> dict[str, Any]:
    return {name: told[name] for name in members if name in told}
