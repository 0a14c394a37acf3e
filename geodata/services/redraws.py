"""Plans to redraw grids: begun, drawn step by step, taken back, named, copied, thrown away.

A plan is a log of intents; the ground is computed from it whenever it is asked for, over the
present cells. Where somebody else has redrawn what a plan touches, that is a Conflict. New grids
have provisional codes (the community's with a plus sign and a number) until they are published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts, left_out, patience, plan_steps, plans
from geodata.db.scoping import Ground
from geodata.domain.cells import Cells
from geodata.domain.exchange import Exchange, exchanges
from geodata.domain.intent import Intent, as_json, from_json
from geodata.domain.plan import DRAWN
from geodata.domain.redraw import Redrawn
from geodata.errors import Conflict, InvalidMove, InvalidRedraw, NotFound
from geodata.services import (
    redraw_codes,
    redraw_conflicts,
    redraw_cuts,
    redraw_ground,
    redraw_locks,
)

MOST_STEPS: Final = 200


@dataclass(frozen=True)
class Drawn:
    """A plan over the present ground: the cells before and after, and what each step did.

    `rows` are the present cells as stored, by code; `codes` the codes that new grids would get.
    """

    plan: RowMapping
    before: Cells
    after: Cells
    rows: Mapping[str, RowMapping]
    done: Sequence[Redrawn] = ()
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        """The codes of all cells that lose or gain ground, in order."""
        return sorted({code for one in self.done for code in one.changed})

    @property
    def touched(self) -> list[str]:
        """The codes of all cells that are another shape now, those with new vertices too."""
        every = {code for one in self.done for code in (*one.changed, *one.noded)}
        return sorted(every)

    @property
    def communities(self) -> frozenset[str]:
        """The communities of all touched cells: a border's new vertices are another's too."""
        sides = (self.before, self.after)
        cells = (side[code] for side in sides for code in self.touched if code in side)
        return frozenset(cell.community for cell in cells)

    @property
    def gone(self) -> list[str]:
        """The codes of grids that have no ground any more, in order."""
        return [code for code in self.changed if code in self.before and code not in self.after]

    def heirs(self) -> dict[str, str]:
        """Who gets the party groups of each grid that is no more.

        Who has most of its ground now, else the grid of its community nearest to it.
        """
        given = exchanges(self.before, self.after, self.changed) if self.gone else []
        found = {code: self._heir(code, given) for code in self.gone}
        return {code: heir for code, heir in found.items() if heir is not None}

    def _heir(self, code: str, given: Sequence[Exchange]) -> str | None:
        grids = self.after.members(self.before[code].community)
        left = {cell.code: cell.shape for cell in grids if cell.kind != "uncovered"}
        shares = {one.taker: one.share for one in given if one.giver == code and one.taker in left}
        if shares:
            return min(shares, key=lambda taker: (-shares[taker], taker))
        shape = self.before[code].shape
        return min(left, key=lambda c: float(left[c].distance(shape)), default=None)


def begin(
    session: Session,
    community: str,
    name: str,
    author: str,
    now: datetime,
    closes: tuple[str | None, str | None] = (None, None),
) -> RowMapping:
    """A new plan for a community, and the gap that it closes, by kind and code.

    Raises NotFound ``no_community``.
    """
    if plans.community_of(session, community) is None:
        raise NotFound("no_community", community=community)
    values = {"community_code": community, "name": name, "author": author, "base": {}}
    gap = {"gap_kind": closes[0], "gap_code": closes[1]}
    number = plans.add(session, {**values, **gap, "created_at": now, "changed_at": now})
    return plans.by_id(session, number)


def plan(session: Session, public_id: UUID, *, lock: bool = False) -> RowMapping:
    """A plan. Raises NotFound ``no_plan``."""
    found = plans.get(session, public_id, lock=lock)
    if found is None or found["state"] == "discarded":
        raise NotFound("no_plan")
    return found


def listing(session: Session, ground: Ground, community: str | None) -> Sequence[RowMapping]:
    """The plans on some ground, of one community if so wished, last changed first.

    Without empty drafts: they are what a first try leaves behind.
    """
    return plans.listing(session, ground, community)


def in_short(session: Session, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often each plan (by id) does each thing, by the ``op`` of its intents."""
    return plans.ops(session, numbers)


