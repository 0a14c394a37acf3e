"""The life of an issue as one table: which step leads from where to where, and who may take it.

上报 → 受理 → 核实 → 立案 → 派遣 → 处置 → 核查 → 结案, and the side ways. A step is asked of an
issue in a state by somebody in roles; `taken` says what it becomes, or refuses with the reason.

Who may: whoever has the step's action by the table of roles, on the ground on which the issue
lies, and stands at least as high as the issue has climbed (小事不出网格, 大事不出社区,
难事不出街道).
Whoever reported it may what bears `REPORTER`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from geodata.domain import signs
from geodata.domain.issue import LEVELS, OVER
from geodata.domain.roles import TABLE, Action, Role
from geodata.errors import InvalidMove, NotAllowed

REPORTER: Final = "reporter"
"""Who reported the issue, known by its tracking code."""

CLOCK: Final = "clock"
"""Nobody but the hour: what was put off until a moment that has come."""

SAME: Final = ""
"""The step leaves the stage as it is."""

_NEW: Final = ("reported", "returned")
_TAKEN: Final = ("accepted", "verified", "registered")
_AT_WORK: Final = (*_TAKEN, "dispatched", "reworked")
_OPEN: Final = (*_NEW, *_AT_WORK, "handled", "checked")
_DONE: Final = ("handled", "checked", "closed")

_HANDLE: Final = (Action.HANDLE_ISSUE,)
_DISPATCH: Final = (Action.DISPATCH_ISSUE,)
_CHECK: Final = (Action.CHECK_ISSUE,)
_SUPERVISE: Final = (Action.SUPERVISE_ISSUE,)
_LEAD: Final = (Action.DISPATCH_ISSUE, Action.SUPERVISE_ISSUE)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from which stages, to which, by whom, and what has to be said with it.

    `needs` are the fields of a `Word` that must be given.
    """

    name: str
    chinese: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Action | str, ...]
    needs: tuple[str, ...] = ()


STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (
        Step("accept", "受理", _NEW, "accepted", (*_HANDLE, *_DISPATCH)),
        Step("refuse", "不予受理", (*_NEW, "accepted"), "rejected", _DISPATCH, ("note",)),
        Step("verify", "核实", ("accepted",), "verified", (*_HANDLE, *_CHECK)),
        Step("register", "立案", ("accepted", "verified"), "registered", _DISPATCH),
        Step("dispatch", "派遣", (*_NEW, *_TAKEN), "dispatched", _DISPATCH, ("handler",)),
        Step("pass_on", "转交", _AT_WORK, "dispatched", _HANDLE, ("handler",)),
        Step(
            *("pass_over", "转给别的网格", (*_NEW, *_TAKEN, "reworked"), "reported", _HANDLE),
            ("grid", "note"),
        ),
        Step("set_out", "在路上", (*_NEW, *_AT_WORK), SAME, _HANDLE),
        Step("settle", "自行处置", (*_NEW, *_TAKEN), "handled", _HANDLE, ("note",)),
        Step("handle", "处置完成", ("dispatched", "reworked"), "handled", _HANDLE, ("note",)),
        Step("hand_back", "回退", ("reported", *_AT_WORK), "returned", _HANDLE, ("reason",)),
        Step("escalate", "上报上级", _OPEN[:-2], SAME, (*_HANDLE, *_DISPATCH), ("note",)),
        Step("bring_down", "交回下级", _OPEN[:-2], SAME, _LEAD, ("note",)),
        Step("check", "核查", ("handled",), "checked", _CHECK),
        Step("rework", "返工", ("handled", "checked"), "reworked", _CHECK, ("note",)),
        Step("close", "结案", ("handled", "checked"), "closed", _CHECK),
        Step("void", "作废", _OPEN, "void", _DISPATCH, ("note",)),
        Step("extend", "延期", _OPEN[:-2], SAME, _SUPERVISE, ("note",)),
        Step("suspend", "挂账", _OPEN[:-2], "suspended", _SUPERVISE, ("note", "until")),
        Step("resume", "恢复", ("suspended",), SAME, (*_SUPERVISE, CLOCK)),
        Step("supervise", "督办", _OPEN, SAME, _SUPERVISE, ("grade",)),
        Step("release", "解除督办", _OPEN, SAME, _SUPERVISE, ("note",)),
        Step(*("settle_ground", "定属地", _OPEN[:-2], "accepted", _DISPATCH), ("note", "place")),
        Step("confirm", "居民确认", _DONE, SAME, (REPORTER,), ("satisfaction",)),
        Step("reopen", "要求重办", _DONE, "reworked", (REPORTER, *_CHECK), ("note",)),
    )
}
"""The table."""

