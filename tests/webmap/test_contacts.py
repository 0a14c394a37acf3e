"""A reporter's contact: taken with consent, kept sealed, shown masked, read for a reason."""

from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from geodata.db import tables
from geodata.domain.roles import Role
from geodata.services import audit
from tests.webmap.conftest import Store, problem, signed_in, someone
from webmap.app import create_app
from webmap.config import Config

PHONE, NAME = "13912345678", "张三丰"
CONTACT = {"name": NAME, "phone": PHONE, "consent": True}


def said(**more: Any) -> dict[str, Any]:
    return {"category": "ENV", "text": "垃圾没人清理", "lon": 109.03, "lat": 32.69, **more}


def reported(client: FlaskClient) -> str:
    answer = client.post("/api/issues", json=said(contact=CONTACT))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert PHONE not in answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def test_it_is_stored_sealed_and_nowhere_else(client: FlaskClient, store: Store) -> None:
    reported(client)
    row = store.connection.execute(select(tables.contact)).mappings().one()
    for secret in (PHONE, NAME):
        assert secret.encode() not in bytes(row["sealed"])
    whole = "".join(
        str(row)
        for name in tables.metadata.tables
        for row in store.connection.execute(
            text(f"select t::text from {name} t where t::text like '%{PHONE}%'")  # noqa: S608 -- our own names
        )
    )
    assert whole == ""


@pytest.mark.parametrize(
    "contact",
    [
        {**CONTACT, "consent": False},
        {"phone": PHONE},
        {**CONTACT, "phone": "110"},
        {**CONTACT, "phone": "x" * 31},
        {**CONTACT, "name": "\0"},
        {**CONTACT, "wechat": "x"},
        "139",
    ],
)
def test_without_consent_or_with_nonsense_nothing_is_taken(
    client: FlaskClient, store: Store, contact: object
) -> None:
    before = len(store.connection.execute(select(tables.issue.c.id)).all())
    problem(client.post("/api/issues", json=said(contact=contact)), 422, "invalid_request")
    assert len(store.connection.execute(select(tables.issue.c.id)).all()) == before


def test_nobody_sees_it_without_signing_in(resident: FlaskClient) -> None:
    url = f"/api/issues/{reported(resident)}/contact"
    problem(resident.get(url), 401, "sign_in_needed")
    problem(resident.post(url, json={"reason": "核实情况"}), 401, "sign_in_needed")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CHECKER])
def test_only_who_handles_issues_reads_it(
    app: APIFlask, store: Store, resident: FlaskClient, role: Role
) -> None:
    url = f"/api/issues/{reported(resident)}/contact"
    other = someone(app, store, str(role), role)
    problem(other.post(url, json={"reason": "核实情况"}), 403, "not_allowed")
    assert other.get(url).status_code == (200 if role is Role.CHECKER else 403)


def test_who_handles_issues_sees_it_masked(client: FlaskClient) -> None:
    answer = client.get(f"/api/issues/{reported(client)}/contact")
    assert answer.headers["Cache-Control"] == "no-store"
    shown = [(fact["kind"], fact["value"]) for fact in answer.get_json()["facts"]]
    assert shown == [("name", "张**"), ("phone", "139****5678")]


def test_reading_it_in_full_takes_a_reason(client: FlaskClient, store: Store) -> None:
    number = reported(client)
    url = f"/api/issues/{number}/contact"
    for reason in ("", "   ", "急", "字" * 201):
        problem(client.post(url, json={"reason": reason}), 422, "invalid_request")
    answer = client.post(url, json={"reason": f"回电 {PHONE} 核实"})
    assert [fact["value"] for fact in answer.get_json()["facts"]] == [NAME, PHONE]
    with store.sessions() as session:
        (entry, *_), _end = audit.page(session, audit.Wanted(action="contact.view"), None, 5)
    assert (entry["actor"], entry["source"]) == ("manager", "127.0.0.1")
    assert (entry["subject_kind"], entry["subject_id"]) == ("issue", number)
    assert entry["detail"] == {"reason": "回电 139****5678 核实", "kinds": ["name", "phone"]}


def test_an_issue_without_one_says_so(client: FlaskClient) -> None:
    number = client.post("/api/issues", json=said()).get_json()["id"]
    assert client.get(f"/api/issues/{number}/contact").get_json()["facts"] == []
    problem(
        client.post(f"/api/issues/{number}/contact", json={"reason": "核实情况"}),
        404,
        "no_contact",
    )


def test_with_another_key_it_stays_shut(client: FlaskClient, store: Store) -> None:
    number = reported(client)
    config = Config("postgresql+psycopg://nobody@/nowhere", "k" * 40, field_key="g" * 40, rate=0)
    other = signed_in(create_app(config, store.sessions), store.sessions)
    answer = other.get(f"/api/issues/{number}/contact")
    problem(answer, 409, "seal_broken")


def test_no_public_answer_tells_of_it(client: FlaskClient) -> None:
    number = reported(client)
    paths = (
        *(f"/api/issues/{number}", "/api/issues?limit=200", f"/issues/{number}/certificate"),
        *("/exports/issues.csv", "/exports/issues.geojson", f"/api/search?q={PHONE}"),
        *(f"/api/search?q={NAME}", "/ogc/collections/issues/items?limit=1000"),
    )
    for path in paths:
        shown = client.get(path, buffered=True).get_data().decode("utf-8", "replace")
        assert PHONE not in shown.replace(f"q={PHONE}", ""), path
        assert NAME not in shown, path
        assert "139****5678" not in shown, path


def test_imported_columns_are_sealed_and_read_the_same_way(
    client: FlaskClient, store: Store
) -> None:
    head = "工单编号,受理时间,来电人,联系电话,诉求内容,事发地址,经度,纬度"
    row = f"K1,2026-05-01 08:00,{NAME},{PHONE},垃圾,某处,109.03,32.69"
    file = {"file": (BytesIO(f"{head}\n{row}".encode()), "t.csv")}
    client.post("/api/imports", data=file)
    store.work()
    (number,) = store.connection.scalars(
        select(tables.issue.c.public_id).where(tables.issue.c.ticket == "K1")
    )
    shown = client.get(f"/api/issues/{number}/contact").get_json()["facts"]
    assert [(one["label"], one["value"]) for one in shown] == [
        ("来电人", "张**"),
        ("联系电话", "139****5678"),
    ]
