"""The audit trail is only added to, and shows wherever it was touched all the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geodata.db import audit as trail
from geodata.domain.audit import digest
from geodata.services import audit
from geodata.services.audit import Deed, Wanted, Who

WHO = Who("secretary:7", 7, "10.1.2.3")


def said(session: Session, *actions: str) -> None:
    for action in actions:
        audit.record(
            session, WHO, Deed(action, ("issue", "9"), detail={"为什么": "核对", "n": 1.50})
        )


def test_an_entry_tells_who_what_and_when_and_no_number_of_a_person(session: Session) -> None:
    detail = {"reason": "打 139 1234 5678", "password": "x", "deep": [{"token": "y", "a": True}]}
    audit.record(session, WHO, Deed("contact.view", ("issue", "9"), "refused", detail))
    (row,), end = audit.page(session, Wanted(), None, 10)
    assert end is None
    assert (row["number"], row["actor"], row["source"]) == (1, "secretary:7", "10.1.2.3")
    assert row["detail"] == {"reason": "打 139****5678", "deep": [{"a": True}]}
    assert (row["result"], row["at"].tzinfo is not None) == ("refused", True)


def test_the_database_and_we_make_the_same_hash(session: Session) -> None:
    audit.record(session, Who(), Deed("key.rotate"))
    said(session, "import.take", "export.file")
    audit.record(session, Who("张三\n9:x"), Deed("issue.report", ("issue", "字" * 300)))
    links = list(trail.links(session))
    assert [digest(link.fields, link.previous) for link in links] == [k.digest for k in links]
    assert audit.verify(session).broken is None


def test_no_two_entries_have_one_form() -> None:
    start = b"\0" * 32
    assert digest(("a", "b"), start) != digest(("a\n1:b",), start)
    assert digest(("a", None), start) != digest(("a", "-"), start)
    assert digest(("a", ""), start) != digest(("a", None), start)


def test_what_a_writer_says_of_number_time_and_hash_counts_for_nothing(session: Session) -> None:
    session.execute(
        text(
            "insert into audit_entry (number, at, action, previous, hash)"
            " values (77, '2001-01-01', 'key.rotate', '', '')"
        )
    )
    assert audit.verify(session).entries == 1
    assert audit.verify(session).broken is None


@pytest.mark.parametrize(
    "change",
    [
        "update audit_entry set actor = 'nobody'",
        "delete from audit_entry",
        "truncate audit_entry",
        "update audit_entry set actor = 'nobody' where false",
    ],
)
def test_nothing_is_changed_or_taken_away(session: Session, change: str) -> None:
    said(session, "import.take")
    with pytest.raises(DBAPIError, match="only added to"):
        session.execute(text(change))


TAMPERED = {
    "update audit_entry set actor = 'else' where number = 3": (3, "altered"),
    "update audit_entry set at = at + interval '1 us' where number = 2": (2, "altered"),
    "update audit_entry set detail = '{}' where number = 5": (5, "altered"),
    "delete from audit_entry where number = 1": (1, "missing"),
    "delete from audit_entry where number = 4": (4, "missing"),
    "update audit_entry e set hash = audit_digest(row(e.number, e.at, 'else', e.account_id,"
    " e.action, e.subject_kind, e.subject_id, e.result, e.source, e.detail, e.previous,"
    " e.hash)::audit_entry), actor = 'else' where number = 3": (4, "unlinked"),
}


@pytest.mark.parametrize(("change", "first"), TAMPERED.items())
def test_the_owner_who_changes_it_is_found_out(
    session: Session, change: str, first: tuple[int, str]
) -> None:
    said(session, *["import.take"] * 5)
    session.execute(text("alter table audit_entry disable trigger all"))
    session.execute(text(change))
    broken = audit.verify(session).broken
    assert broken is not None
    assert (broken.number, broken.kind) == first


def test_an_end_cut_off_is_found_by_what_was_noted(session: Session) -> None:
    said(session, "import.take", "import.end", "export.file")
    noted = audit.verify(session)
    session.execute(text("alter table audit_entry disable trigger all"))
    session.execute(text("delete from audit_entry where number = 3"))
    assert audit.verify(session).broken is None
    found = audit.verify(session, (noted.entries, noted.head)).broken
    assert found is not None
    assert (found.number, found.kind) == (3, "missing")


def test_many_writers_make_one_chain(database: Engine) -> None:
    def write(writer: int) -> None:
        for n in range(10):
            with Session(database) as session:
                audit.record(session, replace(WHO, account_id=writer), Deed("export.file"))
                session.rollback() if n % 5 == 4 else session.commit()

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(8)))
    with Session(database) as session:
        verdict = audit.verify(session)
        times = session.scalars(text("select at from audit_entry order by number")).all()
    assert (verdict.entries, verdict.broken) == (64, None)
    assert times == sorted(times)


def test_pages_and_narrowing(session: Session) -> None:
    said(session, "import.take", "import.end", "export.file", "import.take")
    audit.record(session, Who("auditor"), Deed("audit.export"))
    first, end = audit.page(session, Wanted(), None, 2)
    second, end = audit.page(session, Wanted(), end, 2)
    last, end = audit.page(session, Wanted(), end, 2)
    assert [row["number"] for row in (*first, *second, *last)] == [5, 4, 3, 2, 1]
    assert end is None
    taken = audit.page(session, Wanted(action="import."), None, 9)[0]
    assert [row["number"] for row in taken] == [4, 2, 1]
    assert len(audit.page(session, Wanted(actor="auditor"), None, 9)[0]) == 1
    assert len(audit.page(session, Wanted(subject_kind="issue", subject_id="9"), None, 9)[0]) == 4
    at = first[0]["at"]
    assert len(audit.page(session, Wanted(since=at), None, 9)[0]) == 1
    assert len(audit.page(session, Wanted(until=at), None, 9)[0]) == 4
