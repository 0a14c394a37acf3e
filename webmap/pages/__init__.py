"""HTML pages, one module for each kind of reader."""

from webmap.pages import (
    accounts,
    administration,
    certificates,
    coverage,
    exports,
    people,
    public,
    roster,
    staff,
)

BLUEPRINTS = (
    accounts.blueprint,
    administration.blueprint,
    certificates.blueprint,
    coverage.blueprint,
    exports.blueprint,
    people.blueprint,
    public.blueprint,
    roster.blueprint,
    staff.blueprint,
)
__all__ = ["BLUEPRINTS"]
