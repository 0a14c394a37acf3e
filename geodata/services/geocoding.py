"""Finding the place that an address or a complaint means, with the district's own names only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata.db import names
from geodata.domain.completion import Completion
from geodata.domain.geocoder import Answer, Geocoder, Match
from geodata.domain.issue import Precision
from geodata.domain.lattice import snap
from geodata.domain.spelling import region

_KEPT: Final = 5
"""Candidates remembered with an issue whose place is not sure."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where something is (degrees on the lattice; None where there is no point), and how sure."""

    precision: Precision
    lon: float | None = None
    lat: float | None = None
    community_code: str | None = None
    evidence: Mapping[str, object] | None = None

    @property
    def place(self) -> shapely.Point | None:
        """The point, or None."""
        return None if self.lon is None or self.lat is None else shapely.Point(self.lon, self.lat)


class Locator:
    """The district's geocoder, and the ways an issue can name its place."""

    def __init__(self, geocoder: Geocoder) -> None:
        """Wrap a geocoder; safe to share between threads."""
        self.geocoder = geocoder
        self.completion = Completion(geocoder.known)

    @classmethod
    def of(cls, session: Session) -> "Locator":
        """A locator for everything that has a name in the store."""
        home = region(names.home(session))
        return cls(Geocoder(names.named(session), home, names.roads(session)))

    @classmethod
    def coarse(cls, session: Session) -> "Locator":
        """A locator that knows no house and no crossing, and is made in a moment."""
        home = region(names.home(session))
        return cls(Geocoder(names.named(session, houses=False), home))

    def answer(self, query: str, limit: int) -> Answer:
        """What a text may mean, with candidates; for people who type."""
        return self.geocoder.locate(query, limit)

    def locate(
        self, address: str, text: str = "", *, street: str = "", community: str = ""
    ) -> Located:
        """The place of an issue by its address, else by what its text says.

        The text is only believed where it is sure; a community or road alone gives no point.
        """
        found = self._ask(address, street, community)
        if found.point is None and text:
            told = self._ask(text, street, community)
            found = told if told.point is not None or not found.candidates else found
        if found.point is None and found.best is None and community:
            found = self._ask(community, street, "")
        return _located(found)

    def _ask(self, text: str, street: str, community: str) -> Answer:
        return self.geocoder.locate(text, _KEPT, street=street, community=community)


def version(session: Session) -> str:
    """Changes when the names a locator is built from have changed."""
    return names.version(session)


def pinned(lon: float, lat: float) -> Located:
    """The place of a pin (degrees), moved onto the lattice."""
    x, y = snap(np.array([lon, lat]))
    return Located("pin", float(x), float(y))


def _located(answer: Answer) -> Located:
    best = answer.best
    evidence = {
        "reason": answer.reason,
        "candidates": [told(match) for match in answer.candidates],
        **({"label": best.label, "score": round(best.score, 3)} if best else {}),
    }
    known = best is not None and (answer.sure or answer.precision == "community")
    code = (best.community_code or None) if best and known else None
    if answer.point is None:
        return Located(answer.precision, community_code=code, evidence=evidence)
    x, y = snap(np.array(answer.point))
    return Located(answer.precision, float(x), float(y), code, evidence)


def told(match: Match) -> dict[str, object]:
    """A match as answers and evidence show it; lon, lat in degrees."""
    return {
        "label": match.label,
        "lon": match.lon,
        "lat": match.lat,
        "precision": match.precision,
        "score": round(match.score, 3),
        "building_id": match.ref if match.kind in ("door", "building", "courtyard") else None,
    }
