"""HTML pages, one module for each kind of reader."""

from webmap.pages import exports, public, staff

BLUEPRINTS = (exports.blueprint, public.blueprint, staff.blueprint)
__all__ = ["BLUEPRINTS"]
