"""The JSON API, one module a noun."""

from webmap.api import health, imports, issues, layers, loads, places, search, tiles

BLUEPRINTS = tuple(
    module.blueprint for module in (health, imports, issues, layers, loads, places, search, tiles)
)
__all__ = ["BLUEPRINTS"]
