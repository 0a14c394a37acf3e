"""What the geocoder answers: a place, or why it is not sure of one."""

from dataclasses import dataclass
from typing import Final, Literal

from geodata.domain.issue import POINTS, Precision

Reason = Literal["found", "coarse", "ambiguous", "unlike", "no_number", "no_crossing", "nothing"]


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that the text may mean; `score` runs from 0 to 1."""

    label: str
    lon: float
    lat: float
    precision: Precision
    score: float
    kind: str
    ref: int | str | None
    community_code: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means: the best match, whether it is sure, and everything it may mean.

    Only a sure answer has a `point`. `reason` says why another is not: ``coarse`` the text names
    only a road or a community; ``ambiguous`` several places fit; ``unlike`` the spelling is too
    far off or the context does not fit; ``no_number`` the name is known, the number is not;
    ``no_crossing`` the roads are known and meet nowhere; ``nothing`` no name was recognised.
    """

    best: Match | None
    sure: bool
    candidates: tuple[Match, ...]
    reason: Reason

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude in degrees, if the answer is sure."""
        return (self.best.lon, self.best.lat) if self.best and self.sure else None

    @property
    def precision(self) -> Precision:
        """The precision of a sure point, else that of the road or community named, else none."""
        if self.best and (self.sure or self.best.precision not in POINTS):
            return self.best.precision
        return "none"


NOTHING: Final = Answer(None, sure=False, candidates=(), reason="nothing")
