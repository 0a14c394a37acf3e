"""What will become of a report before it is sent: who has it, until when, who said so before."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from geodata.db import grids, nearby
from geodata.db.layers import Box
from geodata.domain.deadline import Calendar
from geodata.domain.issue import COARSE, ERROR_M, IMPERSONAL
from geodata.domain.privacy import masked
from geodata.services import reporting
from geodata.services.geocoding import Locator

ALIKE_M: Final = 40.0
"""Within so many metres an open issue of the same kind may be about the same thing."""

ALIKE_FOR: Final = timedelta(days=30)
ACROSS_M: Final = 2.0
"""So far within its border a place is put that was said to lie in the grid beside."""

_MOST: Final = 3
_WORDS: Final = 30


def foretold(
    session: Session,
    said: reporting.Report,
    locator: Locator,
    now: datetime,
    extent: Box,
    calendar: Calendar,
) -> dict[str, Any]:
    """Which grid and party group a report would have and by when; nothing is stored.

    ``beside`` is the other grid where the place lies within its error of a border, with the
    nearest place that surely lies in it; ``shown`` how the public would see the place, ``ruled``
    whether its address was settled before, ``alike`` open issues that may be about the same thing,
    with their first words; of personal matters none are told. Raises as `issues.report`.
    """
    located = reporting.located(session, said, locator, extent)
    category = reporting.category(session, said.category)
    told: dict[str, Any] = {"grid": None, "beside": None, "party_group": None, "alike": []}
    told["category_zh"], told["category_en"] = category["name_zh"], category["name_en"]
    told["ruled"] = (located.evidence or {}).get("reason") == "ruling"
    told["due_at"] = reporting.due(category, now, calendar)
    told["shown"] = "exact" if said.category in IMPERSONAL else "coarse"
    if located.place is None:
        return told
    place = located.place
    found = grids.at(session, place, ERROR_M.get(located.precision, 0.0))
    told["lon"], told["lat"] = place.x, place.y
    if said.category not in IMPERSONAL:
        told["lon"], told["lat"] = round(place.x, COARSE), round(place.y, COARSE)
    told["rule"] = found["rule"]
    told["grid"] = _grid(session, found["grid_id"])
    if located.precision == "pin" and not told["ruled"]:  # an address is sure of its door
        told["beside"] = _beside(session, found["runner_up_id"], (place.x, place.y))
    owned = grids.groups(session, found["grid_id"]) if found["grid_id"] else []
    told["party_group"] = owned[0]["name"] if owned else None
    if said.category in IMPERSONAL:
        told["alike"] = _alike(session, category["id"], (place.x, place.y), now)
    return told


def _grid(session: Session, number: int | None) -> dict[str, str] | None:
    row = grids.facts_by_id(session, number) if number else None
    return {"code": row["code"], "name": row["name"]} if row else None


def _beside(
    session: Session, number: int | None, spot: tuple[float, float]
) -> dict[str, Any] | None:
    grid = _grid(session, number)
    there = nearby.across(session, number, spot, ACROSS_M) if number and grid else None
    return {**grid, "lon": there[0], "lat": there[1]} if grid and there else None


def _first(text: str) -> str:
    """The first words of a text, by which one knows whether it is the same thing."""
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def _alike(
    session: Session, category: int, spot: tuple[float, float], now: datetime
) -> list[dict[str, Any]]:
    since = now - ALIKE_FOR
    rows = nearby.alike(session, category, spot, since, metres=ALIKE_M, most=_MOST)
    return [
        {
            "id": str(row["public_id"]),
            "status": row["status"],
            "reported_at": row["reported_at"],
            "words": _first(masked(row["text"])),
            "distance_m": round(row["distance_m"]),
            "lon": row["lon"],
            "lat": row["lat"],
        }
        for row in rows
    ]
