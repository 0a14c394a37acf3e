"""The JSON API, one module a noun."""

from webmap.api import (
    archive,
    health,
    imports,
    issues,
    layers,
    loads,
    ogc,
    places,
    quality,
    redraws,
    search,
    tiles,
)

MODULES = (health, imports, issues, layers, loads, ogc, places, quality, redraws, search, tiles)
BLUEPRINTS = tuple(module.blueprint for module in MODULES)
__all__ = ["BLUEPRINTS", "archive"]
