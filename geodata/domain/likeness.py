"""Names that a misspelt one may mean: alike in their characters, with the very same numbers."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from geodata.domain.gazetteer import Gazetteer
from geodata.domain.reading import Ask
from geodata.domain.sound import alike

LEAST: Final = 55.0
"""Percent of likeness below which a name is no candidate; one character of three is 67."""

_POOL: Final = 400
_TWO: Final = 2
_ENDING: Final = re.compile(
    "(?:路|街|巷|道|弄|里|坊|大街|大道|胡同|小区|花园|花苑|家园|公寓|新村|大厦|大楼|广场|中心|家属院|工业区|"
    "村|苑|庭|园|院|楼)+$"
)
_TELLING: Final = frozenset(
    "东西南北中上下前后左右新老旧大小内外零一二三四五六七八九十甲乙丙丁0123456789ABCDEFGH期"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A name of the district like the one asked for.

    `score` runs from 0 to 1; `edits` counts characters; `telling` says that they differ in one
    that makes another name of it (东 and 西, 一期 and 二期); `sounding` that one character stands
    for another of the same syllable, the commonest slip of all.
    """

    name: str
    score: float
    edits: int
    telling: bool
    sounding: bool

    @property
    def stem(self) -> int:
        """Characters of the name that are its own, without 路, 花园 and the like."""
        return len(_ENDING.sub("", self.name))


def likely(known: Gazetteer, ask: Ask, limit: int) -> list[Likeness]:
    """At most `limit` names like the unknown one of the text, the likeliest first."""
    unknown = ask.unknown
    if not unknown.name:
        return []
    pool = _pool(known, ask)
    best: dict[str, Likeness] = {}
    for asked in dict.fromkeys((unknown.name, unknown.within + unknown.name)):
        for name, score, _ in process.extract(
            asked, pool, scorer=fuzz.ratio, score_cutoff=LEAST, limit=limit
        ):
            if name not in best or best[name].score < score / 100.0:
                best[name] = _compared(asked, name, score / 100.0)
    return sorted(best.values(), key=lambda like: -like.score)[:limit]


def _pool(known: Gazetteer, ask: Ask) -> list[str]:
    """The names with the number asked for; without one, those that share pairs of characters."""
    unknown = ask.unknown
    for number in unknown.numbers:
        return known.named.get((number, ""), [])
    if unknown.building:
        return known.named.get(("", unknown.building), [])
    shared: Counter[str] = Counter()
    for start in range(len(unknown.name) - 1):
        shared.update(known.pairs.get(unknown.name[start : start + 2], ()))
    return [name for name, _ in shared.most_common(_POOL)]


def _compared(asked: str, name: str, score: float) -> Likeness:
    changed: set[str] = set()
    edits = Levenshtein.editops(asked, name)
    for edit in edits:
        if edit.tag != "insert":
            changed.add(asked[edit.src_pos])
        if edit.tag != "delete":
            changed.add(name[edit.dest_pos])
    sounding = len(edits) == 1 and len(changed) == _TWO and alike(*changed)
    return Likeness(name, score, len(edits), not _TELLING.isdisjoint(changed), sounding)
