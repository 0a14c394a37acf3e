# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Issues as residents and the hotline report them, by column since there may be a million."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np

from geodata.demo.facts import NAME, rows
from geodata.demo.model import Issues
from geodata.demo.names import numeral
from geodata.demo.phrases import ELSEWHERE, NOTES, PHRASES, SPOTS
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

CHINA = timezone(timedelta(hours=8))
_DAY = 86_400.0
_ISSUES, _CLOSED, _ESCALATED, _ABROAD = 260, 240, 7, 2.6
_OPEN = ("reported", "accepted", "verified", "registered", "dispatched", "handled")
_WAITING = ("reported", "accepted", "dispatched", "handled")
"""The stages of what waits in the busy grid."""
_LEVELS = ("community", "community", "street")
_DONE, _RAISED, _GOING = range(3)
_FULL, _SHORT, _NEAR, _SPOKEN, _STREET, _COMMUNITY, _ELSEWHERE = range(7)
_FORMS = (0.46, 0.17, 0.14, 0.12, 0.07, 0.04)
_NUMBER = re.compile(r"(\d+)号")


@dataclass(frozen=True)
class Homesteads:
    """What issues are about: buildings as columns; lon/lat of doors in degrees (WGS 84)."""

    addresses: list[str]
    names: list[str]
    communities: list[str]
    lonlat: Floats
    households: Ints
    busy: Ints
    """Those of one grid in which several things wait, so that its worker has a day's work."""


@dataclass(frozen=True)
class _Drawn:
    """Issues as drawn numbers, in the order in which they came; times in seconds since 1970."""

    building: Ints
    form: Ints
    category: Ints
    state: Ints
    web: Ints
    reported: Floats
    due: Floats
    closed: Floats


def report(about: Homesteads, count: int, now: datetime, rng: np.random.Generator) -> Issues:
    """``count`` issues of the sixty days before ``now``: most closed, a few escalated."""
    drawn = _draw(about, count, now, rng)
    waiting = _gather(drawn, about.busy, now)
    codes = [row["code"] for row in rows("categories")]
    category = [codes[i] for i in drawn.category.tolist()]
    pins = _pins(about, drawn, rng)
    status, level = _progress(drawn.state, rng)
    for row, stage in zip(waiting, _WAITING, strict=False):
        status[row] = stage
    return Issues(
        channel=["web" if web else "12345" for web in drawn.web.tolist()],
        ticket=_tickets(drawn),
        category=category,
        text=_texts(category, rng),
        address=_addresses(about, drawn, rng),
        community=_communities(about, drawn),
        lon=_known(pins[:, 0]),
        lat=_known(pins[:, 1]),
        building=np.where(drawn.form >= _STREET, -1, drawn.building).tolist(),
        status=status,
        level=level,
        reported_at=_moments(drawn.reported),
        due_at=_moments(drawn.due),
        closed_at=[None if t < 0 else _moment(t) for t in drawn.closed.tolist()],
    )


def _draw(about: Homesteads, count: int, now: datetime, rng: np.random.Generator) -> _Drawn:
    closed = round(count * _CLOSED / _ISSUES)
    escalated = round(count * _ESCALATED / _ISSUES)
    kinds = np.repeat([_DONE, _RAISED, _GOING], [closed, escalated, count - closed - escalated])
    state = rng.permutation(kinds)
    reported = _reported(state, now, rng)
    order = np.argsort(reported, kind="stable")
    state, reported = state[order], reported[order]
    share = np.array([float(row["share"]) for row in rows("categories")])
    category = rng.choice(len(share), count, p=share / share.sum())
    weight = about.households + 2.0
    form = rng.choice(len(_FORMS), count, p=_FORMS)
    form[rng.permutation(count)[: round(count * _ABROAD / _ISSUES)]] = _ELSEWHERE
    limit = _limits()[category]
    return _Drawn(
        building=rng.choice(len(weight), count, p=weight / weight.sum()),
        form=form,
        category=category,
        state=state,
        web=(rng.random(count) < 0.2).astype(np.int64),
        reported=reported,
        due=reported + limit,
        closed=_closed(state, reported, limit, now, rng),
    )


def _gather(drawn: _Drawn, busy: Ints, now: datetime) -> list[int]:
    """The rows of some issues in good time, moved to the busy grid; none where there is none."""
    in_time = drawn.due > now.timestamp() + _DAY / 4
    here = (drawn.state == _GOING) & (drawn.form < _STREET) & in_time
    moved = np.flatnonzero(here)[: len(_WAITING) if len(busy) else 0]
    drawn.building[moved] = busy[np.arange(len(moved)) % max(len(busy), 1)]
    return [int(row) for row in moved]


def _reported(state: Ints, now: datetime, rng: np.random.Generator) -> Floats:
    """When each came: closed ones over sixty days, escalated ones weeks ago, others lately."""
    ago = np.choose(
        state,
        [
            1 + 59 * rng.random(len(state)),
            9 + 24 * rng.random(len(state)),
            0.05 + 6 * rng.random(len(state)) ** 1.6,
        ],
    )
    moment = now.timestamp() - ago * _DAY
    hour = np.clip(rng.normal(14, 3.8, len(state)), 6.5, 22.5) * 3600
    morning = np.floor((moment + 8 * 3600) / _DAY) * _DAY - 8 * 3600
    at_day = np.where(morning + hour < now.timestamp() - 1800, morning + hour, moment)
    return np.asarray(np.floor(at_day))


