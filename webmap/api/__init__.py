"""The JSON API, one module a noun."""

from webmap.api import (
    archive,
    arrivals,
    audit,
    bulletins,
    coverage,
    drawing,
    exports,
    foretelling,
    health,
    history,
    history_days,
    imports,
    issues,
    layers,
    loads,
    locks,
    mine,
    moves,
    notices,
    ogc,
    own_reports,
    photos,
    places,
    plan_moves,
    plan_news,
    quality,
    redraws,
    search,
    sessions,
    suggestions,
    tiles,
)

MODULES = (
    arrivals,
    *(audit, bulletins, coverage, drawing, exports, foretelling, health, history, history_days),
    *(imports, issues, layers, loads, locks, mine, moves, notices, ogc, own_reports, photos),
    *(places, plan_moves, plan_news, quality, redraws, search, sessions, suggestions, tiles),
)
BLUEPRINTS = tuple(module.blueprint for module in MODULES)
__all__ = ["BLUEPRINTS", "archive"]
