"""Suggested grids drawn into a draft, whole or one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.domain import lattice, plain
from geodata.domain.adoption import adopted
from geodata.domain.cells import UNCOVERED
from geodata.domain.intent import as_json
from geodata.errors import Conflict, InvalidMove, NotFound
from geodata.services import redraw_codes, redraw_conflicts, redraws, suggestion_ground
from geodata.services.redraws import Drawn

_CRUMB: Final = 1e-10
"""Square degrees, about one square metre: less than that two grids may share by noding."""


@dataclass(frozen=True)
class Choice:
    """An alternative by its number, whole (`grids` is None) or some of its grids by theirs.

    It may cut the buildings in `cuts` (codes).
    """

    alternative: int
    grids: Sequence[int] | None = None
    cuts: Sequence[str] = ()


def accept(
    session: Session, job: RowMapping, draft: UUID, choice: Choice, author: str, now: datetime
) -> Drawn:
    """A draft with what was chosen of a suggestion drawn into it.

    Raises InvalidMove ``suggestion_not_ready``, NotFound ``no_suggestion`` where there is no such
    alternative or grid, Conflict ``suggestion_stale`` (grids) where that ground is another now,
    ``suggestion_draft_changed`` where it was made over other steps than the draft has,
    ``suggestion_over_steps`` (grids) where steps that came after would be undone by it, and as
    `redraws.append`.
    """
    if job["state"] != "done" or job["found"] is None:
        raise InvalidMove("suggestion_not_ready", state=job["state"])
    grids = _grids_of(job, choice.alternative)
    _refuse_stale(session, job, grids)
    wanted = range(len(grids)) if choice.grids is None else sorted(set(choice.grids))
    if not wanted or not all(0 <= n < len(grids) for n in wanted):
        raise NotFound("no_suggestion")
    drawn = redraws.drawn(session, draft)
    home = drawn.plan["community_code"]
    if home != job["community_code"]:
        raise InvalidMove("compare_apart")
    present = {c.code: c.degrees for c in drawn.after.members(home) if c.kind != "uncovered"}
    named = _named(session, drawn, grids)
    picked = [named[n] for n in wanted]
    _refuse_drawn_on(session, drawn, picked, _made_over(session, job, drawn))
    others = [one for n, one in enumerate(named) if n not in set(wanted)]
    intent = as_json(adopted(home, present, picked, others))
    said = {"cuts": list(choice.cuts)} if choice.cuts else {}
    return redraws.append(session, draft, {**intent, **said}, author, now)


def _refuse_stale(session: Session, job: RowMapping, grids: Sequence[Mapping[str, Any]]) -> None:
    """Refuse where ground that a suggestion is about is another now, whatever came between."""
    rows = suggestion_ground.present(session, job["community_code"])
    now = {row["code"]: row for row in rows if row["code"]}
    about = shapely.union_all([lattice.to_degrees(plain.as_area(one["area"])) for one in grids])
    shapely.prepare(about)
    other = [
        one.grid
        for one in redraw_conflicts.changed(session, job["base"], now)
        if any(_meets(about, shape) for shape in (one.was, one.now))
    ]
    if other:
        raise Conflict("suggestion_stale", grids=other)


def _meets(about: BaseGeometry, shape: BaseGeometry | None) -> bool:
    return shape is not None and float(about.intersection(shape).area) > _CRUMB


def _made_over(session: Session, job: RowMapping, drawn: Drawn) -> int:
    """Over how many of the draft's first steps a suggestion was made; they must be the same."""
    log = job["found"].get("log")
    if log is None:
        return 0
    steps = suggestion_ground.standing(session, drawn.plan)[: log["steps"]]
    if suggestion_ground.digest(steps) != log["digest"]:
        raise Conflict("suggestion_draft_changed")
    return len(steps)


def _refuse_drawn_on(
    session: Session, drawn: Drawn, picked: Sequence[tuple[str, BaseGeometry]], known: int
) -> None:
    """A suggestion knows the first steps alone: what was drawn since is not to be lost by it.

    What was accepted before, from this suggestion or another, may be accepted otherwise.
    """
    steps = suggestion_ground.standing(session, drawn.plan)
    by_hand = [
        done
        for step, done in list(zip(steps, drawn.done, strict=True))[known:]
        if step["op"] != "adopt"
    ]
    codes = sorted({code for done in by_hand for code in done.changed if code in drawn.after})
    ground = shapely.union_all([drawn.after[code].degrees for code in codes])
    if any(float(shape.intersection(ground).area) > _CRUMB for _, shape in picked):
        named = sorted(drawn.codes.get(code, code) for code in codes if code[0] != UNCOVERED)
        raise Conflict("suggestion_over_steps", grids=named)


def _grids_of(job: RowMapping, alternative: int) -> list[dict[str, Any]]:
    found = job["found"]["alternatives"]
    if not 0 <= alternative < len(found):
        raise NotFound("no_suggestion")
    return list(found[alternative]["grids"])


def _named(
    session: Session, drawn: Drawn, grids: Sequence[Mapping[str, Any]]
) -> list[tuple[str, BaseGeometry]]:
    """The suggested grids by code, new ones by provisional codes, with their ground (degrees)."""
    used = redraw_codes.highest(session, drawn.plan)
    home = drawn.plan["community_code"]
    found: list[tuple[str, BaseGeometry]] = []
    for grid in grids:
        code = grid["code"]
        if code is None or code not in drawn.after:
            used += 1
            code = f"{home}+{used:03d}"
        found.append((code, lattice.to_degrees(plain.as_area(grid["area"]))))
    return found