def _limits() -> Floats:
    """Seconds that each category may take, by the clock."""
    days = {"working_day": 1.4, "calendar_day": 1.0, "urgent_hour": 1 / 24}
    return np.array(
        [float(row["time_limit"]) * days[row["limit_type"]] * _DAY for row in rows("categories")]
    )


def _closed(
    state: Ints, reported: Floats, limit: Floats, now: datetime, rng: np.random.Generator
) -> Floats:
    """When each was closed, a little before or after it was due; -1 for the open ones."""
    took = limit * np.clip(rng.lognormal(-0.5, 0.55, len(state)), 0.08, 3.0)
    closed = np.minimum(reported + np.maximum(took, 1500), now.timestamp() - 600)
    return np.where(state == _DONE, np.floor(np.maximum(closed, reported + 60)), -1.0)


def _pins(about: Homesteads, drawn: _Drawn, rng: np.random.Generator) -> Floats:
    """A pin near the door, in degrees, for some of those that came by the web; else NaN."""
    count = len(drawn.state)
    pinned = (drawn.web == 1) & (rng.random(count) < 0.6) & (drawn.form < _COMMUNITY)
    pins = about.lonlat[drawn.building] + rng.normal(0, 5e-5, (count, 2))
    pins[~pinned] = np.nan
    return np.asarray(np.round(pins, 6))


def _known(values: Floats) -> list[float | None]:
    return [
        None if unknown else value
        for value, unknown in zip(values.tolist(), np.isnan(values).tolist(), strict=True)
    ]


def _progress(state: Ints, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    opened = rng.integers(0, len(_OPEN), len(state)).tolist()
    raised = rng.integers(0, len(_LEVELS), len(state)).tolist()
    status = [
        "closed" if kind == _DONE else "dispatched" if kind == _RAISED else _OPEN[i]
        for kind, i in zip(state.tolist(), opened, strict=True)
    ]
    level = [
        _LEVELS[i] if kind == _RAISED else "grid"
        for kind, i in zip(state.tolist(), raised, strict=True)
    ]
    return status, level


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, CHINA)


def _moments(seconds: Floats) -> list[datetime]:
    return [_moment(second) for second in seconds.tolist()]


def _tickets(drawn: _Drawn) -> list[str]:
    """Numbers as the hotline gives them: the day and a running number."""
    days = [f"{moment:%Y%m%d}" for moment in _moments(drawn.reported)]
    signs = ["W" if web else "AK" for web in drawn.web.tolist()]
    numbered = zip(signs, days, strict=True)
    return [f"{sign}{day}{i:07d}" for i, (sign, day) in enumerate(numbered, start=1)]


def _texts(category: list[str], rng: np.random.Generator) -> list[str]:
    which = rng.integers(0, 1 << 30, len(category)).tolist()
    number = rng.integers(2, 12, len(category)).tolist()
    spot = rng.integers(0, len(SPOTS), len(category)).tolist()
    return [
        PHRASES[code][i % len(PHRASES[code])].format(n=n, w=SPOTS[w])
        for code, i, n, w in zip(category, which, number, spot, strict=True)
    ]


def _addresses(about: Homesteads, drawn: _Drawn, rng: np.random.Generator) -> list[str]:
    notes = rng.integers(0, len(NOTES), len(drawn.form)).tolist()
    known = {row["code"]: row["name"] for row in rows("communities")}
    told = []
    for building, form, note in zip(
        drawn.building.tolist(), drawn.form.tolist(), notes, strict=True
    ):
        if form == _ELSEWHERE:
            told.append(ELSEWHERE[(building + note) % len(ELSEWHERE)])
        elif form == _COMMUNITY:
            told.append(f"{NAME}{known[about.communities[building]]}")
        else:
            told.append(_as_told(about.addresses[building], about.names[building], form, note))
    return told


def _as_told(address: str, name: str, form: int, note: int) -> str:
    """An address the way people write it."""
    short = address.removeprefix(NAME)[4:]
    if form == _SHORT:
        return name or short
    if form == _NEAR:
        return f"{NAME}{short}{NOTES[note]}"
    if form == _SPOKEN:
        spoken = _NUMBER.sub(lambda number: numeral(int(number[1])) + "号", short)
        return f"安康市{address.replace('街道', '办', 1)}" if note % 2 else spoken
    if form == _STREET:
        return _NUMBER.split(short)[0] + ("中段" if note % 2 else "")
    return address if note % 3 else f"安康市{address}"


def _communities(about: Homesteads, drawn: _Drawn) -> list[str]:
    return [
        "" if form == _ELSEWHERE else about.communities[building]
        for building, form in zip(drawn.building.tolist(), drawn.form.tolist(), strict=True)
    ]
