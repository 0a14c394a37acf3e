"""HTML pages, one module for each kind of reader."""

from webmap.pages import (
    accounts,
    administration,
    certificates,
    exports,
    people,
    public,
    redraws,
    roster,
    staff,
)

BLUEPRINTS = (
    accounts.blueprint,
    administration.blueprint,
    certificates.blueprint,
    exports.blueprint,
    people.blueprint,
    public.blueprint,
    redraws.blueprint,
    roster.blueprint,
    staff.blueprint,
)
__all__ = ["BLUEPRINTS"]
