"""Two divisions of the same ground side by side: the present and a plan, or two plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db import workloads
from geodata.domain import workload
from geodata.domain.cells import UNCOVERED
from geodata.domain.workload import Band, Figures
from geodata.errors import InvalidMove
from geodata.services import grid_figures, redraw_preview, redraws
from geodata.services.redraws import Drawn


@dataclass(frozen=True)
class Side:
    """One of the divisions: of a plan by name and public id, or of the present (None).

    `cells` are the grids that differ in any of both, by the code that they will have, with their
    ground in degrees; `figures` what each holds.
    """

    plan: UUID | None
    name: str | None
    cells: Mapping[str, BaseGeometry]
    figures: Mapping[str, Figures]


@dataclass(frozen=True)
class Compared:
    """Both sides, the codes of grids that a plan touches, and what a grid should hold.

    `differing` are the codes of grids that are on one side only or others there by more than
    crumbs; `still` are the grids of the community that no plan touches, by code in degrees.
    """

    left: Side
    right: Side
    codes: Sequence[str]
    band: Band
    differing: Sequence[str]
    still: Mapping[str, BaseGeometry]


def beside(session: Session, own: UUID, other: UUID | None) -> Compared:
    """A plan to the right of the present, or to the left of another one; see `compare`."""
    return compare(session, None, own) if other is None else compare(session, own, other)


def compare(session: Session, left: UUID | None, right: UUID) -> Compared:
    """A plan beside the present (`left` is None) or beside another plan of its community.

    Raises as `redraws.drawn`, InvalidMove ``compare_apart`` for plans of two communities.
    """
    one = redraws.drawn(session, right)
    other = redraws.drawn(session, left) if left is not None else None
    if other is not None and other.plan["community_code"] != one.plan["community_code"]:
        raise InvalidMove("compare_apart")
    both = (one, other) if other is not None else (one,)
    codes = sorted(
        {c for drawn in both for c in drawn.changed if c in one.before and c[0] != UNCOVERED}
    )
    present = _present(session, one, codes)
    band = grid_figures.band(session)
    there = _side(session, other, codes, present) if other else _now(one, codes, present)
    here = _side(session, one, codes, present)
    every = sorted({*there.cells, *here.cells})
    differing = sorted(workload.turned(there.figures, here.figures))
    home = one.before.members(one.plan["community_code"])
    still = {c.code: c.degrees for c in home if c.code[0] != UNCOVERED and c.code not in codes}
    return Compared(there, here, every, band, differing, still)


def _present(session: Session, drawn: Drawn, codes: Sequence[str]) -> dict[str, Figures]:
    """What each grid holds now, by code."""
    home = drawn.plan["community_code"]
    ids = {code: int(drawn.rows[code]["id"]) for code in codes}
    rates = {home: workloads.rate(session, home)}
    held = grid_figures.present(session, list(ids.values()), grid_figures.band(session), rates)
    return {code: held[number] for code, number in ids.items()}


def _now(drawn: Drawn, codes: Sequence[str], present: Mapping[str, Figures]) -> Side:
    return Side(None, None, {code: drawn.before[code].degrees for code in codes}, present)


def _side(
    session: Session, drawn: Drawn, codes: Sequence[str], present: Mapping[str, Figures]
) -> Side:
    """What a plan makes of the grids, and the new ones that it adds."""
    new = [c for c in drawn.changed if c not in drawn.before and c[0] != UNCOVERED]
    here = [code for code in (*codes, *new) if code in drawn.after]
    told = redraw_preview.preview(session, drawn).after
    names = {code: drawn.codes.get(code, code) for code in here}
    figures = {name: told.get(name) or present[code] for code, name in names.items()}
    cells = {name: drawn.after[code].degrees for code, name in names.items()}
    return Side(drawn.plan["public_id"], drawn.plan["name"], cells, figures)
