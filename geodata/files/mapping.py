"""Which column of a layer is which of our fields: by its names, or as a mapping file says."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from geodata.errors import InvalidFile
from geodata.files import delimited
from geodata.files.columns import CONTACT, OWN, plain
from geodata.files.features import Layer
from geodata.files.fields import FIELDS, PLACES, REQUIRED, Kind

_LONGEST: Final = 100_000
_PERSON: Final = re.compile("负责人|法人|法定代表|LEADER|OWNER")
_CUT: Final = 10
"""Bytes of a field name that a shapefile keeps."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What became of the columns of a layer.

    `fields` gives the position of each field's column, `unmapped` the columns that nothing was
    made of, `dropped` those about persons, whose cells go no further, `places` those that held
    the shape.
    """

    names: tuple[str, ...]
    fields: Mapping[str, int]
    unmapped: tuple[str, ...]
    dropped: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def recognised(self) -> dict[str, str]:
        """The column's name by field."""
        return {field: self.names[position] for field, position in self.fields.items()}

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field."""
        return {field: cells[position] for field, position in self.fields.items()}

    def raw(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by column, without those that were dropped."""
        away = {*self.dropped, *OWN, ""}
        pairs = zip(self.names, cells, strict=False)
        return {name: cell for name, cell in pairs if name not in away}


def mapping_in(content: bytes, kind: Kind) -> dict[str, str]:
    """Our field by the file's column, from a JSON object or a CSV of two columns.

    An empty field means that a column is to be left alone. Raises InvalidFile ``mapping_bad``
    (reason) for a file that is neither, and ``mapping_field`` (field, fields) for an unknown field.
    """
    pairs = _pairs(content[:_LONGEST])
    known = {*FIELDS[kind], *PLACES}
    for field in pairs.values():
        if field and field not in known:
            raise InvalidFile("mapping_field", field=field, fields=sorted(known))
    return pairs


def names_of(kind: Kind, mapping: Mapping[str, str]) -> tuple[list[str], dict[str, list[str]]]:
    """The names by which a table of a kind is known, and those of its place columns, as compared.

    What `layers.read` takes as `known` and `places`.
    """
    places = {field: list(names) for field, names in PLACES.items()}
    for column, field in mapping.items():
        if field in places:
            places[field].insert(0, column)
    aliases = [name for names in FIELDS[kind].values() for name in names]
    known = {plain(name) for name in (*aliases, *mapping, *_flat(places))}
    return sorted(known), {
        field: [plain(name) for name in names] for field, names in places.items()
    }


def columns_of(
    layer: Layer, kind: Kind, mapping: Mapping[str, str], given: Sequence[str] = ()
) -> Columns:
    """The columns of a layer by field; `given` are fields that the caller tells for all rows.

    Raises InvalidFile ``mapping_column`` (column, seen) for a column that the file has not, and
    ``columns_missing`` (missing, seen).
    """
    fields = _mapped(layer, mapping)
    free = [
        "" if name in mapping or position in fields.values() else plain(name)
        for position, name in enumerate(layer.names)
    ]
    for field, aliases in FIELDS[kind].items():
        if field not in fields and field not in given:
            position = _found(free, aliases, cut=layer.format == "shapefile")
            if position is not None and position not in fields.values():
                fields[field] = position
    _refuse_missing(layer, kind, {*fields, *given})
    shaped = _places(layer, mapping)
    used = {*fields.values(), *shaped}
    rest = [name for at, name in enumerate(layer.names) if at not in used and name]
    dropped = tuple(name for name in rest if _is_personal(name) and name not in mapping)
    unmapped = tuple(name for name in rest if name not in {*dropped, *OWN})
    places = tuple(layer.names[position] for position in sorted(shaped))
    return Columns(layer.names, fields, unmapped, dropped, places)


def _is_personal(name: str) -> bool:
    return bool(CONTACT.search(plain(name)) or _PERSON.search(plain(name)))


def _pairs(content: bytes) -> dict[str, str]:
    text = delimited.decode(content)
    if text.lstrip().startswith("{"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError) as broken:
            raise InvalidFile("mapping_bad") from broken
        return {str(column): str(field or "") for column, field in told.items()}
    try:
        rows = [row for row in csv.reader(StringIO(text)) if any(row)]
    except csv.Error as broken:
        raise InvalidFile("mapping_bad") from broken
    if not rows or any(len(row) < 2 for row in rows):  # noqa: PLR2004 -- column and field
        raise InvalidFile("mapping_bad")
    head = [cell.strip().lower() for cell in rows[0][:2]]
    body = rows[1:] if head[1] in ("field", "字段", "我们的字段") else rows
    return {row[0].strip(): row[1].strip() for row in body}


def _mapped(layer: Layer, mapping: Mapping[str, str]) -> dict[str, int]:
    fields: dict[str, int] = {}
    for column, field in mapping.items():
        if column not in layer.names:
            raise InvalidFile("mapping_column", column=column, seen=list(layer.names))
        if field and field not in PLACES:
            fields[field] = layer.names.index(column)
    return fields


def _found(free: Sequence[str], aliases: Sequence[str], *, cut: bool) -> int | None:
    """The column that bears the first of the names, cut as shapefiles cut where need be."""
    for alias in aliases:
        shapes = [alias, *(_cut_forms(alias) if cut else ())]
        for shape in shapes:
            if shape in free:
                return free.index(shape)
    return None


def _cut_forms(alias: str) -> list[str]:
    """How a long name looks after a shapefile has cut it to ten bytes."""
    forms = []
    for encoding in ("utf-8", "gb18030"):
        content = alias.encode(encoding)
        if len(content) > _CUT:
            forms.append(content[:_CUT].decode(encoding, errors="ignore"))
    return forms


def _refuse_missing(layer: Layer, kind: Kind, known: set[str]) -> None:
    missing = [field for field in REQUIRED[kind] if field not in known]
    if missing:
        examples = [FIELDS[kind][field][0] for field in missing]
        seen = [name for name in layer.names if name]
        raise InvalidFile("columns_missing", missing=examples, seen=seen, row=layer.row or 1)


def _places(layer: Layer, mapping: Mapping[str, str]) -> set[int]:
    """The positions of the columns that hold the shape."""
    if layer.format not in ("csv", "xlsx"):
        return set()
    plains = [plain(name) for name in layer.names]
    found = set()
    for field, names in PLACES.items():
        own = [plain(column) for column, told in mapping.items() if told == field]
        hit = next((name for name in (*own, *names) if name in plains), None)
        if hit is not None:
            found.add(plains.index(hit))
    return found


def _flat(places: Mapping[str, Sequence[str]]) -> list[str]:
    return [name for names in places.values() for name in names]
