"""Workbooks that are bombs, traps or broken."""

import re
import zipfile
from io import BytesIO

import pytest

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import tickets
from geodata.files.limits import Limits
from geodata.files.tickets import Ticket
from tests.sheets import HEADER, book, rezipped, row

BOOK = book([HEADER, row(1)])
SHEET = "xl/worksheets/sheet1.xml"


def code(content: bytes, limits: Limits = tickets.LIMITS) -> str:
    with pytest.raises(InvalidFile) as caught:
        list(tickets.read(content, "a.xlsx", limits=limits).rows)
    return caught.value.code


def test_a_bomb_is_stopped_while_it_inflates() -> None:
    bomb = rezipped(BOOK, {"xl/media/zeros.bin": b"\0" * 20_000_000})
    assert len(bomb) < 100_000
    assert code(bomb) == "zip_ratio"
    assert code(bomb, Limits(zip_bytes=10_000_000, zip_ratio=10**6)) == "zip_too_big"


def test_a_size_that_lies_does_not_help() -> None:
    honest = rezipped(BOOK, {"xl/media/zeros.bin": b"\0" * 20_000_000})
    lying = honest.replace((20_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert code(lying) == "file_broken"


def test_too_many_members_and_paths_that_climb() -> None:
    assert code(rezipped(BOOK, {f"xl/media/{i}": b"x" for i in range(99)})) == "zip_members"
    assert code(rezipped(BOOK, {"../../etc/passwd": b"x"})) == "zip_path"
    assert code(rezipped(BOOK, {"/etc/passwd": b"x"})) == "zip_path"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    trap = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert code(rezipped(BOOK, {SHEET: trap.encode(encoding)})) == "xml_entities"


@pytest.mark.parametrize(
    "broken",
    [
        BOOK[:-200],
        rezipped(BOOK, {SHEET: b"<worksheet><sheetData><row"}),
        rezipped(BOOK, {"xl/workbook.xml": b"no xml"}),
        rezipped(BOOK, {"xl/workbook.xml": b"<a/>"}),
    ],
)
def test_a_broken_workbook_is_a_sentence_not_a_crash(broken: bytes) -> None:
    assert code(broken) in {"file_broken", "file_empty", "sheet_broken"}


@pytest.mark.parametrize(
    "bad",
    [
        b'<c r="C3" t="inlineStr"><is><t></c>',
        b'<c r="C3" t="s"><v>99999</v></c>',
        b'<c r="C3"><v>1.2.3</v></c>',
        b'<c r="C3" t="n"><v>&x;</v></c>',
    ],
)
def test_a_broken_cell_takes_no_other_row_with_it(bad: bytes) -> None:
    whole = book([HEADER, row(1), row(2), row(3)])
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        sheet = archive.read(SHEET)
    old = re.search(rb'<c r="C3"[^>]*>.*?</c>', sheet)
    assert old is not None
    rows = list(tickets.read(rezipped(whole, {SHEET: sheet.replace(old[0], bad)}), "a.xlsx").rows)
    (refused,) = (one for one in rows if isinstance(one, InvalidRow))
    assert (refused.code, refused.row, refused.facts["cell"]) == ("cell_broken", 3, "C3")
    assert [one.ticket for one in rows if isinstance(one, Ticket)] == [row(1)[0], row(3)[0]]
    assert row(2)[0] in refused.raw.values()


def test_a_sheet_that_falls_apart_says_where() -> None:
    with zipfile.ZipFile(BytesIO(book([HEADER, row(1), row(2)]))) as archive:
        sheet = archive.read(SHEET)
    torn = rezipped(BOOK, {SHEET: sheet[: sheet.index(b'<row r="3"') + 40]})
    (taken, refused) = tickets.read(torn, "a.xlsx").rows
    assert isinstance(taken, Ticket)
    assert isinstance(refused, InvalidRow)
    assert (refused.code, refused.row) == ("cell_broken", 3)


def test_other_archives_are_named() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(InvalidFile) as caught:
        tickets.read(out.getvalue())
    assert caught.value.facts["kind"] == "docx"


def test_a_wrong_dimension_hides_no_column() -> None:
    with zipfile.ZipFile(BytesIO(BOOK)) as archive:
        sheet = archive.read(SHEET)
    lying = sheet.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>', 1)
    assert len(list(tickets.read(rezipped(BOOK, {SHEET: lying})).rows)) == 1


def test_a_hidden_sheet_is_not_read() -> None:
    with zipfile.ZipFile(BytesIO(BOOK)) as archive:
        names = archive.read("xl/workbook.xml")
    hidden = names.replace(b'state="visible"', b'state="hidden"')
    assert hidden != names
    assert code(rezipped(BOOK, {"xl/workbook.xml": hidden})) == "file_empty"
