"""HTML pages, one module for each kind of reader."""

from webmap.pages import accounts, certificates, exports, public, staff

BLUEPRINTS = (
    accounts.blueprint,
    certificates.blueprint,
    exports.blueprint,
    public.blueprint,
    staff.blueprint,
)
__all__ = ["BLUEPRINTS"]
