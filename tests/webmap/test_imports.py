"""A file of tickets comes in: taken once, its bad rows kept and corrected."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from geodata.db import tables
from tests.sheets import HEADER, book, row, table
from tests.webmap.conftest import Store, problem

PHONE = "13912345678"


def send(
    client: FlaskClient, content: bytes, name: str = "工单.csv", **fields: str
) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), **fields}
    return client.post("/api/imports", data=data, content_type="multipart/form-data")


def taken(client: FlaskClient, store: Store, content: bytes, **fields: str) -> dict[str, Any]:
    """The job of a file after the worker has seen it."""
    answer = send(client, content, **fields)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    store.work()
    job = client.get(f"/api/imports/{answer.get_json()['id']}").get_json()
    assert isinstance(job, dict)
    return job


def rows(*bad: tuple[int, dict[str, str]], good: int = 3) -> bytes:
    """A file of some good rows and then bad ones, in UTF-8."""
    cells = [row(n) for n in range(1, good + 1)] + [row(n, **changed) for n, changed in bad]
    return table([HEADER, *cells]).encode()


def counts(job: dict[str, Any]) -> dict[str, int]:
    return {name: job[name] for name in ("total", "done", "added", "known", "refused")}


ONE_BAD = rows((4, {"受理时间": "明天"}))


def test_a_file_goes_in_and_its_rows_are_counted(client: FlaskClient, store: Store) -> None:
    job = taken(client, store, ONE_BAD)
    assert (job["state"], job["file_name"], job["channel"]) == ("done", "工单.csv", "12345")
    assert counts(job) == {"total": 4, "done": 4, "added": 3, "known": 0, "refused": 1}
    assert job["sealed_columns"] == ["来电人", "联系电话"]
    assert job["dropped_columns"] == []
    assert job["recognised_columns"]["ticket"] == "工单编号"
    assert job["error"] is None
    newest = client.get("/api/imports").get_json()["items"][0]
    assert newest == job


def test_an_upload_waits_until_the_worker_comes(client: FlaskClient) -> None:
    number = send(client, ONE_BAD).get_json()["id"]
    job = client.get(f"/api/imports/{number}").get_json()
    assert (job["state"], job["done"], job["total"]) == ("waiting", 0, None)


def test_the_issues_are_in_the_list(client: FlaskClient, store: Store) -> None:
    taken(client, store, rows(good=2))
    at = tables.issue.c
    tickets = store.connection.scalars(select(at.ticket).where(at.ticket.like("AK2023%"))).all()
    assert sorted(tickets) == ["AK2023000001", "AK2023000002"]


def test_the_same_file_again_is_the_same_import(client: FlaskClient, store: Store) -> None:
    first = taken(client, store, ONE_BAD)
    again = send(client, ONE_BAD).get_json()
    assert again == {"id": first["id"], "new": False}
    store.work()
    assert client.get(f"/api/imports/{first['id']}").get_json() == first


def test_a_ticket_in_two_files_is_one_issue(client: FlaskClient, store: Store) -> None:
    taken(client, store, rows(good=2))
    job = taken(client, store, rows(good=3))
    assert counts(job) == {"total": 3, "done": 3, "added": 1, "known": 2, "refused": 0}


def test_another_channel_has_tickets_of_its_own(client: FlaskClient, store: Store) -> None:
    taken(client, store, rows(good=1))
    assert taken(client, store, rows(good=1), channel="grid-app")["added"] == 1


def test_workbooks_and_old_encodings_say_the_same(client: FlaskClient, store: Store) -> None:
    cells = [list(HEADER), *(row(n) for n in range(1, 4))]
    files = [table(cells).encode("gb18030"), table(cells).encode("utf-8-sig"), book(cells)]
    for number, content in enumerate(files):
        job = taken(client, store, content, channel=f"c{number}")
        assert counts(job) == {"total": 3, "done": 3, "added": 3, "known": 0, "refused": 0}


def test_refused_rows_name_row_column_and_reason(client: FlaskClient, store: Store) -> None:
    job = taken(client, store, ONE_BAD)
    (refused,) = client.get(f"/api/imports/{job['id']}/refused").get_json()["rows"]
    assert (refused["row"], refused["column"], refused["code"]) == (5, "受理时间", "time_bad")
    assert "明天" in refused["reason"]
    assert refused["raw"]["工单编号"] == "AK2023000004"
    english = client.get(f"/api/imports/{job['id']}/refused?lang=en").get_json()["rows"][0]
    assert english["reason"].startswith("The time")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"工单编号": "-"}, "ticket_missing"),
        ({"工单编号": "AK2023000001"}, "ticket_twice"),
        ({"诉求内容": "-", "事发地址": "—"}, "text_missing"),
        ({"受理时间": "2023-02-30"}, "time_bad"),
        ({"受理时间": "2093-02-03"}, "time_future"),
        ({"社区": "610902999999"}, "community_unknown"),
    ],
)
def test_a_bad_row_leaves_the_good_ones_alone(
    client: FlaskClient, store: Store, changed: dict[str, str], code: str
) -> None:
    job = taken(client, store, rows((4, changed)))
    assert counts(job) == {"total": 4, "done": 4, "added": 3, "known": 0, "refused": 1}
    (refused,) = client.get(f"/api/imports/{job['id']}/refused").get_json()["rows"]
    assert refused["code"] == code
    assert refused["column"]
    assert refused["reason"] not in ("", code)


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        ("116.4", "39.9", "coordinate_outside"),
        ("32.69", "109.02", "coordinate_swapped"),
        ("NaN", "32.69", "coordinate_bad"),
        ("1e400", "32.69", "coordinate_bad"),
        ("109.02", "", "coordinate_half"),
        ("12130000", "3850000", "coordinate_range"),
    ],
)
def test_coordinates_that_cannot_be_never_reach_a_grid(
    client: FlaskClient, store: Store, x: str, y: str, code: str
) -> None:
    cells = [[*HEADER, "经度", "纬度"], [*row(1), "109.02", "32.69"], [*row(2), x, y]]
    job = taken(client, store, table(cells).encode())
    assert (job["added"], job["refused"]) == (1, 1)
    (refused,) = client.get(f"/api/imports/{job['id']}/refused").get_json()["rows"]
    assert refused["code"] == code
    assert refused["column"] in ("经度", "纬度")


def test_a_corrected_row_is_taken(client: FlaskClient, store: Store) -> None:
    job = taken(client, store, ONE_BAD)
    (refused,) = client.get(f"/api/imports/{job['id']}/refused").get_json()["rows"]
    path = f"/api/imports/{job['id']}/refused/{refused['row']}"
    worse = problem(client.put(path, json={**refused["raw"], "受理时间": "后天"}), 422, "time_bad")
    assert (worse["facts"]["row"], worse["facts"]["column"]) == (5, "受理时间")
    told = client.put(path, json={**refused["raw"], "受理时间": "2023-11-02 09:00"})
    assert told.get_json()["state"] == "taken"
    after = client.get(f"/api/imports/{job['id']}").get_json()
    assert counts(after) == {"total": 4, "done": 4, "added": 4, "known": 0, "refused": 0}
    assert client.get(f"/api/imports/{job['id']}/refused").get_json() == {"rows": []}
    problem(client.put(path, json=refused["raw"]), 404, "no_refused_row")


def test_a_correction_may_name_only_what_changed(client: FlaskClient, store: Store) -> None:
    job = taken(client, store, ONE_BAD)
    answer = client.put(f"/api/imports/{job['id']}/refused/5", json={"受理时间": "2023-11-02"})
    assert answer.status_code == 200
    at = tables.issue.c
    kept = store.connection.scalars(select(at.text).where(at.ticket == "AK2023000004")).one()
    assert kept == "香溪路4号有垃圾没人清理"


def test_no_phone_number_leaves_with_the_refused_rows(client: FlaskClient, store: Store) -> None:
    bad = {"受理时间": PHONE, "诉求内容": f"请回电{PHONE}", "联系电话": PHONE}
    job = taken(client, store, rows((4, bad)))
    shown = client.get(f"/api/imports/{job['id']}/refused").get_data(as_text=True)
    assert "139****5678" in shown
    assert PHONE not in shown
    assert PHONE not in client.get(f"/api/imports/{job['id']}/refused.csv").get_data(as_text=True)


def test_a_masked_cell_that_comes_back_keeps_what_was_said(
    client: FlaskClient, store: Store
) -> None:
    job = taken(client, store, rows((4, {"受理时间": "明天", "诉求内容": f"请回电{PHONE}"})))
    raw = client.get(f"/api/imports/{job['id']}/refused").get_json()["rows"][0]["raw"]
    fixed = {**raw, "受理时间": "2023-11-02"}
    assert client.put(f"/api/imports/{job['id']}/refused/5", json=fixed).status_code == 200
    at = tables.issue.c
    kept = store.connection.scalars(select(at.text).where(at.ticket == "AK2023000004")).one()
    assert kept == f"请回电{PHONE}"


def test_the_refused_file_is_safe_and_can_come_back(client: FlaskClient, store: Store) -> None:
    bad = {"受理时间": "明天", "诉求内容": "=HYPERLINK(1)", "满意度": "＠sum"}
    job = taken(client, store, rows((4, bad)))
    answer = client.get(f"/api/imports/{job['id']}/refused.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len({len(line) for line in lines}) == 1
    assert not any(cell.startswith(tuple("=+-@＝＋－＠\t")) for line in lines for cell in line)
    fixed = [[cell.replace("明天", "2023-11-02") for cell in line] for line in lines]
    again = taken(client, store, table(fixed).encode("utf-8-sig"))
    assert counts(again) == {"total": 1, "done": 1, "added": 1, "known": 0, "refused": 0}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "file_kind"),
        (b"%PDF-1.7 and so on", "file_kind"),
        (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "header_missing"),
        (b"PK\x03\x04broken", "file_broken"),
        (b"a,b\n1,2\n", "header_missing"),
        ("受理时间,诉求内容\n2023-11-01,路灯\n".encode(), "columns_missing"),
        ("工单编号,工单编号,诉求内容\n1,2,路灯\n".encode(), "header_duplicate"),
        (
            "工单编号,诉求内容\n1,路灯坏了很久没有人来修\n".encode() + b"2,\xff\xfe\n",
            "file_encoding",
        ),
    ],
)
def test_a_file_that_is_none_says_why(
    client: FlaskClient, store: Store, content: bytes, code: str
) -> None:
    job = taken(client, store, content)
    assert (job["state"], job["added"]) == ("failed", 0)
    assert job["error"]["code"] == code
    assert "工单.csv" in job["error"]["title"]
    assert "—" not in job["error"]["title"]


def test_a_huge_file_is_refused_at_the_door(client: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"0" * (25 * 2**20) + b"\r\n--x--\r\n"
    answer = client.post("/api/imports", data=body, content_type="multipart/form-data; boundary=x")
    problem(answer, 413, "http_413")


@pytest.mark.parametrize(
    "fields", [{"channel": "a b"}, {"channel": "'"}, {"datum": "XY"}, {"state": "done"}]
)
def test_odd_fields_are_refused(client: FlaskClient, fields: dict[str, str]) -> None:
    problem(send(client, ONE_BAD, **fields), 422, "invalid_request")


def test_an_upload_without_a_file_is_refused(client: FlaskClient) -> None:
    empty = client.post("/api/imports", data={"file": "text"}, content_type="multipart/form-data")
    problem(empty, 422, "invalid_request")
    problem(client.post("/api/imports", json={"file": "text"}), 415, "http_415")


@pytest.mark.parametrize("name", ["../../etc/passwd", "<img src=x>.csv", "a" * 500, "名\u202e字"])
def test_a_file_name_is_only_a_name(client: FlaskClient, name: str) -> None:
    answer = send(client, ONE_BAD, name)
    assert answer.status_code == 202
    assert len(client.get(f"/api/imports/{answer.get_json()['id']}").get_json()["file_name"]) <= 120


@pytest.mark.parametrize("path", ["", "/refused", "/refused.csv"])
def test_an_unknown_import_is_said_to_be_unknown(client: FlaskClient, path: str) -> None:
    problem(client.get(f"/api/imports/2147483647{path}"), 404, "no_import")


def test_hostile_cells_are_text(client: FlaskClient, store: Store) -> None:
    cells = {"诉求内容": "'; drop table issue; --", "事发地址": "{{7*191}}<img src=x onerror=a>"}
    taken(client, store, rows((9, cells), good=0))
    count = store.connection.scalar(
        text("select count(*) from issue where ticket = 'AK2023000009'")
    )
    assert count == 1
