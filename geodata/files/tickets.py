"""A hotline's export, row by row: tickets, and the rows that cannot be taken.

Longitude and latitude stay as written (their datum is the caller's to declare); times carry a
zone. Contact columns are set apart here from all that is read, shown or stored as text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from geodata.domain.privacy import masked
from geodata.errors import InvalidFile, InvalidRow
from geodata.files import columns, delimited, kinds, values, workbook
from geodata.files.categories import category
from geodata.files.columns import Header
from geodata.files.grid import Cell, Line
from geodata.files.limits import Limits

ZONE: Final = ZoneInfo("Asia/Shanghai")
LIMITS: Final = Limits()

_HEADER_WITHIN: Final = 10
_HEADER_FIELDS: Final = 2
_DEGREES: Final = 180.0
_LONGEST_CONTACT: Final = 200
_LONGEST: Final = {"ticket": 100, "address": 500, "street": 100, "community": 100}
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps as text: it must not vanish without a word."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as the file tells it; `row` counts as a spreadsheet does, the header included.

    `category` is a code of the district's scheme, `category_text` what the file says. `x` and `y`
    are longitude and latitude in degrees of a datum that the file does not tell. `raw` holds the
    row's cells by header without contact columns, `contact` those about the reporter.
    """

    row: int
    ticket: str
    reported_at: datetime | None = None
    category: str = "OTHER"
    category_text: str = ""
    content: str = ""
    address: str = ""
    street: str = ""
    community: str = ""
    x: float | None = None
    y: float | None = None
    department: str = ""
    deadline: datetime | None = None
    closed_at: datetime | None = None
    status: str = ""
    satisfaction: str = ""
    source: str = ""
    raw: dict[str, str] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TicketFile:
    """The columns of a file and its rows in order, to be read once."""

    header: Header
    rows: Iterator[Ticket | InvalidRow]


def read(
    content: bytes, file_name: str = "", *, zone: ZoneInfo = ZONE, limits: Limits = LIMITS
) -> TicketFile:
    """The tickets in an XLSX, CSV or tab-separated file; its kind is told by its bytes.

    Raises InvalidFile at once, with `file_name` among its facts, for a file that cannot be read:
    see `kinds.kind_of`, `workbook.check`, `delimited.decode`, `columns.header`; ``header_missing``
    (seen) and ``too_many_columns``; while rows are taken ``too_many_rows`` and ``file_broken``. A
    bad row comes as InvalidRow (yielded, not raised): ``row_broken``, ``too_many_cells``,
    ``cell_too_long``, ``cell_unstorable``, ``ticket_missing``, ``ticket_twice``,
    ``ticket_digits_lost``,
    ``text_missing``, ``time_bad``, ``coordinate_bad``, ``coordinate_half``, ``coordinate_range``.
    """
    try:
        head, lines = _table(content, limits)
    except InvalidFile as refused:
        refused.facts["file"] = file_name
        raise
    return TicketFile(head, _tickets(head, lines, zone, limits))


def read_row(raw: Mapping[str, str], row: int = 0, *, zone: ZoneInfo = ZONE) -> Ticket | InvalidRow:
    """One corrected row, given as cells by header, checked as `read` does."""
    head = columns.header(1, list(raw))
    cells = tuple(raw.values())
    line = Line(row, cells)
    return _ticket(_Row(head, line, tuple(values.text(cell) for cell in cells)), zone, LIMITS)


def _table(content: bytes, limits: Limits) -> tuple[Header, Iterator[Line]]:
    if kinds.kind_of(content, limits) == "csv":
        return _headed(delimited.lines(content, limits), limits)
    workbook.check(content, limits)
    refused: InvalidFile | None = None
    for _, lines in workbook.sheets(content, limits):
        try:
            return _headed(lines, limits)
        except InvalidFile as error:
            refused = refused or error
    raise refused or InvalidFile("file_empty")


def _headed(lines: Iterator[Line], limits: Limits) -> tuple[Header, Iterator[Line]]:
    """The header, wherever it stands among the first rows, and the rows after it."""
    seen: list[str] = []
    for line in lines:
        names = [values.text(cell) for cell in line.cells]
        if columns.known(names) >= _HEADER_FIELDS:
            while names and not names[-1]:
                names.pop()
            if len(names) > limits.columns:
                raise InvalidFile("too_many_columns", limit=limits.columns)
            return columns.header(line.row, names), lines
        seen = seen or [name for name in names if name][:40]
        if line.row >= _HEADER_WITHIN:
            break
    raise InvalidFile("header_missing" if seen else "file_empty", seen=seen)


def _tickets(
    head: Header, lines: Iterator[Line], zone: ZoneInfo, limits: Limits
) -> Iterator[Ticket | InvalidRow]:
    """Each row that is not blank; a ticket number that came before is refused."""
    first: dict[str, int] = {}
    count = 0
    for line in lines:
        row = _Row(head, line, tuple(values.text(cell) for cell in line.cells))
        if not any(row.texts) and not line.broken:
            continue
        count += 1
        if count > limits.rows:
            raise InvalidFile("too_many_rows", limit=limits.rows)
        taken = _ticket(row, zone, limits)
        if isinstance(taken, Ticket):
            before = first.setdefault(taken.ticket, line.row)
            yield taken if before == line.row else _twice(head, taken, before)
        else:
            yield taken
    if not count:
        raise InvalidFile("file_empty")