def homes(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The names of communities by code."""
    return accounts.area_names(session, codes)


def drawn(session: Session, public_id: UUID, *, lock: bool = False) -> Drawn:
    """The ground under a plan and what becomes of it.

    Raises NotFound ``no_plan``, Conflict ``ground_changed`` (grids, by, at) where somebody has
    redrawn what it touches, InvalidRedraw where a step does not fit the ground any more, and
    ``grid_held`` (grid, reason, by, until) where it is locked.
    """
    return over_present(session, plan(session, public_id, lock=lock))


def over_present(session: Session, found: RowMapping) -> Drawn:
    """As `drawn`, for a plan as stored."""
    steps = plans.steps(session, found["id"])
    return with_steps(session, found, [step for step in steps if not step["undone"]])


def with_steps(session: Session, found: RowMapping, steps: Sequence[RowMapping]) -> Drawn:
    """As `over_present`, with these of its steps."""
    return _drawn(session, found, [from_json(step["intent"]) for step in steps])


def append(
    session: Session,
    public_id: UUID,
    given: Mapping[str, Any],
    author: str,
    now: datetime,
    *,
    trial: bool = False,
) -> Drawn:
    """One more step for a draft; steps that were taken back are forgotten.

    `given` is the intent as JSON; codes of new grids are filled in: for a split as many as
    ``parts`` wants (2 where it is not told), for a fill where ``new`` is true. Raises as `drawn`,
    InvalidRedraw as the intent and, unless it is only a `trial`, as `redraw_cuts.refuse`,
    InvalidMove ``plan_closed``, ``too_many_steps``.
    """
    draft = open_draft(session, public_id)
    known, home = plans.steps(session, draft["id"]), draft["community_code"]
    named = [*known, *left_out.of(session, draft["id"])]
    wanted = from_json(redraw_codes.with_codes(given, home, named))
    redraw_codes.refuse_made_up(as_json(wanted), home)
    return take(session, draft, known, (wanted, author), now, trial=trial)


def take(
    session: Session,
    draft: RowMapping,
    known: Sequence[RowMapping],
    said: tuple[Intent, str],
    now: datetime,
    *,
    trial: bool = False,
) -> Drawn:
    """As `append`, for a draft with all its `known` steps; who `said` what, as it stands."""
    kept = [step for step in known if not step["undone"]]
    if len(kept) >= MOST_STEPS:
        raise InvalidMove("too_many_steps", limit=MOST_STEPS)
    intents = [*(from_json(step["intent"]) for step in kept), said[0]]
    result = _drawn(session, draft, intents)
    if not trial:
        redraw_cuts.refuse(session, result.before, result.after, result.touched, intents)
    plans.forget_undone(session, draft["id"])
    step = {"plan_id": draft["id"], "position": len(kept) + 1, "intent": as_json(said[0])}
    plans.add_steps(session, [{**step, "author": said[1], "at": now}])
    return keep_base(session, draft, result, now)


def undo(session: Session, public_id: UUID, now: datetime, seen: datetime | None = None) -> Drawn:
    """The draft without its last step.

    Raises InvalidMove ``nothing_to_undo``, ``plan_closed``, Conflict ``plan_moved_on`` (steps)
    where it has changed since a moment at which it was `seen`.
    """
    draft = open_draft(session, public_id, seen)
    done = [s for s in plans.steps(session, draft["id"]) if not s["undone"]]
    if not done:
        raise InvalidMove("nothing_to_undo")
    plans.take_back(session, draft["id"], done[-1]["position"], draft["base"])
    return _again(session, draft, now)


def redo(
    session: Session,
    public_id: UUID,
    now: datetime,
    seen: datetime | None = None,
    cuts: Sequence[str] = (),
) -> Drawn:
    """The draft with the step again that was undone last; it may cut the buildings in `cuts` too.

    Raises InvalidMove ``nothing_to_redo``, ``plan_closed``, Conflict ``ground_changed`` where the
    ground it was drawn over has been redrawn since, as `undo` where it was `seen` otherwise, and as
    `redraw_cuts.refuse` where a building has come up since that nobody was asked about.
    """
    draft = open_draft(session, public_id, seen)
    known = plans.steps(session, draft["id"])
    undone = [s for s in known if s["undone"]]
    if not undone:
        raise InvalidMove("nothing_to_redo")
    redraw_conflicts.refuse(session, undone[0]["base"] or {}, present(session, draft))
    again = redraw_cuts.allowing(from_json(undone[0]["intent"]), cuts)
    intents = [*(from_json(s["intent"]) for s in known if not s["undone"]), again]
    result = _drawn(session, draft, intents)
    redraw_cuts.refuse(session, result.before, result.after, result.touched, intents)
    plan_steps.again(session, draft["id"], undone[0]["position"], as_json(again))
    return keep_base(session, draft, result, now)


def rename(session: Session, public_id: UUID, name: str, now: datetime) -> None:
    """Another name for a plan."""
    plans.change(session, plan(session, public_id)["id"], {"name": name, "changed_at": now})


def open_draft(session: Session, public_id: UUID, seen: datetime | None = None) -> RowMapping:
    """A plan that is drawn on. Raises InvalidMove ``plan_closed``, Conflict ``plan_moved_on``."""
    found = plan(session, public_id, lock=True)
    if found["state"] not in DRAWN:
        raise InvalidMove("plan_closed", state=found["state"])
    if seen is not None and seen != found["changed_at"]:
        done = [s for s in plans.steps(session, found["id"]) if not s["undone"]]
        raise Conflict("plan_moved_on", steps=len(done))
    return found


def _again(session: Session, draft: RowMapping, now: datetime) -> Drawn:
    result = over_present(session, draft)
    return keep_base(session, draft, result, now)


def present(session: Session, found: RowMapping) -> dict[str, RowMapping]:
    """The present cells under a plan and around it as stored, by code."""
    return redraw_ground.present(session, found["community_code"])


def _drawn(session: Session, found: RowMapping, wanted: Sequence[Intent]) -> Drawn:
    home = found["community_code"]
    patience.allow_thinking(session, 2)
    rows = present(session, found)
    held = redraw_locks.held(session, rows)
    redraw_conflicts.refuse(session, found["base"], rows)
    try:
        log = redraw_ground.replayed(rows, held, wanted, home)
    except InvalidRedraw as refused:
        raise redraw_locks.explained(refused, held) from refused
    codes = redraw_codes.final(session, home, log.before, log.after, log.done)
    return Drawn(found, log.before, log.after, rows, log.done, codes)


def keep_base(session: Session, draft: RowMapping, result: Drawn, now: datetime) -> Drawn:
    """Remember over which boundaries the plan is drawn now; what was drawn, with the plan so."""
    base = {c: result.rows[c]["boundary_id"] for c in result.changed if c in result.rows}
    plans.change(session, draft["id"], {"base": base, "changed_at": now})
    return replace(result, plan=plans.by_id(session, draft["id"]))
