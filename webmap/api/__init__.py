"""The JSON API, one module a noun."""

from webmap.api import (
    archive,
    audit,
    drawing,
    exports,
    health,
    history,
    imports,
    issues,
    layers,
    loads,
    locks,
    notices,
    ogc,
    places,
    plan_moves,
    quality,
    redraws,
    search,
    sessions,
    suggestions,
    tiles,
)

MODULES = (
    *(audit, drawing, exports, health, history, imports, issues, layers, loads, locks, notices),
    *(ogc, places, plan_moves, quality, redraws, search, sessions, suggestions, tiles),
)
BLUEPRINTS = tuple(module.blueprint for module in MODULES)
__all__ = ["BLUEPRINTS", "archive"]
