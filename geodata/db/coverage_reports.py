"""Reports of coverage: ordered, made in the background, kept; and the schedules that order them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Session

from geodata.db.queue import UNFINISHED
from geodata.db.tables import coverage_report, coverage_report_file, coverage_schedule

_job, _plan, _file = coverage_report.c, coverage_schedule.c, coverage_report_file.c
_SHOWN: Final = tuple(c for c in _job if c.name != "content")
_MINE: Final = text("select pg_try_advisory_xact_lock(20268, :number)")


def add(session: Session, values: Mapping[str, Any]) -> int | None:
    """The id of a new report; None where its schedule has made that span already."""
    new = pg.insert(coverage_report).values(**values).on_conflict_do_nothing()
    found = session.scalar(new.returning(_job.id))
    return None if found is None else int(found)


def unfinished(session: Session, account: int | None) -> int:
    """How many of somebody's wait or are at work."""
    own = _job.account_id.is_not_distinct_from(account)
    jobs = select(func.count()).where(_job.state.in_(UNFINISHED), own)
    return int(session.scalar(jobs) or 0)


def same(session: Session, values: Mapping[str, Any]) -> int | None:
    """The id of a report that waits and will tell the same to the same account."""
    alike = (
        *(_job.area_code == values["area_code"], _job.span == values["span"]),
        *(_job.ground == values["ground"], _job.state == "waiting"),
        _job.account_id.is_not_distinct_from(values["account_id"]),
    )
    found = session.scalar(select(func.min(_job.id)).where(*alike))
    return None if found is None else int(found)


def taken(session: Session) -> int | None:
    """The oldest unfinished report that no other session has, which is this one's until commit."""
    query = select(_job.id).where(_job.state.in_(UNFINISHED)).order_by(_job.id)
    for number in session.scalars(query).all():
        if session.scalar(_MINE, {"number": number}):
            return int(number)
    return None


def one(session: Session, number: int) -> RowMapping | None:
    """A report without its content."""
    return session.execute(select(*_SHOWN).where(_job.id == number)).mappings().first()


def content(session: Session, number: int) -> Mapping[str, Any] | None:
    """All that a report tells."""
    found: Mapping[str, Any] | None = session.scalar(select(_job.content).where(_job.id == number))
    return found


def advance(session: Session, number: int, values: Mapping[str, Any]) -> bool:
    """Write the progress of an unfinished report; whether it still was that."""
    change = update(coverage_report).where(_job.id == number, _job.state.in_(UNFINISHED))
    return bool(session.execute(change.values(**values).returning(_job.id)).first())


def listing(session: Session, limit: int) -> Sequence[RowMapping]:
    """The newest reports first."""
    query = select(*_SHOWN).order_by(_job.id.desc()).limit(limit)
    return session.execute(query).mappings().all()


def keep(session: Session, number: int, form: str, made: bytes) -> None:
    """Keep a file of a report, in place of an older one."""
    new = pg.insert(coverage_report_file).values(report_id=number, format=form, content=made)
    again = {"content": new.excluded.content}
    session.execute(
        new.on_conflict_do_update(index_elements=[_file.report_id, _file.format], set_=again)
    )


def file(session: Session, number: int, form: str) -> bytes | None:
    """A file of a report."""
    query = select(_file.content).where(_file.report_id == number, _file.format == form)
    found = session.scalar(query)
    return None if found is None else bytes(found)


def drop(session: Session, number: int) -> None:
    """Throw a report away with its files."""
    session.execute(delete(coverage_report).where(_job.id == number))


def add_schedule(session: Session, values: Mapping[str, Any]) -> int:
    """The id of a schedule, which is active again where there was such a one."""
    new = pg.insert(coverage_schedule).values(**values)
    keys = [_plan.area_code, _plan.every, _plan.account_id]
    again = new.on_conflict_do_update(index_elements=keys, set_={"active": True, "made": None})
    return int(session.scalars(again.returning(_plan.id)).one())


def schedules(session: Session) -> Sequence[RowMapping]:
    """The schedules that are active, in the order in which they were set up."""
    query = select(*_plan).where(_plan.active).order_by(_plan.id)
    return session.execute(query).mappings().all()


def note_made(session: Session, number: int, name: str) -> None:
    """Remember what a schedule ordered last."""
    session.execute(update(coverage_schedule).where(_plan.id == number).values(made=name))


def end_schedule(session: Session, number: int) -> None:
    """Make no more reports by a schedule; those that it made are kept."""
    session.execute(update(coverage_schedule).where(_plan.id == number).values(active=False))


def put(session: Session, values: Mapping[str, Any]) -> int:
    """The id of a report that is ordered by hand."""
    return int(session.scalars(insert(coverage_report).values(**values).returning(_job.id)).one())
