"""The pages of indicators, comparisons, history, reports and norms: what they say, and to whom."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from geodata.db import groups, scoping, tables
from geodata.db.scoping import WHOLE
from geodata.domain.coverage import gaps
from geodata.domain.coverage.gap import KINDS
from geodata.domain.indicator import COUNTS, INDICATORS
from geodata.domain.roles import Role
from geodata.files.pictures import WRITERS, gap_words, words
from geodata.services import (
    coverage,
    coverage_compare,
    coverage_drafts,
    coverage_figures,
    coverage_groups,
    coverage_history,
    coverage_report,
    coverage_reports,
    norms,
)
from tests import signing
from tests.conftest import NOW
from tests.webmap.conftest import Queries, Store, problem, someone
from webmap import coverage_texts, indicator_texts

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
SPAN = "2026-10"
ZONE = ZoneInfo("Asia/Shanghai")
SERVED = sql("""
    insert into post (worker_id, grid_id, duty, during)
    select (select min(id) from grid_worker), id, 'lead', tstzrange(now() - interval '1 hour', null)
    from grid where code = :code
""")


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, page
    return page


def flat(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def order(client: FlaskClient, path: str = "/coverage/reports", **form: str) -> None:
    found = TOKEN.search(text(client, "/coverage/reports"))
    assert found
    answer = client.post(path, data={"form_token": found[1], **form})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def made(store: Store) -> int:
    """Make all that was ordered, as the worker does; the number of the last report."""
    number = 0
    with store.sessions() as session:
        while True:
            now = NOW + timedelta(days=2)
            found = coverage_reports.run(session, session, now, ZONE, session.commit)
            if found is None:
                return number
            number = found
            session.commit()


def test_every_indicator_has_its_words() -> None:
    assert set(indicator_texts.NAMES) == set(INDICATORS)
    for one in INDICATORS.values():
        assert {one.above, one.below} <= set(indicator_texts.COUNTS)
        assert one.above in COUNTS
        assert one.code in words()
        assert one.unit in indicator_texts.INTERVALS


def test_files_say_gaps_in_the_words_of_the_page() -> None:
    known = gap_words()
    for kind, said in (
        *(("kind", coverage_texts.KINDS), ("cause", coverage_texts.CAUSES)),
        ("action", coverage_texts.ACTIONS),
    ):
        for code, text_ in said.items():
            assert known[f"{kind}.{code}"][0] == str(text_), code
    assert {f"unit.{unit}" for _, unit, _ in KINDS.values()} <= set(known)


def test_numbers_of_a_report_are_those_of_the_screen(client: FlaskClient, store: Store) -> None:
    week = text(client, f"/coverage/week?area=610902002&span={SPAN}")
    board = text(client, f"/coverage/indicators?area=610902002&span={SPAN}")
    said = flat(week).replace(" / ", "/")
    line = r"\d+ 个月的走势：从 \S+ 到 \1，\D* [\d.]+%\D* [\d.]+% \S+ \d+ 个月 \1"
    figure = re.search(rf"按期处置率 ([\d.]+%) {line} (\d+/\d+ · \d+%–\d+%)", said)
    assert figure
    assert figure[1] in board
    assert figure[2] in re.sub("<[^>]+>", "", board)
    order(client, area="610902002", span=SPAN)
    number = made(store)
    listed = text(client, "/coverage/reports")
    assert f"/coverage/reports/{number}/file.xlsx" in listed
    kept = text(client, f"/coverage/reports/{number}")
    report = flat(kept)
    assert figure[0] in report.replace(" / ", "/")
    assert "界线第" in report
    assert not re.search("一个人管 [0-9]", report)
    screen = text(client, "/coverage/table?area=610902002")
    gaps = re.search(r"缺口 ([\d,]+) 个", screen)
    assert gaps
    assert f"缺口 {gaps[1]} 个" in report
    leads_to_its_own_list(client, kept, f"/coverage/reports/{number}")
    for form, (_, suffix, media) in WRITERS.items():
        answer = client.get(f"/coverage/reports/{number}/file.{form}")
        assert (answer.status_code, answer.mimetype) == (200, media)
        called = answer.headers["Content-Disposition"]
        assert f"coverage-610902002-{SPAN}" in called
        assert f"{suffix}" in called
        assert quote("新城街道") in called
    problem(client.get(f"/coverage/reports/{number}/file.exe"), 404, "no_report")
    english = text(client, f"/coverage/reports/{number}?lang=en")
    assert "<h1>Xincheng Street: " in english
    assert english.count("Anhuolu Community") > 3
    assert "安火路社区</" not in english


def leads_to_its_own_list(client: FlaskClient, kept: str, path: str) -> None:
    """The numbers of gaps in a report lead to its own list, and it says that its maps do not."""
    assert not re.search('href="/coverage[?][^"]*kind=', kept)
    assert flat(kept).count("点地图看到的是现在的记录") == 1
    found = re.search('<b class="much"><a href="([^"#]+)#gaps-title">([0-9]+)</a>', kept)
    assert found
    listed = text(client, path + found[1])
    body = listed[listed.index('id="gaps-title"') :]
    assert body.count("<tr") - 1 == int(found[2])
    assert f"缺口 {found[2]} 个：没有党小组的网格" in flat(body.partition(">")[2])
    assert "全部种类" in body


def test_a_line_says_its_ends_and_over_how_long_it_goes(client: FlaskClient) -> None:
    week = flat(text(client, "/coverage/week"))
    said = re.search(r"(\d+ 周)的走势：从 ([\d.]+%) 到 ([\d.]+%)，最低 [\d.]+%，最高 [\d.]+%", week)
    assert said
    assert f"按期处置率 {said[3]} {said[0]} {said[2]} {said[1]} {said[3]}" in week


def test_reports_are_for_those_whose_ground_they_tell_of(
    app: APIFlask, client: FlaskClient, store: Store
) -> None:
    home = "610902002012"
    secretary = someone(app, store, "own", Role.SECRETARY, home)
    order(secretary, area="", span=SPAN)
    order(client, area="", span=SPAN)
    last = made(store)
    page = flat(text(secretary, f"/coverage/reports/{last - 1}"))
    assert page.count("安火路社区") > 2
    assert "西大街社区" not in page
    problem(secretary.get(f"/coverage/reports/{last}"), 404, "no_report")
    other = someone(app, store, "other", Role.SECRETARY, "610902001003")
    problem(other.get(f"/coverage/reports/{last - 1}/file.xlsx"), 404, "no_report")
    found = TOKEN.search(text(other, "/coverage/reports"))
    assert found
    dropped = other.post(f"/coverage/reports/{last}/drop", data={"form_token": found[1]})
    problem(dropped, 404, "no_report")
    worker = someone(app, store, "worker", Role.WORKER)
    problem(worker.get("/coverage/reports"), 403, "not_allowed")


def test_a_schedule_orders_the_period_that_is_over_at_once(
    client: FlaskClient, store: Store
) -> None:
    order(client, "/coverage/reports/schedules", area="610902001", every="month")
    page = flat(text(client, "/coverage/reports"))
    assert "老城街道，每月" in page
    assert re.search(r"下一份 \d{4}-\d\d-01 做：\d{4} 年 \d+ 月", page)
    assert "正在做：第 0 步" in page
    number = store.connection.scalar(select(tables.coverage_schedule.c.id))
    order(client, f"/coverage/reports/schedules/{number}/end")
    assert "不再做" not in text(client, "/coverage/reports")


def leads(client: FlaskClient, path: str) -> set[str]:
    """Where the links in the tables and lists of a comparison lead, of each sort some opened."""
    page = text(client, path)
    body = page[page.index('id="sides"') :]
    found = {link.replace("&amp;", "&") for link in re.findall('href="(/[^"#]+)', body)}
    found = {link for link in found if not link.startswith("/static")}
    sorts = defaultdict(list)
    for link in sorted(found):
        sorts[re.sub("=[^&]*|[0-9a-f-]{36}", "", link)].append(link)
    some = [link for links in sorts.values() for link in (*links[:2], *links[-2:])]
    assert {client.get(link).status_code for link in some} == {200}
    return found


def test_every_number_of_a_comparison_leads_to_its_records(
    client: FlaskClient, store: Store
) -> None:
    two = leads(client, "/coverage/compare?area=610902001&other=610902002012")
    assert "/desk?area=community-610902002012&overdue=true" in two
    assert {"/coverage?area=610902001", "/coverage?area=610902001&kind=grid_without_group"} <= two
    assert "/coverage/compare?area=610902001&other=610902002012&measure=group_share" in two
    yesterday = NOW - timedelta(days=1)
    with store.sessions() as session:
        gaps = coverage.present(session, NOW)
        bare = next(gap for gap in gaps if gap.kind == "grid_without_group")
        coverage_figures.keep(session, coverage.frames(session, NOW), gaps, yesterday, ZONE)
        coverage_history.keep(session, [gap for gap in gaps if gap != bare], yesterday)
        session.commit()
    day = yesterday.astimezone(ZONE).date()
    then = leads(client, f"/coverage/compare?day={day}")
    assert f"/coverage?area={bare.grid}&kind=grid_without_group" in then
    assert "/desk?overdue=true" in then
    assert any(link.startswith("/coverage/history?days=366") for link in then)


def test_a_plan_says_which_grids_are_new_with_their_figures(client: FlaskClient) -> None:
    asked = client.get("/api/coverage?kind=grid_overloaded").get_json(force=True)
    code = asked["features"][0]["properties"]["code"]
    began = client.post(
        "/coverage/drafts", data={"kind": "grid_overloaded", "code": code, "form_token": "form"}
    )
    number = began.headers["Location"].partition("plan=")[2]
    path = f"/coverage/compare?plan={number}&measure=load"
    page = text(client, path)
    assert leads(client, path) >= {f"/redraws/{number}"}
    names = re.findall('<g class="cover-names broad".*?</g>', page, re.DOTALL)
    change, now, then = (re.findall(">([^<>]+)</text>", one) for one in names)
    assert change.count("新") == len(set(then) - set(now)) > 0
    assert {"01", "02", *then} <= set(change)
    rows = re.findall("<tr>.*?</tr>", page[page.index('id="shifts-title"') :], re.DOTALL)
    cells = [re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows if "新网格" in row]
    assert cells
    for name, before, after, differs in cells:
        assert re.search(r"<small>\d+ 户，[\d,]+ 人，\d+ 栋</small>", name)
        assert "原来没有" in before
        assert re.search(r"\d+ 户", after)
        assert f'href="/redraws/{number}"' in differs


def test_areas_are_compared_and_what_cannot_be_is_said(client: FlaskClient) -> None:
    page = flat(text(client, "/coverage/compare?area=610902001&other=610902002"))
    assert "137/159" in page
    assert "287/319" in page
    assert "分不出高低" not in page.partition("未办结里超期的比例 超期诉求")[0]
    small = client.get("/coverage/compare?area=610902001003&other=610902001003&measure=load")
    assert small.status_code == 409
    said = small.get_data(as_text=True)
    assert "两边选的是同一个地方" in said
    chosen = re.findall(r'value="([a-z\d_]+)" selected', said)
    assert chosen == ["610902001003", "610902001003", "load"]
    answer = client.get("/coverage/compare?area=610902001&day=2020-01-01")
    assert answer.status_code == 404
    assert "还没有记录" in answer.get_data(as_text=True)
    nowhere = client.get("/coverage/compare?plan=00000000-0000-0000-0000-000000000000")
    assert nowhere.status_code == 404
    for name in ("2026-W99", "0001-W01", "0001-W12", "1969-12", "9999-W51", "9999-11"):
        problem(client.get(f"/coverage/week?span={name}"), 404, "no_span")
    problem(client.get("/coverage/indicators?span=2930-W01"), 404, "span_to_come")
    assert client.get("/coverage/week?span=1970-W01").status_code == 200


def test_no_verdict_on_few_cases_or_on_a_period_that_is_not_whole(
    client: FlaskClient, store: Store
) -> None:
    first = store.connection.scalar(select(func.min(tables.issue.c.reported_at)))
    assert first
    began = first.astimezone(ZONE).date()
    after = (began.replace(day=1) + timedelta(days=62)).replace(day=1)
    cut = flat(text(client, f"/coverage/indicators?span={(after - timedelta(days=1)):%Y-%m}"))
    assert f"上期不完整：{began} 起才有记录" in cut
    assert "比上期" not in cut
    week = flat(text(client, f"/coverage/week?span={(after - timedelta(days=1)):%Y-%m}"))
    assert f"上期不完整：{began} 起才有记录" in week
    year, number, _ = (began + timedelta(days=40)).isocalendar()
    path = f"/coverage/indicators?span={year}-W{number:02}&area=610902001"
    whole = flat(text(client, path))
    assert "上期不完整" not in whole
    assert "样本少，不和上期比" in whole
    assert re.search(r" 1 / 1 样本少", whole[whole.index("全部数字") :])
    for path in ("/coverage?measure=late_share", "/coverage/table?measure=late_share"):
        assert "样本少" in flat(text(client, path)), path
    legend = "少于 20 件的标“样本少”"
    assert legend in text(client, "/coverage?measure=late_share")
    assert legend not in text(client, "/coverage")


def test_a_group_told_of_with_its_grid_is_not_told_as_none(client: FlaskClient) -> None:
    page = flat(text(client, "/coverage"))
    told = re.search(r"服务户数过多的党小组 0 ； 另有 (\d+) 个和所在的网格一起", page)
    assert told
    own = flat(text(client, "/coverage?kind=group_overloaded"))
    assert f"另有 {told[1]} 个和所在的网格一起" in own
    assert "再把那里的楼栋交还给它" in own


def test_the_printed_map_numbers_grids_only_where_a_number_names_one(client: FlaskClient) -> None:
    written = r"<text x=[^>]+>([^<]+)</text>"
    home = re.findall(written, text(client, "/coverage/picture.svg?area=610902002012"))
    assert {"01", "02", "18"} <= set(home)
    whole = text(client, "/coverage/picture.svg?tier=grid")
    assert not re.search(r'central"[^>]*>\s*<text', whole)
    names = re.findall(written, text(client, "/coverage/picture.svg"))
    assert {"高井", "文昌"} <= set(names)
    assert "高井社区" not in names


def test_two_days_are_laid_side_by_side(client: FlaskClient, store: Store) -> None:
    with store.sessions() as session:
        frames = coverage.frames(session, NOW)
        for days in (3, 2):
            at = NOW - timedelta(days=days)
            coverage_figures.keep(session, frames, [], at, ZONE)
        session.commit()
    first, second = ((NOW - timedelta(days=n)).astimezone(ZONE).date() for n in (3, 2))
    page = flat(text(client, f"/coverage/compare?day={second}&until={first}"))
    assert page.index(f"{first} 那天") < page.index(f"{second} 那天")
    assert "550/620" in page


def test_the_history_says_what_came_when_and_why(client: FlaskClient, store: Store) -> None:
    with store.sessions() as session:
        frames = coverage.frames(session, NOW)
        found = gaps.found(frames, NOW)
        coverage_history.keep(session, found, NOW)
        coverage_figures.keep(session, frames, found, NOW, ZONE)
        session.commit()
    path = "/coverage/history?days=366&kind=grid_without_worker"
    page = flat(text(client, path))
    assert "出现 没人上岗的网格" in page
    assert "岗位从" in page
    assert "没有党小组的网格 7" not in page
    assert "补上 没人上岗的网格" not in page
    bare = [gap.code for gap in found if gap.kind == "grid_without_worker"]
    store.connection.execute(SERVED, {"code": bare[0]})
    page = flat(text(client, path))
    assert "补上 没人上岗的网格 1" in page, "at once, before the history is kept again"
    assert f"现在有 {len(bare) - 1} 个" in page


def test_norms_are_set_and_judged_by_at_once(
    client: FlaskClient, app: APIFlask, store: Store
) -> None:
    found = TOKEN.search(text(client, "/coverage/norms"))
    assert found
    form = {"form_token": found[1], "norm": "300", "band_low": "200", "walk_m": "900"}
    problem_page = client.post("/coverage/norms", data={**form, "band_high": "250"})
    assert problem_page.status_code == 409
    said = problem_page.get_data(as_text=True)
    assert "标准不对" in said
    typed = re.findall(r'name="(\w+)"[^>]* value="(\d+)"', said)
    assert typed == [("norm", "300"), ("band_low", "200"), ("band_high", "250"), ("walk_m", "900")]
    before = len(client.get("/api/coverage?kind=grid_overloaded").get_json()["features"])
    assert client.post("/coverage/norms", data={**form, "band_high": "300"}).status_code == 303
    after = len(client.get("/api/coverage?kind=grid_overloaded").get_json()["features"])
    assert after > before
    assert "900 米" in text(client, "/coverage/table")
    street = someone(app, store, "street", Role.STREET, "610902001")
    problem(street.get("/coverage/norms"), 403, "not_allowed")


def test_a_group_is_set_up_and_led_at_one_form(
    client: FlaskClient, app: APIFlask, store: Store
) -> None:
    def asked(kind: str) -> list[dict[str, Any]]:
        found = client.get(f"/api/coverage?kind={kind}").get_json()["features"]
        return [one["properties"] for one in found]

    page = text(client, "/coverage?kind=grid_without_group")
    token = TOKEN.search(page)
    assert token
    assert "组长姓名" in page
    for kind in ("grid_without_group", "group_without_leader"):
        before = asked(kind)
        form = {"form_token": token[1], "kind": kind, "code": before[0]["code"]}
        problem(
            client.post("/coverage/groups", data={**form, "leader": " "}), 409, "leader_unnamed"
        )
        made = client.post("/coverage/groups", data={**form, "leader": "王芳"})
        assert made.status_code == 303
        gone = {gap["code"] for gap in before} - {gap["code"] for gap in asked(kind)}
        assert gone == {before[0]["code"]}
        problem(client.post("/coverage/groups", data={**form, "leader": "王芳"}), 404, "no_gap")
    assert not [g for g in asked("building_without_group") if g["grid"] == before[0]["grid"]]
    other = someone(app, store, "other", Role.SECRETARY, "610902001003")
    token = TOKEN.search(text(other, "/coverage/reports"))
    assert token
    away = next(gap for gap in asked(kind) if gap["community"] != "610902001003")
    form = {"form_token": token[1], "kind": kind, "code": away["code"], "leader": "王芳"}
    problem(other.post("/coverage/groups", data=form), 404, "no_gap")


def test_grids_and_houses_go_to_the_group_that_is_offered(client: FlaskClient) -> None:
    def asked(kind: str) -> list[dict[str, Any]]:
        found = client.get(f"/api/coverage?kind={kind}").get_json()["features"]
        return [one["properties"] for one in found]

    kinds = ("grid_without_group", "building_without_group", "group_astride")
    others = {kind: {gap["code"] for gap in asked(kind)} for kind in kinds}
    for kind in kinds:
        gap = next(g for g in asked(kind) if g["next_action"] not in ("look_again", "set_up_group"))
        area = gap["community"]
        page = text(client, f"/coverage?kind={kind}&area={area}")
        token = TOKEN.search(page)
        assert token
        form = {"form_token": token[1], "kind": kind, "code": gap["code"], "area": area}
        if kind != "group_astride":
            problem(
                client.post("/coverage/groups/give", data={**form, "group": "x"}), 404, "no_gap"
            )
            form["group"] = str(gap["facts"]["offers"][0]["group"])
            assert f'name="group" value="{form["group"]}"' in page
        answer = client.post("/coverage/groups/give", data=form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert f"area={area}" in answer.headers["Location"]
        assert "这个缺口已经补上" in text(client, answer.headers["Location"])
        others[kind].remove(gap["code"])
        assert {gap["code"] for gap in asked(kind)} == others[kind]
        problem(client.post("/coverage/groups/give", data=form), 404, "no_gap")
    assert {kind: {gap["code"] for gap in asked(kind)} for kind in kinds} == others


def test_pages_cost_few_questions(client: FlaskClient, queries: Queries) -> None:
    areas = "compare?area=610902001&other=610902002"
    for path in ("week", "indicators", "history", "reports", areas):
        client.get(f"/coverage/{path}")
        queries.sent.clear()
        client.get(f"/coverage/{path}")
        assert len(queries.sent) <= 36, path  # as many where the look at coverage is taken anew


def test_the_webs_role_may_order_schedule_and_try_a_plan(loaded: Engine, web_role: str) -> None:
    with loaded.connect() as connection, connection.begin() as outer:
        account = signing.account(Session(connection), "webrole", Role.DISTRICT)
        connection.exec_driver_sql(f'set local role "{web_role}"')
        scoping.tell(connection, scoping.settings(WHOLE, None, all_files=True))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            number = coverage_reports.order(session, "", SPAN, WHOLE, account, NOW)
            coverage_reports.schedule(session, "", "week", WHOLE, account, NOW)
            coverage_reports.order_due(session, NOW, ZONE)
            coverage_reports.drop(session, number, WHOLE)
            norms.change(session, norms.Norms(300, 200, 400, 900))
            report = coverage_report.report(session, NOW, WHOLE)
            for kind in ("grid_without_group", "group_without_leader"):
                gap = next(gap for gap in report.gaps if gap.kind == kind)
                coverage_groups.close(session, WHOLE, gap.key, "王芳", NOW)
            taken = next(gap for gap in report.gaps if gap.action == "take_over")
            if taken.key == gap.key:
                taken = next(one for one in report.gaps if one.action == "take_over" and one != gap)
            group = taken.facts["offers"][0]["group"]
            coverage_groups.give(session, WHOLE, taken.key, group, NOW)
            made = groups.add(session, taken.code, "王芳")
            assert made
            assert groups.take_in(session, made, group)
            left = next(one for one in report.gaps if one.kind == "building_without_group")
            coverage_groups.enrol(
                session, WHOLE, str(left.grid), coverage_groups.all_offers(left)[0]["group"], NOW
            )
            astride = next(gap for gap in report.gaps if gap.kind == "group_astride")
            coverage_groups.give_back(session, WHOLE, astride.code, NOW)
            key = next(gap.key for gap in report.gaps if gap.kind == "ground_uncovered")
            plan = coverage_drafts.begin(session, WHOLE, key, "a", NOW, "案")
            area = coverage_report.area(session, report, WHOLE, plan["community_code"])
            side = coverage_compare.on_plan(session, report, area, plan["public_id"], NOW)
            assert key not in side.gaps
            assert key in coverage_compare.present(session, report, area).gaps
        outer.rollback()
