"""A text that means the crossing of roads: 香溪路与巴山中路交叉口, 安火路巴山中路路口."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from geodata.domain.answer import Answer, Match
from geodata.domain.crossing import Spot
from geodata.domain.gazetteer import Gazetteer, Mention

SCORE: Final = 0.95
_SEVERAL: Final = 0.5
_ROAD: Final = 0.3

_WITH: Final = re.compile(",?(?:[与和及跟同]|靠近|近)?,?")
_AND: Final = re.compile(",?(?:[与和及跟同]|靠近|近),?")
_FAR_AND: Final = re.compile("[^,0-9]{0,8}[与和及],?")
_MEET: Final = re.compile(
    "[的,]?(?:(?:相?交[叉汇接界会]?|十字|[丁三][字叉岔])+的?(?:路?口|处|点)?|路口|转角|拐角|口(?![腔岸味碑罩香水号]))"
)
_AWAY: Final = re.compile("[^,0-9]{0,6}[东西南北][^,0-9]{0,5}[0-9]{1,4}米")
_STRETCH: Final = re.compile("[^,]{0,3}[至到]|之间|沿线|段")


class Joined(NamedTuple):
    """Roads that a text says cross, and whether it means a place some way from there."""

    names: tuple[str, ...] = ()
    away: bool = False


NONE: Final = Joined()


def joined(known: Gazetteer, clean: str, mentions: Sequence[Mention]) -> Joined:
    """The first roads in a normalised text that it names as a crossing; none if there are none."""
    roads = [mention for mention in mentions if mention.name in known.crossings.names]
    for chain in _chains(clean, roads):
        end = chain[-1].end
        meet = _MEET.match(clean, end)
        after = meet.end() if meet else end
        told = _AND.fullmatch(clean, chain[0].end, chain[1].start) if len(chain) > 1 else None
        bare = told and chain[0].start == 0 and (end == len(clean) or clean[end] == ",")
        if (meet or bare) and not _STRETCH.match(clean, after):
            names = tuple(dict.fromkeys(mention.name for mention in chain))
            return Joined(names, _AWAY.match(clean, after) is not None)
    return NONE


def _chains(clean: str, roads: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Roads that follow one another with no more than a "with" between them, two at least."""
    chain: list[Mention] = []
    for road in roads:
        between = clean[chain[-1].end : road.start] if chain else ""
        if chain and not (_WITH.fullmatch(between) or _FAR_AND.fullmatch(between)):
            if len(chain) > 1:
                yield chain
            chain = []
        chain.append(road)
    if len({road.name for road in chain}) > 1:
        yield chain


def crossing(known: Gazetteer, asked: Joined, limit: int) -> Answer:
    """Where the roads meet: sure if at one place, candidates if at several, else their names."""
    spots = known.crossings.of(asked.names)
    title = "与".join(asked.names) + "交叉口"
    if len(spots) == 1:
        found = _match(title, spots[0], SCORE)
        return Answer(found, not asked.away, (found,), "unlike" if asked.away else "found")
    if spots:
        several = tuple(
            _match(f"{title}（第{place}处，共{len(spots)}处）", spot, _SEVERAL)
            for place, spot in enumerate(spots[:limit], 1)
        )
        return Answer(several[0], sure=False, candidates=several, reason="ambiguous")
    roads = tuple(_roads(known, asked.names))[:limit]
    return Answer(roads[0] if roads else None, False, roads, "no_crossing")  # noqa: FBT003 -- sure


def _match(title: str, spot: Spot, score: float) -> Match:
    return Match(title, *spot, "crossing", score, "crossing", None, "")


def _roads(known: Gazetteer, names: Sequence[str]) -> Iterator[Match]:
    for name in names:
        for index in known.doors.get((name, "", ""), ())[:1]:
            road = known.entries[index]
            if road.kind == "road":
                yield Match(
                    *(road.label or road.name, road.lon, road.lat, "road", _ROAD, "road"),
                    *(road.ref, road.community_code),
                )
