"""Issues moved: the steps of the workflow taken, each once, with what they do to the deadline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import compare_digest
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import bulletins, grids, joiners, moves
from geodata.db.scoping import Ground
from geodata.domain import arrival, deadline, tracking, workflow
from geodata.domain.deadline import Calendar
from geodata.domain.issue import ERROR_M, OVER
from geodata.domain.roles import Role
from geodata.domain.workflow import Standing, Who, Word
from geodata.errors import Conflict, InvalidMove, NotAllowed, NotFound
from geodata.services import passing, photos

Standings = Callable[[str | None, str | None, str | None], frozenset[Role]]
"""The roles that who asks has where an issue lies: by its community, grid and department."""


_KEPT: Final = (
    *("status", "level", "handler", "supervision", "satisfaction"),
    *("extensions", "reopenings", "paused_at"),
)


_ON_GROUND: Final = frozenset({"reopen", "settle_ground", passing.STEP})
"""Steps that may give an issue other ground: they wait for a redraw that is being published."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step as it is asked for; `key` is the client's, by which a repeated one is known."""

    step: str
    key: str
    word: Word = field(default_factory=Word)
    detail: dict[str, Any] = field(default_factory=dict)
    photos: Mapping[UUID, str] = field(default_factory=dict)
    """Photos that were taken in, each with its kind: before or after."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Who asks: by name and account, on which ground, in which roles there."""

    name: str
    account: int | None
    ground: Ground
    standing: Standings


@dataclass(frozen=True, slots=True)
class Moved:
    """What a step came to; `again` where it had been taken before under the same key."""

    status: str
    level: str
    due_at: datetime | None
    again: bool = False


def offered(session: Session, public_id: UUID, mover: Mover, now: datetime) -> tuple[str, ...]:
    """The steps that somebody can take now. Raises NotFound ``no_issue``."""
    row = _row(session, public_id, mover.ground, hold=False)
    return offered_on(row, mover.standing, now)


def offered_on(row: RowMapping, standing: Standings, now: datetime) -> tuple[str, ...]:
    """The same of an issue as stored."""
    who = Who(standing(row["community_code"], row["grid_code"], row["handler"]))
    return workflow.offered(standing_of(row), who, now)


def departments(session: Session) -> list[str]:
    """Those that an issue can be handed to."""
    return list(moves.departments(session))


def take(
    session: Session, public_id: UUID, move: Move, mover: Mover, now: datetime, calendar: Calendar
) -> Moved:
    """Take a step of an official, once.

    Raises NotFound ``no_issue``, InvalidMove and NotAllowed as `workflow.taken`, InvalidMove
    ``no_department``, Conflict ``key_used`` and as `photos.attach`.
    """
    _hold_ground(session, move)
    # one that was passed on lies elsewhere when it comes again
    known = moves.held(session, public_id)
    if known is not None and _is_known(session, known["id"], move):
        return Moved(known["status"], known["level"], known["due_at"], again=True)
    row = _on_ground(known, mover.ground)
    if move.word.handler and move.word.handler not in moves.departments(session):
        raise InvalidMove("no_department", handler=move.word.handler)
    who = Who(mover.standing(row["community_code"], row["grid_code"], row["handler"]))
    return _taken(session, row, move, (who, mover), now, calendar)


def reply(
    session: Session, public_id: UUID, move: Move, code: str, now: datetime, calendar: Calendar
) -> Moved:
    """Take a step of whoever reported the issue, known by the tracking code.

    Raises NotAllowed ``code_unknown`` and as `take`.
    """
    _hold_ground(session, move)
    row = reported(session, public_id, code, hold=True)
    if _is_known(session, row["id"], move):
        return Moved(row["status"], row["level"], row["due_at"], again=True)
    resident = Mover("resident", None, Ground(), lambda *_: frozenset())
    return _taken(session, row, move, (Who(reporter=True), resident), now, calendar)


def reported(session: Session, public_id: UUID, code: str, *, hold: bool = False) -> RowMapping:
    """The issue of whoever has its tracking code.

    Raises NotFound ``no_issue``, NotAllowed ``code_unknown``.
    """
    row = moves.held(session, public_id, hold=hold)
    if row is None:
        raise NotFound("no_issue")
    kept = row["tracking"]
    if kept is None or not compare_digest(bytes(kept), tracking.digest(code)):
        raise NotAllowed("code_unknown")
    return row


def resume_due(session: Session, now: datetime, calendar: Calendar) -> UUID | None:
    """Let the next suspension end whose moment has come; the issue's number, None without one.

    What was left of its limit is counted from the moment at which it was to end.
    """
    row = moves.next_to_resume(session, now)
    if row is None:
        return None
    clock = Mover(workflow.CLOCK, None, Ground(), lambda *_: frozenset())
    move = Move("resume", f"clock-{row['resume_by']:%Y%m%d%H%M%S}")
    at = max(row["resume_by"], row["paused_at"])
    _taken(session, row, move, (Who(clock=True), clock), at, calendar)
    return UUID(str(row["public_id"]))


def followed(session: Session, code: str) -> UUID:
    """The random number of the issue that was reported or joined under a tracking code.

    Raises NotFound ``code_unknown``.
    """
    digest = tracking.digest(code)
    found = moves.number_by_tracking(session, digest) or joiners.number(session, digest)
    if found is None:
        raise NotFound("code_unknown")
    return found


def _hold_ground(session: Session, move: Move) -> None:
    """Before an issue is held that may get other ground: the ground, as publishers hold it."""
    if move.step in _ON_GROUND:
        grids.lock_shared(session)


