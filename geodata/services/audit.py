"""The audit trail: every deed of an official recorded, read in pages, proved whole."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import audit
from geodata.db.audit import Wanted
from geodata.domain.audit import Break, Deed, Who, cleaned, first_break

__all__ = ["Deed", "Verdict", "Wanted", "Who", "page", "record", "verify", "walk"]

LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain came to.

    `entries` is the number of the last entry and `head` its hash in hexadecimal: noted somewhere
    else, they prove later that nothing was cut off the end. `broken` is the first broken link.
    """

    entries: int
    head: str
    broken: Break | None


def record(session: Session, who: Who, deed: Deed) -> int:
    """Append what was done and give its number; personal data in the detail are masked.

    To be called last before the commit: other writers of the trail wait from here to there.
    """
    kind, number = deed.subject or (None, None)
    return audit.add(
        session,
        {
            "actor": who.actor,
            "account_id": who.account_id,
            "source": who.source,
            "action": deed.action,
            "subject_kind": kind,
            "subject_id": None if number is None else number[:LONGEST_ID],
            "result": deed.result,
            "detail": cleaned(deed.detail),
        },
    )


def page(
    session: Session, wanted: Wanted, before: int | None, limit: int
) -> tuple[Sequence[RowMapping], int | None]:
    """A page of entries, newest first, and the number before which the next page begins."""
    rows = audit.page(session, wanted, before, limit + 1)
    shown = rows[:limit]
    return shown, shown[-1]["number"] if len(rows) > limit else None


def walk(session: Session, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The entries that are wanted, oldest first, as JSON can hold them; hashes in hexadecimal."""
    for row in audit.walk(session, wanted):
        yield {
            **{
                name: value for name, value in row.items() if name not in ("at", "previous", "hash")
            },
            "at": row["at"].isoformat(),
            "previous": row["previous"].hex(),
            "hash": row["hash"].hex(),
        }


def verify(session: Session, noted: tuple[int, str] | None = None) -> Verdict:
    """Whether every entry is as it was written and follows the one before it.

    `noted` is number and hash of an entry as an earlier check gave them: where that entry is
    gone or another, it is the broken link if none before it is.
    """
    with closing(audit.links(session)) as links:
        broken = first_break(links)
    last = audit.latest(session)
    if broken is None and noted is not None:
        broken = _unlike(session, *noted)
    if last is None:
        return Verdict(0, "", broken)
    return Verdict(last["number"], last["hash"].hex(), broken)


def _unlike(session: Session, number: int, head: str) -> Break | None:
    found = audit.hash_of(session, number)
    if found is None:
        return Break(number, "missing")
    return None if found.hex() == head.lower() else Break(number, "altered")
