"""The JSON API, one module a noun."""

from webmap.api import archive, health, imports, issues, layers, places, search, tiles

BLUEPRINTS = tuple(
    module.blueprint for module in (health, imports, issues, layers, places, search, tiles)
)
__all__ = ["BLUEPRINTS", "archive"]