REASONS: Final = ("not_my_ground", "not_my_matter")
"""Why an issue is handed back: 不是我的地界, 不是我的事项."""

GRADES: Final = ("normal", "yellow", "red")
"""How an issue is called in: 普通督办, 黄牌, 红牌."""

SATISFACTION: Final = ("good", "fair", "bad")
"""What a resident says of it: 满意, 基本满意, 不满意."""

MOST_EXTENSIONS: Final = 2
LONGEST_SUSPENSION: Final = timedelta(days=365)
LONGEST_EXTENSION: Final = timedelta(days=365)
MOST_REOPENINGS: Final = 3

RANK: Final[Mapping[Role, int]] = {
    Role.WORKER: 0,
    Role.GRID_HEAD: 0,
    Role.SECRETARY: 1,
    Role.STREET: 2,
    Role.DISTRICT: 3,
    Role.DISPATCHER: 3,
    Role.CHECKER: 3,
    Role.DEPARTMENT: 3,
}
"""Up to which of the `LEVELS` a role still acts; dispatcher, checker and departments at each."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an issue is at a moment, as far as its next step depends on it.

    `paused` is the stage in which it was suspended; `extensions` and `reopenings` count.
    """

    status: str
    level: str
    due_at: datetime | None = None
    paused: str | None = None
    paused_at: datetime | None = None
    extensions: int = 0
    reopenings: int = 0
    handler: str | None = None
    supervision: str | None = None
    satisfaction: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What is said with a step; each step says in `needs` what it cannot do without.

    `reason` is one of `REASONS`, `grade` of `GRADES`, `satisfaction` of `SATISFACTION`;
    `handler` names a department; `grid` is a grid's code; `until` is a moment; `place` is a
    longitude and a latitude in degrees.
    """

    note: str = ""
    reason: str = ""
    handler: str = ""
    grade: str = ""
    satisfaction: str = ""
    until: datetime | None = None
    grid: str = ""
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: the roles held on the issue's ground, and whether the issue is their report.

    `clock` where nobody does and the hour has come.
    """

    roles: frozenset[Role] = frozenset()
    reporter: bool = False
    clock: bool = False


def offered(at: Standing, who: Who, now: datetime) -> tuple[str, ...]:
    """The names of the steps that somebody can take now, in the order of the table."""
    return tuple(name for name, step in STEPS.items() if _open(step, at, who, now) is None)


def taken(name: str, at: Standing, who: Who, word: Word, now: datetime) -> Standing:
    """What the issue becomes by a step, but for its deadline, which `deadline` knows.

    Raises NotAllowed ``step_not_yours``; InvalidMove ``step_unknown``, ``step_not_here``,
    ``step_needs`` and those of the bounds: ``level_top``, ``level_bottom``, ``overdue_already``,
    ``extended_enough``, ``extended_backwards``, ``extended_too_long``,
    ``suspended_too_long``, ``reopened_enough``, ``confirmed_already``, ``not_supervised``.
    """
    step = STEPS.get(name)
    if step is None:
        raise InvalidMove("step_unknown", step=name)
    if refused := _open(step, at, who, now):
        if refused == "step_not_yours":
            raise NotAllowed(refused, step=name)
        raise InvalidMove(refused, step=name, status=at.status)
    _hear(step, word, now)
    if name == "extend" and word.until and at.due_at and word.until <= at.due_at:
        raise InvalidMove("extended_backwards", due_at=at.due_at.isoformat())
    return _moved(step, at, word, now)


