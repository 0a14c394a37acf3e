"""What a search finds, and how what was found becomes one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geodata.domain.callname import Kind
from geodata.domain.search import ALIKE, Box

ORDER: Final[tuple[Kind, ...]] = (
    "issue", "community", "street", "grid", "address", "building", "place", "road", "group",
    "branch", "committee", "worker",
)  # fmt: skip
"""Of matches that are equally good, which kind comes first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the words may mean.

    `rank` runs from the name itself (0) to all but one character of it (4). `lon`, `lat` or `box`
    (degrees) say where; `opens` is a kind and an id, or None for what is only shown.
    """

    kind: Kind
    label: str
    detail: str
    rank: int
    lon: float | None = None
    lat: float | None = None
    box: Box | None = None
    opens: tuple[str, str] | None = None
    precision: str | None = None
    facts: tuple[tuple[str, object], ...] = ()


def gathered(hits: Iterable[Hit], said: Kind | None, limit: int) -> list[Hit]:
    """The best of each kind in turn, each thing once, until there are enough; then by kind.

    What is only alike is shown where nothing else is; a house that is its own address, once.
    """
    order = {kind: place for place, kind in enumerate(ORDER)} | ({said: -1} if said else {})
    once = {(hit.kind, hit.label, hit.detail): hit for hit in sorted(hits, key=lambda h: -h.rank)}
    alone = {_as_place(hit): hit for hit in sorted(once.values(), key=lambda h: -order[h.kind])}
    once = {key: hit for key, hit in once.items() if alone[_as_place(hit)] is hit}
    close = [hit for hit in once.values() if hit.rank < ALIKE]
    turns: dict[Kind, int] = dict.fromkeys(ORDER, 0)
    ranked: list[tuple[int, int, int, int, Hit]] = []
    for hit in sorted(close or once.values(), key=lambda h: h.rank):
        turns[hit.kind] += 1
        ranked.append((hit.rank, turns[hit.kind], order[hit.kind], len(ranked), hit))
    taken = [place[-1] for place in sorted(ranked, key=lambda place: place[:-1])[:limit]]
    kinds = list(dict.fromkeys(hit.kind for hit in taken))
    return [hit for kind in kinds for hit in taken if hit.kind == kind]


def _as_place(hit: Hit) -> tuple[object, ...]:
    """Equal for an address and a house that have one name and one place."""
    place = "place" if hit.kind in ("address", "building") else hit.kind
    return place, hit.label, hit.detail, hit.lon, hit.lat
