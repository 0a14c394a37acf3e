"""Workbooks that are bombs, traps or broken."""

import zipfile
from io import BytesIO

import pytest

from geodata.errors import InvalidFile
from geodata.files import tickets
from geodata.files.limits import Limits
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
    assert code(broken) in {"file_broken", "file_empty"}


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
