"""Residents' issues: reported, followed, listed and counted."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import grids, issue_marks, issues
from geodata.db import moves as store
from geodata.db.layers import Box
from geodata.db.narrowing import STATES, Filter
from geodata.db.ordering import OPEN_ONLY, ORDERS, Cursor, Order
from geodata.db.scoping import WHOLE, Ground
from geodata.domain import arrival, tracking
from geodata.domain.deadline import Calendar
from geodata.domain.privacy import masked, masked_name
from geodata.errors import NotFound, WanggeError
from geodata.services import aliases, moves, passing, photos
from geodata.services.geocoding import Located, Locator
from geodata.services.moves import Standings
from geodata.services.reporting import Report, category, due, located

__all__ = [
    "ORDERS",
    "STATES",
    "Cursor",
    "Filter",
    "Order",
    "Report",
    "card",
    "categories",
    "counts",
    "page",
    "points",
    "report",
]

_HANDED: Final = {"dispatch", "pass_on"}
"""The steps that hand an issue to a department."""

_WEEK: Final = Calendar()
_RESIDENT: Final = "web"
"""The plain week, where nobody has said which days are off."""

FEW_POINTS: Final = 3000
"""Up to so many issues are sent as points; more are counted into clusters."""

NEWEST: Final = Order()

_CELLS_ACROSS: Final = 4
"""Clusters along one side of a 256-pixel map tile."""


def report(
    session: Session,
    said: Report,
    locator: Locator,
    now: datetime,
    extent: Box,
    calendar: Calendar = _WEEK,
) -> dict[str, Any]:
    """Store a resident's report in the grid that covers it, and give its card.

    The card bears ``code``, by which whoever reported is known again, and ``again`` where the same
    report had come before. Its random number is `tracking.number` of the report's key.

    A pin beats a building beats an address. Raises NotFound for an unknown category or building,
    InvalidShape for a pin outside the district, Conflict ``address_ambiguous`` with candidates,
    or as `photos.attach`.
    """
    key = said.key or secrets.token_hex(16)
    code, public_id = tracking.code(key), tracking.number(key)
    if issues.one(session, public_id):
        return {**card(session, public_id, now), "code": code, "again": True}
    found = located(session, said, locator, extent)
    kind = category(session, said.category)
    row = issues.add(
        session,
        {
            "public_id": public_id,
            "channel": said.channel,
            "ticket": secrets.token_hex(8),
            "tracking": tracking.digest(code),
            "answers": dict(said.answers) if said.answers else None,
            "category_id": kind["id"],
            "due_at": due(kind, now, calendar),
            "text": said.text,
            "address": said.address or _label(found),
            "raw_x": said.lon,
            "raw_y": said.lat,
            "raw_datum": "WGS84" if said.lon is not None else None,
            "place": found.place,
            "precision": found.precision,
            "community_code": found.community_code,
            "located": dict(found.evidence) if found.evidence else None,
            "status": "reported",
            "reported_at": now,
        },
    )
    if row is None:  # the same report came at this very moment
        return {**card(session, public_id, now), "code": code, "again": True}
    if said.channel == _RESIDENT:
        new_to = arrival.brought_in("reported", in_grid=row["grid_id"] is not None)
        store.change(session, row["id"], {"new_to": new_to})
    event = {"issue_id": row["id"], "at": now, "actor": said.channel, "kind": "reported"}
    photos.attach(session, row["id"], said.photos)
    issues.add_events(session, [{**event, "status": "reported", "grid_id": row["grid_id"]}])
    if said.typed:
        aliases.heard(session, said.typed, found, locator)
    return {**card(session, row["public_id"], now), "code": code, "again": False}


def _label(located: Located) -> str:
    return str((located.evidence or {}).get("label", ""))


def categories(session: Session) -> list[RowMapping]:
    """The district's categories: code, name_zh, name_en, department and glyph."""
    return list(issues.categories(session))


def page(
    session: Session,
    wanted: Filter,
    after: Cursor | None,
    limit: int,
    now: datetime,
    order: Order = NEWEST,
) -> tuple[list[dict[str, Any]], Cursor | None]:
    """One page of the list in an order, and where the next one starts.

    Raises WanggeError ``order_open_only`` for an order that only what is open has.
    """
    if order.name in OPEN_ONLY and wanted.state not in ("open", "escalated"):
        raise WanggeError("order_open_only", order=order.name)
    rows, end = issues.page(session, wanted, order, after, limit)
    return [_listed(row, now) for row in rows], end


def _listed(row: RowMapping, now: datetime) -> dict[str, Any]:
    told = {"handler": row["handler"], "supervision": row["supervision"]}
    near = {"metres": round(row["key0"])} if isinstance(row["key0"], float) else {}
    return {**item(row, now), **told, **near}


def counts(session: Session, wanted: Filter) -> dict[str, Any]:
    """How many issues of a filter each state would list: open (escalated included), and so on.

    ``more`` names those that are not counted to their end.
    """
    told, further = issues.counted(session, wanted)
    opened = told["open"] + told["escalated"]
    sums = {"open": {"open", "escalated"}, "all": {"open", "escalated", "closed"}}
    more = further | {name for name, parts in sums.items() if further & parts}
    return {**told, "open": opened, "all": opened + told["closed"], "more": sorted(more)}


