"""The desk by its doors: who may take which step, what the public sees, and photos."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select, text

from geodata.db import tables
from geodata.domain.roles import Role
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.test_places import inhabited

COMMUNITY = "610902001003"
KEY = "a-key-of-the-clients-own-0001"


def reported(client: FlaskClient, store: Store, **said: Any) -> dict[str, Any]:
    _, lon, lat, _ = inhabited(store)
    body = {"category": "ENV", "text": "垃圾没人清", "lon": lon, "lat": lat, "key": KEY}
    answer = client.post("/api/issues", json=body | said)
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    told = answer.get_json()
    assert isinstance(told, dict)
    return told


def elsewhere(store: Store, own: str) -> str:
    """The code of another community."""
    at = tables.community.c
    return str(store.connection.scalar(select(at.code).where(at.code != own).order_by(at.code)))


def step(client: FlaskClient, number: str, name: str, **said: Any) -> Any:
    key = said.pop("key", f"{KEY}-{name}")
    return client.post(f"/api/issues/{number}/steps", json={"step": name, "key": key, **said})


def test_a_report_sent_twice_is_one(resident: FlaskClient, store: Store) -> None:
    count = select(func.count()).select_from(tables.issue)
    before = store.connection.scalar(count) or 0
    first, again = reported(resident, store), reported(resident, store)
    turned = reported(resident, store, key=f"{KEY}t", text="\u202e问 13912345678\u2066谢谢\u200f")
    assert turned["text"] == "问 139****5678谢谢"
    before += 1
    assert (first["id"], first["code"]) == (again["id"], again["code"])
    assert store.connection.scalar(count) == before + 1
    assert first["due_at"]
    found = resident.post("/api/issues/follow", json={"code": first["code"].lower()})
    assert found.get_json() == {"id": first["id"], "url": f"/issues/{first['id']}"}


def test_a_step_is_for_those_on_whose_ground_it_is(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    told = reported(resident, store)
    own = told["community"]["code"]
    away = someone(app, store, "away", Role.SECRETARY, elsewhere(store, own))
    problem(step(away, told["id"], "accept"), 404, "no_issue")
    checker = someone(app, store, "checks", Role.CHECKER, own)
    problem(step(checker, told["id"], "settle", note="x"), 403, "step_not_yours")
    secretary = someone(app, store, "here", Role.SECRETARY, own)
    shown = secretary.get(f"/api/issues/{told['id']}").get_json()
    assert {"accept", "settle", "dispatch"} <= set(shown["steps"])
    assert step(secretary, told["id"], "accept").get_json()["status"] == "accepted"
    assert step(secretary, told["id"], "accept").get_json()["again"] is True
    problem(step(secretary, told["id"], "close"), 409, "step_not_here")
    problem(step(secretary, told["id"], "hand_back"), 409, "step_needs")
    problem(step(secretary, told["id"], "fly"), 409, "step_unknown")
    shown = secretary.get(f"/api/issues/{told['id']}").get_json()
    assert [event["kind"] for event in shown["events"]] == ["reported", "accept"]
    assert shown["events"][-1]["actor"] == "here"


def test_the_public_sees_no_names_words_or_places_of_personal_matters(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    told = reported(resident, store, category="NOISE", address="某某家楼下")
    secretary = someone(app, store, "here", Role.SECRETARY, told["community"]["code"])
    step(secretary, told["id"], "settle", note="已劝住 13912345678")
    shown = resident.get(f"/api/issues/{told['id']}").get_json()
    assert (shown["coarse"], shown["address"], shown["steps"]) == (True, "", [])
    assert (shown["lon"], shown["lat"]) == (round(shown["lon"], 3), round(shown["lat"], 3))
    last = shown["events"][-1]
    assert (last["kind"], last["note"], "actor" in last) == ("settle", "", False)


def test_only_the_code_confirms(
    client: FlaskClient, app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    told = reported(resident, store, answers={"what": "smell"})
    url, own = (f"/api/issues/{told['id']}/{end}" for end in ("reply", "own"))
    said = {"code": told["code"], "step": "confirm", "satisfaction": "good", "key": KEY}
    problem(resident.post(url, json=said), 409, "step_not_here")
    secretary = someone(app, store, "here", Role.SECRETARY, told["community"]["code"])
    step(secretary, told["id"], "settle", note="已清，问 13912345678")
    wrong = said | {"code": "AAAA-BBBB-CCCC-DDDD"}
    for anybody in (resident, client, secretary):
        problem(anybody.post(url, json=wrong), 403, "code_unknown")
        problem(anybody.post(own, json={"code": wrong["code"]}), 403, "code_unknown")
    seen = resident.post(own, json={"code": told["code"]}).get_json()
    assert seen["answers"] == {"what": "smell"}
    assert [one["note"] for one in seen["words"]] == ["已清，问 139****5678"]
    assert resident.post(url, json=said).get_json() == {"status": "handled", "again": False}
    assert secretary.get(f"/api/issues/{told['id']}").get_json()["satisfaction"] == "good"


def test_what_was_done_before_it_was_reopened_stays_as_the_former_result(
    app: APIFlask, resident: FlaskClient, store: Store, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.config, "MEDIA", str(tmp_path))
    told = reported(resident, store)
    secretary = someone(app, store, "here", Role.SECRETARY, told["community"]["code"])
    out = BytesIO()
    Image.new("RGB", (40, 30), "#884").save(out, "JPEG")
    sent = {"file": (BytesIO(out.getvalue()), "a.jpg")}
    photo = secretary.post("/api/photos", data=sent).get_json()["id"]
    step(secretary, told["id"], "settle", note="已清", photos=[{"id": photo, "kind": "after"}])
    code = {"code": told["code"]}
    again = {"step": "reopen", "note": "还有", "key": f"{KEY}-again"}
    assert resident.post(f"/api/issues/{told['id']}/reply", json=again | code).status_code == 200
    step(secretary, told["id"], "handle", note="又清了")
    seen = resident.post(f"/api/issues/{told['id']}/own", json=code).get_json()["words"]
    assert [(one["note"], one["former"], one["photos"]) for one in seen] == [
        ("已清", True, [photo]),
        ("还有", False, []),
        ("又清了", False, []),
    ]
    (kept,) = resident.post(f"/api/issues/{told['id']}/photos", json=code).get_json()["items"]
    assert kept["id"] == photo


def test_it_is_said_before_what_becomes_of_it(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    known = reported(resident, store, text=f"问 13912345678：{'垃圾没人清' * 6}")
    spot = {"lon": known["lon"], "lat": known["lat"]}
    told = resident.post("/api/issues/preview", json={"category": "ENV", **spot}).get_json()
    assert told["grid"]["code"] == known["grid"]["code"]
    assert (told["due_at"][:10], told["shown"]) == (known["due_at"][:10], "exact")
    assert known["id"] in [one["id"] for one in told["alike"]]
    (alike,) = (one for one in told["alike"] if one["id"] == known["id"])
    assert alike["words"] == f"问 139****5678：{'垃圾没人清' * 6}"[:30] + "…"
    words = {"key": f"{KEY}-joins", "note": "我家门口也是"}
    joined = resident.post(f"/api/issues/{known['id']}/join", json=words).get_json()
    assert joined["url"] == f"/issues/{known['id']}"
    events = resident.get(f"/api/issues/{known['id']}").get_json()["events"]
    assert [event["kind"] for event in events] == ["reported", "joined"]
    assert events[-1]["note"] == ""  # others' words are for those who work on it
    secretary = someone(app, store, "here", Role.SECRETARY, known["community"]["code"])
    events = secretary.get(f"/api/issues/{known['id']}").get_json()["events"]
    assert events[-1]["note"] == "我家门口也是"
    told = resident.post("/api/issues/preview", json={"category": "NOISE", **spot}).get_json()
    assert (told["shown"], told["alike"]) == ("coarse", [])


def test_who_joins_follows_by_a_code_of_their_own(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    known = reported(resident, store, text="垃圾堆在 3 栋门口")
    url, note = f"/api/issues/{known['id']}", "我是 5 栋的，电话 13912345678"
    words = {"key": f"{KEY}-joins", "note": note}
    first, again = (resident.post(f"{url}/join", json=words).get_json() for _ in "ab")
    assert first == again
    assert first["code"] != known["code"]
    found = resident.post("/api/issues/follow", json={"code": first["code"]}).get_json()
    assert found["url"] == first["url"]
    own = {"code": first["code"]}
    seen = resident.post(f"{url}/own", json=own).get_json()
    assert [one["note"] for one in seen["words"]] == ["我是 5 栋的，电话 139****5678"]
    assert (seen["answers"], seen["joined"]) == ({}, True)
    assert resident.post(f"{url}/photos", json=own).get_json() == {"items": []}
    theirs = resident.post(f"{url}/own", json={"code": known["code"]}).get_json()
    assert (theirs["words"], theirs["joined"]) == ([], False)
    said = {"step": "confirm", "key": f"{KEY}-says", "satisfaction": "good"}
    secretary = someone(app, store, "here", Role.SECRETARY, known["community"]["code"])
    step(secretary, known["id"], "settle", note="已清")
    problem(resident.post(f"{url}/reply", json=said | own), 403, "code_unknown")


def test_a_key_that_was_used_joins_nothing(resident: FlaskClient, store: Store) -> None:
    one = reported(resident, store)
    other = reported(resident, store, key=f"{KEY}-other", text="路灯不亮")
    for known in (one, other):  # both keys have reported, wherever
        for key in (KEY, f"{KEY}-other"):
            answer = resident.post(f"/api/issues/{known['id']}/join", json={"key": key})
            problem(answer, 409, "key_used")
    words = {"key": f"{KEY}-joins"}
    assert resident.post(f"/api/issues/{one['id']}/join", json=words).status_code == 200
    problem(resident.post(f"/api/issues/{other['id']}/join", json=words), 409, "key_used")


def test_who_says_the_other_side_of_a_border_is_led_across(
    resident: FlaskClient, store: Store
) -> None:
    beside = text("""
        select g.code, ST_X(p.spot) as lon, ST_Y(p.spot) as lat
        from boundary b join grid g on g.id = b.grid_id join boundary o
            on upper_inf(o.valid) and o.grid_id <> b.grid_id and ST_Length(
                ST_CollectionExtract(ST_Intersection(b.shape, o.shape), 2)::geography) > 60,
            ST_LineInterpolatePoint(ST_GeometryN(ST_LineMerge(ST_CollectionExtract(
                ST_Intersection(b.shape, o.shape), 2)), 1), 0.5) as middle(spot),
            ST_ClosestPoint(ST_Buffer(b.shape::geography, -5)::geometry, middle.spot) as p(spot)
        where upper_inf(b.valid) and g.kind = 'basic' and ST_Distance(
            p.spot::geography, middle.spot::geography) < 8
        order by g.code limit 1
    """)
    known = store.connection.execute(beside).one()
    asked = {"category": "LAMP", "lon": known.lon, "lat": known.lat}
    told = resident.post("/api/issues/preview", json=asked).get_json()
    assert told["grid"]["code"] == known.code
    there = {name: told["beside"][name] for name in ("lon", "lat")}
    across = resident.post("/api/issues/preview", json=asked | there).get_json()
    assert across["grid"]["code"] == told["beside"]["code"]


def test_who_settles_it_into_anothers_ground_is_told_that_it_left(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    told = reported(resident, store)
    own, at = told["community"]["code"], tables.boundary.c
    spot = func.ST_PointOnSurface(at.shape)
    away = select(func.ST_X(spot), func.ST_Y(spot)).join(
        tables.grid, tables.grid.c.id == at.grid_id
    )
    lon, lat = store.connection.execute(
        away.where(tables.grid.c.community_code == elsewhere(store, own)).limit(1)
    ).one()
    secretary = someone(app, store, "here", Role.SECRETARY, own)
    url = f"/api/issues/{told['id']}/ground"
    for x, y, seen in ((told["lon"], told["lat"], True), (lon, lat, False)):
        body = {"lon": x, "lat": y, "note": "现场看过", "key": f"{KEY}-{seen}"}
        assert secretary.post(url, json=body).get_json()["seen"] is seen
    followed = secretary.get(f"/api/issues/{told['id']}").get_json()
    assert (followed["text"], followed["steps"]) == (told["text"], [])
    assert followed["community"]["code"] == elsewhere(store, own)


def test_photos_are_shown_on_their_ground_alone(
    app: APIFlask, resident: FlaskClient, store: Store, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.config, "MEDIA", str(tmp_path))
    out = BytesIO()
    Image.new("RGB", (40, 30), "#884").save(out, "JPEG", comment=b"secret")
    sent = {"file": (BytesIO(out.getvalue() + b"secret"), "../../x.php")}
    photo = resident.post("/api/photos", data=sent).get_json()
    told = reported(resident, store, photos=[{"id": photo["id"]}])
    url = f"/api/photos/{photo['id']}"
    problem(resident.get(url), 401, "sign_in_needed")
    away = elsewhere(store, told["community"]["code"])
    problem(someone(app, store, "away", Role.SECRETARY, away).get(url), 404, "no_photo")
    secretary = someone(app, store, "here", Role.SECRETARY, told["community"]["code"])
    shown = secretary.get(url, buffered=True)
    assert shown.data.startswith(b"\xff\xd8")
    assert b"secret" not in shown.data
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Type"] == "image/jpeg"
    kept = [file.name for file in tmp_path.rglob("*") if file.is_file()]
    assert kept == [f"{name}.jpg" for name in [kept[0].removesuffix(".jpg")]]
    again = {"category": "ENV", "text": "x", "lon": told["lon"], "lat": told["lat"]}
    other = resident.post("/api/issues", json={**again, "photos": [{"id": photo["id"]}]})
    problem(other, 409, "no_photo")
    own = f"/api/issues/{told['id']}/photos"
    code = {"code": told["code"]}
    (mine,) = resident.post(own, json=code).get_json()["items"]
    assert (mine["id"], mine["kind"]) == (photo["id"], "report")
    answer = resident.post(f"{own}/{photo['id']}", json=code, buffered=True)
    assert answer.data == shown.data
    assert answer.headers["Cache-Control"] == "no-store"
    wrong = {"code": "AAAA-BBBB-CCCC-DDDD"}
    for path in (own, f"{own}/{photo['id']}"):
        problem(resident.post(path, json=wrong), 403, "code_unknown")
    page = {"file": (BytesIO(b"<html>"), "a.jpg")}
    problem(resident.post("/api/photos", data=page), 422, "photo_kind")


def test_what_is_laid_up_for_a_dead_network_is_nobodys(
    app: APIFlask, resident: FlaskClient, store: Store
) -> None:
    worker = someone(app, store, "梁某某", Role.SECRETARY, COMMUNITY)
    for path in ("/report/offline", "/my-grid/offline"):
        page = resident.get(path).get_data(as_text=True)
        assert "data-laid-up" in page
        assert "data-account" not in page
        assert "data-account" in worker.get("/report").get_data(as_text=True)
    told = resident.get("/offline-worker.js")
    assert told.get_data(as_text=True).startswith('const STATIC = "/static/v')
    assert told.headers["Cache-Control"] == "no-cache"


def test_my_grid_is_ones_own(app: APIFlask, store: Store) -> None:
    code = store.connection.scalar(
        select(tables.grid.c.code).where(tables.grid.c.code.is_not(None)).order_by("code")
    )
    own = someone(app, store, "here", Role.SECRETARY, str(code)[:12])
    told = own.get(f"/api/my-grid?grid={code}").get_json()
    assert told["grids"][0]["code"] == code
    assert told["grids"][0]["shape"]["type"] == "MultiPolygon"
    away = someone(app, store, "away", Role.SECRETARY, elsewhere(store, str(code)[:12]))
    problem(away.get(f"/api/my-grid?grid={code}"), 403, "outside_ground")
