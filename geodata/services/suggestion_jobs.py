"""Grids suggested for a community in the background: ordered, followed, cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import patience, plans
from geodata.db import suggestions as queue
from geodata.db.queue import BROKEN, call, note_broken
from geodata.db.scoping import Ground
from geodata.domain import lattice, plain
from geodata.domain.suggest import proposal, units
from geodata.domain.suggest.balance import Told
from geodata.domain.suggest.by_blocks import by_blocks
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.proposal import Alternative
from geodata.errors import Conflict, InvalidMove, NotFound, WanggeError
from geodata.services import grid_figures, redraws, suggestion_ground
from geodata.services.export_jobs import CancelledError
from geodata.services.suggestion_ground import Floor

Kind = Literal["divide", "rebalance", "blocks"]

MOST_UNFINISHED: Final = 2
"""Jobs of one community that may wait or be at work at a time."""
MOST_LISTED: Final = 20
_STEP: Final = 0.01


@dataclass(frozen=True)
class Wish:
    """What is wanted: so many grids (None: as the norm asks), or those `grids` rebalanced.

    Grids that are locked stay as they are, and count among the `number`.
    `norm`, `low` and `high` are households a grid; those of the district where None. It is reckoned
    on the ground as the draft `plan` has drawn it, on the published one where None.
    """

    kind: Kind
    number: int | None = None
    grids: Sequence[str] = ()
    norm: int | None = None
    low: int | None = None
    high: int | None = None
    seed: int = 0
    plan: UUID | None = None


def submit(session: Session, community: str, wish: Wish, author: str, now: datetime) -> RowMapping:
    """Order a suggestion for a community; its job.

    Raises NotFound ``no_community``, ``no_grid``, InvalidMove ``suggest_norm``, Conflict
    ``suggestions_many`` (limit).
    """
    if plans.community_of(session, community) is None:
        raise NotFound("no_community", community=community)
    if queue.unfinished(session, community) >= MOST_UNFINISHED:
        raise Conflict("suggestions_many", limit=MOST_UNFINISHED)
    _aim(session, asdict(wish))
    _refuse_strange(session, community, wish)
    options = {name: value for name, value in asdict(wish).items() if name != "kind"}
    options["plan"] = str(wish.plan) if wish.plan else None
    values = {"community_code": community, "kind": wish.kind, "options": options}
    number = queue.add(session, {**values, "author": author, "created_at": now})
    call(session)
    return queue.by_id(session, number)


def _refuse_strange(session: Session, community: str, wish: Wish) -> None:
    """Raises NotFound ``no_plan``, ``no_grid``, InvalidMove ``compare_apart``."""
    if wish.plan is not None:
        plan = redraws.plan(session, wish.plan)
        if plan["community_code"] != community:
            raise InvalidMove("compare_apart")
    if wish.grids:
        own = suggestion_ground.floor(session, community, wish.plan).grids
        for code in wish.grids:
            if code not in own:
                raise NotFound("no_grid", grid=code)


def one(session: Session, public_id: UUID, *, lock: bool = False) -> RowMapping:
    """A job with all that it found. Raises NotFound ``no_suggestion``."""
    found = queue.get(session, public_id, lock=lock)
    if found is None:
        raise NotFound("no_suggestion")
    return found


def listing(session: Session, ground: Ground, community: str | None) -> Sequence[RowMapping]:
    """The newest jobs on some ground, without what they found."""
    return queue.listing(session, ground, community, MOST_LISTED)


def cancel(session: Session, public_id: UUID, now: datetime) -> RowMapping:
    """Call a job off. Raises NotFound ``no_suggestion``, InvalidMove ``suggestion_over``."""
    found = one(session, public_id, lock=True)
    if not queue.advance(session, found["id"], {"state": "cancelled", "finished_at": now}):
        raise InvalidMove("suggestion_over")
    return one(session, public_id)


def run(
    session: Session, reading: Session, now: Callable[[], datetime], each_step: Callable[[], None]
) -> int | None:
    """Make the next suggestion; the id of its job, or None where none waits.

    `each_step` commits `session`, so that others see how far it is; `reading` holds the job
    against other workers until it is closed. A job that was cut off is begun anew.
    """
    patience.allow_thinking(reading, 30)
    number = queue.taken(reading)
    if number is None:
        return None
    job = queue.by_id(reading, number)
    queue.advance(session, number, {"state": "running", "done": 0.0})
    each_step()
    try:
        ended = _made(session, reading, job, each_step)
    except CancelledError:
        session.rollback()
        return number
    except WanggeError as refused:
        error = {"code": refused.code, "facts": refused.facts}
        ended = {"state": "failed", "error": error}
    except BROKEN as broken:
        note_broken("suggestion", number, broken)
        session.rollback()
        ended = {"state": "failed", "error": {"code": "job_broken", "facts": {}}}
    queue.advance(session, number, {**ended, "finished_at": now()})
    each_step()
    return number


def _made(
    session: Session, reading: Session, job: RowMapping, each_step: Callable[[], None]
) -> dict[str, Any]:
    said = 0.0

    def told(done: float) -> None:
        nonlocal said
        if done - said < _STEP:
            return
        said = done
        if not queue.advance(session, job["id"], {"done": min(1.0, done)}):
            raise CancelledError
        each_step()

    plan = job["options"].get("plan")
    floor = suggestion_ground.floor(reading, job["community_code"], UUID(plan) if plan else None)
    found = _alternatives(reading, job, floor, told)
    answer = {
        "alternatives": [_plain(one) for one in found],
        "log": floor.log,
        "held": sorted(floor.held & set(floor.grids)),
    }
    return {"state": "done", "done": 1.0, "found": answer, "base": floor.base}


def _alternatives(session: Session, job: RowMapping, floor: Floor, told: Told) -> list[Alternative]:
    options = job["options"]
    aim, seed = _aim(session, options), int(options["seed"])
    whole, free = floor.whole, floor.free
    streets = suggestion_ground.streets(session, whole)
    if job["kind"] == "rebalance":
        wanted = options["grids"] or free
        chosen = {code: shape for code, shape in free.items() if code in wanted}
        inside = [house for house in floor.houses if house.grid in chosen]
        made = units.within_grids(chosen, inside, streets, aim)
        return proposal.rebalance(made, aim, seed, told)
    lived = [house for house in floor.houses if house.grid is None or house.grid in free]
    made = units.of_ground(whole, lived, streets, aim, free)
    if job["kind"] == "blocks":
        return by_blocks(made, streets, aim, told)
    number = options["number"]
    others = len(floor.grids) - len(free)
    return proposal.divide(made, aim, number and max(1, number - others), seed, told)


def _aim(session: Session, options: Mapping[str, Any]) -> Aim:
    """What a grid should hold, by the wish or else by the district."""
    band = grid_figures.band(session)
    norm, low, high = (options[name] for name in ("norm", "low", "high"))
    return Aim(norm or band.norm, low or band.low, high or band.high)


def _plain(found: Alternative) -> dict[str, Any]:
    """An alternative as JSON holds it; areas as the coordinates of MultiPolygons in degrees."""
    return {
        "leaning": found.leaning,
        "also": list(found.also),
        "figures": asdict(found.figures),
        "grids": [
            {
                "code": grid.code,
                "area": plain.area_of(lattice.to_units(grid.shape)),
                "households": grid.households,
                "residents": grid.residents,
                "taken": [asdict(one) for one in grid.taken],
                "why": asdict(grid.why) if grid.why else None,
            }
            for grid in found.grids
        ],
    }
