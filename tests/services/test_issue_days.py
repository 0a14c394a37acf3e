"""Counts kept by day say what counting all issues says, whatever changed since."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import indicators as stored
from geodata.db.scoping import WHOLE
from geodata.db.tables import issue, issue_before, issue_event, issue_kept
from geodata.domain import indicator, kept, span
from geodata.domain.indicator import COUNTS
from geodata.domain.kept import Told
from geodata.domain.span import Span
from geodata.services import issue_days
from tests.makers import COMMUNITY, Town

ZONE = ZoneInfo("Asia/Shanghai")
OPEN = ("registered", "handled", "checked", "suspended", "reworked")
STATES = (*OPEN, "closed", "closed", "closed", "rejected", "void")


def _facts(rng: random.Random, now: datetime) -> dict[str, object]:
    reported = now - timedelta(hours=rng.uniform(0, 24 * 40))
    due = reported + timedelta(hours=rng.uniform(1, 24 * 10))
    status = rng.choice(STATES)
    over = status in ("closed", "rejected", "void")
    closed = min(reported + timedelta(hours=rng.uniform(1, 24 * 15)), now) if over else None
    return {
        "status": "accepted" if status in ("suspended", "reworked") else status,
        "reported_at": reported,
        "due_at": rng.choice([due, due, due, None]),
        "closed_at": closed,
        "satisfaction": rng.choice(["good", "fair", "bad", None]) if closed else None,
        "community_code": rng.choice([COMMUNITY, COMMUNITY, None]),
        "channel": rng.choice(["12345", "web"]),
    }


def _add(session: Session, rng: random.Random, now: datetime, count: int) -> list[int]:
    kinds = [row["id"] for row in stored.categories(session)]
    rows = [
        {
            **_facts(rng, now),
            "ticket": f"D{rng.random()}",
            "category_id": rng.choice(kinds),
            "text": "漏水",
            "precision": "none",
            "rule": "none",
        }
        for _ in range(count)
    ]
    made = session.scalars(insert(issue).returning(issue.c.id), rows)
    return [int(number) for number in made]


def _handle(session: Session, rng: random.Random, now: datetime, numbers: list[int]) -> None:
    at = {
        row.id: row.reported_at for row in session.execute(select(issue.c.id, issue.c.reported_at))
    }
    rows = [
        {
            "issue_id": number,
            "actor": "x",
            "kind": "status",
            "status": rng.choice(["handled", "handled", "reworked"]),
            "at": min(at[number] + timedelta(hours=rng.uniform(0, 24 * 12)), now),
        }
        for number in numbers
    ]
    session.execute(insert(issue_event), rows)


def _change(session: Session, rng: random.Random, now: datetime, numbers: list[int]) -> None:
    for number in numbers:
        facts = _facts(rng, now)
        some = rng.sample(sorted(facts), rng.randint(1, len(facts)))
        told = {name: facts[name] for name in some}
        # Nothing is due, handled or closed before it was reported.
        if "reported_at" in told:
            told["reported_at"] = issue.c.reported_at - timedelta(hours=rng.uniform(0, 99))
        for name in {"due_at", "closed_at"} & set(told):
            if told[name] is not None:
                told[name] = issue.c.reported_at + timedelta(hours=rng.uniform(0, 99))
        session.execute(update(issue).where(issue.c.id == number).values(**told))


def _sums(told: Told, one: Span, now: datetime) -> dict[tuple[str, int], Mapping[str, float]]:
    window = one.begins(ZONE).timestamp(), one.ends(ZONE).timestamp(), now.timestamp()
    counts, found = told.counted(window), dict[tuple[str, int], Mapping[str, float]]()
    for name in ("community", "category", "channel"):
        at = told.group(name)
        found |= {(name, n): row for n, row in enumerate(indicator.summed(counts, at, 40))}
    found["whole", 0] = {name: float(column.sum()) for name, column in counts.items()}
    return found


def _assert_alike(session: Session, now: datetime) -> None:
    """The kept days say what all issues say, of each week, month and group."""
    channels = stored.channels(session)
    present = [span.present(every, now, ZONE) for every in ("week", "month")]
    for one in (s for last in present for s in (last, last.before())):
        first = one.before().before().begins(ZONE), one.ends(ZONE)
        every = kept.plain(issue_days.issues(stored.issues(session, WHOLE, *first, channels)))
        for by in ("area", "category", "channel"):
            told = issue_days.told(session, WHOLE, first, now, by, channels)
            assert told.until > 0  # or nothing was kept, and all of this proves nothing
            for (group, n), sums in _sums(told, one, now).items():
                if group not in ("whole", {"area": "community"}.get(by, by)):
                    continue
                wanted = _sums(every, one, now)[group, n]
                for name in COUNTS:
                    assert sums[name] == pytest.approx(wanted[name], abs=1e-6), (group, n, name)


def test_what_is_kept_and_what_changed_add_up_to_all_there_is(town: Town) -> None:
    town.drawn("AB")
    session, rng = town.session, random.Random(202630)  # noqa: S311 -- no secret
    now = session.scalars(select(func.now())).one()
    numbers = _add(session, rng, now, 60)
    _handle(session, rng, now, rng.choices(numbers, k=30))
    assert issue_days.keep(session, now, ZONE)  # it begins
    assert not issue_days.keep(session, now, ZONE)  # for whoever writes now may not know of it
    session.execute(update(issue_kept).values(begun=0))
    assert issue_days.keep(session, now, ZONE)
    _assert_alike(session, now)
    for _ in range(3):
        more = _add(session, rng, now, 8)
        _handle(session, rng, now, rng.choices(numbers + more, k=10))
        _change(session, rng, now, rng.choices(numbers + more, k=15))
        _assert_alike(session, now)
    noted = session.scalars(select(func.count()).select_from(issue_before)).one()
    assert noted > 0
    assert issue_days.keep(session, now, ZONE)
    assert not issue_days.keep(session, now, ZONE)
    _assert_alike(session, now)


def test_days_that_pass_are_added_and_those_of_today_note_nothing(town: Town) -> None:
    town.drawn("AB")
    session, rng = town.session, random.Random(20261)  # noqa: S311 -- no secret
    now = session.scalars(select(func.now())).one()
    _add(session, rng, now, 40)
    issue_days.keep(session, now - timedelta(days=5), ZONE)
    session.execute(update(issue_kept).values(begun=0))
    assert issue_days.keep(session, now - timedelta(days=5), ZONE)
    assert issue_days.keep(session, now, ZONE)
    _assert_alike(session, now)
    number = _add(session, rng, now, 1)[0]
    today = {"reported_at": now, "due_at": now + timedelta(days=3), "closed_at": None}
    session.execute(update(issue).where(issue.c.id == number).values(**today, status="accepted"))
    assert issue_days.keep(session, now, ZONE)
    session.execute(update(issue).where(issue.c.id == number).values(status="checked"))
    session.execute(
        insert(issue_event).values(
            issue_id=number, actor="x", kind="status", status="handled", at=now
        )
    )
    assert not issue_days.keep(session, now, ZONE)
    _assert_alike(session, now)
