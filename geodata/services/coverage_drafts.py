"""A gap of the ground as a plan that closes it: begun, with its first step drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.domain.plan import COMPUTED, State
from geodata.errors import InvalidRedraw, NotFound
from geodata.services import coverage, grid_division, redraws

BARE: Final = ("ground_uncovered", "building_uncovered")
DRAWN: Final = (*BARE, "grid_overloaded")
"""Kinds whose next action is a plan."""


def begin(
    session: Session, ground: Ground, key: tuple[str, str], author: str, now: datetime, name: str
) -> RowMapping:
    """A draft that closes the gap of a kind and code, called after it and its community.

    Whoever asks twice gets the draft that was begun before, which `now` tells from a new one by
    its ``created_at``.

    Raises NotFound ``no_gap`` where there is none (any more) that a plan closes, or it lies beyond
    one's ground; InvalidRedraw where the ground does not allow the step, and as
    `grid_division.draw`.
    """
    gap = coverage.to_close(session, ground, key, now)
    if gap is None or gap.kind not in DRAWN or gap.community is None:
        raise NotFound("no_gap")
    if not ground.covers(gap.community):
        raise NotFound("no_gap")
    title = _title(session, gap, name)
    if known := _known(session, ground, gap.community, (State.DRAFT, author, title)):
        return known
    made = redraws.begin(session, gap.community, title, author, now)
    if gap.kind == "grid_overloaded":
        grid_division.draw(session, made, gap.code, int(gap.facts["parts"]), author, now)
    else:
        _fill(session, made, gap, author, now)
    return made


def _known(
    session: Session, ground: Ground, community: str, mine: tuple[str, str, str]
) -> RowMapping | None:
    """The draft of this state, author and name, where there is one."""
    rows = redraws.listing(session, ground, community)
    return next((r for r in rows if (r["state"], r["author"], r["name"]) == mine), None)


def begun(session: Session, ground: Ground) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The plans that are drawn but not published yet and close gaps, by kind and code.

    Bare ground is filled for a whole community: its plan is that of the ground and, by the code of
    the community, of the buildings on it. The last changed where there are several.
    """
    rows = [row for row in redraws.listing(session, ground, None) if row["state"] in COMPUTED]
    ops = redraws.in_short(session, [row["id"] for row in rows])
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in map(dict, rows):
        done = ops.get(row["id"], {})
        if "fill" in done:
            for kind in BARE:
                found.setdefault((kind, row["community_code"]), row)
        for word in str(row["name"]).split():
            if "adopt" in done and word.startswith(row["community_code"]):
                found.setdefault(("grid_overloaded", word), row)
    return found


def _title(session: Session, gap: Gap, name: str) -> str:
    home = str(gap.community)
    where = gap.code if gap.kind == "grid_overloaded" else redraws.homes(session, [home])[home]
    return f"{name} {where}"[:200]


def _fill(session: Session, made: RowMapping, gap: Gap, author: str, now: datetime) -> None:
    """All bare ground to the grid that is named, else to whoever is beside it."""
    fill = {"op": "fill", "community": gap.community}
    if gap.facts.get("to"):
        given = {**fill, "to": gap.facts["to"], "spot": gap.spot and list(gap.spot)}
        try:
            with session.begin_nested():
                redraws.append(session, made["public_id"], given, author, now)
        except InvalidRedraw:
            if gap.kind != "ground_uncovered":
                raise
        else:
            return
    redraws.append(session, made["public_id"], fill, author, now)
