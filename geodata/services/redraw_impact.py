"""What a plan means for people, told before it is published: issues, workers, groups, gaps.

The figures are those of `redraw_preview`; here they are put to names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import impacts, plans, workloads
from geodata.domain.cells import Cells
from geodata.domain.privacy import masked_name
from geodata.domain.workload import Figures, forms
from geodata.services import redraw_joints
from geodata.services.redraw_preview import Preview
from geodata.services.redraws import Drawn

Kind = Literal[
    "ground_uncovered",
    "building_uncovered",
    "grid_without_worker",
    "grid_without_group",
    "grid_overloaded",
    "grid_small",
    "group_overloaded",
]
MOST: Final = 500
"""Issues that are told one by one; the others are counted."""


@dataclass(frozen=True)
class IssueMove:
    """An open issue that changes hands; None is no grid. Workers by name, heads first."""

    public_id: UUID
    ticket: str | None
    category: str
    before: str | None
    after: str | None
    from_workers: Sequence[str]
    to_workers: Sequence[str]


@dataclass(frozen=True)
class WorkerChange:
    """What a worker has in a grid before and after; `after` is None where the post ends."""

    name: str
    duty: str
    grid: str
    before: Figures
    after: Figures | None


@dataclass(frozen=True)
class GroupCut:
    """A party group with buildings in more grids than before: how many lie in each, by code."""

    id: int
    name: str
    grids: dict[str, int]


@dataclass(frozen=True)
class Gap:
    """A gap in the coverage: which kind, of which grid, building or community, how large.

    Square metres of ground, households of grids, buildings and groups; a group is known by the
    grid that owns it.
    """

    kind: Kind
    code: str
    measure: float


@dataclass(frozen=True)
class Impact:
    """What publishing would mean; codes as they will be. `told` workers get a notice."""

    issues: Sequence[IssueMove]
    issues_moved: int
    told: int
    workers: Sequence[WorkerChange]
    groups_cut: Sequence[GroupCut]
    new: Sequence[str]
    retired: Sequence[str]
    opened: Sequence[Gap]
    closed: Sequence[Gap]


def impact(session: Session, drawn: Drawn, seen: Preview) -> Impact:
    """What publishing a plan as it is drawn would mean for people."""
    posts = _posts(session, drawn, seen)
    was, will = _uncovered(session, drawn, seen)
    joint, owning = redraw_joints.before(session, drawn)
    then = redraw_joints.passed(drawn, joint, owning)
    given = {drawn.codes.get(code, code) for code in then}
    held, holds = _laden(session, drawn, seen)
    before = _gaps(seen.before, joint, _judged(drawn, drawn.before)) | was | held
    after = _gaps(seen.after, given, _judged(drawn, drawn.after)) | will | holds
    return Impact(
        _issues(session, seen, posts),
        len(seen.issues),
        len({row["worker_id"] for code in seen.before for row in posts.get(code, ())}),
        _workers(seen, posts),
        _groups(session, drawn, seen),
        seen.new,
        seen.retired,
        _sorted(gap for key, gap in after.items() if _grown(gap, before.get(key))),
        _sorted(gap for key, gap in before.items() if _grown(gap, after.get(key))),
    )


def masked(told: Impact) -> Impact:
    """The same with all but the family names of workers hidden."""

    def hidden(names: Sequence[str]) -> list[str]:
        return [masked_name(name) for name in names]

    issues = [
        replace(one, from_workers=hidden(one.from_workers), to_workers=hidden(one.to_workers))
        for one in told.issues
    ]
    workers = [replace(one, name=masked_name(one.name)) for one in told.workers]
    return replace(told, issues=issues, workers=workers)


Gaps = dict[tuple[Kind, str], Gap]


def _sorted(gaps: Iterable[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: (gap.kind, gap.code))


def _grown(gap: Gap, other: Gap | None) -> bool:
    """Whether a gap is not there on the other side; ground counts where it is more."""
    if other is None:
        return True
    return gap.kind == "ground_uncovered" and gap.measure > other.measure + 1


def _posts(session: Session, drawn: Drawn, seen: Preview) -> dict[str, list[RowMapping]]:
    """The posts of each grid that something changes for, by its present code."""
    codes = {*seen.before, *(c for one in seen.issues for c in (one.before, one.after) if c)}
    ids = {int(drawn.rows[code]["id"]): code for code in codes if code in drawn.rows}
    found: dict[str, list[RowMapping]] = {}
    for row in workloads.posted(session, list(ids)):
        found.setdefault(ids[int(row["grid_id"])], []).append(row)
    return found


def _issues(session: Session, seen: Preview, posts: dict[str, list[RowMapping]]) -> list[IssueMove]:
    moves = {one.id: one for one in seen.issues[:MOST]}
    names = {code: tuple(str(row["name"]) for row in rows) for code, rows in posts.items()}
    return [
        IssueMove(
            *(row["public_id"], row["ticket"], row["category"]),
            *(moves[row["id"]].before, moves[row["id"]].after),
            names.get(moves[row["id"]].before or "", ()),
            names.get(moves[row["id"]].after or "", ()),
        )
        for row in impacts.issues(session, list(moves))
    ]


def _workers(seen: Preview, posts: dict[str, list[RowMapping]]) -> list[WorkerChange]:
    return [
        WorkerChange(row["name"], row["duty"], code, seen.before[code], seen.after.get(code))
        for code in sorted(seen.before)
        for row in posts.get(code, ())
        if seen.before[code] != seen.after.get(code)
    ]


def _groups(session: Session, drawn: Drawn, seen: Preview) -> list[GroupCut]:
    """Party groups whose buildings end in more grids than before."""
    of = impacts.groups_of_buildings(session, [one.id for one in seen.buildings])
    if not of:
        return []
    codes = {int(row["id"]): code for code, row in drawn.rows.items()}
    moved = {one.id: one.after for one in seen.buildings}
    before: dict[int, Counter[str]] = {group: Counter() for group in of}
    after: dict[int, Counter[str]] = {group: Counter() for group in of}
    for home in plans.homes_of_groups(session, list(of)):
        group, was = int(home["party_group_id"]), codes.get(home["grid_id"], "")
        before[group][was] += 1
        after[group][moved.get(int(home["id"]), was) or ""] += 1
    return [
        GroupCut(group, of[group], dict(sorted(after[group].items())))
        for group in sorted(of)
        if len(after[group]) > len(before[group])
    ]


def _judged(drawn: Drawn, cells: Cells) -> set[str]:
    """The codes of the grids that should hold as many households as the band says."""
    return {drawn.codes.get(cell.code, cell.code) for cell in cells if cell.kind == "basic"}


def _gaps(figures: Mapping[str, Figures], joint: Collection[str], judged: Collection[str]) -> Gaps:
    """The gaps of grids by code.

    Those in `joint` were given to a group of another grid; only those in `judged` hold too many or
    too few.
    """
    found: Gaps = {}
    for code, one in figures.items():
        kinds: list[tuple[Kind, bool]] = [
            ("grid_without_worker", not one.workers),
            ("grid_without_group", not one.groups and code not in joint),
            ("grid_overloaded", code in judged and one.band == "over"),
            ("grid_small", code in judged and one.band == "under"),
        ]
        for kind, there in kinds:
            if there:
                found[kind, code] = Gap(kind, code, one.households)
    return found


def _laden(session: Session, drawn: Drawn, seen: Preview) -> tuple[Gaps, Gaps]:
    """Party groups that serve more than the band allows, before and after, by their numbers.

    Not where the grid that owns one has as many: that is told of the grid. No plan changes whom a
    group serves, only in which grid it is.
    """
    ids = {int(drawn.rows[code]["id"]): code for code in seen.before if code in drawn.rows}
    sides: tuple[Gaps, Gaps] = ({}, {})
    rows = impacts.laden(session, list(ids), seen.band.high)
    heirs = drawn.heirs() if rows else {}
    for row in rows:
        code = ids[row["grid_id"]]
        heir = heirs.get(code, code)
        places = (code, seen.before), (drawn.codes.get(heir, heir), seen.after)
        for found, (own, figures) in zip(sides, places, strict=True):
            if own not in figures or figures[own].band != "over":
                gap = Gap("group_overloaded", own, float(row["households"]))
                found[gap.kind, str(row["id"])] = gap
    return sides


def _uncovered(session: Session, drawn: Drawn, seen: Preview) -> tuple[Gaps, Gaps]:
    """Ground and buildings in no grid, before and after."""
    before: Gaps = {}
    after: Gaps = {}
    open_codes = [code for code in drawn.changed if code.startswith("~")]
    for cells, found in ((drawn.before, before), (drawn.after, after)):
        shown = [code for code in open_codes if code in cells]
        shapes = forms([cells[code].degrees for code in shown])
        for code, form in zip(shown, shapes, strict=True):
            if form.area_m2:
                home = cells[code].community
                found["ground_uncovered", home] = Gap("ground_uncovered", home, form.area_m2)
    crossed = {one.id: one for one in seen.buildings if _open(one.before) != _open(one.after)}
    for row in impacts.buildings(session, list(crossed)):
        gap = Gap("building_uncovered", row["code"], float(row["households"]))
        side = before if _open(crossed[row["id"]].before) else after
        side["building_uncovered", gap.code] = gap
    return before, after


def _open(code: str | None) -> bool:
    return code is None or code.startswith("~")
