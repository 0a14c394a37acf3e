"""Service stations: one is added where people have too far to walk to the nearest."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.db import areas, stations
from geodata.db.scoping import Ground
from geodata.domain import lattice
from geodata.domain.privacy import masked
from geodata.domain.signs import shows
from geodata.errors import Conflict, InvalidMove, InvalidRow
from geodata.files import values

_LONGEST_NAME = 60


@dataclass(frozen=True)
class Added:
    """A station that was added: its number, its name as stored, the code of its community."""

    number: int
    name: str
    community: str


def add(
    session: Session, ground: Ground, name: str, address: str, spot: tuple[float, float]
) -> Added:
    """Store a station at a place (degrees, lon, lat) of one's ground.

    Raises InvalidRow ``station_unnamed``; InvalidMove ``station_outside`` where the place lies in
    no community of one's ground; Conflict ``station_known`` (name) where the community has one
    that is called so.
    """
    called = masked(values.text(name)[:_LONGEST_NAME])
    if not shows(called):
        raise InvalidRow("station_unnamed")
    place = lattice.snap_shape(Point(*spot))
    home = areas.area_at(session, place)
    if home is None or not ground.covers(home["code"]):
        raise InvalidMove("station_outside")
    if stations.is_known(session, home["code"], called):
        raise Conflict("station_known", name=called)
    number = stations.add(session, called, masked(values.text(address)[:200]), place)
    return Added(number, called, str(home["code"]))
