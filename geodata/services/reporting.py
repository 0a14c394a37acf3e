"""What a resident says, understood: which place is meant, which category, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, issues
from geodata.db.layers import Box
from geodata.domain import deadline
from geodata.domain.crs import Box as Extent
from geodata.domain.crs import looks_swapped
from geodata.domain.deadline import Calendar
from geodata.domain.issue import POINTS
from geodata.errors import Conflict, InvalidShape, NotFound
from geodata.services.geocoding import Located, Locator, pinned, told
from geodata.services.rulings import ruled


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident says: what kind, in which words, and where by one of three ways."""

    category: str
    text: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    building_id: int | None = None
    typed: str = ""
    """The words for which this place was offered and chosen."""
    key: str = ""
    """The client's own for this report, so that it counts once; made where it is empty."""
    channel: str = "web"
    answers: Mapping[str, str] | None = None
    photos: Mapping[UUID, str] = field(default_factory=dict)


def due(kind: RowMapping, now: datetime, calendar: Calendar) -> datetime | None:
    """Until when an issue of a category reported now is to be settled; None without a limit."""
    limit, unit = kind["time_limit"], kind["limit_type"]
    if limit is None or unit not in deadline.LIMIT_TYPES:
        return None
    return deadline.due(now, float(limit), unit, calendar)


def located(session: Session, said: Report, locator: Locator, extent: Box) -> Located:
    """Where a report lies.

    A pin beats a building beats an address. Raises NotFound for an unknown building, InvalidShape
    for a pin outside the district, Conflict ``address_ambiguous`` with candidates.
    """
    if said.lon is not None and said.lat is not None:
        return _pinned(said.lon, said.lat, extent)
    if said.building_id is not None:
        return _at_building(session, said.building_id, locator)
    found = ruled(session, said.address) or locator.locate(said.address)
    if found.place is None:
        candidates = locator.answer(said.address, limit=8).candidates
        code = "address_ambiguous" if candidates else "address_unknown"
        raise Conflict(code, address=said.address, candidates=[told(c) for c in candidates])
    return found


def _pinned(lon: float, lat: float, extent: Extent) -> Located:
    west, south, east, north = extent
    if not (west <= lon <= east and south <= lat <= north):
        code = "pin_swapped" if looks_swapped(lon, lat, extent) else "pin_outside"
        raise InvalidShape(code, lon=lon, lat=lat)
    return pinned(lon, lat)


def _at_building(session: Session, number: int, locator: Locator) -> Located:
    """The door of a building, as precise as its address is said to be when it is offered."""
    found = areas.building_by_id(session, number)
    if found is None:
        raise NotFound("no_building", building=number)
    label = " ".join(word for word in (found["address"], found["name"]) if word)
    if settled := ruled(session, found["address"]):
        return settled
    offered = locator.answer(label, 1).best
    own = offered if offered and offered.ref == number else None
    precision = own.precision if own and own.precision in POINTS else "building"
    return Located(precision, found["lon"], found["lat"], evidence={"label": label})


def category(session: Session, code: str) -> RowMapping:
    """One of the district's categories. Raises NotFound ``no_category``."""
    for row in issues.categories(session):
        if row["code"] == code:
            return row
    raise NotFound("no_category", category=code)
