"""The commands of `python -m scripts`: as programs where they race or die, else called in here."""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click import Context
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.demo import Options, generate
from geodata.domain.roles import Role
from geodata.services import demo, imports, redraw_insisting, redraw_moves, redraws, suggestion_jobs
from scripts.__main__ import COMMANDS, main
from scripts.setup import cluster
from tests import signing
from tests.conftest import NOW, fresh_database
from tests.sheets import HEADER, book, row, table

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[2]
MANY = 2_500
SMALL = ("--grids", "70", "--buildings", "700", "--issues", "50")
PATIENCE_S = 600
TOTALS = {
    "communities": 35,
    "grids": 620,
    "groups": 550,
    "workers": 756,
    "platform_residents": 368_000,
    "issues": {"closed": 240, "escalated": 7, "open": 13},
}


def start(database: Engine, *words: str | Path) -> subprocess.Popen[str]:
    """A command, running on a database."""
    url = database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", *words],
        cwd=ROOT,
        env=os.environ | {"WANGGE_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(database: Engine, *words: str | Path) -> tuple[int, str, str]:
    """How a command ended as a program, what it printed, and what it said besides."""
    with start(database, *words) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


def run(database: Engine, *words: str | Path, code: int = 0) -> str:
    """What a command prints, once it has ended with this code; no program has to start."""
    url = database.url.render_as_string(hide_password=False)
    given = [str(word) for word in words]
    cluster.database_url.cache_clear()  # a program asks once
    ended = CliRunner(env={"WANGGE_DATABASE_URL": url}).invoke(main, given)
    cluster.database_url.cache_clear()
    assert ended.exit_code == code, ended.output
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    return ended.stdout if code == 0 else ended.stderr


@pytest.fixture(scope="module")
def made(loaded: Engine) -> Iterator[Engine]:
    """The demo district, read by this room's commands."""
    loaded.dispose()
    with fresh_database(str(loaded.url.database)) as engine:
        yield engine


@pytest.fixture(scope="module")
def small(migrated: Engine) -> Iterator[Engine]:
    """A small district, in which nothing takes long to find."""
    migrated.dispose()
    with fresh_database(str(migrated.url.database)) as engine:
        with Session(engine) as session:
            demo.load(session, generate(Options(grids=70, buildings=700, issues=50, now=NOW)))
            session.commit()
        yield engine


@pytest.fixture
def copy(small: Engine) -> Iterator[Engine]:
    """A copy of it to write to."""
    small.dispose()
    with fresh_database(str(small.url.database)) as engine:
        yield engine


def tickets(engine: Engine, like: str) -> tuple[int, int]:
    """How many issues have such tickets, and how many different tickets those are."""
    at = tables.issue.c.ticket
    with Session(engine) as session:
        count = select(func.count(), func.count(at.distinct())).where(at.like(like))
        every, different = session.execute(count).one()
    return every, different


def test_an_empty_database_gets_a_schema_and_a_district_once() -> None:
    with fresh_database() as engine:
        run(engine, "migrate")
        run(engine, "migrate")
        code, out, err = finished(engine, "demo", "--if-empty", *SMALL)
        assert (code, "Making the demo district" in out) == (0, True), err
        assert json.loads(run(engine, "summary", "--json"))["grids"] == 70
        assert run(engine, "demo", "--if-empty") == ""
        assert "loaded already" in run(engine, "demo", code=1)
        with Session(engine) as session:
            known = (
                session.scalar(select(func.count(tables.coverage_figures.c.day.distinct()))) or 0
            )
        assert known > 20, "days that can be compared"


def test_the_demo_has_the_published_totals(made: Engine) -> None:
    totals = json.loads(run(made, "summary", "--json"))
    assert {name: totals[name] for name in TOTALS} == TOTALS
    assert totals["residents"] > totals["platform_residents"]


def test_what_was_planted_can_be_printed(made: Engine) -> None:
    lines = run(made, "demo", "--planted", *SMALL).splitlines()
    kinds = [line.split("\t")[0] for line in lines]
    assert kinds.count("grid_without_group") == 8
    assert {"ground_uncovered", "building_without_group", "grid_without_worker"} <= set(kinds)
    assert "group_astride" in kinds
    assert all(len(line.split("\t")) == 3 for line in lines)


def test_an_import_that_was_killed_goes_on_and_has_each_ticket_once(
    copy: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "热线导出.csv"
    cells = [HEADER, *(row(n, 社区="-", 街道="-") for n in range(1, MANY + 1))]
    file.write_bytes(table(cells).encode("gb18030"))
    process = start(copy, "import-tickets", file)
    _until_some_are_done(copy, process)
    process.kill()
    process.communicate()
    done, _ = tickets(copy, "AK2023%")
    assert 0 < done < MANY
    said = run(copy, "import-tickets", file)
    assert tickets(copy, "AK2023%") == (MANY, MANY)
    assert f"{MANY:,} rows: {MANY:,} added, 0 known already, 0 refused" in said
    assert said.startswith("This file was brought in before")


def _until_some_are_done(engine: Engine, process: subprocess.Popen[str]) -> None:
    at = tables.import_job.c.done
    for _ in range(20 * PATIENCE_S):
        with Session(engine) as session:
            if session.scalar(select(func.max(at))):
                return
        assert process.poll() is None
        time.sleep(0.05)
    pytest.fail("nothing was imported")


def test_three_imports_at_once_have_each_ticket_once(copy: Engine, tmp_path: Path) -> None:
    files = []
    for part in range(3):
        file = tmp_path / f"{part}.csv"
        rows = [row(n) for n in range(part * 50 + 1, part * 50 + 301)]
        file.write_text(table([HEADER, *rows]), "utf-8")
        files.append(file)
    running = [start(copy, "import-tickets", file) for file in files]
    for process in running:
        _, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
    assert tickets(copy, "AK2023%") == (400, 400)


def test_bad_rows_are_told_and_written_for_correction(copy: Engine, tmp_path: Path) -> None:
    file, bad = tmp_path / "工单.xlsx", tmp_path / "退回.csv"
    file.write_bytes(book([list(HEADER), row(1), row(2, 受理时间="明天"), row(3, 工单编号="-")]))
    said = run(copy, "import-tickets", file, "--refused", bad)
    assert "3 rows: 1 added, 0 known already, 2 refused" in said
    assert "Contact columns, kept sealed: 来电人, 联系电话" in said
    assert "工单.xlsx, row 3, 受理时间: 看不懂时间“明天”" in said
    with bad.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [line["原行号"] for line in rows] == ["3", "4"]
    bad.write_text(bad.read_text("utf-8-sig").replace("明天", "2023-11-02"), "utf-8-sig")
    assert "2 rows: 1 added, 0 known already, 1 refused" in run(copy, "import-tickets", bad)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 no table", "不是表格"),
        ("受理时间,诉求内容\n1,2\n".encode(), "缺少这些列：工单编号"),
    ],
)
def test_a_file_that_is_none_ends_with_a_sentence(
    copy: Engine, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "坏.csv"
    file.write_bytes(content)
    told = run(copy, "import-tickets", file, code=1)
    assert said in told
    assert "坏.csv" in told
    assert "Traceback" not in told


def test_the_worker_finishes_what_waits(copy: Engine) -> None:
    content = table([HEADER, row(1), row(2)]).encode()
    with Session(copy) as session:
        number, _ = imports.submit(session, content, "a.csv", "12345", "WGS84")
        plan, job = _waiting(session)
        session.commit()
    said = {f"Import {number} is done.", f"Plan {plan} is published.", f"Suggestion {job} is made."}
    assert set(run(copy, "worker", "--once").splitlines()) == said
    assert tickets(copy, "AK2023%") == (2, 2)


def _waiting(session: Session) -> tuple[UUID, int]:
    """A plan whose day has come, and a suggestion that is asked for."""
    home, now = "610902001003", datetime(2026, 11, 20, tzinfo=UTC)
    signing.account(session, "street", Role.STREET, home[:9])
    plan: UUID = redraws.begin(session, home, "到期", "secretary", now)["public_id"]
    step = {"op": "retire", "grid": f"{home}002"}
    redraw_insisting.insist(session, plan, step, "secretary", now)
    redraw_moves.move(session, plan, "submit", "secretary", now)
    redraw_moves.move(session, plan, "approve", "street", now)
    day = now + timedelta(days=1)
    redraw_moves.move(session, plan, "schedule", "street", now, due_at=day)
    wish = suggestion_jobs.Wish("blocks")
    return plan, int(suggestion_jobs.submit(session, "610902001004", wish, "secretary", now)["id"])


def test_layers_are_written_to_files(made: Engine, tmp_path: Path) -> None:
    file = tmp_path / "网格.gpkg"
    said = run(made, "export", "grids", file, "--at", "2024-05-01")
    assert said == f"{file}: 620 rows of grids, GeoPackage, EPSG:4490.\n"
    file = tmp_path / "诉求.csv"
    said = run(made, "export", "issues", file, "--filter", "state=open", "--crs", "GCJ02")
    assert "20 rows of issues, CSV, GCJ02" in said
    assert "apostrophe" in said
    assert (tmp_path / "诉求.README.txt").exists()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grids", "x.dwg"), "tells no format"),
        (("grids", "no/folder/x.gpkg"), "no folder"),
        (("roads", "x.gpkg", "--at", "2024-05-01"), "没有历史"),
        (("grids", "x.gpkg", "--at", "soon"), "看不懂日期"),
        (("grids", "x.gpkg", "--crs", "EPSG:1"), "不认识坐标系"),
        (("grids", "x.gpkg", "--filter", "state"), "NAME=VALUE"),
        (("issues", "x.gpkg", "--filter", "grid=1"), "没有编码为 1 的网格"),
    ],
)
def test_an_export_that_cannot_be_ends_with_a_sentence(
    made: Engine, words: tuple[str, ...], said: str
) -> None:
    assert said in run(made, "export", *words, code=1)


def test_commands_say_what_they_do() -> None:
    assert {"demo", "import-tickets", "migrate", "summary", "worker"} <= set(COMMANDS)
    for name in COMMANDS:
        told = CliRunner().invoke(main, [name, "--help"])
        assert told.exit_code == 0
        command = main.get_command(Context(main), name)
        assert command is not None
        assert command.help
