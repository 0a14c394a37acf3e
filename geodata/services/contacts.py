"""Reporters' contacts: sealed as they come in, shown masked or for a reason, and forgotten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import contacts
from geodata.db.scoping import WHOLE, Ground
from geodata.domain import contact
from geodata.domain.contact import ContactFact
from geodata.errors import NotFound
from geodata.services import audit
from geodata.services.audit import Deed, Who
from geodata.services.placing import Placed
from geodata.services.sealing import Sealed, Sealer

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many contacts were forgotten: of closed issues, and of rows that were refused."""

    issues: int
    refused: int


def keep(
    session: Session, sealer: Sealer, origin: str, facts: Mapping[int, Sequence[ContactFact]]
) -> None:
    """Keep what is known of reporters, by the number of their issue."""
    rows = [
        {"issue_id": number, "origin": origin, **_row(sealer, known, f"issue:{number}")}
        for number, known in facts.items()
        if known
    ]
    contacts.keep(session, rows)


def _row(sealer: Sealer, facts: Sequence[ContactFact], about: str) -> dict[str, Any]:
    told = [[fact.kind, fact.label, fact.value] for fact in facts]
    sealed = sealer.seal(json.dumps(told, ensure_ascii=False), about)
    return {"key_id": sealed.key_id, "sealed": sealed.content}


def _facts(sealer: Sealer, row: RowMapping, about: str) -> list[ContactFact]:
    told = sealer.open(Sealed(row["key_id"], bytes(row["sealed"])), about)
    return [ContactFact(*one) for one in json.loads(told)]


def keep_given(session: Session, sealer: Sealer, public_id: str, name: str, phone: str) -> None:
    """Keep what a resident gave with a report just made."""
    number = contacts.issue_number(session, UUID(public_id))
    keep(session, sealer, "web", {number: contact.given(name, phone)})


def keep_imported(
    session: Session, sealer: Sealer, placed: Sequence[Placed], added: Sequence[Any]
) -> None:
    """Keep the contact columns of tickets, of those that are new (`added`: id and ticket)."""
    cells = {one.values["ticket"]: one.contact for one in placed}
    known = {row.id: contact.from_columns(cells[row.ticket]) for row in added}
    keep(session, sealer, "import", known)


def set_aside(
    sealer: Sealer | None, cells: Mapping[str, str], job: int, row: int
) -> dict[str, Any]:
    """The contact columns of a refused row as it keeps them; nothing sealed where all are empty."""
    facts = contact.from_columns(cells)
    if not facts or sealer is None:
        return {"key_id": None, "sealed": None}
    return _row(sealer, facts, f"refused:{job}:{row}")


def taken_up(sealer: Sealer, refused: RowMapping) -> list[ContactFact]:
    """What was set aside of a refused row. Raises Conflict as `Sealer.open`."""
    if refused["sealed"] is None:
        return []
    return _facts(sealer, refused, f"refused:{refused['job_id']}:{refused['row']}")


def masked(
    session: Session, sealer: Sealer, public_id: UUID, ground: Ground = WHOLE
) -> list[dict[str, str]] | None:
    """What is shown of an issue's contact by default; None if it has none.

    Raises NotFound ``no_issue`` where there is no such issue on the ground, Conflict
    ``seal_broken`` where it was sealed with a key that we do not have.
    """
    facts = _known(session, sealer, public_id, ground)
    return None if facts is None else [asdict(fact) for fact in contact.masked(facts)]


def unmask(
    session: Session,
    sealer: Sealer,
    public_id: UUID,
    reason: str,
    who: Who,
    ground: Ground = WHOLE,
) -> list[dict[str, str]]:
    """The whole contact of an issue, and an entry in the audit trail that says who asked and why.

    Raises NotFound ``no_contact``, Conflict as `masked`.
    """
    facts = _known(session, sealer, public_id, ground)
    if facts is None:
        raise NotFound("no_contact")
    told = {"reason": reason, "kinds": [fact.kind for fact in facts]}
    audit.record(session, who, Deed("contact.view", ("issue", str(public_id)), detail=told))
    return [asdict(fact) for fact in facts]


def _known(
    session: Session, sealer: Sealer, public_id: UUID, ground: Ground
) -> list[ContactFact] | None:
    if not contacts.is_there(session, public_id, ground):
        raise NotFound("no_issue")
    row = contacts.of_issue(session, public_id)
    return None if row is None else _facts(sealer, row, f"issue:{row['issue_id']}")


def forget(session: Session, now: datetime, days: int, who: Who) -> Forgotten:
    """Forget the contacts of issues closed, and of rows refused, more than `days` days ago.

    Where there were any, the audit trail says how many.
    """
    before = now - timedelta(days=days)
    gone = Forgotten(contacts.forget(session, before), contacts.forget_refused(session, before))
    if gone.issues or gone.refused:
        audit.record(session, who, Deed("contact.forget", detail={"days": days, **asdict(gone)}))
    return gone


def reseal(session: Session, sealer: Sealer) -> int:
    """Seal some hundreds of contacts anew that bear another key than the newest; how many.

    0 when all bear it. Raises Conflict where a key is not among the sealer's.
    """
    key_id = sealer.key_id
    kept = contacts.sealed_otherwise(session, key_id, BATCH)
    for row in kept:
        about = f"issue:{row['issue_id']}"
        contacts.reseal(session, row["issue_id"], **_row(sealer, _facts(sealer, row, about), about))
    aside = contacts.refused_otherwise(session, key_id, BATCH)
    for row in aside:
        about = f"refused:{row['job_id']}:{row['row']}"
        fresh = _row(sealer, _facts(sealer, row, about), about)
        contacts.reseal_refused(session, row["id"], **fresh)
    return len(kept) + len(aside)
