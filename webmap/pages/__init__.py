"""HTML pages, one module for each kind of reader."""

from webmap.pages import certificates, exports, public, staff

BLUEPRINTS = (certificates.blueprint, exports.blueprint, public.blueprint, staff.blueprint)
__all__ = ["BLUEPRINTS"]
