"""The JSON API, one module a noun."""

from webmap.api import (
    archive,
    audit,
    exports,
    foretelling,
    health,
    imports,
    issues,
    layers,
    loads,
    mine,
    moves,
    ogc,
    photos,
    places,
    quality,
    redraws,
    search,
    sessions,
    tiles,
)

MODULES = (
    *(
        audit,
        exports,
        foretelling,
        health,
        imports,
        issues,
        layers,
        loads,
        mine,
        moves,
        ogc,
        photos,
        places,
    ),
    *(quality, redraws, search, sessions, tiles),
)
BLUEPRINTS = tuple(module.blueprint for module in MODULES)
__all__ = ["BLUEPRINTS", "archive"]
