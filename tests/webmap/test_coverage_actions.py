"""Whatever a gap offers works: each link opens, each form is accepted and does what it says."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geodata.domain.coverage.gap import KINDS
from tests.webmap.conftest import Store
from tests.webmap.planting import LADEN
from webmap import database

ITEM = re.compile(r'<li class="cover-gap".*?</li>\s*(?=<li class="cover-gap"|</ol>)', re.DOTALL)
FORM = re.compile(r'<form action="([^"]+)" method="post">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')
LINK = re.compile(r'href="([^"]+)"')

CROWDED = text("""
    insert into joint_group (grid_id, group_id, since)
    select distinct on (lone.id) lone.id, own.id, now()
    from grid lone join grid beside on beside.community_code = lone.community_code
    join party_org own on own.grid_id = beside.id and own.tier = 'group'
    where lone.code = any(:grids) and own.id = :group
""")
SERVED = text("""
    update building set party_group_id = :group
    where grid_id in (select id from grid where code = any(:grids)) and kind = 'building'
""")
STATIONS = text("""
    delete from place where kind = 'service'
        and id <> (select min(id) from place where kind = 'service')
""")
OUTSIDE = text("""
    update issue set grid_id = null, boundary_id = null, rule = 'none' where id = (
        select min(id) from issue where is_open and grid_id is not null and place is not null)
""")
LOST = text("""
    update issue set grid_id = null, boundary_id = null, rule = 'none', place = null where id = (
        select max(id) from issue where is_open and grid_id is not null and place is not null)
""")
CUT = text("""
    update building set outline = near.box from (
        select one.id, ST_SnapToGrid(
            ST_Buffer(ST_MakeLine(one.door, other.door), 0.00005), 1.0 / 8388608) as box
        from building one join building other
            on other.community_code = one.community_code and other.grid_id <> one.grid_id
        where one.kind = 'building' and other.kind = 'building'
        order by one.id, one.door <-> other.door limit 1) as near
    where building.id = near.id
""")
LATE = text("""
    update issue set due_at = now() - interval '1 day' where grid_id = (
        select grid_id from issue where is_open and grid_id is not null
        group by grid_id order by count(*) desc, grid_id limit 1) and is_open
""")
QUIET = text("""
    update building set residents = 100 * residents where grid_id = (
        select min(id) from grid where kind <> 'uncovered'
            and not exists (select from issue where issue.grid_id = grid.id))
""")
REFUSED = text("""
    with job as (
        insert into load_job (kind, file_name, sha256, options, content, state)
        values ('grids', '网格.geojson', 'planted', '{}', '', 'failed') returning id)
    insert into load_note (job_id, row, "column", grade, code, facts)
    select id, 7, '', 'refused', 'areas_overlap',
        '{"other": 9, "m2": 812.4, "lon": 116.4, "lat": 39.9}' from job
""")
PLANTED = (STATIONS, OUTSIDE, LOST, CUT, LATE, QUIET, REFUSED, LADEN)
"""What the demo lacks: people far from a station, issues outside or nowhere, a border through a
house, a grid far too quiet for its size, a refused file, a worker with too much."""


def gaps(client: FlaskClient, kind: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/coverage?kind={kind}").get_json(force=True)
    return [one["properties"] for one in answer["features"]]


def items(client: FlaskClient, kind: str) -> list[str]:
    page = client.get(f"/coverage?kind={kind}").get_data(as_text=True)
    return [found[0] for found in ITEM.finditer(page)]


def crowd(store: Store, client: FlaskClient) -> None:
    """A group is given the grids without one in its community, more than the band allows."""
    told = [gap for gap in gaps(client, "grid_without_group") if gap["facts"].get("offers")]
    homes = {gap["community"] for gap in told}
    home = max(homes, key=lambda code: sum(g["households"] for g in told if g["community"] == code))
    lone = [gap for gap in told if gap["community"] == home]
    given = {"grids": [g["code"] for g in lone], "group": lone[0]["facts"]["offers"][0]["group"]}
    store.connection.execute(CROWDED, given)
    store.connection.execute(SERVED, given)


def sent(item: str) -> list[tuple[str, dict[str, str]]]:
    """The forms of an item, as somebody would fill them in."""
    found = []
    for action, body in FORM.findall(item):
        fields = {name: unescape(value) for name, value in FIELD.findall(body)}
        found.append((action, fields | ({"leader": "王芳"} if 'name="leader"' in body else {})))
    return found


def test_every_action_of_every_kind_works(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_FRESH_S", 0.0)
    crowd(store, client)
    for statement in PLANTED:
        store.connection.execute(statement)
    kinds = {gap["kind"] for gap in gaps(client)}
    assert kinds == set(KINDS)
    opened: set[str] = set()
    for kind in sorted(kinds):
        done: set[tuple[str, ...]] = set()
        for item in items(client, kind)[:6]:
            links = {unescape(link) for link in LINK.findall(item)}
            forms = sent(item)
            assert links or forms, (kind, item)
            for link in links - opened:
                opened.add(link)
                assert client.get(link, follow_redirects=True).status_code == 200, (kind, link)
            for action, fields in forms:
                like = (action, *sorted(fields))
                if like not in done:
                    done.add(like)
                    accepted(client, store, action, fields)


def accepted(client: FlaskClient, store: Store, action: str, fields: dict[str, str]) -> None:
    """Send a form, follow it, and see that it did something; then take it back."""
    with store.connection.begin_nested() as tried:
        before = gaps(client, fields["kind"])
        answer = client.post(action, data=fields)
        assert answer.status_code == 303, (action, fields, answer.get_data(as_text=True))
        assert client.get(answer.headers["Location"], follow_redirects=True).status_code == 200
        if action.startswith(("/coverage/groups", "/coverage/workers")):
            assert gaps(client, fields["kind"]) != before, (action, fields)
        tried.rollback()


def test_sharing_out_ends_with_no_group_above_the_band(client: FlaskClient, store: Store) -> None:
    crowd(store, client)
    kind = "group_overloaded"
    said: list[bool] = []
    for _ in range(12):
        if not (listed := items(client, kind)):
            break
        action, fields = sent(listed[0])[0]
        answer = client.post(action, data=fields)
        assert answer.status_code == 303
        page = client.get(answer.headers["Location"]).get_data(as_text=True)
        left = fields["code"] in {gap["code"] for gap in gaps(client, kind)}
        said.append(left)
        assert ("分出去了一部分" in page, "分出去了，这个缺口已经补上" in page) == (left, not left)
    assert set(said) == {True, False}
    assert not gaps(client, kind)