def _twice(head: Header, again: Ticket, before: int) -> InvalidRow:
    return InvalidRow(
        "ticket_twice",
        row=again.row,
        column=head.recognised["ticket"],
        raw=again.raw,
        contact=again.contact,
        first_row=before,
        value=again.ticket,
    )


def _ticket(row: "_Row", zone: ZoneInfo, limits: Limits) -> Ticket | InvalidRow:
    try:
        _check(row, limits)
        return _taken(row, zone)
    except InvalidRow as refused:
        refused.row, refused.raw = row.line.row, row.raw(limits.cell)
        refused.contact = row.contact()
        return refused


def _check(row: "_Row", limits: Limits) -> None:
    """Nothing, if the row has the cells that the header announces, each of bearable length."""
    expected = len(row.head.names)
    if row.line.broken:
        refused = InvalidRow(row.line.broken)
        refused.facts.update(row.line.facts)
        raise refused
    for name, cell in zip(row.head.names, row.line.cells, strict=False):
        if isinstance(cell, str) and _UNSTORABLE.search(cell):
            raise InvalidRow("cell_unstorable", column=name)
    if any(row.texts[expected:]):
        raise InvalidRow("too_many_cells", expected=expected, found=len(row.texts))
    for name, shown in zip(row.head.names, row.texts, strict=False):
        if len(shown) > limits.cell:
            raise InvalidRow("cell_too_long", column=name, limit=limits.cell, length=len(shown))


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by field, as they are and as clean text."""

    head: Header
    line: Line
    texts: tuple[str, ...]

    @property
    def _slipped(self) -> bool:
        """Whether the cells may stand under the wrong headers."""
        return bool(self.line.broken) or len(self.texts) > len(self.head.names)

    def contact(self) -> dict[str, str]:
        """The cells about the reporter by header; none where cells may have slipped sideways."""
        told = zip(self.head.names, self.texts, strict=False)
        away = () if self._slipped else self.head.contacts
        return {name: cell[:_LONGEST_CONTACT] for name, cell in told if cell and name in away}

    def raw(self, longest: int) -> dict[str, str]:
        """The cells by header; where they may have slipped sideways, phone numbers are masked."""
        kept = {
            name: self.texts[i][:longest] if i < len(self.texts) else ""
            for i, name in self.head.kept
        }
        return {name: masked(shown) for name, shown in kept.items()} if self._slipped else kept

    def cell(self, name: str) -> Cell:
        """The cell of a field as the file has it; None if there is none."""
        position = self.head.fields.get(name, len(self.line.cells))
        return self.line.cells[position] if position < len(self.line.cells) else None

    def text(self, name: str) -> str:
        """The cell of a field as clean text. Raises InvalidRow ``cell_too_long``."""
        position = self.head.fields.get(name, len(self.texts))
        shown = self.texts[position] if position < len(self.texts) else ""
        longest = _LONGEST.get(name, len(shown))
        if len(shown) > longest:
            column = self.head.recognised[name]
            raise InvalidRow("cell_too_long", column=column, limit=longest, length=len(shown))
        return shown

    def value(self, name: str, reader: Callable[[Cell], Value]) -> Value:
        """The cell as `reader` understands it; its refusal names the column."""
        try:
            return reader(self.cell(name))
        except InvalidRow as refused:
            refused.column = self.head.recognised.get(name, "")
            raise


def _taken(row: _Row, zone: ZoneInfo) -> Ticket:
    row.value("ticket", values.number_text)
    ticket, content, address = row.text("ticket"), row.text("content"), row.text("address")
    if not ticket:
        raise InvalidRow("ticket_missing", column=row.head.recognised["ticket"])
    if not content and not address:
        present = row.head.recognised
        raise InvalidRow("text_missing", column=present.get("content") or present["address"])
    kinds_said = [row.text(f"category_{part}") for part in ("minor", "major", "type")]
    x, y = _place(row)
    return Ticket(
        row=row.line.row,
        ticket=ticket,
        reported_at=row.value("reported_at", lambda cell: values.moment(cell, zone)),
        category=category(*kinds_said, *([] if any(kinds_said) else [content])),
        category_text=" / ".join(said for said in reversed(kinds_said) if said),
        content=content,
        address=address,
        street=row.text("street"),
        community=row.text("community"),
        x=x,
        y=y,
        department=row.text("department"),
        deadline=row.value("deadline", lambda cell: values.deadline(cell, zone)),
        closed_at=row.value("closed_at", lambda cell: values.moment(cell, zone)),
        status=row.text("status"),
        satisfaction=row.text("satisfaction"),
        source=row.text("source"),
        raw=row.raw(LIMITS.cell),
        contact=row.contact(),
    )


def _place(row: _Row) -> tuple[float | None, float | None]:
    """Both coordinates or none; numbers beyond ±180 are no degrees, in whatever order."""
    x, y = row.value("x", values.coordinate), row.value("y", values.coordinate)
    if (x is None) != (y is None):
        missing = "x" if x is None else "y"
        column = row.head.recognised.get(missing) or row.head.recognised["y" if x is None else "x"]
        raise InvalidRow("coordinate_half", column=column)
    for name, value in (("x", x), ("y", y)):
        if value is not None and abs(value) > _DEGREES:
            raise InvalidRow("coordinate_range", column=row.head.recognised[name], value=str(value))
    return x, y
