"""HTML pages, one module for each kind of reader."""

from webmap.pages import (
    accounts,
    administration,
    certificates,
    comparing,
    coverage,
    exports,
    grids,
    indicators,
    norms,
    people,
    picture,
    plans,
    public,
    redraws,
    reports,
    roster,
    staff,
)

BLUEPRINTS = (
    accounts.blueprint,
    administration.blueprint,
    certificates.blueprint,
    comparing.blueprint,
    coverage.blueprint,
    exports.blueprint,
    grids.blueprint,
    indicators.blueprint,
    norms.blueprint,
    people.blueprint,
    picture.blueprint,
    plans.blueprint,
    public.blueprint,
    redraws.blueprint,
    reports.blueprint,
    roster.blueprint,
    staff.blueprint,
)
__all__ = ["BLUEPRINTS"]
