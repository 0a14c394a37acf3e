"""Wrong ground (属地不符): settled on the map once, and remembered for the address."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import moves as store
from geodata.db import rulings
from geodata.db.layers import Box
from geodata.domain.crs import looks_swapped
from geodata.domain.deadline import Calendar
from geodata.domain.spelling import normalise
from geodata.errors import InvalidShape
from geodata.services import moves
from geodata.services.geocoding import Located, pinned
from geodata.services.moves import Move, Moved, Mover

_SHORTEST, _LONGEST = 3, 200
_STEP: Final = "settle_ground"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Where an issue truly lies (degrees, WGS 84 or CGCS2000), decided by whoever dispatches."""

    lon: float
    lat: float


def settle(
    session: Session,
    public_id: UUID,
    move: Move,
    ruling: Ruling,
    mover: Mover,
    now: datetime,
    rules: tuple[Box, Calendar],
) -> tuple[Moved, dict[str, Any]]:
    """Put an issue where it truly lies, accepted there; from then on its address lies there too.

    `rules` are the district's box and the calendar. Gives what it came to, and the grid and
    community it then has. Raises InvalidShape ``pin_outside`` or ``pin_swapped``, and as
    `moves.take`.
    """
    place = _placed(ruling, rules[0]).place
    before = dict(store.grid_of(session, public_id)) if mover.ground else {}
    word = replace(move.word, place=(ruling.lon, ruling.lat))
    detail = {**move.detail, "from": before.get("grid_code")}
    told = replace(move, step=_STEP, word=word, detail=detail)
    came = moves.take(session, public_id, told, mover, now, rules[1])
    row = store.held(session, public_id)
    if row is not None and not came.again:
        store.change(session, row["id"], {"place": place, "precision": "pin"})
        _stand(session, public_id)
        said = normalise(row["address"])
        if _SHORTEST <= len(said) <= _LONGEST:
            kept = {"said": said, "place": place, "note": move.word.note, "at": now}
            rulings.keep(session, {**kept, "account_id": mover.account})
    return came, dict(store.grid_of(session, public_id))


def _stand(session: Session, public_id: UUID) -> None:
    """Give an issue to the grid in whose ground it lies, also one that lies where it lay before."""
    row = store.held(session, public_id)
    if row is not None:
        moves.placed(session, row)


def ruled(session: Session, address: str) -> Located | None:
    """Where an address lies by a ruling, as precise as a pin; None where nobody has ruled."""
    said = normalise(address)
    place = rulings.place(session, said) if said else None
    if place is None:
        return None
    return Located("pin", place.x, place.y, evidence={"label": address, "reason": "ruling"})


def _placed(ruling: Ruling, extent: Box) -> Located:
    west, south, east, north = extent
    lon, lat = ruling.lon, ruling.lat
    if not (west <= lon <= east and south <= lat <= north):
        code = "pin_swapped" if looks_swapped(lon, lat, extent) else "pin_outside"
        raise InvalidShape(code, lon=lon, lat=lat)
    return pinned(lon, lat)
