"""One search for everything that the district names: places, areas, people's posts, issues."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, RowMapping
from sqlalchemy.orm import Session

from geodata.db import search as store
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.address import parse
from geodata.domain.answer import Answer, Match
from geodata.domain.callname import Ask, Kind, understood
from geodata.domain.completion import Named, is_like
from geodata.domain.entry import SAID, label
from geodata.domain.fit import SAME_SPOT_M
from geodata.domain.gazetteer import Entry
from geodata.domain.privacy import masked_name
from geodata.domain.search import ALIKE, BEGUN, EXACT, WITHIN, Box, Finder, Found, Thing
from geodata.domain.spelling import normalise
from geodata.domain.spot import middle
from geodata.services import district
from geodata.services.geocoding import Locator
from geodata.services.hits import Hit, gathered

_ORGANISED: Final = ("group", "branch", "committee")
_TRACKED: Final = re.compile("[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_TRACK_START: Final = re.compile("[0-9a-f]{8}(?:-?[0-9a-f]{0,4}){0,3}", re.IGNORECASE)
_NAME: Final = re.compile("[\u3400-\u9fff·]{2,8}")
_LETTERS: Final = re.compile("^[^0-9]+")
_SHORTEST_TICKET: Final = 4
_UUID_DIGITS: Final = 32


class Index:
    """What is kept in memory for the search: the areas, and the names of the geocoder."""

    def __init__(self, finder: Finder) -> None:
        """Wrap a finder; safe to share between threads."""
        self.finder = finder

    @classmethod
    def of(cls, session: Session) -> "Index":
        """An index of all areas and organisations in the store."""
        return cls(Finder(_things(store.areas(session))))


def version(session: Session) -> str:
    """Changes when the areas or organisations of an index have changed."""
    return store.version(session)


def answer(
    session: Session,
    index: Index,
    locator: Locator,
    words: str,
    limit: int,
    now: datetime,
    sight: tuple[Ground, Ground] = (WHOLE, WHOLE),
) -> list[Hit]:
    """At most `limit` things that the words may mean, the best first, those of a kind together.

    Areas and addresses hang on every wall; `sight` is the ground on which issues are found, and
    that of organisations and posts.
    """
    ask = understood(words)
    found = index.finder.asked(ask, limit) or index.finder.coded(words, limit)
    found = [one for one in found if _in_sight(one.thing, sight[1])]
    hits = [
        *_issues(session, words, limit, sight[0]),
        *(_area(one) for one in found if ask.duty is None),
        *_workers(session, ask, found, words, (limit, now, sight[1])),
        *(_places(index.finder, locator, words, limit) if ask.duty is None else ()),
    ]
    return gathered(hits, ask.kind, limit)


def _things(rows: Iterable[Row[Any]]) -> Iterator[Thing]:
    """The areas, and the organisations with the ground of what they open."""
    boxes: dict[tuple[str, str], Box] = {}
    listed = list(rows)
    for row in listed:
        if row.box:
            boxes[row.kind, row.id] = district.box(row.box)
    for row in listed:
        home = (row.home or row.kind, row.id)
        detail = _joined(row.community, row.street)
        yield Thing(
            row.kind, row.label, detail, row.code, home, row.street_code, boxes.get(home),
            row.community, row.community_code or "",
        )  # fmt: skip


def _in_sight(thing: Thing, ground: Ground) -> bool:
    """Whether who asks may read of it: of any area, and of organisations on their own ground."""
    kind, code = thing.opens
    return (
        thing.kind not in _ORGANISED
        or ground.covers(thing.community, code)
        or (kind == "street" and code in ground.streets)
    )


def _area(found: Found) -> Hit:
    thing = found.thing
    facts = (("code", thing.code),) if thing.code else ()
    return Hit(
        thing.kind, thing.label, thing.detail, found.rank, box=thing.box, opens=thing.opens,
        facts=facts,
    )  # fmt: skip


def _workers(
    session: Session,
    ask: Ask,
    found: Sequence[Found],
    words: str,
    how: tuple[int, datetime, Ground],
) -> list[Hit]:
    """Posts by the words for a grid or community and the duty, else by a worker's whole name."""
    limit, now, ground = how
    if ask.duty is not None:
        best = min((one.rank for one in found), default=EXACT)
        codes = [
            one.thing.opens[1]
            for one in found
            if one.rank == best and one.thing.kind in ("grid", "community")
        ]
        lead = ask.duty == "lead"
        rows = (
            store.posts_at(session, codes, ground, lead=lead, now=now, most=limit) if codes else []
        )
        return [_worker(row, best) for row in rows]
    name = "".join(words.split())
    if not _NAME.fullmatch(name):
        return []
    return [_worker(row, EXACT) for row in store.posts_of(session, name, now, limit, ground)]


def _worker(row: RowMapping, rank: int) -> Hit:
    detail = _joined(row["grid"], "" if row["community"] in row["grid"] else row["community"])
    return Hit(
        "worker", masked_name(row["name"]), detail, rank, box=district.box(row["box"]),
        opens=("grid", row["grid_code"]), facts=(("duty", row["duty"]),),
    )  # fmt: skip


