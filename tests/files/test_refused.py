"""Refused rows go out as a file, are corrected, and come back."""

import csv
from io import StringIO

import pytest

from geodata.errors import InvalidRow
from geodata.files import tickets
from geodata.files.refused import refused_csv, safe
from geodata.files.tickets import Ticket
from tests.sheets import HEADER, row, table


def refused(content: bytes) -> list[InvalidRow]:
    return [taken for taken in tickets.read(content).rows if isinstance(taken, InvalidRow)]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\0", "＝1", "＋", "－", "＠"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe(f"a{cell}") == f"a{cell}"


def test_out_corrected_and_back_in() -> None:
    content = table([HEADER, row(1, 受理时间="昨天", 诉求内容="=HYPERLINK(1)"), row(2)]).encode()
    bad = refused(content)
    out = refused_csv((one.row, one.column, "时间看不懂", one.raw) for one in bad)
    assert out.startswith(b"\xef\xbb\xbf")
    names, cells = csv.reader(StringIO(out.decode("utf-8-sig")))
    assert names[-3:] == ["原行号", "列", "原因"]
    assert cells[-3:] == ["2", "受理时间", "时间看不懂"]
    assert "联系电话" not in names
    assert "'=HYPERLINK(1)" in cells
    found = tickets.read(out.replace("昨天".encode(), b"2023-11-01"))
    (again,) = found.rows
    assert found.header.unknown == ()
    assert isinstance(again, Ticket)
    assert again.content == "=HYPERLINK(1)"
    assert "原因" not in again.raw


def test_every_row_is_equally_wide() -> None:
    out = refused_csv([(1, "a", "b", {"x": "1"}), (2, "", "c", {"y": "2", "x": "\ud800"})])
    assert {len(cells) for cells in csv.reader(StringIO(out.decode("utf-8-sig")))} == {5}
