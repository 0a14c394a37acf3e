"""A ticket becomes an issue: its coordinates judged, its place found, its grid assigned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import grids, issues
from geodata.db.grids import Spot
from geodata.domain import arrival
from geodata.domain.crs import Box, Datum, apart_m, doubt, to_wgs84
from geodata.domain.issue import ERROR_M, OVER, status_said
from geodata.errors import InvalidRow
from geodata.files.tickets import Ticket
from geodata.services.geocoding import Located, Locator, pinned

AHEAD: Final = timedelta(days=1)
"""How far the hotline's clock may run ahead of ours."""


DISAGREE_M: Final = 300.0
"""Coordinates and a sure address farther apart than this many metres disagree."""

MOST_NOTED: Final = 20
LONGEST_NOTED: Final = 40


@dataclass(frozen=True, slots=True)
class Placed:
    """An issue ready to be assigned and stored; no spot where its place is not known."""

    values: dict[str, Any]
    spot: Spot | None
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to judge tickets of one file: names, datum, extent and codes in use."""

    locator: Locator
    datum: Datum
    extent: Box
    categories: Mapping[str, int]
    communities: Mapping[str, str]
    """Community codes by code and by name, for columns that give either."""
    taken_at: datetime
    due: Mapping[str, Callable[[datetime], datetime | None]] = field(default_factory=dict)
    """By a category's code when what was reported at a moment is due."""
    strange: dict[str, set[str]] = field(default_factory=dict)
    """What a column said that is none of ours, by field; the row is taken all the same."""

    def place(self, ticket: Ticket) -> Placed | InvalidRow:
        """The issue that a ticket is, or why it cannot be taken (with row, column and reason)."""
        try:
            return self._placed(ticket)
        except InvalidRow as refused:
            refused.row, refused.raw = ticket.row, ticket.raw
            refused.contact = ticket.contact
            return refused

    def _placed(self, ticket: Ticket) -> Placed:
        named = self._community(ticket)
        reported_at = ticket.reported_at or self.taken_at
        if reported_at > self.taken_at + AHEAD:
            raise InvalidRow("time_future", column="reported_at", value=reported_at.isoformat())
        closed_at = _closed(ticket, reported_at)
        if (
            ticket.category_text
            and ticket.category == "OTHER"
            and "其他" not in ticket.category_text
        ):
            self._note("category", ticket.category_text)
        located = self._located(ticket)
        status = status_said(ticket.status, closed=ticket.closed_at is not None)
        over = status in OVER
        values = {
            "ticket": ticket.ticket,
            "category_id": self.categories.get(ticket.category, self.categories["OTHER"]),
            "text": ticket.content,
            "address": ticket.address,
            "raw_x": ticket.x,
            "raw_y": ticket.y,
            "raw_datum": self.datum if ticket.x is not None else None,
            "place": located.place,
            "precision": located.precision,
            "community_code": located.community_code or named,
            "located": dict(located.evidence) if located.evidence else None,
            "status": status,
            "reported_at": reported_at,
            "due_at": ticket.deadline or self._due(ticket.category, reported_at),
            "closed_at": closed_at if over else None,
            "raw": ticket.raw,
        }
        if located.place is None:
            return Placed(values, None, ticket.contact)
        moment = reported_at if over else None
        return Placed(values, (located.place, moment, ERROR_M[located.precision]), ticket.contact)

    def _due(self, category: str, reported_at: datetime) -> datetime | None:
        """The deadline that the category's own limit gives, where the file tells none."""
        rule = self.due.get(category) or self.due.get("OTHER")
        return rule(reported_at) if rule else None

    def _community(self, ticket: Ticket) -> str | None:
        """The code of the community named in its own column, if it is one of ours.

        Raises InvalidRow ``community_unknown`` for a code that does not exist; a name that is
        not ours is noted as strange.
        """
        known = self.communities.get(ticket.community) or self.communities.get(
            ticket.community.removesuffix("居委会").removesuffix("社区") + "社区"
        )
        if known is None and ticket.community.isdigit():
            raise InvalidRow("community_unknown", column="community", value=ticket.community)
        if known is None and ticket.community:
            self._note("community", ticket.community)
        return known

    def _note(self, column: str, value: str) -> None:
        noted = self.strange.setdefault(column, set())
        if len(noted) < MOST_NOTED:
            noted.add(value[:LONGEST_NOTED])

    def _located(self, ticket: Ticket) -> Located:
        """By the ticket's coordinates where it has any (0, 0 is none), else by its words."""
        if ticket.x is not None and ticket.y is not None and (ticket.x, ticket.y) != (0.0, 0.0):
            return self._compared(self._at(ticket.x, ticket.y), ticket)
        names = {"street": ticket.street, "community": ticket.community}
        return self.locator.locate(ticket.address, ticket.content, **names)

    def _compared(self, pinned_: Located, ticket: Ticket) -> Located:
        """Coordinates with, as evidence, how far off a sure address lies, where that is far.

        The coordinates stand; beyond `DISAGREE_M` metres somebody should look.
        """
        said = self.locator.locate(ticket.address) if ticket.address else None
        if said is None or said.lon is None or said.lat is None:
            return pinned_
        metres = apart_m((pinned_.lon or 0.0, pinned_.lat or 0.0), (said.lon, said.lat))
        if metres <= DISAGREE_M:
            return pinned_
        evidence = {"address_m": round(metres), "address_place": [said.lon, said.lat]}
        return replace(pinned_, evidence={**(pinned_.evidence or {}), **evidence})

    def _at(self, x: float, y: float) -> Located:
        lon, lat = (float(v[0]) for v in to_wgs84(np.array([x]), np.array([y]), self.datum))
        reason = doubt(lon, lat, self.extent)
        if reason is not None:
            raise InvalidRow(f"coordinate_{reason}", column="x", x=x, y=y, datum=self.datum)
        located = pinned(lon, lat)
        evidence = {"reason": "coordinates", "datum": self.datum}
        return Located("pin", located.lon, located.lat, evidence=evidence)