def _issues(session: Session, words: str, limit: int, ground: Ground) -> list[Hit]:
    """Issues by their ticket or the start of it, with or without its letters, or by their id."""
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    span = _tracked(plain)
    rows: list[RowMapping] = list(store.tracked(session, *span, limit, ground)) if span else []
    if len(plain) >= _SHORTEST_TICKET and any(c.isascii() and c.isdigit() for c in plain):
        before = store.letters(session) if plain.isdigit() else ()
        starts = (plain, plain.upper(), plain.lower(), *(letters + plain for letters in before))
        rows += store.tickets(session, list(dict.fromkeys(starts)), limit, ground)
    return [_issue(row, plain) for row in rows]


def _tracked(plain: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that a text may be, or be the start of."""
    whole = _TRACKED.search(plain)
    if whole:
        return UUID(whole.group()), UUID(whole.group())
    if not _TRACK_START.fullmatch(plain):
        return None
    digits = plain.replace("-", "")
    return UUID(digits.ljust(_UUID_DIGITS, "0")), UUID(digits.ljust(_UUID_DIGITS, "f"))


def _issue(row: RowMapping, plain: str) -> Hit:
    ticket = row["ticket"].casefold()
    said = {ticket, _LETTERS.sub("", ticket)}
    exact = plain.casefold() in said or str(row["public_id"]) in plain.lower()
    shown = ("status", "is_open", "category_zh", "category_en", "due_at")
    return Hit(
        "issue", row["ticket"], row["grid"] or row["community"] or "", EXACT if exact else BEGUN,
        row["lon"], row["lat"], opens=("issue", str(row["public_id"])),
        facts=tuple((key, row[key]) for key in shown),
    )  # fmt: skip


def _places(finder: Finder, locator: Locator, words: str, limit: int) -> Iterator[Hit]:
    """What the geocoder makes of the words, then what they may become."""
    found = locator.answer(words, limit)
    lacking = None
    if found.reason in ("no_number", "unlike"):
        lacking = locator.completion.lacking(words)
    if lacking:
        for road in lacking.roads[:limit]:
            missing = (("missing", lacking.number),)
            yield replace(_entry(finder, road, WITHIN), facts=missing)
    for match in found.candidates:
        if match.kind != "community" and (not lacking or _is_asked(match, words)):
            yield _place(finder, match, _rank(found, match, words))
    for entry in locator.completion.doors(words, limit):
        yield _entry(finder, entry, BEGUN)
    for named in locator.completion.names(words, limit):
        yield _named(finder, named, words)


def _is_asked(match: Match, words: str) -> bool:
    """Whether a door has the number in the words, on a road that is called so but for a sign."""
    door, asked = parse(match.label), parse(words)
    return asked.number in door.numbers and is_like(door.road, asked.road)


def _rank(found: Answer, match: Match, words: str) -> int:
    """A road's whole name is exact; a door is, where the geocoder is sure or only undecided."""
    if match.kind == "road":
        return EXACT if normalise(words) == normalise(match.label) else WITHIN
    return ALIKE if found.reason in ("unlike", "no_number") else EXACT


def _place(finder: Finder, match: Match, rank: int) -> Hit:
    where = finder.area("community", match.community_code)
    return Hit(
        _kind(match.kind, match.precision), match.label, _whereabouts(where), rank,
        match.lon, match.lat, opens=_spot(match.kind, match.lon, match.lat),
        precision=match.precision,
    )  # fmt: skip


def _entry(finder: Finder, entry: Entry, rank: int) -> Hit:
    where = finder.area("community", entry.community_code)
    precision = {"road": "road", "door": "door"}.get(entry.kind, "place")
    return Hit(
        _kind(entry.kind, precision), label(entry), _whereabouts(where), rank, entry.lon,
        entry.lat, opens=_spot(entry.kind, entry.lon, entry.lat), precision=precision,
    )  # fmt: skip


def _named(finder: Finder, named: Named, words: str) -> Hit:
    """One name as one thing, however many houses stand under it."""
    rank = BEGUN if named.begun else WITHIN
    if named.name == normalise(words) and len(named.entries) == 1:
        rank = EXACT
    first = named.entries[0]
    if len(named.entries) == 1 or first.kind == "road":
        return _entry(finder, first, rank)
    where = finder.area("community", first.community_code)
    names = {entry.name for entry in named.entries}
    shown = names.pop() if len(names) == 1 else named.name
    spot = middle(named.entries, list(range(len(named.entries))), SAME_SPOT_M)
    if spot is not None:
        return replace(_entry(finder, named.entries[spot], rank), kind="building", label=shown)
    facts = (("houses", len(named.entries)),)
    return Hit("building", shown, _whereabouts(where), rank, box=named.box, facts=facts)


def _kind(kind: str, precision: str) -> Kind:
    if kind == "road":
        return "road"
    if kind in ("place", "crossing", *SAID):
        return "place"
    return "building" if kind == "courtyard" or precision == "building" else "address"


def _spot(kind: str, lon: float, lat: float) -> tuple[str, str] | None:
    """What a point opens; a road is none, and only shown."""
    return None if kind == "road" else ("place", f"{lon:.7f},{lat:.7f}")


def _whereabouts(where: Thing | None) -> str:
    return _joined(where.label, where.detail) if where else ""


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
