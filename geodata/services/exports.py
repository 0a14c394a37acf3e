"""Layers and lists are taken out as files: which rows, in which coordinates, with which words."""

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, outgoing
from geodata.db.layers import Box
from geodata.db.narrowing import STATES
from geodata.db.outgoing import Span, Wish
from geodata.db.scoping import WHOLE
from geodata.db.scoping import Ground as Scoped
from geodata.demo import ATTRIBUTION
from geodata.domain.layer import LAYERS, Field, Layer
from geodata.domain.period import PERIODS
from geodata.domain.privacy import masked, masked_name
from geodata.errors import NotFound, WanggeError
from geodata.files import exports
from geodata.files.exports import FORMATS, Batch, Format, Frame, Head
from geodata.files.exports.words import Words, words
from geodata.services import narrowing
from geodata.services.district import Ground

__all__ = ["FORMATS", "LAYERS", "Order", "checked", "file_name", "write"]

_NO_FILE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|.\s]+')
_CORNERS: Final = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: a layer, a format, coordinates, a day and conditions, by name."""

    layer: str
    format: str
    crs: str = "EPSG:4490"
    at: datetime | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    """Whose days a condition on issues means."""
    ground: Scoped = WHOLE
    holder: int | None = None
    """The account whose files alone are taken out, None for all."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An order that can be carried out."""

    order: Order
    layer: Layer
    format: Format
    frame: Frame
    wish: Wish
    wanted: narrowing.Wanted | None = None
    """The issues that are wanted, where it is they."""


def checked(order: Order) -> Checked:
    """The order, understood.

    Raises NotFound ``no_layer`` or ``no_format``, InvalidFile ``crs_unknown``, WanggeError
    ``no_history``, ``filter_unknown``, ``filter_bad`` or ``box_bad``.
    """
    layer, form = LAYERS.get(order.layer), FORMATS.get(order.format)
    if layer is None:
        raise NotFound("no_layer", layer=order.layer, known=list(LAYERS))
    if form is None:
        raise NotFound("no_format", format=order.format, known=list(FORMATS))
    if order.at is not None and not layer.dated:
        raise WanggeError("no_history", layer=layer.name)
    span = Span(order.at, order.at) if order.at is not None else None
    frame = exports.frame(order.crs)
    if layer.name == "issues":
        return Checked(order, layer, form, frame, Wish(), _issues(layer, order.filters))
    told = wish(layer, order.filters, span)
    return Checked(order, layer, form, frame, replace(told, **_own(order)))


def _own(order: Order) -> dict[str, Any]:
    """What of an order keeps it to the rows that who asks may see."""
    return {"ground": order.ground, "holder": order.holder}


def _issues(layer: Layer, filters: Mapping[str, str]) -> narrowing.Wanted:
    """The conditions of the list of issues, from their texts."""
    told: dict[str, Any] = {}
    for name, value in filters.items():
        if name not in _READ:
            raise WanggeError("filter_unknown", filter=name, layer=layer.name, known=list(_READ))
        try:
            told["box" if name == "bbox" else name] = _READ[name](value)
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
        return value.isascii() and value.isdigit() and int(value[:12]) < 2**31
    return "\0" not in value


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
    "bbox": corners,
}
"""How a condition on issues is read from its text."""


def write(session: Session, wanted: Checked, target: Path, now: datetime) -> int:
    """Write the rows of an order into a file, whole or not at all; how many they were.

    Rows are read as they are written, some thousands at a time. Raises NotFound before a
    district was loaded, InvalidFile ``crs_unfit``, ``crs_only_wgs84`` or ``export_too_long``.
    """
    district = _district(session)
    stem = _stem(district["code"], wanted, now)
    head = Head(wanted.layer, wanted.frame, _notes(district, wanted, now), stem)
    with closing(_batches(session, wanted, now)) as batches:
        return exports.write(wanted.format, target, head, batches)


def file_name(session: Session, wanted: Checked, now: datetime) -> tuple[str, str]:
    """The name of the file, in ASCII and in Chinese; neither has anything but a name in it."""
    district = _district(session)
    plain = _stem(district["code"], wanted, now) + wanted.format.suffix
    name = _NO_FILE.sub("", district["name"])[:40]
    said = "-".join([name, wanted.layer.zh, *_marks(wanted, now)])
    return plain, said + wanted.format.suffix


