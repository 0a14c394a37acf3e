"""JSON without NaN, Infinity, bottomless nesting, names that stand twice or text no store holds."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider


class Provider(DefaultJSONProvider):
    """What Flask reads and writes JSON with: UTF-8, strict in both directions."""

    ensure_ascii = False
    sort_keys = False

    @staticmethod
    def default(o: Any) -> Any:
        """What JSON has no word for: moments as ISO 8601, the rest as Flask does."""
        return o.isoformat() if isinstance(o, datetime) else DefaultJSONProvider.default(o)

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The object as JSON text; a NaN is our own mistake and raises ValueError."""
        return super().dumps(obj, allow_nan=False, **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a JSON text; ValueError where it is not strict JSON."""
        try:
            return json.loads(
                s.decode("utf-8") if isinstance(s, bytes) else s,
                parse_constant=_refuse,
                parse_float=_finite,
                object_pairs_hook=_once,
                **kwargs,
            )
        except RecursionError as deep:
            raise ValueError("nested too deeply") from deep


def prepare(app: Flask) -> None:
    """Refuse JSON that says it is in anything but UTF-8."""
    app.before_request(_refuse_charset)


def _refuse_charset() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.is_json and charset not in ("utf-8", "utf8"):
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a name stands twice")
    return told


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return number
