"""How often one may ask: what is written or costly counted in the database, reading in memory."""

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Final, cast

from flask import Flask, Response, current_app, request

from geodata.db import rates
from webmap import database, guard
from webmap.errors import problem

_KEY: Final = "wangge-limits"
_MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """So many requests in so many seconds; `shared` counts for all processes together."""

    name: str
    most: int
    seconds: int
    shared: bool = True


REPORT: Final = Rule("report", 30, 600)
SEND: Final = Rule("send", 120, 600)
TAKE: Final = Rule("take", 120, 600)
ENTER: Final = Rule("enter", 120, 600)
FIND: Final = Rule("find", 900, 60, shared=False)
READ: Final = Rule("read", 6000, 60, shared=False)

RULES: Final = {
    "accounts.enter": ENTER,
    "accounts.give_code": ENTER,
    "sessions.begin": ENTER,
    "bulletins.publish": SEND,
    "bulletins.withdraw": SEND,
    "issues.report": REPORT,
    "foretelling.join": REPORT,
    "foretelling.preview": FIND,
    "issues.unmask": TAKE,
    "moves.settle_ground": SEND,
    "moves.step": SEND,
    "moves.reply": REPORT,
    "moves.follow": ENTER,
    "own_reports.photos": TAKE,
    "own_reports.photo": FIND,
    "photos.take_in": SEND,
    "imports.upload": SEND,
    "imports.correct": SEND,
    "loads.upload": SEND,
    "loads.answer": SEND,
    "loads.apply": SEND,
    "roster.take": SEND,
    "roster.apply": SEND,
    "exports.file": TAKE,
    "exports.chosen": TAKE,
    "export_jobs.order": TAKE,
    "export_jobs.made": TAKE,
    "certificates.certificate": TAKE,
    "search.find": FIND,
    "places.geocode": FIND,
    "places.at": FIND,
}
"""By endpoint; all others are read, and these are free:"""

FREE: Final = ("static", "health.healthz", "health.readyz")


@dataclass
class _Memory:
    """Counts of this process alone."""

    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def hit(self, rule: Rule, who: str) -> tuple[int, int]:
        now = int(time.monotonic())
        slot = now // rule.seconds
        with self.lock:
            if len(self.counts) >= _MOST_KEPT:
                self.counts.clear()
            known, hits = self.counts.get((rule.name, who), (slot, 0))
            hits = hits + 1 if known == slot else 1
            self.counts[rule.name, who] = (slot, hits)
        return hits, (slot + 1) * rule.seconds - now


@dataclass(frozen=True, slots=True)
class _Limits:
    times: float
    memory: _Memory


def prepare(app: Flask, times: float) -> None:
    """Refuse who asks more than `times` times as often as the rules say; nobody where it is 0."""
    app.extensions[_KEY] = _Limits(times, _Memory())
    if times:
        app.before_request(_count)


def _count() -> Response | None:
    if request.endpoint in FREE:
        return None
    limits = cast("_Limits", current_app.extensions[_KEY])
    rule = RULES.get(request.endpoint or "", READ)
    who = _who(rule)
    hits, left = _shared(rule, who) if rule.shared else limits.memory.hit(rule, who)
    if hits <= rule.most * limits.times:
        return None
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many", {"seconds": left})
    answer.headers["Retry-After"] = str(left)
    return answer


def _shared(rule: Rule, who: str) -> tuple[int, int]:
    session = database.reader()
    counted = rates.hit(session, rule.name, who, rule.seconds)
    session.commit()
    return counted


def _who(rule: Rule) -> str:
    """A digest of who asks, that no list of addresses lies about.

    Whoever has signed in counts for themselves, but not in signing in, nor where to find out who
    it is would cost more than the answer.
    """
    known = guard.actor().login if rule.shared and rule is not ENTER else ""
    said = known or request.remote_addr or ""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:24]