def _district(session: Session) -> RowMapping:
    found = areas.first_district(session)
    if found is None:
        raise NotFound("no_district")
    return found


def _stem(code: str, wanted: Checked, now: datetime) -> str:
    plain = re.sub(r"[^0-9A-Za-z]", "", code)[:20]
    return "-".join([plain, wanted.layer.name, *_marks(wanted, now)])


def _marks(wanted: Checked, now: datetime) -> list[str]:
    """What tells one export of a layer from another."""
    at = [] if wanted.order.at is None else [f"at-{wanted.order.at:%Y%m%d}"]
    stored = wanted.frame.name == "EPSG:4490"
    crs = [] if stored else [wanted.frame.name.replace(":", "")]
    table = ["csv"] if wanted.format.name == "csv" else []
    return [f"{now:%Y%m%d}", *at, *crs, *table]


def _notes(district: RowMapping, wanted: Checked, now: datetime) -> tuple[Words, ...]:
    layer, order = wanted.layer, wanted.order
    told = [
        words(
            "title",
            layer_zh=layer.zh,
            layer_en=layer.en,
            district=district["name"],
            district_en=district["name_en"],
            made=now.astimezone(UTC).isoformat(timespec="seconds"),
        )
    ]
    if order.at is not None:
        told.append(words("as_of", at=order.at.isoformat()))
    if order.filters:
        listed = ", ".join(f"{name}={value}" for name, value in order.filters.items())
        told.append(words("filtered", filters=masked(listed)))
    told.append(wanted.frame.note)
    told += [words("lattice")] if wanted.frame.exact and layer.spatial else []
    told += [words("times"), *wanted.format.losses, *_about_data(district, layer)]
    return tuple(told)


def _about_data(district: RowMapping, layer: Layer) -> list[Words]:
    """What the data themselves ask to be said."""
    told = [words("masked")] if any(f.veil for f in layer.fields) else []
    told += [words("inside")] if layer.name in ("party-orgs", "posts") else []
    told += [words("synthetic"), (ATTRIBUTION, "")] if district["synthetic"] else []
    return told


def about(ground: Ground, layer: Layer | None, *, english: bool) -> list[str]:
    """What a layer, or all of them, have to say of themselves, in one language."""
    told = [(layer.zh, layer.en)] if layer is not None else []
    told += [words("dated")] if layer is not None and layer.dated else []
    told += [words("synthetic"), (ATTRIBUTION, ATTRIBUTION)] if ground.synthetic else []
    end = "." if english else "。"
    return [pair[english].rstrip(".") + end for pair in told]


def _batches(session: Session, wanted: Checked, now: datetime) -> Generator[Batch, None, None]:
    fields, wish = wanted.layer.fields, wanted.wish
    if wanted.wanted is not None:
        found = narrowing.resolved(session, wanted.wanted, now, wanted.order.zone)
        wish = Wish(issues=found, **_own(wanted.order))
    for rows in outgoing.batches(session, wanted.layer, wish):
        told = [[shown(f, value) for f, value in zip(fields, row, strict=False)] for row in rows]
        yield Batch(told, wanted.frame.shapes([row[len(fields)] for row in rows]))


def shown(told: Field, value: Any) -> Any:
    """A stored value as it may leave: personal data hidden, moments and structures as text."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if told.kind == "json":
        value = json.dumps(_veiled(value), ensure_ascii=False, sort_keys=True)
    elif not isinstance(value, str | int | float):
        value = str(value)
    return _VEILS[told.veil](value) if isinstance(value, str) and told.kind != "json" else value


_VEILS: Final[Mapping[str, Callable[[str], str]]] = {"": str, "text": masked, "name": masked_name}


def _veiled(value: Any) -> Any:
    """A structure with each of its texts masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked(str(name)): _veiled(inner) for name, inner in value.items()}
    return [_veiled(inner) for inner in value] if isinstance(value, list) else value
