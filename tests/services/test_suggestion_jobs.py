"""Suggested grids in the background, on the demo district: followed, called off, accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import suggestions as queue
from geodata.db.scoping import Ground
from geodata.domain import lattice, plain
from geodata.errors import Conflict, InvalidMove, InvalidRedraw, NotFound
from geodata.services import (
    redraw_locks,
    redraw_preview,
    redraw_publishing,
    redraws,
    suggestion_drafts,
    suggestion_ground,
    suggestion_jobs,
)
from geodata.services.redraws import Drawn
from geodata.services.suggestion_drafts import Choice
from geodata.services.suggestion_jobs import Wish

HOME = "610902001003"
BUSY = "610902001007"
"""A community with a grid far over the band and one below it."""
SMALL = "610902003008"
WHOLE = Ground(whole=True)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
Sessions = sessionmaker[Session]


def made(
    sessions: Sessions,
    wish: Wish,
    each: Callable[[Session, RowMapping], None] | None = None,
    home: str = HOME,
) -> Any:
    with sessions() as session:
        job = suggestion_jobs.submit(session, home, wish, "secretary", NOW)
        session.commit()

        def step() -> None:
            session.commit()
            if each is not None:
                each(session, job)

        assert suggestion_jobs.run(session, session, lambda: NOW, step) == job["id"]
        session.commit()
        return suggestion_jobs.one(session, job["public_id"])


def accepted(session: Session, job: Any, draft: UUID) -> Drawn:
    """The first alternative in a draft; a yes is said to courtyards at whose edge it cuts."""
    try:
        return suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)
    except InvalidRedraw as refused:
        cuts = refused.facts.get("buildings", [])
        if refused.facts.get("count") != 0 or not isinstance(cuts, list):
            raise
        yes = Choice(0, cuts=cuts)
        return suggestion_drafts.accept(session, job, draft, yes, "secretary", NOW)


def test_a_community_is_divided_and_accepted_whole_into_a_draft(demo_sessions: Sessions) -> None:
    seen: list[float] = []
    job = made(
        demo_sessions,
        Wish("divide", number=12),
        lambda session, job: seen.append(queue.by_id(session, job["id"])["done"]),
    )
    assert (job["state"], job["done"], job["error"]) == ("done", 1.0, None)
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    found = job["found"]["alternatives"]
    assert 1 <= len(found) <= 3
    assert all(len(one["grids"]) == 12 for one in found)
    with demo_sessions() as session:
        draft = redraws.begin(session, HOME, "建议", "secretary", NOW)["public_id"]
        drawn = suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)
        told = redraw_preview.preview(session, drawn)
        grids = [c for c in drawn.after.members(HOME) if c.kind != "uncovered"]
        assert len(grids) == 12
        assert sum(not cell.shape.is_empty for cell in grids) == 12
        wanted = Counter(grid["households"] for grid in found[0]["grids"])
        assert Counter(one.households for one in told.after.values()) <= wanted
        assert len(told.after) > 2
        assert told.cut == []
        redraw_publishing.publish(session, draft, "secretary")
        session.connection().exec_driver_sql("set constraints all immediate")
        with pytest.raises(Conflict, match="suggestion_stale"):
            suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)


def test_present_grids_are_rebalanced_and_accepted_one_by_one(demo_sessions: Sessions) -> None:
    job = made(demo_sessions, Wish("rebalance"), home=BUSY)
    grids = job["found"]["alternatives"][0]["grids"]
    with demo_sessions() as session:
        draft = redraws.begin(session, BUSY, "建议", "secretary", NOW)["public_id"]
        before = redraws.drawn(session, draft).before
        moved = next(
            n
            for n, grid in enumerate(grids)
            if grid["code"] and _differs(before[grid["code"]].degrees, grid["area"])
        )
        drawn = suggestion_drafts.accept(session, job, draft, Choice(0, [moved]), "secretary", NOW)
        code = grids[moved]["code"]
        told = redraw_preview.preview(session, drawn)
        assert told.after[code].households == grids[moved]["households"]
        assert set(drawn.changed) < {c.code for c in before.members(BUSY)}
        with pytest.raises(NotFound, match="no_suggestion"):
            suggestion_drafts.accept(session, job, draft, Choice(9), "secretary", NOW)


def test_a_suggestion_stands_on_the_draft_and_not_on_another(demo_sessions: Sessions) -> None:
    with demo_sessions() as session:
        draft = redraws.begin(session, HOME, "先拆再调", "secretary", NOW)["public_id"]
        largest = text(
            "select g.code from building b join grid g on g.id = b.grid_id"
            " where b.community_code = :home group by 1 order by sum(b.households) desc limit 1"
        )
        code = session.execute(largest, {"home": HOME}).scalar_one()
        grid = redraws.drawn(session, draft).before[code]
        west, south, east, north = grid.degrees.bounds
        middle = (west + east) / 2 + 1e-6
        line = [[middle, south - 1e-3], [middle, north + 1e-3]]
        step = {"op": "split", "grid": grid.code, "parts": 2, "line": line}
        redraws.append(session, draft, step, "secretary", NOW)
        session.commit()
    new = f"{HOME}+001"
    job = made(demo_sessions, Wish("rebalance", grids=[grid.code, new], plan=draft))
    grids = job["found"]["alternatives"][0]["grids"]
    assert new in {one["code"] for one in grids}
    with demo_sessions() as session:
        drawn = suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)
        told = redraw_preview.preview(session, drawn).after
        wanted = {one["code"]: one["households"] for one in grids if one["code"]}
        assert told[drawn.codes[new]].households == wanted[new]
        redraws.undo(session, draft, NOW)
        redraws.undo(session, draft, NOW)
        with pytest.raises(Conflict, match="suggestion_draft_changed"):
            suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)


def _differs(shape: Any, area: Any) -> bool:
    outer = plain.as_area(area)
    drawn = lattice.to_degrees(outer)
    return bool(drawn.symmetric_difference(shape).area > shape.area / 20)


def test_grids_are_made_of_street_blocks(demo_sessions: Sessions) -> None:
    job = made(demo_sessions, Wish("blocks"))
    found = job["found"]["alternatives"]
    assert 2 <= len({one["leaning"] for one in found}) == len(found) <= 3
    for figures in (one["figures"] for one in found):
        assert figures["courtyards_cut"] == figures["in_pieces"] == 0
        assert figures["on_streets"] > 0.9
        assert figures["grids"] > 3


def test_a_job_is_called_off(demo_sessions: Sessions) -> None:
    def call_off(session: Session, job: RowMapping) -> None:
        if queue.by_id(session, job["id"])["done"] > 0:
            suggestion_jobs.cancel(session, job["public_id"], NOW)
            session.commit()

    job = made(demo_sessions, Wish("divide"), call_off)
    assert (job["state"], job["found"]) == ("cancelled", None)
    with demo_sessions() as session:
        with pytest.raises(InvalidMove, match="suggestion_over"):
            suggestion_jobs.cancel(session, job["public_id"], NOW)
        draft = redraws.begin(session, HOME, "建议", "secretary", NOW)["public_id"]
        with pytest.raises(InvalidMove, match="suggestion_not_ready"):
            suggestion_drafts.accept(session, job, draft, Choice(0), "secretary", NOW)


def test_what_cannot_be_wished_for_is_refused(demo_sessions: Sessions) -> None:
    with demo_sessions() as session:
        for community, wish, refused in (
            ("610902001999", Wish("divide"), "no_community"),
            (HOME, Wish("rebalance", grids=["610902001004001"]), "no_grid"),
            (HOME, Wish("divide", norm=100, low=300), "suggest_norm"),
        ):
            with pytest.raises((NotFound, InvalidMove), match=refused):
                suggestion_jobs.submit(session, community, wish, "secretary", NOW)
        for _ in range(suggestion_jobs.MOST_UNFINISHED):
            suggestion_jobs.submit(session, HOME, Wish("divide"), "secretary", NOW)
        with pytest.raises(Conflict, match="suggestions_many"):
            suggestion_jobs.submit(session, HOME, Wish("divide"), "secretary", NOW)
    made_too_many = made(demo_sessions, Wish("divide", number=150))
    assert made_too_many["error"]["code"] == "suggest_few_units"


def test_a_locked_grid_stays_as_it_is_in_every_suggestion(demo_sessions: Sessions) -> None:
    """And what is asked for before somebody locks a grid can be taken but for that grid."""
    early = made(demo_sessions, Wish("divide", number=17), home=BUSY)
    changed = next(
        grid["code"]
        for grid in early["found"]["alternatives"][0]["grids"]
        if grid["code"] and grid["taken"]
    )
    with demo_sessions() as session:
        redraw_locks.lock(session, WHOLE, changed, "正在换届", None, "secretary", NOW)
        session.commit()
    for wish in (Wish("divide", number=17), Wish("rebalance"), Wish("blocks")):
        job = made(demo_sessions, wish, home=BUSY)
        assert job["found"]["held"] == [changed]
        for one in job["found"]["alternatives"]:
            assert changed not in {grid["code"] for grid in one["grids"]}
            assert wish.number is None or len(one["grids"]) == wish.number - 1
        with demo_sessions() as session:
            draft = redraws.begin(session, BUSY, "建议", "secretary", NOW)["public_id"]
            if any(grid["taken"] for grid in job["found"]["alternatives"][0]["grids"]):
                assert changed not in accepted(session, job, draft).changed
    with demo_sessions() as session:
        draft = redraws.begin(session, BUSY, "建议", "secretary", NOW)["public_id"]
        whole = Choice(0)
        with pytest.raises(InvalidRedraw, match="grid_held"):
            suggestion_drafts.accept(session, early, draft, whole, "secretary", NOW)
        grids = early["found"]["alternatives"][0]["grids"]
        mine = next(grid for grid in grids if grid["code"] == changed)
        partners = {changed, *(taken["code"] for taken in mine["taken"])}
        apart = next(
            n
            for n, grid in enumerate(grids)
            if grid["taken"]
            and not {grid["code"], *(taken["code"] for taken in grid["taken"])} & partners
        )
        part = Choice(0, [apart])
        drawn = suggestion_drafts.accept(session, early, draft, part, "secretary", NOW)
        assert drawn.changed
        assert changed not in drawn.changed


def test_where_all_is_locked_nothing_is_suggested(demo_sessions: Sessions) -> None:
    with demo_sessions() as session:
        for code in suggestion_ground.floor(session, SMALL, None).grids:
            redraw_locks.lock(session, WHOLE, code, "换届", None, "secretary", NOW)
        session.commit()
    assert made(demo_sessions, Wish("divide"), home=SMALL)["error"]["code"] == "suggest_all_held"
