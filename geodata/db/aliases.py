"""Names that people gave to places by correcting an address."""

from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.columns import bound
from geodata.db.tables import alias


def add(session: Session, said: str, label: str, place: BaseGeometry, *, trusted: bool) -> None:
    """Store what a place (degrees, on the lattice) is called; twice the same is once.

    What was only heard becomes trusted when it is said again by somebody who is; as a new row, so
    that whoever asks for the newest one sees it.
    """
    same = (alias.c.said == said) & (alias.c.place == bound(place))
    if trusted:
        session.execute(delete(alias).where(same, alias.c.trusted.is_(False)))
    row = {"said": said, "label": label, "place": place, "trusted": trusted}
    session.execute(insert(alias).values(row).on_conflict_do_nothing())


def known(session: Session, said: str) -> bool:
    """Whether a text in normal form is an alias that is trusted."""
    found = select(alias.c.id).where(alias.c.said == said, alias.c.trusted).limit(1)
    return session.scalar(found) is not None


def count(session: Session, *, trusted: bool) -> int:
    """How many are known of either kind."""
    kind = select(func.count()).select_from(alias).where(alias.c.trusted.is_(trusted))
    return int(session.scalar(kind) or 0)
