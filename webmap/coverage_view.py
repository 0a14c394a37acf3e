"""What one looks at when one looks at coverage: area, kind, measure and tier, and what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from pydantic import Field

from geodata.domain.coverage.gap import KINDS, Gap
from geodata.domain.coverage.measures import TIERS, Measure, Tier
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import coverage_report
from geodata.services.coverage_report import Area, Report
from webmap import database, guard, languages
from webmap.api.fields import Code, Query

BELOW: Final[Mapping[Tier | None, Tier]] = {
    None: "community",
    "street": "community",
    "community": "grid",
    "grid": "grid",
}
"""Which parts an area is shown in, unless something else is asked for."""
# fmt: off
Done = Literal[
    "", "founded", "led", "taken", "joined", "returned", "enrolled", "shared",
    "handed", "stationed", "visited",
]
# fmt: on
Kind = Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")]


class CoverageQuery(Query):
    """Where one looks and at what; `loose` wants the gaps alone that lie in none of the parts.

    `page` is that of the gaps, `part` that of the parts or buildings; `done` is what a form has
    just done about the gap with the code `of`.
    """

    area: Code | Literal[""] = ""
    kind: Kind = ""
    measure: Kind = ""
    tier: Literal["", "street", "community", "grid", "building"] = ""
    loose: bool = False
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    part: Annotated[int, Field(ge=1, le=10_000)] = 1
    done: Done = ""
    of: Annotated[str, Field(pattern=r"^[\w:+.-]{0,60}$")] = ""


@dataclass(frozen=True)
class Seen:
    """What one looks at: the report, the area, the chosen measure, tier and kind."""

    report: Report
    area: Area
    asked: CoverageQuery
    measure: Measure
    gaps: Sequence[Gap]

    @property
    def tiers(self) -> list[str]:
        """The tiers that the area has on the ground of who asks, from the top."""
        ground = self.area.ground
        has = {"street": bool(ground.streets), "community": bool(ground.communities)}
        return [*(tier for tier in TIERS if ground.whole or has.get(tier, True)), "building"]

    @property
    def tier(self) -> str:
        """The tier that the map shows: what was asked for where there is such, else the usual."""
        return self.asked.tier if self.asked.tier in self.tiers else self._usual

    @property
    def below(self) -> Tier:
        """The tier of the parts in which the area is told in figures."""
        return next((tier for tier in TIERS if tier == self.tier), self._usual)

    @property
    def is_part(self) -> bool:
        """Whether who asks sees but a part of the area that is looked at."""
        area = self.area
        if area.tier == "street":
            return not area.ground.whole and area.code not in area.ground.streets
        return area.tier == "community" and not area.ground.covers(area.code)

    @property
    def _usual(self) -> Tier:
        usual = BELOW[self.area.tier]
        return usual if usual in self.tiers else "grid"

    @property
    def chosen(self) -> list[Gap]:
        """The gaps of the chosen kind, or all; of those that lie in none of the parts, if asked."""
        told = [gap for gap in self.gaps if self.asked.kind in ("", gap.kind)]
        if not self.asked.loose:
            return told
        grids = self.report.frames.grids
        if self.tier in ("grid", "building"):
            known = set(grids.code)
            return [gap for gap in told if gap.grid not in known]
        homes = self.report.frames.street_of
        return [gap for gap in told if gap.community not in homes]

    def listed(self, most: int) -> list[Gap]:
        """Those of the page that is asked for, where each has so many."""
        start = (self.asked.page - 1) * most
        return self.chosen[start : start + most]

    def at(self, **change: object) -> str:
        """The query string of this page with a change; another choice begins on the first page."""
        passing = {"page", "part", "lang", "done", "of"}
        kept = self.asked.model_dump(exclude_defaults=True, exclude=passing)
        told = {name: "true" if v is True else v for name, v in {**kept, **change}.items()}
        return urlencode({name: v for name, v in told.items() if v not in ("", None, False)})


def seen(asked: CoverageQuery) -> Seen:
    """The coverage that was asked for, on the ground of who asks."""
    reach = guard.reach(Action.SEE_COVERAGE)
    still = database.still()
    database.on_all_ground()
    session = database.session()
    look = database.looks().get(session, guard.now(), still)
    english = languages.current() == "en"
    report = coverage_report.report(session, guard.now(), reach, look, english=english)
    area = coverage_report.area(session, report, reach, asked.area)
    measures = {one.code: one for one in report.measures()}
    if asked.kind and asked.kind not in KINDS:
        raise NotFound("no_page")
    usual = "building_share" if asked.tier == "building" else next(iter(measures))
    measure = measures.get(asked.measure, measures[usual])
    return Seen(report, area, asked, measure, report.within(area.ground))
