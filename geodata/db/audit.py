"""The audit trail: written at its end, read in pages and as a chain."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, insert, select, text
from sqlalchemy.orm import Session

from geodata.db.tables import audit_entry
from geodata.domain.audit import Link

_BATCH: Final = 1000

_LINKS: Final = text("""
    select number, number::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        actor, account_id::text, action, subject_kind, subject_id, result, source, detail::text,
        previous, hash
    from audit_entry where audit_entry.number > :after order by audit_entry.number
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; an action ending in a dot stands for all that begin so."""

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject_kind: str | None = None
    subject_id: str | None = None


def add(session: Session, row: Mapping[str, Any]) -> int:
    """Append an entry and give its number; from here on other writers wait for our commit."""
    number = session.scalar(insert(audit_entry).values(**row).returning(audit_entry.c.number))
    return int(number or 0)


def page(session: Session, wanted: Wanted, before: int | None, limit: int) -> Sequence[RowMapping]:
    """Entries from the newest to the oldest, those before the number `before`."""
    query = _narrowed(wanted).order_by(audit_entry.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_entry.c.number < before)
    return session.execute(query).mappings().all()


def _narrowed(wanted: Wanted) -> Select[Any]:
    entry, query = audit_entry.c, select(audit_entry)
    if wanted.action:
        begins = wanted.action.endswith(".")
        said = entry.action
        query = query.where(
            said.startswith(wanted.action, autoescape=True) if begins else said == wanted.action
        )
    if wanted.since is not None:
        query = query.where(entry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(entry.at < wanted.until)
    for name in ("actor", "subject_kind", "subject_id"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(entry[name] == value)
    return query


def walk(session: Session, wanted: Wanted) -> Iterator[RowMapping]:
    """All entries that are wanted, in order, some hundreds in memory at a time."""
    query = _narrowed(wanted).order_by(audit_entry.c.number)
    with session.execute(query, execution_options={"yield_per": _BATCH}) as told:
        yield from told.mappings()


def links(session: Session, after: int = 0) -> Generator[Link, None, None]:
    """The chain in order, from the entry after the number `after`; to be closed or exhausted."""
    options = {"yield_per": _BATCH}
    with session.execute(_LINKS, {"after": after}, execution_options=options) as told:
        for number, *fields, previous, digest in told:
            yield Link(number, tuple(fields), bytes(previous), bytes(digest))


def latest(session: Session) -> RowMapping | None:
    """The last entry; None before the first."""
    query = select(audit_entry).order_by(audit_entry.c.number.desc()).limit(1)
    return session.execute(query).mappings().first()


def hash_of(session: Session, number: int) -> bytes | None:
    """The hash of an entry; None if it is not there."""
    found = session.scalar(select(audit_entry.c.hash).where(audit_entry.c.number == number))
    return None if found is None else bytes(found)
