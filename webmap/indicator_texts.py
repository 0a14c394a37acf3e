"""The words for indicators: names, what stands above and below the line, values, changes."""

import itertools
from typing import Final

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

from geodata.domain.indicator import HEAT, INDICATORS, Figure, Indicator
from geodata.domain.span import Span
from geodata.services.indicators import Board
from webmap.texts import filled

NAMES: Final = {
    "handled_in_time": _("按期处置率"),
    "closed": _("结案率"),
    "closed_in_time": _("按期结案率"),
    "late": _("超期待处置率"),
    "reworked": _("返工率"),
    "hours": _("平均处置时长"),
    "content": _("满意率"),
    "heat": _("诉求热度"),
}
COUNTS: Final = {
    "reported": _("期内新增的诉求"),
    "due": _("期限落在期内的诉求（应处置，也是应结案）"),
    "in_time": _("其中在期限前处置完的"),
    "closed": _("其中到现在已经结案的"),
    "closed_in_time": _("其中在期限前结案的"),
    "reworked": _("其中返工过的"),
    "late": _("其中到现在还没处置完的"),
    "handled": _("期内处置完的诉求"),
    "hours": _("它们从上报到处置完的小时数之和"),
    "rated": _("期内结案、居民作了评价的诉求"),
    "content": _("其中满意和基本满意的"),
    "residents": _("居民人数（每千人）"),
}
NOTES: Final = {
    "due": _("不予受理、作废和挂账中的不算；期限还没到的不算。"),
    "handled": _("没有处置记录的，以结案时间为准。"),
    "rated": _("没有评价的不算在内。"),
    "residents": _("居民人数是楼栋登记数之和。"),
}
INTERVALS: Final = {
    "share": _("95% 区间：威尔逊区间。少于 {least} 件的不排名。"),
    "hours": _("95% 区间：均值加减 1.96 个标准误。少于 {least} 件的不排名。"),
    "per_thousand": _("95% 区间：按泊松分布。按平均热度预计不到 {events} 件的不排名。"),
}
HOURS: Final = _("{number} 小时")
EVENTS: Final = _("{number} 件/千人")
WEEK: Final = _("{year} 年第 {week} 周（{first}–{last}）")
MONTH: Final = _("{year} 年 {month} 月")
CHANGES: Final = {
    "better": _("比上期好"),
    "worse": _("比上期差"),
    "same": _("和上期分不出好坏"),
    "few": _("样本少，不和上期比"),
    "cut": _("上期不完整：{day} 起才有记录"),
}
BYS: Final = {"area": _("地方"), "category": _("类别"), "channel": _("渠道")}
CHANNELS: Final = {
    "12345": _("12345 热线"),
    "web": _("居民网上反映"),
    "worker": _("网格员上报"),
}


def value(figure: Figure) -> str:
    """A figure as people write it; a dash where there is nothing to reckon with."""
    return "—" if figure.value is None else _said(figure.indicator, figure.value)


def short(figure: Figure) -> str:
    """The same without its unit, unless that is a percentage."""
    if figure.value is None or figure.indicator.unit == "share":
        return value(figure)
    return _short(figure.value)


def limits(figure: Figure) -> str:
    """Its interval; empty where there is none."""
    if figure.interval is None:
        return ""
    low, high = figure.interval
    if figure.indicator.unit == "share":
        return f"{low * 100:.0f}%–{high * 100:.0f}%"
    return f"{_short(low)}–{_short(high)}"


def _said(indicator: Indicator, worth: float) -> str:
    if indicator.unit == "share":
        return f"{worth * 100:.1f}%".replace(".0%", "%")
    words = HOURS if indicator.unit == "hours" else EVENTS
    return filled(words, {"number": _short(worth)})


def _short(number: float) -> str:
    return str(format_decimal(round(number, 1 if number >= 1 else 2)))


def parts(figure: Figure) -> str:
    """Its numerator over its denominator, as numbers; hours are called so."""
    above = str(format_decimal(round(figure.above, 1)))
    if figure.indicator.unit == "hours":
        above = filled(HOURS, {"number": above})
    return f"{above}/{format_decimal(round(figure.below))}"


def change(board: Board, code: str) -> str:
    """What became of an indicator since the span before; a dash where nothing can be said."""
    said = board.change(code)
    return filled(CHANGES[said], {"day": board.begun or "—"}) if said else "—"


def rule(indicator: Indicator) -> str:
    """How sure it is, and from how many on somebody is ranked by it."""
    return filled(INTERVALS[indicator.unit], {"least": 20, "events": 5})


def span(one: Span) -> str:
    """A week with its days, or a month."""
    if one.every == "month":
        return filled(MONTH, {"year": one.first.year, "month": one.first.month})
    year, _dash, week = one.name.partition("-W")
    days = {"first": f"{one.first:%m-%d}", "last": f"{one.last:%m-%d}"}
    return filled(WEEK, {"year": year, "week": int(week), **days})


def heat_classes() -> list[tuple[int, str]]:
    """The five classes of heat, 1 to 5, in words: as multiples of the average."""
    said = [f"{bound:g}" for bound in HEAT]
    middle = [f"{a}–{b}" for a, b in itertools.pairwise(said)]
    return list(enumerate([f"< {said[0]}", *middle, f"≥ {said[-1]}"], 1))


def all_indicators() -> list[Indicator]:
    """Every indicator, in the order of the table."""
    return list(INDICATORS.values())