def _is_known(session: Session, number: int, move: Move) -> bool:
    """Whether the step was taken already. Raises Conflict ``key_used`` where another was."""
    kind = moves.kind_known(session, number, move.key)
    if kind not in (None, move.step):
        raise Conflict("key_used", step=str(kind))
    return kind is not None


def _row(session: Session, public_id: UUID, ground: Ground, *, hold: bool = True) -> RowMapping:
    return _on_ground(moves.held(session, public_id, hold=hold), ground)


def _on_ground(row: RowMapping | None, ground: Ground) -> RowMapping:
    if row is None or not ground.covers(row["community_code"], row["grid_code"], row["handler"]):
        raise NotFound("no_issue")
    return row


def standing_of(row: RowMapping) -> Standing:
    """What a stored issue's next step depends on."""
    return Standing(
        *(row["status"], row["level"], row["due_at"], row["paused_status"], row["paused_at"]),
        *(row["extensions"], row["reopenings"], row["handler"], row["supervision"]),
        row["satisfaction"],
    )


def _taken(
    session: Session,
    row: RowMapping,
    move: Move,
    asking: tuple[Who, Mover],
    now: datetime,
    calendar: Calendar,
) -> Moved:
    who, mover = asking
    before = standing_of(row)
    after = workflow.taken(move.step, before, who, move.word, now)
    due = _due(row, move, now, calendar)
    changed = _changed(session, row, move, who.roles, now)
    changed |= {name: getattr(after, name) for name in _KEPT}
    changed |= {"due_at": due, "paused_status": after.paused}
    changed["new_to"] = arrival.after(after, move.step, row["new_to"])
    if workflow.ends(before.status, after.status) or move.step == "reopen":
        changed["closed_at"] = None if move.step == "reopen" else now
    photos.attach(session, row["id"], move.photos, 2 * photos.MOST)
    moves.change(session, row["id"], changed)
    opened = before.status in OVER and after.status not in OVER
    stands = placed(session, row) if opened else row["grid_id"]
    event = {"issue_id": row["id"], "at": now, "actor": mover.name, "account_id": mover.account}
    event |= {"kind": move.step, "status": after.status}
    detail = _detail(move, before, due) | _passed(move, row) or None
    said = {"note": move.word.note, "detail": detail, "key": move.key, "level": after.level}
    moves.note(session, event | said | {"grid_id": changed.get("grid_id", row["grid_id"])})
    if stands != row["grid_id"]:
        moves.note(session, event | {"kind": "reassigned", "grid_id": stands})
    return Moved(after.status, after.level, due)


def _changed(
    session: Session, row: RowMapping, move: Move, roles: frozenset[Role], now: datetime
) -> dict[str, Any]:
    """What a step changes besides the standing; a notice of what is not solved is withdrawn."""
    if move.step == "suspend":
        return {"paused_due": row["due_at"], "resume_by": move.word.until}
    if move.step == "resume":
        return {"paused_due": None, "resume_by": None}
    if move.step == passing.STEP:
        return passing.passed(session, row, move.word.grid, roles)
    if move.step == "reopen":
        bulletins.withdraw_of(session, row["id"], now)
    return {}


def _passed(move: Move, row: RowMapping) -> dict[str, Any]:
    """Between which grids an issue was passed."""
    return {"from": row["grid_code"], "grid": move.word.grid} if move.step == passing.STEP else {}


def placed(session: Session, row: RowMapping) -> int | None:
    """Put an issue (a row of `moves.held`) into the grid (by id) in whose ground it lies now."""
    if row["place"] is None:
        return None
    grids.lock_shared(session)
    error = float(ERROR_M.get(row["precision"], 0))
    found = dict(grids.at(session, row["place"], error))
    home = grids.home(session, found["grid_id"]) or row["community_code"]
    moves.change(session, row["id"], {**found, "community_code": home})
    return None if found["grid_id"] is None else int(found["grid_id"])


def _detail(move: Move, before: Standing, due: datetime | None) -> dict[str, Any]:
    """What was said with a step besides the note, and what became of the deadline."""
    word = move.word
    told = {
        "reason": word.reason,
        "handler": word.handler,
        "grade": word.grade,
        "satisfaction": word.satisfaction,
        "until": word.until.isoformat() if word.until else "",
        "due_at": due.isoformat() if due and due != before.due_at else "",
    }
    given = {"photos": [str(number) for number in move.photos]} if move.photos else {}
    return {name: said for name, said in told.items() if said} | move.detail | given


def _due(row: RowMapping, move: Move, now: datetime, calendar: Calendar) -> datetime | None:
    """The deadline after a step: paused, moved on by a pause, lengthened, or begun anew.

    An extension goes to the moment that is said, else by the whole limit of the category once more.
    Raises InvalidMove ``step_needs`` where it has neither.
    """
    at: datetime | None = row["due_at"]
    step, until = move.step, move.word.until
    if step == "extend" and until:
        return until
    limit, kind = row["time_limit"], row["limit_type"]
    if step == "suspend":
        return None
    if step == "resume" and row["paused_due"] and kind:
        return deadline.moved(row["paused_due"], row["paused_at"], now, (kind, calendar))
    if step in ("extend", "reopen") and limit is not None and kind:
        start = at if step == "extend" and at else now
        return deadline.due(start, float(limit), kind, calendar)
    if step == "extend":
        raise InvalidMove("step_needs", step=step, needs=["until"])
    return at
