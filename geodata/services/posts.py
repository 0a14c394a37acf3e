"""Appointing: who serves which grid since when, who follows, who leaves, who stands in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geodata.db import posts
from geodata.db.posts import BARE, HEADLESS, LED, Place
from geodata.db.scoping import Ground
from geodata.domain import post as rules
from geodata.domain.post import Duty, Post
from geodata.domain.privacy import masked
from geodata.errors import Conflict, InvalidRow, NotAllowed, NotFound
from geodata.files import values

PAGE: Final = 60
SHOWN: Final = 40
"""How many workers there are to choose from at a time."""

_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Office:
    """Whoever appoints: on which ground, at which moment, in which time zone."""

    ground: Ground
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Overview:
    """Some grids with their posts by grid, how many of all stand how, and what comes after."""

    grids: Sequence[RowMapping]
    posts: dict[int, list[RowMapping]]
    bare: int
    headless: int
    total: int
    after: Place | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to serve a grid: a worker by number, or a new one by name; on which days.

    `instead` lets the present head's post end when the new one begins.
    """

    worker: int | None = None
    name: str = ""
    duty: Duty = "assistant"
    since: str = ""
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a change: in which grid, whose post, since when or until when."""

    grid: str
    worker: int
    name: str
    at: datetime
    more: dict[str, object] = field(default_factory=dict)


def overview(
    session: Session, office: Office, said: str, community: str, after: Place | None
) -> Overview:
    """Grids of one's ground with who serves them, those without anybody first."""
    narrowed = {"said": said, "community": community}
    found = posts.grids(session, office.ground, office.now, after=after, limit=PAGE + 1, **narrowed)
    shown = found[:PAGE]
    held: dict[int, list[RowMapping]] = {}
    for one in posts.of_grids(session, [row["id"] for row in shown], office.now):
        held.setdefault(one["grid_id"], []).append(one)
    counts = posts.counted(session, office.ground, office.now, **narrowed)
    last = (int(shown[-1]["rank"]), str(shown[-1]["code"])) if len(found) > PAGE else None
    bare, headless, led = (counts.get(rank, 0) for rank in (BARE, HEADLESS, LED))
    return Overview(shown, held, bare, headless, bare + headless + led, last)


def communities(session: Session, office: Office) -> Sequence[RowMapping]:
    """The communities among which a list can be narrowed."""
    return posts.communities(session, office.ground)


def grid(session: Session, office: Office, code: str, *, hold: bool = False) -> RowMapping:
    """A grid of one's ground. Raises NotFound ``no_grid``, NotAllowed ``grid_outside`` (grid)."""
    found = posts.grid(session, code, hold=hold)
    if found is None:
        raise NotFound("no_grid", grid=code)
    if not office.ground.covers(found["community_code"], found["code"]):
        raise NotAllowed("grid_outside", grid=code)
    return found


def held(session: Session, office: Office, grid_id: int) -> Sequence[RowMapping]:
    """The posts of a grid that stand now or are to come."""
    return posts.of_grids(session, [grid_id], office.now)


def gone(session: Session, office: Office, grid_id: int) -> Sequence[RowMapping]:
    """The last posts of a grid that have ended."""
    return posts.gone(session, grid_id, office.now, SHOWN)


def choices(session: Session, office: Office, said: str, near: str) -> Sequence[RowMapping]:
    """Workers to choose from, those of a community first."""
    return posts.workers(session, office.ground, office.now, said=said, near=near, limit=SHOWN)


def worker(session: Session, office: Office, number: int) -> tuple[RowMapping, list[RowMapping]]:
    """A worker with the posts on one's ground, the last ones first.

    Raises NotFound ``no_worker`` also where the worker never served there.
    """
    found, all_posts = posts.worker(session, number), posts.of_worker(session, number)
    here = [p for p in all_posts if office.ground.covers(p["community_code"], p["grid_code"])]
    if found is None or not (here or office.ground.whole):
        raise NotFound("no_worker")
    return found, here


def appoint(session: Session, office: Office, code: str, wish: Wish) -> Done:
    """Give somebody a post in a grid; the account's ground follows by itself.

    Raises as `grid` and `domain.post.admitted`; NotFound ``no_worker``, Conflict ``worker_known``
    or ``post_moved``, InvalidRow ``worker_missing``,
    ``worker_or_name`` or ``day_far``, WanggeError ``time_unclear``.
    """
    where = grid(session, office, code, hold=True)
    since = rules.first_moment(wish.since, office.now, office.zone)
    name = _name(session, office, wish)
    new = Post(wish.worker or 0, name, wish.duty, since)
    rows = held(session, office, where["id"])
    present = {_post(row): int(row["id"]) for row in rows}
    before = rules.admitted(new, present, office.zone, instead=wish.instead)
    if before is not None:
        posts.end(session, present[before], since)
    number = wish.worker or posts.add_worker(session, name)
    _add(session, where["id"], new, number)
    more = {"duty": wish.duty, "instead": before.name} if before else {"duty": wish.duty}
    return Done(code, number, name, since, {**more, "new": wish.worker is None})


