"""What a plan to redraw grids goes through, from the first line to the map: one table of moves.

A secretary draws and submits; the street approves or returns with remarks; what is approved is
published at once or on a day. Whoever may do each move is said by its action (`domain.roles`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from geodata.domain.roles import Action
from geodata.errors import InvalidMove


class State(StrEnum):
    """Where a plan stands; the value is what the store keeps."""

    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 待审
    RETURNED = "returned"  # 退回修改
    APPROVED = "approved"  # 已批准
    SCHEDULED = "scheduled"  # 定日发布
    CONFLICTED = "conflicted"  # 与现状冲突
    PUBLISHED = "published"  # 已发布
    DISCARDED = "discarded"  # 已删除


Name = Literal[
    "submit",
    "withdraw",
    "approve",
    "return",
    "schedule",
    "unschedule",
    "publish",
    "conflict",
    "rebase",
    "discard",
]

DRAWN: Final = frozenset({State.DRAFT, State.RETURNED, State.CONFLICTED})
"""States in which a plan is drawn on."""

FARTHEST: Final = timedelta(days=366)
"""So far ahead a plan may be published or a grid locked: who set it must still answer for it."""

COMPUTED: Final = frozenset(State) - {State.PUBLISHED, State.DISCARDED}
"""States in which its ground is computed over the present; a published one is history."""


@dataclass(frozen=True, slots=True)
class Move:
    """One way from some states to another.

    `remarks` must be said with it; `day` must be told; from a state in `own` only the author may.
    """

    name: Name
    sources: frozenset[State]
    target: State
    action: Action
    remarks: bool = False
    day: bool = False
    own: frozenset[State] = frozenset()


_D, _S, _R = State.DRAFT, State.SUBMITTED, State.RETURNED
_A, _T, _C = State.APPROVED, State.SCHEDULED, State.CONFLICTED

TABLE: Final = (
    Move("submit", frozenset({_D, _R}), _S, Action.SUBMIT_REDRAW),
    Move("withdraw", frozenset({_S}), _D, Action.SUBMIT_REDRAW, own=frozenset({_S})),
    Move("approve", frozenset({_S}), _A, Action.APPROVE_REDRAW),
    Move("return", frozenset({_S, _A, _T, _C}), _R, Action.APPROVE_REDRAW, remarks=True),
    Move("schedule", frozenset({_A}), _T, Action.PUBLISH_REDRAW, day=True),
    Move("unschedule", frozenset({_T}), _A, Action.PUBLISH_REDRAW),
    Move(
        "publish",
        frozenset({_D, _A, _T}),
        State.PUBLISHED,
        Action.PUBLISH_REDRAW,
        own=frozenset({_D}),
    ),
    Move("conflict", frozenset({_T}), _C, Action.PUBLISH_REDRAW),
    Move("rebase", frozenset({_D, _R, _C}), _D, Action.DRAFT_REDRAW),
    Move(
        "discard",
        frozenset({_D, _R, _S, _C}),
        State.DISCARDED,
        Action.DRAFT_REDRAW,
        own=frozenset({_S}),
    ),
)
"""The table. ``conflict`` is made by the worker alone, when a day has come and the ground under
the plan is another than it was drawn over."""

MOVES: Final = {move.name: move for move in TABLE}
BY_HAND: Final = tuple(move for move in TABLE if move.name != "conflict")


def move(name: Name, state: str, *, own: bool = True, remarks: str = "") -> Move:
    """The move, if it can be made from a state by the author (`own`) or somebody else.

    Raises InvalidMove ``plan_closed`` (state) where nothing more is done with the plan,
    ``plan_elsewhere`` (state, move), ``plan_of_another``, ``remarks_missing``.
    """
    wanted, now = MOVES[name], State(state)
    if now not in COMPUTED:
        raise InvalidMove("plan_closed", state=state)
    if now not in wanted.sources:
        raise InvalidMove("plan_elsewhere", state=state, move=name)
    if now in wanted.own and not own:
        raise InvalidMove("plan_of_another", state=state, move=name)
    if wanted.remarks and not remarks.strip():
        raise InvalidMove("remarks_missing", move=name)
    return wanted


def open_moves(state: str, *, own: bool) -> list[Move]:
    """The moves that can be made by hand from a state, in the order of the table."""
    now = State(state)
    return [one for one in BY_HAND if now in one.sources and (own or now not in one.own)]