def _open(step: Step, at: Standing, who: Who, now: datetime) -> str | None:
    """Why a step cannot be taken, as a code; None where it can."""
    if not _may(step, at, who):
        return "step_not_yours"
    if at.status not in step.sources:
        return "step_not_here"
    return _bound(step.name, at, now)


def _may(step: Step, at: Standing, who: Who) -> bool:
    if (who.reporter and REPORTER in step.by) or (who.clock and CLOCK in step.by):
        return True
    height = LEVELS.index(at.level)
    return any(
        RANK.get(role, -1) >= height and any(action in TABLE[role] for action in step.by)
        for role in who.roles
    )


def _bound(name: str, at: Standing, now: datetime) -> str | None:
    bounds = {
        "escalate": ("level_top", at.level == LEVELS[-1]),
        "bring_down": ("level_bottom", at.level == LEVELS[0]),
        "reopen": ("reopened_enough", at.reopenings >= MOST_REOPENINGS),
        "release": ("not_supervised", at.supervision is None),
        "confirm": ("confirmed_already", at.satisfaction is not None),
    }
    if name == "extend":
        late = at.due_at is None or at.due_at <= now
        bounds["extend"] = (
            ("overdue_already", True)
            if late
            else ("extended_enough", at.extensions >= MOST_EXTENSIONS)
        )
    code, holds = bounds.get(name, ("", False))
    return code if holds else None


def _hear(step: Step, word: Word, now: datetime) -> None:
    """Refuse a step with which something is not said, or something that cannot be."""
    lacking = [need for need in step.needs if not _is_said(getattr(word, need))]
    known = {"reason": REASONS, "grade": GRADES, "satisfaction": SATISFACTION}
    for field, values in known.items():
        said = getattr(word, field)
        if said and said not in values:
            lacking.append(field)
    if lacking:
        raise InvalidMove("step_needs", step=step.name, needs=lacking)
    if word.until is None:
        return
    if step.name == "extend" and word.until > now + LONGEST_EXTENSION:
        raise InvalidMove("extended_too_long", days=LONGEST_EXTENSION.days)
    if step.name != "extend" and not now < word.until <= now + LONGEST_SUSPENSION:
        raise InvalidMove("suspended_too_long", days=LONGEST_SUSPENSION.days)


def _is_said(told: object) -> bool:
    return signs.shows(told) if isinstance(told, str) else told is not None


def _moved(step: Step, at: Standing, word: Word, now: datetime) -> Standing:
    height = LEVELS.index(at.level)
    changes: dict[str, dict[str, Any]] = {
        "escalate": {"level": LEVELS[min(height + 1, len(LEVELS) - 1)]},
        "bring_down": {"level": LEVELS[max(height - 1, 0)]},
        "dispatch": {"handler": word.handler},
        "pass_on": {"handler": word.handler},
        "hand_back": {"handler": None},
        "pass_over": {"handler": None},
        "settle_ground": {"handler": None},
        "extend": {"extensions": at.extensions + 1},
        "suspend": {"paused": at.status, "paused_at": now},
        "resume": {"status": at.paused or "accepted", "paused": None, "paused_at": None},
        "supervise": {"supervision": word.grade},
        "release": {"supervision": None},
        "confirm": {"satisfaction": word.satisfaction},
        "reopen": {"reopenings": at.reopenings + 1, "satisfaction": None},
    }
    return replace(at, **{"status": step.target or at.status} | changes.get(step.name, {}))


def ends(before: str, after: str) -> bool:
    """Whether nobody has to act any more, and before somebody had."""
    return after in OVER and before not in OVER
