"""HTML pages, one module for each kind of reader."""

from webmap.pages import public, staff

BLUEPRINTS = (public.blueprint, staff.blueprint)
__all__ = ["BLUEPRINTS"]
