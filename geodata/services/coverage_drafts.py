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
    closes = _closes(gap)
    if known := _known(session, ground, gap.community, (State.DRAFT, author, *closes)):
        return known
    made = redraws.begin(session, gap.community, _title(session, gap, name), author, now, closes)
    if gap.kind == "grid_overloaded":
        grid_division.draw(session, made, gap.code, int(gap.facts["parts"]), author, now)
    else:
        _fill(session, made, gap, author, now)
    return made


def _closes(gap: Gap) -> tuple[str, str]:
    """What a plan for a gap closes, by kind and code: bare ground as a whole, with its houses."""
    return gap.key if gap.kind == "grid_overloaded" else (BARE[0], str(gap.community))


_MINE: Final = ("state", "author", "gap_kind", "gap_code")


def _known(
    session: Session, ground: Ground, community: str, mine: tuple[str, ...]
) -> RowMapping | None:
    """The draft of this state and author for this gap, where there is one."""
    rows = redraws.listing(session, ground, community)
    return next((row for row in rows if tuple(row[name] for name in _MINE) == mine), None)


def begun(session: Session, ground: Ground) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The plans that are drawn but not published yet and close gaps, by kind and code.

    They hold the gap that they close, whatever they are called. Bare ground is filled for a whole
    community: its plan is that of the ground and, by the code of the community, of the buildings
    on it. The last changed where there are several.
    """
    rows = [row for row in redraws.listing(session, ground, None) if row["state"] in COMPUTED]
    ops = redraws.in_short(session, [row["id"] for row in rows])
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in map(dict, rows):
        code = row["community_code"]
        fills = row["gap_kind"] in BARE or "fill" in ops.get(row["id"], {})
        for kind in BARE if fills else ():
            found.setdefault((kind, code), row)
        if row["gap_kind"] is not None and row["gap_kind"] not in BARE:
            found.setdefault((row["gap_kind"], row["gap_code"]), row)
    return found


def _title(session: Session, gap: Gap, name: str) -> str:
    home = str(gap.community)
    own = (gap.name or gap.code) if gap.kind == "grid_overloaded" else ""
    where = own or redraws.homes(session, [home])[home]
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
