"""The hotline takes back how far its tickets are, in the columns in which they came."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geodata.db import moves, tables
from geodata.domain.issue import STATUSES, status_said, told_to_hotline
from geodata.errors import WanggeError
from geodata.services import issues, ticket_states
from tests.drawing import spot
from tests.makers import Town
from tests.services.test_imports import bring, counts

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 6, 3, tzinfo=UTC)
HEAD = "案件号,来电人,登记时间,内容,地址,经度,纬度,处理状态,备注"


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def came(town: Town) -> tuple[Session, int]:
    """An import of three tickets, of which one was settled and one was refused."""
    town.drawn("AAB / AAB")
    session, at = town.session, spot(0.5, 0.5)
    said = [
        f"K{i},张三,2026-05-0{i} 09:00,楼道漏水打139 1234 5678,=某处{i},{at.x},{at.y},办理中,急"
        for i in (1, 2, 3)
    ]
    number = bring(session, "\n".join([HEAD, *said]).encode())
    assert counts(session, number)[0] == 3
    for ticket, changed in (
        ("K1", {"status": "closed", "closed_at": NOW, "satisfaction": "fair"}),
        ("K2", {"status": "rejected", "handler": "市政处", "closed_at": NOW}),
    ):
        session.execute(update(tables.issue).where(tables.issue.c.ticket == ticket).values(changed))
    first = session.scalar(select(tables.issue.c.id).where(tables.issue.c.ticket == "K1"))
    event: dict[str, Any] = {"issue_id": first, "at": NOW, "actor": "x", "status": "handled"}
    moves.note(session, {**event, "kind": "settle", "note": "换了阀门，回访 13912345678"})
    return session, number


def test_an_import_goes_back_in_its_own_columns(came: tuple[Session, int]) -> None:
    session, number = came
    content, count = ticket_states.file(session, issues.Filter(job=number), "csv", ZONE)
    told = rows(content)
    assert count == len(told) == 3
    assert list(told[0])[:7] == ["案件号", "登记时间", "内容", "地址", "经度", "纬度", "处理状态"]
    assert [row["处理状态"] for row in told] == ["已办结", "不予受理", "处置中"]
    assert told[0]["办结时间"] == "2026-05-06 11:00:00"
    assert told[0]["办理结果"].startswith("换了阀门")
    assert (told[0]["满意度"], told[1]["承办单位"], told[2]["办结时间"]) == (
        "基本满意",
        "市政处",
        "",
    )
    shown = content.decode()
    assert "张三" not in shown
    assert "12345678" not in shown.replace(" ", "")
    assert told[0]["地址"] == "'=某处1"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_went_back_is_known_when_it_comes_again(came: tuple[Session, int], form: str) -> None:
    session, number = came
    for wanted in (issues.Filter(job=number), issues.Filter()):
        content, _ = ticket_states.file(session, wanted, form, ZONE)
        again = bring(session, content, f"back.{form}")
        assert counts(session, again) == (0, 3, 0, 0)


def test_no_cell_of_the_workbook_is_a_formula(came: tuple[Session, int]) -> None:
    session, number = came
    content, _ = ticket_states.file(session, issues.Filter(job=number), "xlsx", ZONE)
    (sheet,) = load_workbook(BytesIO(content)).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=某处1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_other_channels_stay_and_too_many_are_refused(came: tuple[Session, int]) -> None:
    session, _ = came
    nothing = issues.Filter(channel="web")
    assert ticket_states.file(session, nothing, "csv", ZONE)[1] == 0
    with pytest.raises(WanggeError, match="export_large"):
        ticket_states.file(session, issues.Filter(), "csv", ZONE, most=2)


def test_the_hotline_understands_every_state() -> None:
    for status in set(STATUSES) - {"reported", "verified"}:
        assert status_said(told_to_hotline(status), closed=False) == status
