"""The days on which the district's grids changed, and what changed on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts
from geodata.db import redraw_history as history

MOST_LISTED: Final = 400
"""Grids of one load that are named; of more only the number is told."""


@dataclass(frozen=True)
class Day:
    """A day on which ground changed, how often, and how many grids began."""

    day: date
    times: int
    grids: int


@dataclass(frozen=True)
class Turned:
    """A grid that is ``new``, ``restored`` (it was one before), ``retired`` or ``changed``.

    Shapes are in degrees, None for a load.
    """

    code: str
    name: str
    how: str
    was: BaseGeometry | None
    now: BaseGeometry | None


@dataclass(frozen=True)
class Handed:
    """Ground that went from grid to grid, as shares of all that the giver had."""

    giver: str
    taker: str
    area_share: float
    household_share: float


@dataclass(frozen=True)
class Plan:
    """What a plan is called, by whom it was drawn and published, and which one it takes back."""

    public_id: UUID
    name: str
    author: str
    by: str
    undoes: UUID | None
    undoes_name: str | None


@dataclass(frozen=True)
class Change:
    """What happened at one moment of a day: by a plan, or a load where there is none.

    `communities` are the names by code of those whose grids changed; `count` is how many grids
    did, of which `grids` are told of. `plan` is None, too, for who may not see it.
    """

    at: datetime
    is_load: bool
    plan: Plan | None
    communities: dict[str, str]
    count: int
    grids: tuple[Turned, ...]
    handed: tuple[Handed, ...]


def days(session: Session, zone: str, community: str | None = None) -> list[Day]:
    """The days (in a time zone) on which the ground changed, the first first."""
    rows = history.days(session, zone, community)
    return [Day(row["day"], row["times"], row["grids"]) for row in rows]


def changes(
    session: Session, since: datetime, until: datetime, community: str | None = None
) -> list[Change]:
    """What changed from a moment up to another, the first first."""
    rows = history.changes(session, since, until, community)
    plans = sorted({row["plan_id"] for row in rows if row["plan_id"] is not None})
    said, handed = history.said(session, plans), history.handed(session, plans)
    names = accounts.area_names(session, sorted({row["community_code"] for row in rows}))
    each = groupby(rows, key=lambda row: (row["at"], row["plan_id"]))
    return [
        _change(at, list(own), said.get(plan), [h for h in handed if h["plan_id"] == plan], names)
        for (at, plan), own in each
    ]


def _change(
    at: datetime,
    rows: Sequence[RowMapping],
    plan: RowMapping | None,
    handed: Sequence[RowMapping],
    names: dict[str, str],
) -> Change:
    is_load = rows[0]["plan_id"] is None
    told = [] if is_load and len(rows) > MOST_LISTED else rows
    here = sorted({str(row["community_code"]) for row in rows})
    keys = ("code", "name", "how", "was", "now")
    shares = ("giver", "taker", "area_share", "household_share")
    return Change(
        *(at, is_load, _plan(plan) if plan is not None else None),
        {code: names.get(code, code) for code in here},
        len(rows),
        tuple(Turned(*(row[key] for key in keys)) for row in told),
        tuple(Handed(*(row[key] for key in shares)) for row in handed),
    )


def _plan(row: RowMapping) -> Plan:
    keys = ("public_id", "name", "author", "by", "undoes", "undoes_name")
    return Plan(*(row[key] for key in keys))