def leave(session: Session, office: Office, number: int, day: str) -> Done:
    """Let a post end on a day: now where that is today; one that never began is taken back.

    Raises NotFound ``no_post``, as `grid` and `domain.post.left`.
    """
    row = _held_post(session, office, number)
    at = rules.first_moment(day, office.now, office.zone)
    if rules.left(_post(row), at, office.now, office.zone):
        posts.end(session, number, at)
    else:
        posts.remove(session, number)
    return Done(row["grid_code"], row["worker_id"], row["name"], at, {"duty": row["duty"]})


def hand_over(session: Session, office: Office, code: str, number: int, to: int) -> Done:
    """Let a worker (by number) follow another in a grid now, with the same duty and end.

    Raises as `grid`, `worker`, `domain.post.left` and `domain.post.admitted`; NotFound ``no_post``
    where the other one does not serve it now.
    """
    where = grid(session, office, code, hold=True)
    rows = held(session, office, where["id"])
    mine = [r for r in rows if r["worker_id"] == number and r["since"] <= office.now]
    if not mine:
        raise NotFound("no_post")
    known, _ = worker(session, office, to)
    old = _post(mine[0])
    rules.left(old, office.now, office.now, office.zone)
    posts.end(session, mine[0]["id"], office.now)
    new = Post(to, known["name"], old.duty, office.now, old.until, old.deputy_for)
    rest = [_post(row) for row in rows if row["id"] != mine[0]["id"]]
    rules.admitted(new, rest, office.zone, instead=False)
    _add(session, where["id"], new, to)
    return Done(code, to, new.name, office.now, {"duty": old.duty, "instead": old.name})


def deputise(
    session: Session, office: Office, number: int, deputy: int, since: str, until: str
) -> Done:
    """Let another worker stand in for the holder of a post, for the days from one to another.

    Raises NotFound ``no_post`` or ``no_worker``, as `grid` and `domain.post.standing_in`.
    """
    row = _held_post(session, office, number)
    known, _ = worker(session, office, deputy)
    first = rules.first_moment(since, office.now, office.zone)
    if not until.strip():
        raise InvalidRow("deputy_without_end")
    last = rules.last_moment(until, office.now, office.zone)
    new = rules.standing_in(_post(row), deputy, known["name"], first, last)
    beside = [_post(one) for one in held(session, office, row["grid_id"])]
    rules.admitted(new, beside, office.zone, instead=False)
    _add(session, row["grid_id"], new, deputy)
    told = {"deputy_for": row["name"], "until": last.isoformat()}
    return Done(row["grid_code"], deputy, known["name"], first, told)


def _name(session: Session, office: Office, wish: Wish) -> str:
    if wish.worker is not None:
        if wish.name.strip():
            raise InvalidRow("worker_or_name")
        return str(worker(session, office, wish.worker)[0]["name"])
    name = masked(values.text(wish.name)[:_LONGEST_NAME])
    if not name:
        raise InvalidRow("worker_missing")
    known = posts.workers(session, office.ground, office.now, said=name, near="", limit=SHOWN)
    if any(row["name"] == name for row in known):
        raise Conflict("worker_known", name=name)
    return name


def _held_post(session: Session, office: Office, number: int) -> RowMapping:
    """A post of one's ground, its grid held until commit."""
    row = posts.one(session, number)
    if row is None:
        raise NotFound("no_post")
    grid(session, office, row["grid_code"], hold=True)
    again = posts.one(session, number)
    if again is None:
        raise NotFound("no_post")
    return again


def _add(session: Session, grid_id: int, new: Post, worker_number: int) -> None:
    given = {"worker_id": worker_number, "duty": new.duty, "deputy_for": new.deputy_for}
    with _guarded(session):
        posts.add(session, grid_id, {**given, "since": new.since, "until": new.until})


@contextmanager
def _guarded(session: Session) -> Iterator[None]:
    """What a program that holds no grid may have put there meanwhile, the database refuses."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as refused:
        raise Conflict("post_moved") from refused


def _post(row: RowMapping) -> Post:
    told: dict[str, Any] = {name: row[name] for name in ("name", "duty", "since", "until")}
    return Post(worker=row["worker_id"], deputy_for=row["deputy_for"], **told)
