"""Hotline exports as they come: encodings, titles, odd cells, and rows that cannot be taken."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import tickets
from geodata.files.limits import Limits
from geodata.files.tickets import Ticket
from tests.sheets import HEADER, book, row, table

CHINA = timezone(timedelta(hours=8))
Taken = list[Ticket | InvalidRow]


def read(content: bytes, limits: Limits = tickets.LIMITS) -> Taken:
    return list(tickets.read(content, "工单.csv", limits=limits).rows)


def rows(*cells: list[str], header: tuple[str, ...] = HEADER) -> Taken:
    return read(table([header, *cells]).encode())


def refusal(taken: Ticket | InvalidRow) -> tuple[str, int, str]:
    assert isinstance(taken, InvalidRow)
    return taken.code, taken.row, taken.column


def refused_file(content: bytes, limits: Limits = tickets.LIMITS) -> InvalidFile:
    with pytest.raises(InvalidFile) as caught:
        read(content, limits)
    return caught.value


def test_a_ticket_and_what_is_known_of_it() -> None:
    found = tickets.read(table([HEADER, row(7)]).encode(), "工单.csv")
    (taken,) = found.rows
    assert isinstance(taken, Ticket)
    assert (taken.row, taken.ticket, taken.category) == (2, "AK2023000007", "ENV")
    assert taken.reported_at == datetime(2023, 11, 1, 8, 30, tzinfo=CHINA)
    assert (taken.street, taken.community, taken.department) == ("新城街道", "香溪社区", "城管局")
    assert (taken.deadline, taken.closed_at, taken.x, taken.y) == (None, None, None, None)
    assert taken.category_text == "投诉 / 市容环境 / 暴露垃圾"
    assert found.header.recognised["address"] == "事发地址"


def test_people_are_set_apart_and_the_columns_named() -> None:
    header = (*HEADER, "身份证号", "REPORTER_TEL", "受理人", "备注")
    found = tickets.read(
        table([header, [*row(1), "610902199001011234", "13912345678", "王五", "急"]]).encode()
    )
    (taken,) = found.rows
    assert found.header.contacts == ("来电人", "联系电话", "身份证号", "REPORTER_TEL")
    assert found.header.dropped == ("受理人",)
    assert found.header.unknown == ("备注",)
    assert isinstance(taken, Ticket)
    assert taken.raw["备注"] == "急"
    assert "139" not in str(taken)
    assert "张三" not in str(taken)
    assert taken.contact["REPORTER_TEL"] == "13912345678"
    assert "王五" not in (str(taken) + str(taken.contact))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_reads_alike(encoding: str) -> None:
    text = table([HEADER, row(1), row(2, 诉求内容="生僻字：㙍、䶮")])
    assert read(text.encode(encoding)) == read(text.encode())


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_delimiter_reads_alike(delimiter: str) -> None:
    assert read(table([HEADER, row(1)], delimiter).encode()) == rows(row(1))


def test_a_workbook_reads_as_its_csv() -> None:
    typed = [*row(1)]
    content = book([["安康市12345工单明细"], [], HEADER, typed])
    (taken,) = read(content)
    (plain,) = rows(row(1))
    assert isinstance(taken, Ticket)
    assert isinstance(plain, Ticket)
    assert taken.row == 4
    assert (taken.raw, taken.reported_at) == (plain.raw, plain.reported_at)


def test_dates_and_numbers_of_excel() -> None:
    header = ["REC_ID", "CREATE_TIME", "EVENT_DESC", "LON", "LAT", "DEADLINE"]
    when = datetime(2023, 11, 1, 8, 30)  # noqa: DTZ001 -- Excel knows no zones
    taken = read(book([header, [123456, when, "漏水", 109.03, 32.69, 45231.5]]))[0]
    assert isinstance(taken, Ticket)
    assert (taken.ticket, taken.x, taken.y) == ("123456", 109.03, 32.69)
    assert taken.reported_at == when.replace(tzinfo=CHINA)
    assert taken.deadline == datetime(2023, 11, 1, 12, 0, tzinfo=CHINA)


def test_a_formula_is_text_and_long_numbers_are_refused() -> None:
    header = ["工单编号", "受理时间", "诉求内容"]
    content = book([header, ["A1", "2023-11-01", "=1+1"], [2.0231101000123456e16, "", "漏水"]])
    formula, lost = read(content)
    assert isinstance(formula, Ticket)
    assert formula.content == "=1+1"
    assert refusal(lost) == ("ticket_digits_lost", 3, "工单编号")


def test_the_first_sheet_with_a_header_is_read() -> None:
    content = book([["说明"], ["请勿修改"]], [HEADER, row(1)])
    assert len(read(content)) == 1


@pytest.mark.parametrize(
    ("changed", "code", "column"),
    [
        ({"工单编号": "-"}, "ticket_missing", "工单编号"),
        ({"诉求内容": "—", "事发地址": "NULL"}, "text_missing", "诉求内容"),
        ({"受理时间": "昨天上午"}, "time_bad", "受理时间"),
        ({"受理时间": "2023-02-30 08:00"}, "time_bad", "受理时间"),
        ({"受理时间": "1023-02-03"}, "time_bad", "受理时间"),
        ({"办结时间": "很快"}, "time_bad", "办结时间"),
        ({"事发地址": "路" * 501}, "cell_too_long", "事发地址"),
        ({"诉求内容": "吵" * 10_001}, "cell_too_long", "诉求内容"),
    ],
)
def test_a_bad_cell_is_named(changed: dict[str, str], code: str, column: str) -> None:
    good, bad, after = rows(row(1), row(2, **changed), row(3))
    assert isinstance(good, Ticket)
    assert isinstance(after, Ticket)
    assert refusal(bad) == (code, 3, column)


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        ("109.03", "", "coordinate_half"),
        ("东经109", "32.69", "coordinate_bad"),
        ("NaN", "32.69", "coordinate_bad"),
        ("109.03", "inf", "coordinate_bad"),
        ("1e400", "32.69", "coordinate_bad"),
        ("1_0", "32.69", "coordinate_bad"),
        ("502345.1", "3617890.2", "coordinate_range"),
    ],
)
def test_bad_coordinates(x: str, y: str, code: str) -> None:
    header = ("工单编号", "诉求内容", "经度", "纬度")
    (bad,) = rows(["A1", "漏水", x, y], header=header)
    assert refusal(bad)[:2] == (code, 2)


def test_swapped_coordinates_are_left_to_those_who_know_the_district() -> None:
    header = ("工单编号", "诉求内容", "经度", "纬度")
    (taken,) = rows(["A1", "漏水", "３２.69", "109.03°"], header=header)
    assert isinstance(taken, Ticket)
    assert (taken.x, taken.y) == (32.69, 109.03)


@pytest.mark.parametrize(
    "written",
    [
        "2023-11-01 08:30:00", "2023/11/1 8:30", "2023.11.01 08:30", "2023年11月1日 8时30分",
        "2023年11月1日上午8点30分", "20231101083000", "202311010830", "2023-11-01T08:30:00+08:00",
        "2023-11-01T00:30:00Z", "2023-11-01 08:30:00.0", "45231.354166667", "２０２３-11-01 08:30",
    ],
)  # fmt: skip
def test_many_ways_to_write_one_time(written: str) -> None:
    (taken,) = rows(row(1, 受理时间=written))
    assert isinstance(taken, Ticket)
    assert taken.reported_at is not None
    assert abs(taken.reported_at - datetime(2023, 11, 1, 0, 30, tzinfo=UTC)) < timedelta(seconds=1)


def test_the_same_ticket_twice() -> None:
    first, second = rows(row(1), row(1, 诉求内容="又一次"))
    assert isinstance(first, Ticket)
    assert refusal(second) == ("ticket_twice", 3, "工单编号")
    assert isinstance(second, InvalidRow)
    assert second.facts == {"first_row": 2, "value": "AK2023000001"}


def test_a_comma_too_many_is_noticed_and_hides_phones() -> None:
    shifted = row(2)
    shifted.insert(2, "多出来的")
    good, bad = rows(row(1), shifted)
    assert isinstance(good, Ticket)
    assert refusal(bad)[:2] == ("too_many_cells", 3)
    assert "13912345678" not in str(vars(bad))


def test_an_open_quote_takes_no_other_row_with_it() -> None:
    lines = table([HEADER, row(1), row(2), row(3), row(4)]).splitlines(keepends=True)
    lines[2] = lines[2].replace("AK2023000002", '"AK2023000002')
    taken = read("".join(lines).encode())
    assert [type(one) for one in taken] == [Ticket, InvalidRow, Ticket, Ticket]
    assert refusal(taken[1])[:2] == ("row_broken", 3)
    assert "13912345678" not in str(vars(taken[1]))


def test_cells_with_line_breaks_and_blank_rows_keep_their_count() -> None:
    content = table([HEADER, row(1, 诉求内容="第一行\n第二行"), [], row(2)])
    first, second = read(content.encode())
    assert isinstance(first, Ticket)
    assert isinstance(second, Ticket)
    assert (first.content, first.row, second.row) == ("第一行\n第二行", 2, 4)


def test_what_no_store_keeps_is_refused_and_not_dropped() -> None:
    (refused,) = rows(row(1, 诉求内容="漏\x00水"))
    assert isinstance(refused, InvalidRow)
    assert (refused.code, refused.column) == ("cell_unstorable", "诉求内容")


def test_control_characters_are_left_out() -> None:
    (taken,) = rows(row(1, 诉求内容="漏水\x1b[31m\x85"))
    assert isinstance(taken, Ticket)
    assert taken.content == "漏水[31m"


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"", "file_empty", {}),
        (b"\xef\xbb\xbf \r\n", "file_empty", {}),
        (b"%PDF-1.7 ...", "file_kind", {"kind": "pdf"}),
        (b"\x89PNG\r\n\x1a\n", "file_kind", {"kind": "image"}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_excel", {}),
        (b"<html><table>", "file_kind", {"kind": "html"}),
        (b"PK\x03\x04 nothing", "file_broken", {"kind": "zip"}),
        ("序号,甲\n1,2\n".encode(), "header_missing", {"seen": ["序号", "甲"]}),
    ],
)
def test_what_is_no_ticket_file(content: bytes, code: str, facts: dict[str, object]) -> None:
    refused = refused_file(content)
    assert refused.code == code
    assert refused.facts == facts | {"file": "工单.csv"}


def test_an_encrypted_workbook_says_so() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert refused_file(content).code == "file_encrypted"


def test_missing_columns_are_named_beside_those_seen() -> None:
    refused = refused_file(table([["受理时间", "诉求内容"], ["2023-11-01", "漏水"]]).encode())
    assert refused.code == "columns_missing"
    assert refused.facts["missing"] == ["工单编号"]
    assert refused.facts["seen"] == ["受理时间", "诉求内容"]


def test_a_header_twice_is_refused() -> None:
    refused = refused_file(table([["工单编号", "诉求内容", "诉求内容"]]).encode())
    assert (refused.code, refused.facts["column"]) == ("header_duplicate", "诉求内容")


def test_the_better_known_of_two_names_counts() -> None:
    header = ["工单编号", "标题", "诉求内容", "创建时间", "受理时间"]
    found = tickets.read(table([header]).encode())
    assert found.header.recognised["content"] == "诉求内容"
    assert found.header.recognised["reported_at"] == "受理时间"
    assert found.header.unknown == ("标题", "创建时间")


def test_a_wrong_encoding_names_row_and_byte() -> None:
    good = table([HEADER, *(row(i) for i in range(1, 30))]).encode()
    cut = good.index("香溪路9号".encode())
    refused = refused_file(good[:cut] + b"\xff" + good[cut:])
    assert refused.code == "file_encoding"
    assert refused.facts["row"] == 10
    assert refused.facts["byte"] == "0xff"
    assert refused.facts["position"] == cut


def test_limits_on_rows_and_columns() -> None:
    content = table([HEADER, row(1), row(2), row(3)]).encode()
    assert refused_file(content, Limits(rows=2)).code == "too_many_rows"
    assert refused_file(content, Limits(columns=10)).code == "too_many_columns"
    assert refused_file(content, Limits(file_bytes=100)).code == "file_too_big"


def test_a_corrected_row_is_tried_again() -> None:
    bad = rows(row(5, 受理时间="昨天"))[0]
    assert isinstance(bad, InvalidRow)
    again = tickets.read_row(bad.raw | {"受理时间": "2023-11-01"}, bad.row)
    assert isinstance(again, Ticket)
    assert again.row == 2
    assert refusal(tickets.read_row(bad.raw, 2)) == ("time_bad", 2, "受理时间")


def test_ten_thousand_rows_quickly() -> None:
    content = table([HEADER, *(row(i) for i in range(10_000))]).encode("gb18030")
    started = time.process_time()
    assert sum(isinstance(taken, Ticket) for taken in read(content)) == 10_000
    assert time.process_time() - started < 5.0


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(InvalidFile):
        assert isinstance(read(b"REC_ID,CREATE_TIME,EVENT_DESC\n" + content), list)


@settings(max_examples=150)
@given(st.lists(st.text(max_size=20), min_size=3, max_size=3))
def test_any_cells_are_taken_or_refused(cells: list[str]) -> None:
    full = ["1", "2024-05-01", "x"]
    for taken in rows(full, cells, header=("工单编号", "受理时间", "诉求内容")):
        assert isinstance(taken, Ticket | InvalidRow)


def test_a_header_without_rows_is_refused() -> None:
    with pytest.raises(InvalidFile) as caught:
        rows()
    assert caught.value.code == "file_empty"
