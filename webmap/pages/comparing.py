"""Coverage side by side, and how its gaps came and went."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any, Final, Literal

from apiflask import APIBlueprint
from flask import Response, make_response, render_template
from pydantic import Field

from geodata.domain.coverage.gap import KINDS, Gap
from geodata.domain.plan import COMPUTED
from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import coverage_figures, coverage_history, redraws
from webmap import (
    compare_links,
    compare_texts,
    compare_view,
    coverage_texts,
    database,
    guard,
    times,
)
from webmap.api.fields import Code, Query
from webmap.compare_view import CompareQuery
from webmap.coverage_view import CoverageQuery, seen
from webmap.errors import status_of
from webmap.guard import requires
from webmap.pages.indicators import common
from webmap.texts import sentence

blueprint = APIBlueprint("comparing", __name__, enable_openapi=False)

DAYS: Final = 30
MOST: Final = 1_000
"""Openings and closings on one page."""
_MOVED: Final = ("opened", "closed")
_AGO: Final = (7, 14, 30)
"""The days back that are offered first to lay beside the present."""


class HistoryQuery(Query):
    """An area, a kind of gap, and how many days back."""

    area: Code | Literal[""] = ""
    kind: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""
    days: Annotated[int, Field(ge=1, le=366)] = DAYS


@blueprint.get("/coverage/compare")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CompareQuery, location="query")
def compare(query_data: CompareQuery) -> Response:
    """An area beside an earlier day, another area, or a plan."""
    problem, status, beside = "", 200, None
    try:
        beside = compare_view.compared(query_data)
    except WanggeError as refused:
        database.session().rollback()
        problem, status = sentence(refused.code, refused.facts), status_of(refused)
    if not problem:
        return make_response(_compared(query_data, beside, ""))
    database.on_all_ground()
    answer = make_response(_compared(query_data, None, problem))
    answer.status_code = status
    return answer


def _compared(asked: CompareQuery, beside: compare_view.Beside | None, problem: str) -> str:
    look = beside.look if beside else seen(CoverageQuery(measure=asked.measure))
    session, reach = database.session(), guard.reach(Action.SEE_COVERAGE)
    return render_template(
        "coverage_compare.html",
        **common(),
        look=look,
        area=look.area,
        beside=beside,
        asked=asked,
        problem=problem,
        called=compare_view.called,
        to=compare_links,
        lone=compare_texts,
        **compare_view.choices(look),
        plans=[one for one in redraws.listing(session, reach, None) if one["state"] in COMPUTED],
        **_offered(coverage_figures.first(session)),
        moment=times.moment(guard.now()),
    )


def _offered(first: date | None) -> dict[str, Any]:
    """The days that can be laid beside the present: all since the first, and some chosen."""
    today = guard.now().astimezone(times.zone()).date()
    ago = {n: today - timedelta(days=n) for n in _AGO}
    early = {n: day for n, day in ago.items() if first and first <= day}
    yesterday = today - timedelta(days=1)
    usual = min(max(first or yesterday, ago[14]), yesterday)
    return {"first": first, "yesterday": yesterday, "early": early, "usual": usual}


@blueprint.get("/coverage/history")
@requires(Action.SEE_COVERAGE)
@blueprint.input(HistoryQuery, location="query")
def history(query_data: HistoryQuery) -> str:
    """Which gaps opened and closed on which day, and why."""
    kind = query_data.kind if query_data.kind in KINDS else ""
    look = seen(CoverageQuery(area=query_data.area))
    now, zone = guard.now(), times.zone()
    first = now.astimezone(zone).date() - timedelta(days=query_data.days - 1)
    since = datetime.combine(first, time.min, zone)
    session, ground = database.session(), look.area.ground
    kept = coverage_history.events(session, ground, kind, since, now + timedelta(days=1), MOST)
    begun = coverage_figures.first(session)
    new = coverage_history.since_kept(session, ground, look.gaps, now) if begun else []
    new = [row for row in new if kind in ("", row["kind"])]
    cut = len(kept) == MOST
    days = _days(_joined(kept, new), first.isoformat())
    by_day = coverage_history.by_day(session, ground, now, query_data.days, str(zone))
    every = coverage_history.days(session, now, query_data.days, str(zone))
    stood = _stood(every, [*by_day, *_today(new, times.day(now))], kind)
    later = [day for day in stood if day != str(begun)] or list(stood)
    return render_template(
        "coverage_history.html",
        **common(),
        look=look,
        area=look.area,
        asked=query_data,
        kind=kind,
        days=days,
        stood=stood,
        sums=_summed(later, stood, days, cut=cut),
        flow=_flow({day: stood[day] for day in later}),
        since_first=len(later) < len(stood),
        counts=lambda groups, known: known if cut and known else _counts(groups),
        present=sum(gap.kind == kind for gap in look.gaps) if kind else len(look.gaps),
        cut=cut,
        first=begun,
        gap=_gap,
        ending=coverage_texts.ending,
    )


Group = tuple[str, str, list[Any]]
"""What happened, to which kind of gap, and the gaps."""


def _joined(kept: Any, new: Any) -> list[Any]:
    """What was kept with what came since: a gap that has closed since is told of once."""
    keys = {(row["kind"], row["code"]) for row in new if row["ended"] is not None}
    stay = [r for r in kept if r["ended"] is not None or (r["kind"], r["code"]) not in keys]
    return [*stay, *new]


def _today(new: Any, day: str) -> list[dict[str, Any]]:
    """How what came since counts in the sums of the day."""
    return [
        {
            "day": day,
            "kind": row["kind"],
            "opened": int(row["ended"] is None and times.day(row["began"]) == day),
            "closed": int(row["ended"] is not None),
            "open": 1 if row["ended"] is None else -1,
        }
        for row in new
    ]


def _days(rows: Any, first: str) -> list[tuple[str, list[Group]]]:
    """What happened by day, the last day first; what closed before what opened, by kind."""
    events = [
        (times.day(at), what, row)
        for row in rows
        for at, what in ((row["began"], "opened"), (row["ended"], "closed"))
        if at is not None and times.day(at) >= first
    ]
    place = {kind: n for n, kind in enumerate(KINDS)}
    events.sort(key=lambda one: (one[1], place[one[2]["kind"]]))
    events.sort(key=lambda one: one[0], reverse=True)
    return [(day, _groups(list(some))) for day, some in groupby(events, key=lambda one: one[0])]


def _groups(events: list[tuple[str, str, Any]]) -> list[Group]:
    parted = groupby(events, key=lambda one: (one[1], str(one[2]["kind"])))
    return [(what, kind, [one[2] for one in some]) for (what, kind), some in parted]


def _counts(groups: list[Group]) -> dict[str, int]:
    """How many of those listed opened and closed."""
    return {name: sum(len(rows) for what, _, rows in groups if what == name) for name in _MOVED}


def _summed(
    later: Collection[str],
    stood: Mapping[str, Mapping[str, int]],
    days: Iterable[tuple[str, list[Group]]],
    *,
    cut: bool,
) -> dict[str, int]:
    """How many opened and closed, but for what was there when the history began."""
    if cut:
        return _sums(stood[day] for day in later)
    return _sums(_counts(groups) for day, groups in days if day in later or day not in stood)


def _flow(stood: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The days of a chart, with the most that opened and closed on one of them."""
    most = {name: max((d[name] for d in stood.values()), default=0) for name in _MOVED}
    return {"days": stood, "most": most, "all": sum(most.values())}


def _sums(days: Iterable[Mapping[str, int]]) -> dict[str, int]:
    told = list(days)
    return {name: sum(day[name] for day in told) for name in _MOVED}


def _stood(days: Iterable[str], rows: Any, kind: str) -> dict[str, dict[str, int]]:
    """How many opened, closed and stood at the end of each of some days."""
    sums: dict[str, dict[str, int]] = {day: dict.fromkeys((*_MOVED, "open"), 0) for day in days}
    for row in rows:
        if kind in ("", row["kind"]):
            told = sums.setdefault(row["day"], dict.fromkeys((*_MOVED, "open"), 0))
            for name in told:
                told[name] += row[name]
    return sums


def _gap(row: Any) -> Gap:
    """A row of the history as a gap, for its words."""
    return Gap(
        *(row["kind"], row["code"], row["measure"], row["cause"], "look_again"),
        *(row["community_code"], row["grid_code"], row["name"], row["households"]),
        since=row["began"],
        facts=row["facts"],
    )
