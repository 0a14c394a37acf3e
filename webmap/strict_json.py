"""JSON without NaN, Infinity, bottomless nesting or text that no database can hold."""

import json
from datetime import datetime
from typing import Any, NoReturn

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
            return json.loads(s, parse_constant=_refuse, parse_float=_finite, **kwargs)
        except RecursionError as deep:
            raise ValueError("nested too deeply") from deep


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return number
