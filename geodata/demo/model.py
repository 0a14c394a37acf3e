"""What a generated district is made of: plain records, ready for bulk loading.

Shapes are in degrees (EPSG:4326, lon/lat) on the lattice. Records name each other by their index in
the district's lists, streets and communities by their code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from shapely.geometry import LineString, MultiPolygon, Point, Polygon

Tier = Literal["street", "community", "branch", "group"]


@dataclass(frozen=True)
class Options:
    """What to generate. Everything else scales with the number of grids."""

    seed: int = 610902
    grids: int = 620
    buildings: int = 10_000
    issues: int = 260
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Street:
    """街道, the first tier."""

    code: str
    name: str
    name_en: str
    shape: MultiPolygon


@dataclass(frozen=True)
class Community:
    """社区, the second tier; ``platform`` where the district's smart platform covers it."""

    code: str
    street_code: str
    name: str
    name_en: str
    platform: bool
    shape: MultiPolygon


@dataclass(frozen=True)
class Cell:
    """A grid, or the ground of a community that lies in no grid (no code, may be empty)."""

    code: str | None
    community_code: str
    kind: Literal["basic", "dedicated", "uncovered"]
    name: str
    shape: MultiPolygon


@dataclass(frozen=True)
class Road:
    """A named stretch of road: arterial, secondary, lane or bridge; ``width`` in metres."""

    name: str
    kind: Literal["arterial", "secondary", "lane", "bridge"]
    width: float
    shape: LineString


@dataclass(frozen=True)
class Landcover:
    """Water, green or plaza."""

    kind: Literal["water", "green", "plaza"]
    name: str
    shape: MultiPolygon


@dataclass(frozen=True)
class Place:
    """A place that people name: school, hospital, market, station, office, park."""

    name: str
    kind: str
    address: str
    shape: Point


@dataclass(frozen=True)
class Building:
    """A building, or a courtyard that holds some.

    ``cell`` indexes the district's cells, ``courtyard`` its courtyards, ``group`` its party
    organisations. The door lies inside the outline or on its edge.
    """

    code: str
    community_code: str
    cell: int
    courtyard: int | None
    name: str
    address: str
    door: Point
    outline: Polygon
    levels: int
    households: int
    residents: int
    group: int | None


@dataclass(frozen=True)
class PartyOrg:
    """A party organisation; ``parent`` indexes the same list, which has parents first."""

    tier: Tier
    parent: int | None
    name: str
    secretary: str | None
    member_count: int
    street_code: str | None
    community_code: str | None
    cell: int | None


@dataclass(frozen=True)
class Worker:
    """A grid worker."""

    name: str


@dataclass(frozen=True)
class Post:
    """Who works which grid, from when, and until when (None: still)."""

    worker: int
    cell: int
    duty: Literal["lead", "assistant"]
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Category:
    """What an issue can be about."""

    code: str
    name_zh: str
    name_en: str
    department: str
    time_limit: float
    limit_type: str
    glyph: str


@dataclass(frozen=True)
class Issues:
    """Issues as columns of equal length, since there may be a million.

    ``building`` is the index of the building that was meant, -1 where none was; ``community`` the
    code that was named, or empty; ``lon``/``lat`` are a pin (WGS 84), None where none was set.
    """

    channel: list[str]
    ticket: list[str]
    category: list[str]
    text: list[str]
    address: list[str]
    community: list[str]
    lon: list[float | None]
    lat: list[float | None]
    building: list[int]
    status: list[str]
    level: list[str]
    reported_at: list[datetime]
    due_at: list[datetime]
    closed_at: list[datetime | None]

    def __len__(self) -> int:
        """How many issues there are."""
        return len(self.ticket)


@dataclass(frozen=True)
class Planted:
    """A gap put there on purpose: its kind, the code of what has it, and a word about it."""

    kind: str
    code: str
    note: str


@dataclass(frozen=True)
class District:
    """A whole district. ``buildings`` holds no courtyards; they stand beside it."""

    code: str
    name: str
    name_en: str
    ground: MultiPolygon
    streets: list[Street]
    communities: list[Community]
    cells: list[Cell]
    roads: list[Road]
    landcover: list[Landcover]
    places: list[Place]
    courtyards: list[Building]
    buildings: list[Building]
    party_orgs: list[PartyOrg]
    workers: list[Worker]
    posts: list[Post]
    issues: Issues
    categories: list[Category]
    planted: list[Planted]
