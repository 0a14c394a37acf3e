"""The JSON API, one module a noun."""

from webmap.api import (
    archive,
    audit,
    coverage,
    exports,
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
    sessions,
    tiles,
)

MODULES = (
    *(
        audit,
        coverage,
        exports,
        health,
        imports,
        issues,
        layers,
        loads,
        ogc,
        places,
        quality,
        redraws,
    ),
    *(search, sessions, tiles),
)
BLUEPRINTS = tuple(module.blueprint for module in MODULES)
__all__ = ["BLUEPRINTS", "archive"]
