"""The description for programs, finished: what every operation answers, good or bad."""

from typing import Any, Final

from apiflask import APIFlask

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457; `title` is a sentence in the language of the request.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
    },
    "required": ["type", "title", "status", "code", "facts"],
}
_REFUSED: Final = {
    "description": "Refused, with the reason",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_MEDIA: Final = (
    ("/api/layers/", "application/geo+json"),
    ("/api/quality", "application/geo+json"),
    ("/items", "application/geo+json"),
    (".csv", "text/csv"),
    (".mvt", "application/vnd.mapbox-vector-tile"),
    ("/exports/", "*/*"),
    ("/photos/", "image/jpeg"),
)
"""The media types of answers that are not plain JSON, by a part of their path."""

_GOOD: Final = {"description": "Successful response"}


def prepare(app: APIFlask) -> None:
    """Finish the description each time it is made."""
    app.spec_processor(_finished)


def _finished(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    if isinstance(spec, str):
        return spec
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            operation["responses"] = _responses(operation["responses"], _media(path))
    schemas = spec["components"]["schemas"]
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    return spec


def _media(path: str) -> str | None:
    """What a path answers in, where that is not JSON."""
    return next((media for part, media in _MEDIA if part in path), None)


def _responses(told: dict[str, Any], media: str | None) -> dict[str, Any]:
    """The answers by status, a good one among them and all refusals in one form."""
    good = {status: said for status, said in told.items() if status.startswith("2")}
    if media is not None:
        good["200"] = {**_GOOD, "content": {media: {}}}
    bad = {status: _REFUSED for status in told if status >= "4"}
    return {**(good or {"200": _GOOD}), **dict(sorted(bad.items())), "default": _REFUSED}
