"""Where the records behind the numbers of coverage are listed."""

from urllib.parse import urlencode

from geodata.domain.coverage.measures import Measure

_PEOPLE = ("workers", "with_worker")
_HOUSES = ("buildings", "covered", "households", "residents")


def records(measure: Measure, code: str, tier: str) -> str:
    """Where the records behind a measure of an area are listed; of all without a code."""
    if measure.below == "open":
        return half(measure, measure.above, code, tier, may_appoint=False)
    if tier == "grid" and measure.below != "buildings" and measure.above != "households":
        return f"/coverage?area={code}&measure={measure.code}&tier=grid"
    return _listed(measure, code, "building" if tier == "grid" else "grid")


def half(measure: Measure, figure: str, code: str, tier: str, *, may_appoint: bool) -> str:
    """Where what one figure of a measure's fraction counts in an area is listed.

    Who serves is told where one may appoint there: of a grid or community, or of all; a street's
    people stand beside its grids.
    """
    if measure.below == "open":
        area = f"{tier}-{code}" if code else ""
        return f"/desk?{_query(area=area, overdue='true' if figure == 'overdue' else '')}"
    if figure in _PEOPLE and may_appoint and tier != "street":
        return _people(code, tier)
    if tier == "grid" and figure not in _HOUSES:
        return f"/coverage?area={code}&measure={measure.code}&tier=grid"
    singly = tier == "grid" or (figure in _HOUSES and figure not in ("households", "residents"))
    return _listed(measure, code, "building" if singly else "grid")


def _people(code: str, tier: str) -> str:
    """Who serves a grid, a community, or all of one's ground."""
    if tier == "grid":
        return f"/people/grids/{code}"
    return f"/people?community={code}" if code else "/people"


def _listed(measure: Measure, code: str, tier: str) -> str:
    """The table of an area by single buildings or by grids."""
    told = _query(area=code, measure=measure.code, tier=tier)
    return f"/coverage/table?{told}#parts-title"


def _query(**told: str) -> str:
    return urlencode({name: value for name, value in told.items() if value})
