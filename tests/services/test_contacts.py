"""Contacts of imported tickets: sealed, taken up with corrections, sealed anew, forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from geodata.db import tables
from geodata.errors import Conflict
from geodata.services import audit, contacts, imports
from geodata.services.audit import Who
from geodata.services.geocoding import Locator
from geodata.services.sealing import Sealer
from tests.makers import Town

HEAD = "工单编号,受理时间,来电人,联系电话,诉求内容,事发地址,办结时间"
OLD, NEW = "o" * 40, "n" * 40
PHONE = "13912345678"
WORKER = Who("worker")


@pytest.fixture
def street(town: Town) -> Town:
    town.drawn("AAB / AAB / ...")
    town.building("汉滨区老城街道解放路1号", 0.5, 0.5)
    return town


def bring(town: Town, sealer: Sealer, *rows: str) -> int:
    content = "\n".join([HEAD, *rows]).encode()
    number, _ = imports.submit(town.session, content, "t.csv", "12345", "WGS84")
    for _ in imports.run(town.session, number, Locator.of(town.session), sealer):
        pass
    return number


def shown(town: Town, sealer: Sealer) -> list[list[str]]:
    numbers = town.session.scalars(select(tables.issue.c.public_id).order_by(tables.issue.c.ticket))
    known = [contacts.masked(town.session, sealer, number) for number in numbers]
    return [[fact["value"] for fact in facts or []] for facts in known]


def test_a_refused_row_keeps_its_contact_for_its_correction(street: Town) -> None:
    sealer = Sealer(OLD)
    number = bring(street, sealer, f"T1,不知道,张三,{PHONE},垃圾,解放路1号,-")
    (kept,) = imports.refused(street.session, number)
    assert kept["sealed"] is not None
    assert PHONE not in str(kept)
    fixed = {**kept["raw"], "受理时间": "2026-05-01 08:00"}
    imports.correct(street.session, number, 2, fixed, Locator.of(street.session), sealer)
    assert shown(street, sealer) == [["张**", "139****5678"]]
    left = select(func.count()).where(tables.refused_row.c.sealed.is_not(None))
    assert street.session.scalar(left) == 0


def test_all_is_sealed_anew_and_the_old_key_is_needed_no_more(street: Town) -> None:
    bring(street, Sealer(OLD), f"T1,2026-05-01,张三,{PHONE},垃圾,解放路1号,-", "T2,不,李四,-,x,y,-")
    both = Sealer(f"{NEW} {OLD}")
    with pytest.raises(Conflict, match="seal_broken"):
        shown(street, Sealer(NEW))
    assert contacts.reseal(street.session, both) == 2
    assert contacts.reseal(street.session, both) == 0
    assert shown(street, Sealer(NEW)) == [["张**", "139****5678"]]


def test_a_contact_moved_to_another_issue_does_not_open(street: Town) -> None:
    sealer = Sealer(OLD)
    rows = (f"T{n},2026-05-01,张{n},{PHONE},垃圾,解放路1号,-" for n in (1, 2))
    bring(street, sealer, *rows)
    first, second = street.session.execute(select(tables.contact)).mappings()
    swapped = update(tables.contact).where(tables.contact.c.issue_id == first["issue_id"])
    street.session.execute(swapped.values(sealed=second["sealed"]))
    with pytest.raises(Conflict):
        shown(street, sealer)


def test_what_is_old_is_forgotten_and_told(street: Town) -> None:
    sealer, closed = Sealer(OLD), datetime(2026, 5, 2, tzinfo=UTC)
    bring(
        *(street, sealer),
        f"T1,2026-05-01,张三,{PHONE},垃圾,解放路1号,2026-05-02",
        f"T2,2026-05-01,李四,{PHONE},垃圾,解放路1号,-",
        f"T3,不,王五,{PHONE},垃圾,解放路1号,-",
    )
    soon = contacts.forget(street.session, closed + timedelta(days=179), 180, WORKER)
    assert soon == contacts.Forgotten(0, 0)
    assert audit.page(street.session, audit.Wanted(), None, 9)[0] == []
    gone = contacts.forget(street.session, datetime(2040, 1, 1, tzinfo=UTC), 180, WORKER)
    assert gone == contacts.Forgotten(1, 1)
    assert shown(street, sealer) == [[], ["李**", "139****5678"]]
    (entry,) = audit.page(street.session, audit.Wanted(), None, 9)[0]
    assert (entry["action"], entry["actor"]) == ("contact.forget", "worker")
    assert entry["detail"] == {"days": 180, "issues": 1, "refused": 1}
