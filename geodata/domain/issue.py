"""What an issue is: its states, its levels and how surely its place is known."""

from datetime import timedelta
from typing import Final, Literal

STATUSES: Final = (
    "reported",
    "accepted",
    "verified",
    "registered",
    "dispatched",
    "handled",
    "checked",
    "closed",
    "rejected",
    "void",
    "returned",
    "reworked",
    "suspended",
)
"""上报 受理 核实 立案 派遣 处置 核查 结案, and the side ways 不予受理 作废 回退 返工 挂账."""

OVER: Final = ("closed", "rejected", "void")
"""States in which nobody has to act any more."""

HANDLED: Final = ("handled", "checked")
"""States in which it is done, and waits to be closed: its deadline is met or missed."""

LEVELS: Final = ("grid", "community", "street", "district")
"""The ladder of escalation; an open issue above ``grid`` is escalated."""

PRECISIONS: Final = ("pin", "door", "building", "place", "crossing", "road", "community", "none")
"""How surely the place is known, from a pin set by hand to no place at all."""

RULES: Final = ("covers", "border", "near", "none", "passed")
"""How its grid was found; ``passed``: the worker of the grid that covers it has passed it on."""

Precision = Literal[
    "pin", "door", "building", "place", "crossing", "between", "road", "community", "none"
]
"""As `PRECISIONS`; ``between`` two known house numbers is only ever offered, never stored."""
Rule = Literal["covers", "border", "near", "none", "passed"]

ERROR_M: Final[dict[str, float]] = {
    "pin": 15.0,
    "door": 10.0,
    "building": 25.0,
    "place": 50.0,
    "crossing": 30.0,
    "road": 300.0,
    "community": 0.0,
    "none": 0.0,
}
"""Positional error in metres by precision; a neighbour grid this near is the runner-up."""

IMPERSONAL: Final = frozenset({"ADS", "ENV", "PIPE", "ROAD", "LAMP", "CCTV"})
"""Categories about things in the street; what any other is about may tell who reported it."""

SOON: Final = timedelta(hours=24)
"""What falls due within so long is about to be overdue."""

COARSE: Final = 3
"""Decimals of a degree to which the public sees the place of a personal matter: about 100 m."""

POINTS: Final = ("pin", "door", "building", "place", "crossing")
"""The precisions that are good enough to be a point on the map."""

_STATUS_WORDS: Final = (
    ("rejected", ("不予受理",)),
    ("void", ("作废", "撤销", "取消")),
    ("closed", ("办结", "结案", "已完成", "归档", "CLOSED", "FINISHED")),
    ("returned", ("退回", "回退", "退单")),
    ("reworked", ("返工", "重办")),
    ("suspended", ("挂账", "挂起")),
    ("checked", ("核查",)),
    ("handled", ("已处置", "已处理", "待回访")),
    ("dispatched", ("处置中", "处理中", "办理中", "派遣", "派单", "转办", "交办")),
    ("registered", ("立案",)),
)


def status_said(words: str, *, closed: bool) -> str:
    """The status that a hotline's own words mean; `closed` where the row has a closing time.

    A word that is not known means ``accepted``: the hotline has taken the call.
    """
    plain = words.upper()
    negated = "未办结" in plain or "未结案" in plain
    for status, said in _STATUS_WORDS:
        if any(word in plain for word in said) and not (negated and status == "closed"):
            return status
    return "closed" if closed and not negated else "accepted"


_TO_HOTLINE: Final = {
    "reported": "待受理",
    "accepted": "已受理",
    "verified": "已核实",
    "registered": "已立案",
    "dispatched": "处置中",
    "handled": "已处置",
    "checked": "已核查",
    "closed": "已办结",
    "rejected": "不予受理",
    "void": "已作废",
    "returned": "已退回",
    "reworked": "返工",
    "suspended": "挂账",
}


def told_to_hotline(status: str) -> str:
    """The words by which a hotline is told of a status; `status_said` understands them."""
    return _TO_HOTLINE[status]


DONE: Final = ("handled", "rated", "content")
"""What became of issues by the day on which it was done: handled; closed and judged by the
resident; judged good or fair."""
OUTCOMES: Final = (
    *("due", "in_time", "late", "waiting", "closed", "closed_in_time", "reworked"),
    *DONE,
)
"""What becomes of issues by their deadline: that was due, handled in time, not in time, not yet
handled at all, closed, closed in time, done again; and `DONE`."""
