"""Layers come in by the web: judged by the worker, asked about, shown, applied on demand."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from geodata.services import loads
from tests.sheets import table
from tests.webmap.conftest import Store, problem

ROWS = [
    ["姓名", "联系电话", "网格编码", "职责"],
    ["钱某某", "13912345678", "610902001003001", "网格员"],
]
PLACES = [["楼栋名称", "地址", "经度", "纬度"], ["甲楼", "=cmd()", "109.02", "32.69"]]


def send(client: FlaskClient, rows: list[list[str]], **fields: Any) -> Any:
    data = {"file": (io.BytesIO(table(rows).encode()), "名单.csv"), **fields}
    return client.post("/api/loads", data=data, content_type="multipart/form-data")


def worked(client: FlaskClient, store: Store, number: int) -> dict[str, Any]:
    with store.sessions() as session:
        for _ in loads.run(session, number):
            session.commit()
    job = client.get(f"/api/loads/{number}").get_json()
    assert isinstance(job, dict)
    return job


def test_a_list_is_checked_first_and_loaded_on_demand(client: FlaskClient, store: Store) -> None:
    answer = send(client, ROWS, kind="workers")
    assert answer.status_code == 202
    number = answer.get_json()["id"]
    job = worked(client, store, number)
    assert (job["state"], job["added"], job["dry_run"]) == ("checked", 1, True)
    assert job["dropped_columns"] == ["联系电话"]
    assert client.post(f"/api/loads/{number}/apply", json={}).status_code == 200
    assert worked(client, store, number)["state"] == "done"
    problem(client.post(f"/api/loads/{number}/apply", json={}), 409, "load_not_tried")
    again = worked(client, store, send(client, ROWS, kind="workers").get_json()["id"])
    assert (again["id"], again["added"], again["same"]) == (number, 0, 1)


def test_the_coordinate_system_is_asked_about(client: FlaskClient, store: Store) -> None:
    number = send(client, PLACES, kind="buildings").get_json()["id"]
    job = worked(client, store, number)
    assert job["state"] == "asked"
    assert "没有写明坐标系" in job["error"]["title"]
    assert {one["crs"] for one in job["candidates"]} >= {"WGS84", "GCJ02", "BD09"}
    path = f"/api/loads/{number}/crs"
    problem(client.post(path, json={"crs": "EPSG:99999999"}), 422, "crs_unknown")
    assert client.post(path, json={"crs": "WGS84"}).get_json()["state"] == "waiting"
    assert worked(client, store, number)["state"] == "checked"
    problem(client.post(path, json={"crs": "WGS84"}), 409, "load_not_asked")


def test_the_report_is_shown_and_safe_to_open(client: FlaskClient, store: Store) -> None:
    number = send(client, PLACES, kind="buildings", crs="WGS84").get_json()["id"]
    worked(client, store, number)
    items = client.get(f"/api/loads/{number}/report").get_json()["items"]
    assert {"outline_made"} <= {item["code"] for item in items}
    assert all(item["reason"] != item["code"] for item in items)
    body = client.get(f"/api/loads/{number}/report.csv").data.decode("utf-8-sig")
    assert "名单.csv" in body
    assert "'=cmd()" in body
    assert ",=cmd()" not in body


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "nothing"}, "invalid_request"),
        ({"kind": "grids", "state": "done"}, "invalid_request"),
        ({"kind": "grids", "crs": "EPSG:1"}, "crs_unknown"),
    ],
)
def test_odd_requests_are_refused(client: FlaskClient, fields: dict[str, str], code: str) -> None:
    problem(send(client, ROWS, **fields), 422, code)


@pytest.mark.parametrize("path", ["", "/report", "/report.csv"])
def test_an_unknown_load_is_said_to_be_unknown(client: FlaskClient, path: str) -> None:
    problem(client.get(f"/api/loads/2147483647{path}"), 404, "no_load")


def test_the_page_is_in_the_menu(client: FlaskClient) -> None:
    page = client.get("/loads").get_data(as_text=True)
    assert 'href="/loads" aria-current="page"' in page
    assert client.get("/loads/1").status_code == 200
