"""What the district is, in numbers and at a place."""

import re
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, grids, issues, redraw_history
from geodata.db.narrowing import Filter
from geodata.db.scoping import WHOLE
from geodata.db.scoping import Ground as Scoped
from geodata.domain.privacy import masked_name
from geodata.errors import NotFound
from geodata.services.geocoding import pinned

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The district as a page needs it before any data: who it is and where."""

    code: str
    name: str
    name_en: str
    synthetic: bool
    norm_households: int
    bbox: Box
    version: str


def ground(session: Session) -> Ground:
    """The district of this store. Raises NotFound before one was loaded."""
    found = areas.first_district(session)
    if found is None:
        raise NotFound("no_district")
    return Ground(
        *(found["code"], found["name"], found["name_en"], found["synthetic"]),
        *(found["norm_households"], box(found["box"]), areas.version(session)),
    )


def version(session: Session) -> str:
    """Changes when the ground, its buildings or its groups have changed."""
    return areas.version(session)


def summary(session: Session, ground: Scoped = WHOLE) -> dict[str, Any]:
    """The totals of the present, as `python -m scripts summary --json` prints them.

    What was handed to a department is counted up to 10,000 of each: ``issues_at_least`` names
    those of which there are more, and is only there where there are.
    """
    told, further = issues.counted(session, Filter(ground=ground))
    counted = dict(told)
    unplaced = counted.pop("unplaced")
    totals = {**grids.totals(session, ground), "issues": counted, "unplaced_issues": unplaced}
    return {**totals, "issues_at_least": sorted(further)} if further else totals


def at(session: Session, lon: float, lat: float) -> dict[str, Any]:
    """What stands at a place (degrees): building, grid, community, street and the rule."""
    place = pinned(lon, lat).place
    if place is None or not shapely.is_valid(place):
        raise NotFound("no_place")
    found = grids.at(session, place)
    building, area = areas.building_at(session, place), areas.area_at(session, place)
    home = grids.facts_by_id(session, found["grid_id"]) if found["grid_id"] else None
    return {
        "rule": found["rule"],
        "border_m": found["border_m"],
        "building": _building(building) if building else None,
        "grid": _grid(session, home) if home else None,
        "community": {"code": area["code"], "name": area["name"]} if area else None,
        "street": {"code": area["street_code"], "name": area["street_name"]} if area else None,
    }


def grid(session: Session, code: str, ground: Scoped = WHOLE) -> dict[str, Any]:
    """The card of a grid by its code. Raises NotFound, ``outside_ground`` where it lies outside."""
    found = grids.facts(session, code)
    if found is None:
        raise NotFound("no_grid", grid=code)
    if not ground.covers(found["community_code"], code):
        raise NotFound("outside_ground")
    return _grid(session, found)


def community(session: Session, code: str, ground: Scoped = WHOLE) -> dict[str, Any]:
    """The card of a community by its code, with its grids. Raises NotFound as `grid`."""
    found = areas.community_facts(session, code)
    if found is None:
        raise NotFound("no_community", community=code)
    if not ground.covers(code):
        raise NotFound("outside_ground")
    return {
        **{key: found[key] for key in ("code", "name", "households", "residents", "platform")},
        "street": {"code": found["street_code"], "name": found["street_name"]},
        "bbox": box(found["box"]) if found["box"] else None,
        "grids": [dict(row) for row in grids.areas_within(session, code)],
    }


def street(session: Session, code: str, ground: Scoped = WHOLE) -> dict[str, Any]:
    """The card of a street by its code, with its communities. Raises NotFound as `grid`."""
    found = areas.street_facts(session, code)
    if found is None:
        raise NotFound("no_street", street=code)
    if not (ground.whole or code in ground.streets):
        raise NotFound("outside_ground")
    return {
        **{key: found[key] for key in ("code", "name", "households", "residents")},
        "bbox": box(found["box"]) if found["box"] else None,
        "communities": [dict(row) for row in areas.communities_of(session, code)],
    }


def areas_by_street(session: Session) -> list[dict[str, Any]]:
    """All streets with their communities, by code."""
    streets: dict[str, dict[str, Any]] = {}
    for row in areas.tree(session):
        new = {"code": row["street_code"], "name": row["street"], "communities": []}
        own = streets.setdefault(row["street_code"], new)
        own["communities"].append({"code": row["code"], "name": row["name"]})
    return list(streets.values())


def _grid(session: Session, found: RowMapping) -> dict[str, Any]:
    shown = ("code", "name", "kind", "households", "residents", "buildings", "open_issues")
    return {
        **{key: found[key] for key in shown},
        "community": {"code": found["community_code"], "name": found["community_name"]},
        "street": {"code": found["street_code"], "name": found["street_name"]},
        "valid_from": redraw_history.own(session, found["id"])[0]["since"],
        "bbox": box(found["box"]),
        "workers": [
            {"name": masked_name(row["name"]), "duty": row["duty"]}
            for row in grids.workers(session, found["id"])
        ],
        "groups": [
            {
                "name": row["name"],
                "secretary": masked_name(row["secretary"] or "") or None,
                "member_count": row["member_count"],
            }
            for row in grids.groups(session, found["id"])
        ],
    }


def _building(found: RowMapping) -> dict[str, Any]:
    shown = (
        "id",
        "code",
        "name",
        "address",
        "kind",
        "levels",
        "households",
        "residents",
        "outline",
    )
    group = found["group_name"] and {
        "name": found["group_name"],
        "secretary": masked_name(found["group_secretary"] or "") or None,
        "member_count": found["group_members"],
        "grid": found["group_grid"],
    }
    return {**{key: found[key] for key in shown}, "party_group": group}


def box(text: str) -> Box:
    """PostgreSQL's ``BOX(w s,e n)`` as west, south, east, north in degrees."""
    west, south, east, north = (float(word) for word in re.findall(r"[-0-9.e]+", text[3:]))
    return west, south, east, north