def card(
    session: Session,
    public_id: UUID,
    now: datetime,
    ground: Ground = WHOLE,
    standing: Standings | None = None,
) -> dict[str, Any]:
    """One issue with its grid, its people and the evidence of its assignment.

    With the steps that somebody of some `standing` can take now, and whom it can be handed to.

    Raises NotFound ``no_issue``, also where it lies outside the ground.
    """
    row = issues.one(session, public_id)
    if row is None or not ground.covers(row["community_code"], row["grid_code"], row["handler"]):
        raise NotFound("no_issue")
    steps = moves.offered_on(row, standing, now) if standing else ()
    grid_id = row["grid_id"]
    people = grids.workers(session, grid_id) if grid_id else []
    owned = grids.groups(session, grid_id) if grid_id else []
    return {
        **item(row, now),
        "events": [
            {**event, "note": masked(event["note"])}
            for event in passing.told(session, issues.events(session, row["id"]))
        ],
        "boundary": {"valid_from": row["boundary_from"]} if row["boundary_from"] else None,
        "runner_up": _runner_up(row),
        **{name: row[name] for name in ("handler", "supervision", "satisfaction", "answers")},
        "photos": row["photos"] or [],
        "steps": steps,
        "departments": sorted(row["departments"] or []) if _HANDED & set(steps) else [],
        "beside": passing.beside(session, [grid_id]).get(grid_id, [])
        if passing.STEP in steps and grid_id
        else [],
        "workers": [{"name": masked_name(p["name"]), "duty": p["duty"]} for p in people],
        "party_group": {"name": owned[0]["name"]} if owned else None,
        "located": row["located"],
        "candidates": (row["located"] or {}).get("candidates", []),
    }


def _runner_up(row: RowMapping) -> dict[str, Any] | None:
    if row["runner_up_code"] is None:
        return None
    return {
        "code": row["runner_up_code"],
        "name": row["runner_up_name"],
        "distance_m": row["runner_up_m"],
    }


def item(row: RowMapping, now: datetime) -> dict[str, Any]:
    """An issue as lists show it, with personal numbers in its text masked."""
    shown = (
        *("channel", "ticket", "category", "category_zh", "category_en", "status", "level"),
        *("precision", "rule", "border_m", "lon", "lat", "reported_at", "due_at", "closed_at"),
        "new_to",
    )
    due = row["due_at"]
    return {
        "id": str(row["public_id"]),
        **{key: row[key] for key in shown},
        "text": masked(row["text"]),
        "address": masked(row["address"]),
        "is_open": row["is_open"],
        "overdue": bool(row["is_open"] and due is not None and due < now),
        "left": time_left(row, now),
        "grid": _named(row, "grid"),
        "community": _named(row, "community"),
    }


def _named(row: RowMapping, what: str) -> dict[str, Any] | None:
    code = row[f"{what}_code"]
    return {"code": code, "name": row[f"{what}_name"]} if code else None


def time_left(row: RowMapping, now: datetime) -> float | None:
    """The share of the time limit that is left, 0 to 1; None where it is over or has none."""
    if not row["is_open"] or row["due_at"] is None:
        return None
    whole = (row["due_at"] - row["reported_at"]).total_seconds()
    left = (row["due_at"] - now).total_seconds()
    return round(min(max(left / whole, 0.0), 1.0), 3) if whole > 0 else 0.0


def points(
    session: Session, wanted: Filter, zoom: int, now: datetime, *, whole: bool = False
) -> dict[str, Any]:
    """Issues for the map: points while they are few, else clusters counted by grid.

    Where the `whole` district has few, all are given, whatever the box, and the answer says so.
    ``upto`` is how many closed ones were counted where there are more.
    """
    anywhere = replace(wanted, box=None)
    whole = whole and issue_marks.are_few(session, anywhere, FEW_POINTS)
    wanted = anywhere if whole else wanted
    clustered = not whole and not issue_marks.are_few(session, wanted, FEW_POINTS)
    if clustered:
        rows = issue_marks.clusters(session, wanted, now, 360.0 / 2**zoom / _CELLS_ACROSS)
    else:
        rows = issue_marks.points(session, wanted, now)
    make = _cluster_facts if clustered else _point_facts
    return {
        "type": "FeatureCollection",
        "clustered": clustered,
        "whole": whole,
        "upto": issues.MOST_COUNTED if clustered and rows and rows[0]["more"] else None,
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [round(r["lon"], 7), round(r["lat"], 7)],
                },
                "properties": make(r, now),
            }
            for r in rows
        ],
    }


def _cluster_facts(row: RowMapping, now: datetime) -> dict[str, Any]:
    del now
    return {"count": int(row["count"]), "overdue": int(row["overdue"]), "more": row["more"]}


def _point_facts(row: RowMapping, now: datetime) -> dict[str, Any]:
    return {
        "id": str(row["public_id"]),
        **{key: row[key] for key in ("category", "status", "level", "overdue")},
        "left": time_left(row, now),
    }
