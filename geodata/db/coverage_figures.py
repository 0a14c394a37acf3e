"""The figures of grids by day: kept where they differ from the last ones, so that each is known."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.tables import coverage_figures

_told = coverage_figures.c
_BATCH: Final = 500

_AS_OF: Final = text("""
    select distinct on (community_code) community_code, grids from coverage_figures
    where day <= :day order by community_code, day desc
""")
_THINNED: Final = text("""
    delete from coverage_figures as old where day < :before and exists (
        select from coverage_figures as later where later.community_code = old.community_code
            and later.day > old.day and later.day < :before
            and date_trunc('month', later.day) = date_trunc('month', old.day))
""")


def as_of(session: Session, day: date) -> dict[str, Mapping[str, Any]]:
    """What was known last of each community at the end of a day, by its code."""
    rows = session.execute(_AS_OF, {"day": day})
    return {str(row.community_code): row.grids for row in rows}


def keep(session: Session, day: date, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let communities have these figures from a day on; the day's last word holds."""
    for start in range(0, len(rows), _BATCH):
        some = [{"day": day, **row} for row in rows[start : start + _BATCH]]
        new = insert(coverage_figures).values(some)
        kept = new.on_conflict_do_update(
            index_elements=[_told.community_code, _told.day],
            set_={"grids": new.excluded.grids},
        )
        session.execute(kept)


def first(session: Session) -> date | None:
    """The first day of which anything is known."""
    found: date | None = session.scalar(select(func.min(_told.day)))
    return found


def thin(session: Session, today: date, days: int) -> None:
    """Of what is older than so many days keep the last figures of each month."""
    session.execute(_THINNED, {"before": today - timedelta(days=days)})
