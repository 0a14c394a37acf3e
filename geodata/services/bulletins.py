"""What is made known to everybody by area (民情发布): notices, and issues that were solved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, bulletins
from geodata.db.bulletins import Cursor, Wanted
from geodata.db.layers import Box
from geodata.db.scoping import Ground
from geodata.domain import bulletin
from geodata.domain.privacy import masked
from geodata.errors import Conflict, InvalidMove, InvalidShape, NotAllowed, NotFound
from geodata.services.geocoding import pinned

MOST: Final = 500
"""So many at most are told to the map and to whoever subscribes."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wants to make known.

    `area` is the code of a street or community, empty for the whole district; `place` is longitude
    and latitude in degrees; `checked` says that the words were read for what is personal. Of an
    `issue` the area and the place are its own.
    """

    title: str
    text: str
    since: datetime
    area: str = ""
    until: datetime | None = None
    place: tuple[float, float] | None = None
    issue: UUID | None = None
    checked: bool = False
    key: UUID | None = None
    """The form's own number, so that it counts once; made where there is none."""


def publish(
    session: Session, said: Said, ground: Ground, by: int, now: datetime, extent: Box
) -> UUID | None:
    """Make something known; gives its random number, or None where the same form came before.

    Raises NotAllowed ``outside_ground``, NotFound ``no_area`` or ``no_issue``, InvalidShape
    ``pin_outside``, ``bulletin_elsewhere`` where the place is not in the area, InvalidMove and
    Conflict as `solved` and `domain.bulletin`.
    """
    kind = "solved" if said.issue else "notice"
    title, text = bulletin.reviewed(kind, said.title, said.text, checked=said.checked)
    before = bulletins.words(session, said.key, by) if said.key else None
    if before == (title, text, True):
        return None
    bulletin.in_order(said.since, said.until, now)
    row = {"kind": kind, "title": title, "text": text, "since": said.since, "until": said.until}
    row |= {"created_at": now, "account_id": by, **_numbered(said, before)}
    if said.issue:
        return _added(session, row | _of_issue(solved(session, said.issue, ground)))
    street, community = _area(session, said.area, ground)
    row |= {"street_code": street, "community_code": community}
    if said.place:
        row["place"] = _placed(session, said.place, (street, community), extent)
    return _added(session, row)


def _numbered(said: Said, before: object) -> dict[str, Any]:
    """The form's number, unless it was sent before with other words: then it is another one."""
    return {"public_id": said.key} if said.key and before is None else {}


def _added(session: Session, row: Mapping[str, Any]) -> UUID | None:
    """Keep it, unless the same form came at this very moment."""
    number = bulletins.add(session, row)
    known = row.get("public_id")
    if number is None and not (known and bulletins.words(session, known, row["account_id"])):
        raise Conflict("bulletin_again")
    return number


def solved(session: Session, public_id: UUID, ground: Ground) -> dict[str, Any]:
    """A solved issue of one's ground, with its words masked and its place as everybody may see it.

    Raises NotFound ``no_issue``, InvalidMove ``bulletin_unsolved``, Conflict ``bulletin_again``.
    """
    row = bulletins.solved(session, public_id)
    if row is None or not ground.covers(row["community_code"]):
        raise NotFound("no_issue")
    if row["status"] != bulletin.PUBLISHED:
        raise InvalidMove("bulletin_unsolved")
    if bulletins.standing_for(session, row["id"]):
        raise Conflict("bulletin_again")
    told = {**row, "text": masked(row["text"]), "coarse": bulletin.is_coarse(row["category"])}
    if row["lon"] is not None:
        told["lon"], told["lat"] = bulletin.seen_at(row["lon"], row["lat"], row["category"])
    return told


def _of_issue(known: Mapping[str, Any]) -> dict[str, Any]:
    spot = None if known["lon"] is None else pinned(known["lon"], known["lat"]).place
    return {
        "issue_id": known["id"],
        "street_code": known["street_code"],
        "community_code": known["community_code"],
        "place": spot,
    }


def _area(session: Session, code: str, ground: Ground) -> tuple[str | None, str | None]:
    """The street and the community of an area on one's ground."""
    if not code:
        if not ground.whole:
            raise NotAllowed("outside_ground")
        return None, None
    street, community = area(session, code)
    mine = ground.covers(community) if community else ground.whole or street in ground.streets
    if not mine:
        raise NotAllowed("outside_ground")
    return street, community


def area(session: Session, code: str) -> tuple[str, str | None]:
    """The street and, where it is one, the community of a code. Raises NotFound ``no_area``."""
    for row in areas.tree(session):
        if row["code"] == code:
            return row["street_code"], code
        if row["street_code"] == code:
            return code, None
    raise NotFound("no_area", area=code)


def _placed(
    session: Session, spot: tuple[float, float], where: tuple[str | None, str | None], extent: Box
) -> Any:
    west, south, east, north = extent
    if not (west <= spot[0] <= east and south <= spot[1] <= north):
        raise InvalidShape("pin_outside")
    place = pinned(*spot).place
    lies = areas.area_at(session, place) if place is not None else None
    known = (lies["street_code"], lies["code"]) if lies else (None, None)
    if any(wanted not in (None, one) for wanted, one in zip(where, known, strict=True)):
        raise InvalidShape("bulletin_elsewhere")
    return place


def page(
    session: Session, wanted: Wanted, after: Cursor | None, limit: int
) -> tuple[Sequence[RowMapping], Cursor | None]:
    """One page, the newest first, and where the next one starts."""
    rows = bulletins.page(session, wanted, after, limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, (shown[-1]["since"], shown[-1]["id"]) if more else None


def one(session: Session, public_id: UUID, now: datetime, ground: Ground) -> RowMapping:
    """One that holds now, or any of one's ground. Raises NotFound ``no_bulletin``."""
    row = bulletins.one(session, public_id)
    if row is None or not (holds(row, now) or mine(row, ground)):
        raise NotFound("no_bulletin")
    return row


def holds(row: RowMapping, now: datetime) -> bool:
    """Whether everybody sees it now."""
    over = row["until"] is not None and row["until"] <= now
    return row["withdrawn_at"] is None and row["since"] <= now and not over


def mine(row: RowMapping, ground: Ground) -> bool:
    """Whether it belongs to the ground of who asks, so that they may withdraw it."""
    if row["community_code"]:
        return ground.covers(row["community_code"])
    return ground.whole or row["street_code"] in ground.streets


def withdraw(session: Session, public_id: UUID, ground: Ground, by: int, now: datetime) -> bool:
    """Withdraw one of one's ground; whether it was not withdrawn before.

    Raises NotFound ``no_bulletin``.
    """
    row = bulletins.one(session, public_id)
    if row is None or not mine(row, ground):
        raise NotFound("no_bulletin")
    if row["withdrawn_at"] is None:
        bulletins.withdraw(session, row["id"], by, now)
    return row["withdrawn_at"] is None
