"""Layers and lists are taken out as files: which rows, in which coordinates, with which words."""

import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, outgoing
from geodata.db.outgoing import Span, Wish
from geodata.db.scoping import WHOLE
from geodata.db.scoping import Ground as Scoped
from geodata.demo import ATTRIBUTION
from geodata.domain.layer import LAYERS, Field, Layer
from geodata.domain.privacy import masked, masked_name
from geodata.errors import NotFound, WanggeError
from geodata.files import exports
from geodata.files.exports import FORMATS, Batch, Format, Frame, Head
from geodata.files.exports.words import Words, words
from geodata.services import conditions, narrowing
from geodata.services.district import Ground

__all__ = ["FORMATS", "LAYERS", "Order", "checked", "file_name", "rows", "write"]

_NO_FILE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|.\s]+')


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
        asked = conditions.on_issues(layer, order.filters)
        return Checked(order, layer, form, frame, Wish(), asked)
    told = conditions.wish(layer, order.filters, span)
    return Checked(order, layer, form, frame, replace(told, **_own(order)))


def _own(order: Order) -> dict[str, Any]:
    """What of an order keeps it to the rows that who asks may see."""
    return {"ground": order.ground, "holder": order.holder}


def rows(session: Session, wanted: Checked, now: datetime, most: int) -> int | None:
    """How many rows an order has; None where they are more than `most`."""
    return outgoing.matched(session, wanted.layer, _wish(session, wanted, now), most)


def write(
    session: Session,
    wanted: Checked,
    target: Path,
    now: datetime,
    told: Callable[[int], None] | None = None,
) -> int:
    """Write the rows of an order into a file, whole or not at all; how many they were.

    Rows are read as they are written, some thousands at a time; `told` hears how many were read,
    and ends it by raising. Raises NotFound before a district was loaded, InvalidFile
    ``crs_unfit``, ``crs_only_wgs84`` or ``export_too_long``.
    """
    district = _district(session)
    stem = _stem(district["code"], wanted, now)
    head = Head(wanted.layer, wanted.frame, _notes(district, wanted, now), stem)
    with closing(_batches(session, wanted, now)) as batches:
        return exports.write(wanted.format, target, head, _counted(batches, told))


def _counted(
    batches: Generator[Batch, None, None], told: Callable[[int], None] | None
) -> Iterator[Batch]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch.rows)
        if told is not None:
            told(done)


def file_name(session: Session, wanted: Checked, now: datetime) -> tuple[str, str]:
    """The name of the file, in ASCII and in Chinese; neither has anything but a name in it."""
    marks, suffix = _marks(wanted, now), wanted.format.suffix
    return called(session, (wanted.layer.name, wanted.layer.zh), marks, suffix)


def called(
    session: Session, what: tuple[str, str], marks: Sequence[str], suffix: str
) -> tuple[str, str]:
    """The name of a file of the district, in ASCII and in Chinese: whose, of what, and its marks.

    The first of the marks is the local day on which it was made. Raises NotFound ``no_district``.
    """
    district, (plain, said) = _district(session), what
    name = _NO_FILE.sub("", district["name"])[:40]
    return (
        "-".join([_whose(district["code"]), plain, *marks]) + suffix,
        "-".join([name, said, *marks]) + suffix,
    )


def _district(session: Session) -> RowMapping:
    found = areas.first_district(session)
    if found is None:
        raise NotFound("no_district")
    return found


def _stem(code: str, wanted: Checked, now: datetime) -> str:
    return "-".join([_whose(code), wanted.layer.name, *_marks(wanted, now)])


def _whose(code: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", code)[:20]


def _marks(wanted: Checked, now: datetime) -> list[str]:
    """What tells one export of a layer from another."""
    zone = wanted.order.zone
    at = [] if wanted.order.at is None else [f"at-{wanted.order.at.astimezone(zone):%Y%m%d}"]
    stored = wanted.frame.name == "EPSG:4490"
    crs = [] if stored else [wanted.frame.name.replace(":", "")]
    table = ["csv"] if wanted.format.name == "csv" else []
    return [f"{now.astimezone(zone):%Y%m%d}", *at, *crs, *table]


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
    fields = wanted.layer.fields
    for part in outgoing.batches(session, wanted.layer, _wish(session, wanted, now)):
        told = [[shown(f, value) for f, value in zip(fields, row, strict=False)] for row in part]
        yield Batch(told, wanted.frame.shapes([row[len(fields)] for row in part]))


def _wish(session: Session, wanted: Checked, now: datetime) -> Wish:
    if wanted.wanted is None:
        return wanted.wish
    found = narrowing.resolved(session, wanted.wanted, now, wanted.order.zone)
    return Wish(issues=found, **_own(wanted.order))


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