def _closed(ticket: Ticket, reported_at: datetime) -> datetime | None:
    """When the ticket was closed; a day without an hour is not before a report of that day.

    Raises InvalidRow ``closed_before_reported``.
    """
    closed_at = ticket.closed_at
    if closed_at is None or closed_at >= reported_at:
        return closed_at
    if closed_at.date() == reported_at.astimezone(closed_at.tzinfo).date():
        return reported_at
    raise InvalidRow(
        "closed_before_reported",
        column="closed_at",
        closed=f"{closed_at:%Y-%m-%d}",
        reported=f"{reported_at:%Y-%m-%d}",
    )


def store(session: Session, job: RowMapping, placed: Sequence[Placed]) -> Sequence[Any]:
    """Assign and store the issues of a file, each with the first entries of its history."""
    grids.lock_shared(session)
    answers = _assign(session, placed)
    common = {"channel": job["channel"], "import_id": job["id"]}
    rows = [
        {**row.values, **common, **answer, "new_to": _new_to(row, answer)}
        for row, answer in zip(placed, answers, strict=True)
    ]
    added = issues.add_many(session, rows)
    events = [event for row in added for event in _history(row, job["created_at"])]
    issues.add_events(session, events)
    return added


def _new_to(row: Placed, answer: Mapping[str, Any]) -> str | None:
    """Whom a ticket has come to."""
    return arrival.brought_in(row.values["status"], in_grid=answer["grid_id"] is not None)


_EVIDENCE: Final = (
    *("grid_id", "boundary_id", "rule", "border_m", "runner_up_id", "runner_up_m"),
    "community_code",
)
_NOWHERE: Final = {**dict.fromkeys(_EVIDENCE), "rule": "none"}


def _assign(session: Session, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    """The grid of each: of the present for open issues, of the day of the report for closed ones.

    A closed issue from before the first boundary gets the present one, which its evidence names.
    """
    with_place = [row for row in placed if row.spot is not None]
    answers = grids.at_many(session, [row.spot for row in with_place if row.spot is not None])
    missed = [
        row
        for row, answer in zip(with_place, answers, strict=True)
        if answer["rule"] == "none" and row.spot is not None and row.spot[1] is not None
    ]
    again = grids.at_many(session, [(r.spot[0], None, r.spot[2]) for r in missed if r.spot])
    found = dict(zip(map(id, with_place), answers, strict=True))
    found.update(zip(map(id, missed), again, strict=True))
    return [_evidence(row, found.get(id(row))) for row in placed]


def _evidence(row: Placed, answer: RowMapping | None) -> dict[str, Any]:
    known = {key: answer[key] for key in _EVIDENCE} if answer is not None else dict(_NOWHERE)
    known["community_code"] = known["community_code"] or row.values["community_code"]
    return known


def _history(row: Any, taken_at: datetime) -> list[dict[str, Any]]:
    """Reported on its day, closed on its day, and brought in now."""
    common = {"issue_id": row.id, "actor": "import", "grid_id": row.grid_id}
    events = [{**common, "at": row.reported_at, "kind": "reported", "status": "reported"}]
    if row.closed_at is not None:
        events.append({**common, "at": row.closed_at, "kind": "closed", "status": row.status})
    return [*events, {**common, "at": taken_at, "kind": "imported", "status": row.status}]
