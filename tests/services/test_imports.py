"""12345 exports come in: good rows in their grids, bad rows kept, nothing twice, nothing lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.errors import InvalidRow, NotFound
from geodata.services import geocoding, imports
from geodata.services.geocoding import Locator
from tests.drawing import spot
from tests.makers import Town, code_of

HEAD = "工单编号,受理时间,来电人,联系电话,一级分类,诉求内容,事发地址,社区,经度,纬度,办结时间"
LATER = datetime(2026, 1, 1, tzinfo=UTC)


def export(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\n".join([head, *rows]).encode(encoding)


def bring(session: Session, content: bytes, name: str = "t.csv", channel: str = "12345") -> int:
    number, _ = imports.submit(session, content, name, channel, "WGS84")
    for _ in imports.run(session, number, Locator.of(session)):
        pass
    return number


def counts(session: Session, number: int) -> tuple[int, int, int, int]:
    job = imports.one(session, number)
    return job["added"], job["known"], job["unplaced"], job["refused"]


@pytest.fixture
def street(town: Town) -> Town:
    town.drawn("AAB / AAB / ...")
    town.building("汉滨区老城街道解放路1号", 0.5, 0.5)
    town.building("汉滨区老城街道解放路2号", 0.5, 2.5)
    return town


def test_addresses_find_their_grids(street: Town) -> None:
    number = bring(
        street.session,
        export(
            "T1,2026-05-01 08:00,张三,13912345678,市容环境,垃圾没人清理,解放路1号,-,-,-,-",
            "T2,2026-05-01 08:00,李四,-,市容环境,垃圾,汉滨区老城办解放路２号,-,-,-,-",
        ),
    )
    assert counts(street.session, number) == (2, 0, 0, 0)
    stored = street.issues()
    assert [issue["grid"] for issue in stored] == [code_of("A"), code_of("B")]
    assert {issue["precision"] for issue in stored} == {"door"}
    assert {issue["rule"] for issue in stored} == {"covers"}
    assert stored[0]["reported_at"] == datetime(2026, 5, 1, 0, 0, tzinfo=UTC)


def test_contacts_are_not_kept_anywhere(street: Town) -> None:
    content = export(
        "T1,2026-05-01 08:00,张三丰,13912345678,市容环境,垃圾,解放路1号,-,-,-,-",
        "T2,不知道,张三丰,13912345678,市容环境,垃圾,解放路1号,-,-,-,-",
    )
    number = bring(street.session, content)
    assert imports.one(street.session, number)["columns"]["dropped"] == ["来电人", "联系电话"]
    for row in [*street.issues(), *imports.refused(street.session, number)]:
        assert "13912345678" not in str(row)
        assert "张三丰" not in str(row)


def test_bad_rows_are_kept_with_row_column_and_reason(street: Town) -> None:
    number = bring(
        street.session,
        export(
            "T1,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,-,-,-,-",
            "T2,昨天,-,-,市容环境,垃圾,解放路1号,-,-,-,-",
            "-,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,-,-,-,-",
            "T4,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,-,116.4,39.9,-",
            "T5,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,-,32.6895,109.0205,-",
            "T6,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,610902001099,-,-,-",
            "T7,2026-05-01 08:00,-,-,市容环境,垃圾,解放路1号,-,109.0205,-,-",
            "T1,2026-05-01 08:00,-,-,市容环境,又来了,解放路1号,-,-,-,-",
        ),
    )
    assert counts(street.session, number) == (1, 0, 0, 7)
    found = [(r["row"], r["column"], r["code"]) for r in imports.refused(street.session, number)]
    assert found == [
        (3, "受理时间", "time_bad"),
        (4, "工单编号", "ticket_missing"),
        (5, "经度", "coordinate_outside"),
        (6, "经度", "coordinate_swapped"),
        (7, "社区", "community_unknown"),
        (8, "纬度", "coordinate_half"),
        (9, "工单编号", "ticket_twice"),
    ]


def test_the_same_file_again_changes_nothing(street: Town) -> None:
    content = export(
        "T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,-,-,-",
        "T2,2026-05-01 08:00,-,-,-,-,解放路1号,-,-,-,-",
    )
    first = bring(street.session, content)
    assert bring(street.session, content) == first
    assert counts(street.session, first) == (2, 0, 0, 0)
    assert [one["text"] for one in street.issues()] == ["垃圾", ""]  # an address is no content


def test_a_ticket_in_another_file_is_known(street: Town) -> None:
    bring(street.session, export("T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,-,-,-"))
    again = bring(street.session, export("T1,2026-05-02 08:00,-,-,-,改了,解放路2号,-,-,-,-"))
    assert counts(street.session, again) == (0, 1, 0, 0)
    assert [issue["text"] for issue in street.issues()] == ["垃圾"]


def test_the_same_number_of_another_channel_is_another_issue(street: Town) -> None:
    content = export("T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,-,-,-")
    bring(street.session, content)
    bring(street.session, content, channel="app")
    assert len(street.issues()) == 2


def test_a_community_alone_never_becomes_a_point(street: Town) -> None:
    row = "T1,2026-05-01 08:00,-,-,-,很吵,西大街社区,-,-,-,-"
    number = bring(street.session, export(row))
    (stored,) = street.issues()
    assert counts(street.session, number) == (1, 0, 1, 0)
    assert (stored["place"], stored["grid"], stored["rule"]) == (None, None, "none")
    assert (stored["precision"], stored["community_code"]) == ("community", "610902001003")


def test_coordinates_beat_words_and_zero_means_none(street: Town) -> None:
    place = spot(0.5, 2.5)
    number = bring(
        street.session,
        export(
            f"T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,{place.x},{place.y},-",
            "T2,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,0,0,-",
        ),
    )
    assert counts(street.session, number) == (2, 0, 0, 0)
    assert [(i["grid"], i["precision"]) for i in street.issues()] == [
        (code_of("B"), "pin"),
        (code_of("A"), "door"),
    ]


def test_closed_issues_keep_the_grid_of_their_day_and_open_ones_get_the_present(
    street: Town,
) -> None:
    street.redrawn("AAA / ABB / BBB", LATER)
    bring(
        street.session,
        export(
            "T1,2025-05-01 08:00,-,-,-,旧的,解放路2号,-,-,-,2025-05-02 08:00",
            "T2,2025-05-01 08:00,-,-,-,还开着,解放路2号,-,-,-,-",
            "T3,2019-05-01 08:00,-,-,-,建网格以前的,解放路2号,-,-,-,2019-05-02 08:00",
        ),
    )
    assert [issue["grid"] for issue in street.issues()] == [
        code_of("B"),
        code_of("A"),
        code_of("A"),
    ]


def test_what_is_open_is_new_to_whom_it_came_to(street: Town) -> None:
    bring(
        street.session,
        export(
            "T1,2025-05-01 08:00,-,-,-,办好了的,解放路2号,-,-,-,2025-05-02 08:00",
            "T2,2025-05-01 08:00,-,-,-,还开着,解放路2号,-,-,-,-",
            "T3,2025-05-01 08:00,-,-,-,不知道在哪里,没有这个地方,-,-,-,-",
        ),
    )
    at = tables.issue.c
    assert street.session.scalars(select(at.new_to).order_by(at.ticket)).all() == [
        None,
        "grid",
        "district",
    ]


def test_a_refused_row_can_be_corrected(street: Town) -> None:
    bad = "T1,昨天,-,-,市容环境,请打13912345678,解放路1号,-,-,-,-"
    number = bring(street.session, export(bad))
    (kept,) = imports.refused(street.session, number)
    locator = Locator.of(street.session)
    raw = {**kept["raw"], "诉求内容": "请打139****5678"}
    with pytest.raises(InvalidRow, match="time_bad"):
        imports.correct(street.session, number, 2, raw, locator)
    raw["受理时间"] = "2026-05-01 08:00"
    imports.correct(street.session, number, 2, raw, locator)
    assert imports.refused(street.session, number) == []
    assert counts(street.session, number) == (1, 0, 0, 0)
    assert [issue["text"] for issue in street.issues()] == ["请打13912345678"]
    with pytest.raises(NotFound):
        imports.correct(street.session, number, 2, raw, locator)


def test_coordinates_that_disagree_with_a_sure_address_are_flagged(town: Town) -> None:
    town.drawn("AAAAAA")
    town.building("汉滨区老城街道解放路1号", 0.5, 0.5)
    near, far = spot(0.5, 0.6), spot(0.5, 5.5)
    bring(
        town.session,
        export(
            f"T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,{near.x},{near.y},-",
            f"T2,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,{far.x},{far.y},-",
            f"T3,2026-05-01 08:00,-,-,-,垃圾,没有说,-,{far.x},{far.y},-",
        ),
    )
    located: list[Any] = [row["located"] for row in town.issues()]
    assert ["address_m" in evidence for evidence in located] == [False, True, False]
    assert located[1]["address_m"] == pytest.approx(500, abs=15)


def corrected(town: Town, said: str, ticket: str, address: str = "解放路2号") -> Locator:
    """The locator after the address of a refused row was corrected by hand."""
    row = f"{ticket},昨天,-,-,市容环境,垃圾,{said},-,-,-,-"
    number = bring(town.session, export(row))
    (kept,) = imports.refused(town.session, number)
    raw = {**kept["raw"], "受理时间": "2026-05-01 08:00", "事发地址": address}
    imports.correct(town.session, number, 2, raw, Locator.of(town.session))
    return Locator.of(town.session)


def test_a_corrected_address_is_remembered_as_an_alias(street: Town) -> None:
    before = geocoding.version(street.session)
    locator = corrected(street, "糖酒公司老院子", "T1")
    assert geocoding.version(street.session) != before
    found = locator.locate("老城办糖酒公司老院子门口")
    assert found.precision == "place"
    known = locator.locate("解放路2号")
    assert (found.lon, found.lat) == (known.lon, known.lat)
    assert corrected(street, "糖酒公司老院子", "T2").locate("糖酒公司老院子").place is not None
    doubtful = corrected(street, "糖酒公司老院子", "T3", address="解放路1号")
    assert doubtful.locate("糖酒公司老院子").place is None
    assert doubtful.answer("糖酒公司老院子", 5).reason == "ambiguous"


@pytest.mark.parametrize(
    "said",
    ["解放路1号", "解放路99号", "解放路", "西大街社区", "路", "院内", "王家13912345678", "很" * 60],
)
def test_what_has_a_meaning_of_its_own_or_none_is_not_remembered(street: Town, said: str) -> None:
    before = geocoding.version(street.session)
    corrected(street, said, "T1")
    assert geocoding.version(street.session) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 ...", "file_kind"),
        ("姓名,电话\n张三,139".encode(), "header_missing"),
        ("工单编号,受理时间\nT1,2026-05-01".encode(), "columns_missing"),
        (b"PK\x03\x04" + bytes(40), "file"),
    ],
    ids=["empty", "pdf", "no header", "missing column", "broken zip"],
)
def test_a_file_that_cannot_be_read_fails_as_a_whole(
    street: Town, content: bytes, code: str
) -> None:
    number = bring(street.session, content)
    job = imports.one(street.session, number)
    assert job["state"] == "failed"
    assert code in job["error"]["code"]
    assert street.issues() == []


def test_gb18030_and_utf8_give_the_same(street: Town) -> None:
    row = "T1,2026-05-01 08:00,-,-,-,垃圾没人清理，请处理,解放路1号,-,-,-,-"
    bring(street.session, export(row, encoding="gb18030"), channel="a")
    bring(street.session, b"\xef\xbb\xbf" + export(row), channel="b")
    one, two = street.issues()
    same = ("text", "address", "grid", "reported_at", "category_id", "precision")
    assert [one[key] for key in same] == [two[key] for key in same]


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(street: Town) -> None:
    session = street.session
    rows = [f"T{i},2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,-,-,-" for i in range(1200)]
    number, _ = imports.submit(session, export(*rows), "t.csv", "12345", "WGS84")
    running = imports.run(session, number, Locator.of(session))
    assert next(running).done == 500
    del running
    resumed = [progress.done for progress in imports.run(session, number, Locator.of(session))]
    assert resumed == [1000, 1200]
    assert counts(session, number) == (1200, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(tables.issue)) == 1200


def test_six_at_once_bring_each_ticket_in_once(database: Engine) -> None:
    with Session(database) as setup:
        Town(setup).drawn("AB").building("汉滨区老城街道解放路1号", 0.5, 0.5)
        setup.commit()
    files = [
        export(*(f"T{i},2026-05-01 08:00,-,-,-,第{n}份,解放路1号,-,-,-,-" for i in _range(n)))
        for n in range(5)
    ]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda content: _committed(database, content), [*files, files[0]]))
    with Session(database) as session:
        tickets = session.scalars(select(tables.issue.c.ticket)).all()
        assert len(tickets) == len(set(tickets)) == 900
        jobs = imports.listing(session)
        assert sum(job["added"] for job in jobs) == 900
        assert {job["state"] for job in jobs} == {"done"}
        events = session.scalar(select(func.count()).select_from(tables.issue_event))
        assert events == 2 * 900, "reported and accepted, once each"


def _range(n: int) -> Sequence[int]:
    return range(n * 100, n * 100 + 500)


def _committed(engine: Engine, content: bytes) -> None:
    with Session(engine) as session:
        number, _ = imports.submit(session, content, "t.csv", "12345", "WGS84")
        session.commit()
        for _ in imports.run(session, number, Locator.of(session)):
            session.commit()


def test_a_refused_row_is_struck_once_its_ticket_came_in_with_another_file(street: Town) -> None:
    first = bring(street.session, export("T1,昨天,-,-,-,垃圾,解放路1号,-,-,-,-"))
    assert counts(street.session, first) == (0, 0, 0, 1)
    bring(street.session, export("T1,2026-05-01 08:00,-,-,-,垃圾,解放路1号,-,-,-,-"))
    assert counts(street.session, first) == (0, 0, 0, 0)
    assert imports.refused(street.session, first) == []


def test_what_columns_say_that_is_none_of_ours_is_told(street: Town) -> None:
    row = "T1,2026-05-01 08:00,-,-,外星人,垃圾,解放路1号,不存在社区,-,-,-"
    number = bring(street.session, export(row, row.replace("T1", "T2")))
    strange = imports.one(street.session, number)["columns"]["strange"]
    assert strange == {"社区": ["不存在社区"], "一级分类": ["外星人"]}
    assert counts(street.session, number) == (2, 0, 0, 0)


def test_a_closing_before_the_report_is_refused(street: Town) -> None:
    number = bring(
        street.session,
        export(
            "T1,2026-05-20 08:00,-,-,-,垃圾,解放路1号,-,-,-,2026-05-01",
            "T2,2026-05-20 08:00,-,-,-,垃圾,解放路1号,-,-,-,2026-05-20",
        ),
    )
    (kept,) = imports.refused(street.session, number)
    assert (kept["row"], kept["column"], kept["code"]) == (2, "办结时间", "closed_before_reported")
    (stored,) = street.issues()
    assert stored["closed_at"] == stored["reported_at"]


def test_the_row_as_it_came_is_kept_without_contacts(street: Town) -> None:
    bring(street.session, export("T1,2026-05-01 08:00,张三,139,外星人,垃圾,解放路1号,-,-,-,-"))
    (stored,) = street.issues()
    assert isinstance(stored["raw"], dict)
    assert stored["raw"]["一级分类"] == "外星人"
    assert not {"来电人", "联系电话"} & set(stored["raw"])


def test_the_file_itself_is_let_go_when_it_is_done(street: Town) -> None:
    row = "T1,2026-05-01 08:00,张三丰,13912345678,-,垃圾,解放路1号,-,-,-,-"
    done = bring(street.session, export(row))
    failed = bring(street.session, "姓名,电话\n张三丰,139".encode())
    kept = select(tables.import_job.c.content).where(tables.import_job.c.id.in_((done, failed)))
    assert street.session.scalars(kept).all() == [b"", b""]


def test_a_file_that_failed_as_a_whole_is_tried_again(street: Town) -> None:
    content = "姓名,电话\n张三,139".encode()
    first = bring(street.session, content)
    again, new = imports.submit(street.session, content, "t.csv", "12345", "WGS84")
    assert (again, new) == (first, True)
    assert imports.one(street.session, first)["state"] == "waiting"


def test_what_a_stranger_sent_does_not_swell_the_reason(street: Town) -> None:
    number = bring(street.session, b"a" * 1_000_000)
    assert len(str(imports.one(street.session, number)["error"])) < 10_000
