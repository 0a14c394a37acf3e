"""HTML pages, one module for each kind of reader."""

from webmap.pages import (
    accounts,
    administration,
    bulletins,
    certificates,
    coverage,
    desk,
    exports,
    grids,
    history,
    offline,
    people,
    plans,
    public,
    redraws,
    roster,
    staff,
)

BLUEPRINTS = (
    accounts.blueprint,
    administration.blueprint,
    bulletins.blueprint,
    certificates.blueprint,
    coverage.blueprint,
    desk.blueprint,
    exports.blueprint,
    grids.blueprint,
    history.blueprint,
    offline.blueprint,
    people.blueprint,
    plans.blueprint,
    public.blueprint,
    redraws.blueprint,
    roster.blueprint,
    staff.blueprint,
)
__all__ = ["BLUEPRINTS"]
