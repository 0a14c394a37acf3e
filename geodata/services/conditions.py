"""Which rows of a layer or list are wanted, read from texts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from geodata.db.layers import Box
from geodata.db.narrowing import STATES
from geodata.db.outgoing import Span, Wish
from geodata.domain.issue import OUTCOMES, STATUSES
from geodata.domain.layer import Layer
from geodata.domain.period import PERIODS
from geodata.domain.workflow import GRADES
from geodata.errors import WanggeError
from geodata.services import narrowing

_CORNERS: Final = 4
_CALLED: Final = {"bbox": "box", "import": "job"}


def on_issues(layer: Layer, filters: Mapping[str, str]) -> narrowing.Wanted:
    """The conditions of the list of issues, from their texts."""
    told: dict[str, Any] = {}
    for name, value in filters.items():
        if name not in _READ:
            raise WanggeError("filter_unknown", filter=name, layer=layer.name, known=list(_READ))
        try:
            told[_CALLED.get(name, name)] = _READ[name](value)
        except (KeyError, ValueError) as bad:
            raise WanggeError("filter_bad", filter=name, value=value) from bad
    return narrowing.Wanted(**told)


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    return {word: word for word in known}.__getitem__


def _code(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def wish(layer: Layer, filters: Mapping[str, str], span: Span | None = None) -> Wish:
    """The conditions on a layer's rows, each known to it. Raises as `checked` does."""
    given = dict(filters)
    boxes = [corners(given.pop("bbox"))] if "bbox" in given and layer.spatial else []
    for name, value in given.items():
        if name not in layer.filters:
            known = [*layer.filters, *(["bbox"] if layer.spatial else [])]
            raise WanggeError("filter_unknown", filter=name, layer=layer.name, known=known)
        if not _may_be(name, value):
            raise WanggeError("filter_bad", filter=name, value=value)
    return Wish(given, boxes, span)


def _may_be(name: str, value: str) -> bool:
    if name == "state":
        return value in STATES
    if name == "import":
        return _is_number(value)
    return "\0" not in value


def _is_number(text: str) -> bool:
    """Whether it may be the number of an import."""
    return text.isascii() and text.isdigit() and int(text[:12]) < 2**31


def _number(text: str) -> str:
    if not _is_number(text):
        raise ValueError(text)
    return text


def corners(text: str) -> Box:
    """West, south, east, north in degrees. Raises WanggeError ``box_bad``."""
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError as bad:
        raise WanggeError("box_bad", box=text) from bad
    if len(numbers) != _CORNERS:
        raise WanggeError("box_bad", box=text)
    west, south, east, north = numbers
    if not (-180.0 <= west <= east <= 180.0 and -90.0 <= south <= north <= 90.0):  # noqa: PLR2004
        raise WanggeError("box_bad", box=text)
    return west, south, east, north


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "state": _one_of(STATES),
    "category": _code,
    "street": _code,
    "community": _code,
    "grid": _code,
    "period": _one_of(PERIODS),
    "since": date.fromisoformat,
    "until": date.fromisoformat,
    "overdue": {"true": True, "false": False}.__getitem__,
    "soon": {"true": True, "false": False}.__getitem__,
    "status": _one_of(STATUSES),
    "channel": _code,
    "handler": _code,
    "supervision": _one_of(("any", *GRADES)),
    "words": _code,
    "due_since": date.fromisoformat,
    "due_until": date.fromisoformat,
    "outcome": _one_of(OUTCOMES),
    "done_since": date.fromisoformat,
    "done_until": date.fromisoformat,
    "nowhere": {"true": True, "false": False}.__getitem__,
    "import": lambda text: int(_number(text)),
    "bbox": corners,
}
"""How a condition on issues is read from its text."""
