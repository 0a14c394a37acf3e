"""The pieces of set-up that need nothing installed."""

import json
import os
import socket
from pathlib import Path

import pytest

from scripts.setup import (
    address,
    apt,
    counts,
    fonts,
    frontend,
    locks,
    ports,
    postgis,
    settings,
    venv,
)
from scripts.setup.accounts import Account
from scripts.setup.cluster import LONGEST_SOCKET_PATH, Cluster
from scripts.setup.errors import SetupError
from scripts.setup.postgis import Server
from scripts.setup.serve import web_command
from scripts.setup.settings import Settings
from scripts.setup.translations import stale


def test_two_checkouts_have_two_states() -> None:
    one = settings.default_state({}, Path("/srv/one"))
    assert one == settings.default_state({}, Path("/srv/one"))
    assert one != settings.default_state({}, Path("/srv/two"))
    assert one.parent.name == "wangge"


@pytest.mark.parametrize(("root", "home"), [(True, "/var/lib"), (False, "/somewhere")])
def test_users_keep_their_state_at_home_and_root_does_not(
    monkeypatch: pytest.MonkeyPatch, root: bool, home: str
) -> None:
    monkeypatch.setattr(settings, "is_root", lambda: root)
    state = settings.default_state({"XDG_STATE_HOME": "/somewhere"}, Path("/srv/one"))
    assert state.parent == Path(home) / "wangge"


def test_settings_come_from_the_environment_or_have_defaults(tmp_path: Path) -> None:
    found = settings.read({"WANGGE_STATE": str(tmp_path)})
    assert found == Settings(tmp_path)
    assert (found.bind, found.port, found.scheme) == ("127.0.0.1", 8000, "http")
    assert settings.read({"WANGGE_PORT": "8123", "WANGGE_STATE": str(tmp_path)}).port == 8123


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "８０００", "80.0"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SetupError, match="WANGGE_PORT"):
        settings.read({"WANGGE_PORT": port})


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    with pytest.raises(SetupError, match="go together"):
        settings.read({"WANGGE_TLS_CERT": str(cert)})
    both = {"WANGGE_TLS_CERT": str(cert), "WANGGE_TLS_KEY": str(key)}
    with pytest.raises(SetupError, match="cannot be read"):
        settings.read(both)
    cert.touch()
    key.touch()
    found = settings.read(both)
    assert found.scheme == "https"
    assert str(key) in [str(word) for word in web_command(found, 8000)]


def test_the_secret_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    made = settings.secret_key(tmp_path, {})
    assert len(made) >= settings.SHORTEST_KEY
    assert settings.secret_key(tmp_path, {}) == made
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_half_written_secret_key_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("half")
    assert len(settings.secret_key(tmp_path, {})) >= settings.SHORTEST_KEY


@pytest.mark.parametrize("weak", ["short", "x" * 40])
def test_a_weak_secret_key_is_refused(weak: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="WANGGE_SECRET_KEY"):
        settings.secret_key(tmp_path, {"WANGGE_SECRET_KEY": weak})


def test_a_state_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="WANGGE_STATE"):
        settings.make_state(tmp_path / "file" / "state")


def test_a_taken_port_gives_way_to_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port)
        assert ports.free("127.0.0.1", port) > port


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SetupError, match="not an address of this machine"):
        ports.free("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("bind", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104 - told, not bound
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_the_address_told_opens_in_a_browser(bind: str, told: str) -> None:
    assert address.url(Settings(Path("/s"), bind=bind), 8000) == told


def test_a_newcomer_hears_that_the_ground_is_synthetic() -> None:
    at_home = Settings(Path("/s"))
    assert "synthetic" in address.notes(at_home, json.dumps({"synthetic": True}).encode())[0]
    assert address.notes(at_home, json.dumps({"synthetic": False}).encode()) == []
    assert address.notes(at_home, None) == []


def test_an_open_address_is_warned_of() -> None:
    said = address.notes(Settings(Path("/s"), bind="192.0.2.1"), None)
    assert any("wants an account" in sentence for sentence in said)
    assert any("WANGGE_TLS_CERT" in sentence for sentence in said)


def test_a_stamp_holds_while_the_lock_files_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("one")
    before = venv.hashes(["lock"], tmp_path)
    assert venv.hashes(["lock"], tmp_path) == before
    (tmp_path / "lock").write_text("two")
    assert venv.hashes(["lock"], tmp_path) != before
    with pytest.raises(SetupError, match="not whole"):
        venv.hashes(["gone"], tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"'])
def test_a_broken_stamp_counts_as_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text(content)
    assert venv.read_stamp(tmp_path / "stamp") is None
    assert venv.read_stamp(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] x'))\nCould not find a version",
            "PIP_CERT",
        ),
        ("<pip._vendor.urllib3.connection.X>: NewConnectionError: refused", "be reached"),
        ("ERROR: Could not find a version that satisfies the requirement x==1", "does not hold"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
    ],
)
def test_a_failing_installation_says_why(said: str, reason: str) -> None:
    assert reason in venv.why(said)
    assert venv.why("Collecting x") == ""


def test_served_files_are_laid_out_whole_or_not_at_all(tmp_path: Path) -> None:
    source, target = tmp_path / "modules", tmp_path / "vendor"
    (source / "map" / "images").mkdir(parents=True)
    (source / "map" / "map.js").write_text("js")
    (source / "map" / "images" / "pin.png").write_text("png")
    files = {"map/map.js": "map/map.js", "map/images": "map/images"}
    frontend.lay_out(files, source, target)
    with pytest.raises(SetupError, match="no front-end package holds"):
        frontend.lay_out({"map/gone.js": "gone.js"}, source, target)
    with pytest.raises(SetupError, match="outside"):
        frontend.lay_out({"map/map.js": "../map.js"}, source, target)
    assert {path.name for path in target.rglob("*.*")} == {"map.js", "pin.png"}


def test_a_catalogue_is_compiled_when_its_source_is_newer(tmp_path: Path) -> None:
    source, compiled = tmp_path / "messages.po", tmp_path / "messages.mo"
    source.touch()
    assert stale(tmp_path) == [source]
    compiled.touch()
    assert stale(tmp_path) == []
    os.utime(compiled, (0, 0))
    assert stale(tmp_path) == [source]


def test_a_lock_is_held_by_one_and_shared_by_many(tmp_path: Path) -> None:
    first, second = (locks.open_lock(tmp_path / "lock") for _ in range(2))
    try:
        locks.share(first)
        locks.share(second)
        assert not locks.try_lock(first)
        os.close(second)
        assert locks.try_lock(first)
    finally:
        os.close(first)


def test_counts_of_both_runners_add_up(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite tests='9' failures='1' errors='1' skipped='2'/></testsuites>"
    )
    node = counts.of_node(["# pass 3", "ok 1", "ℹ fail 1", "\x1b[34mℹ skipped 0\x1b[39m"])
    total = counts.of_pytest(report) + node + counts.of_pytest(tmp_path / "missing.xml")
    assert total.line() == "8 passed, 3 failed, 2 skipped"
    assert counts.Counts(passed=1).line() == "1 passed, 0 failed"


def test_the_database_address_names_the_socket() -> None:
    cluster = Cluster(Path("/state/cluster"), Server(15, Path("/bin")), Account(1, 1))
    assert cluster.url("some") == (
        "postgresql+psycopg://wangge@/some?host=%2Fstate%2Fcluster%2Frun"
    )


def test_a_long_state_path_gets_a_short_socket() -> None:
    deep = Path("/", *["folder"] * 20)
    cluster = Cluster(deep, Server(15, Path("/bin")), Account(1, 1))
    assert len(str(cluster.socket / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH


def make_server(root: Path, version: int, controls: tuple[str, ...]) -> Path:
    programs = root / f"usr/lib/postgresql/{version}/bin"
    extensions = root / f"usr/share/postgresql/{version}/extension"
    for folder in (programs, extensions):
        folder.mkdir(parents=True)
    for path in (programs / "postgres", *(extensions / name for name in controls)):
        path.touch()
    return programs


def test_only_servers_with_postgis_count(tmp_path: Path) -> None:
    with_it = make_server(tmp_path, 15, postgis.NEEDED)
    make_server(tmp_path, 17, ("btree_gist.control",))
    assert postgis._servers(tmp_path) == [Server(15, with_it)]


def test_unpacked_extensions_get_the_names_that_postgresql_looks_for(tmp_path: Path) -> None:
    make_server(tmp_path, 16, ("postgis-3.control", "btree_gist.control", "pg_trgm.control"))
    assert postgis._servers(tmp_path) == []
    postgis.link_extensions(tmp_path)
    postgis.link_extensions(tmp_path)
    assert [server.version for server in postgis._servers(tmp_path)] == [16]


def test_a_font_is_got_where_there_is_none_and_missed_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "PLACES", (tmp_path / "fonts",))
    monkeypatch.setattr(apt, "available", lambda: False)
    fonts.ensure(tmp_path, {})
    assert "WANGGE_FONT" in capsys.readouterr().out
    fonts.ensure(tmp_path, {"WANGGE_FONT": "/a/font.ttf"})
    own = tmp_path / "packages/root/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
    own.parent.mkdir(parents=True)
    own.touch()
    assert fonts.setting(tmp_path) == {"WANGGE_FONT": str(own)}
    fonts.ensure(tmp_path, {})
    assert capsys.readouterr().out == ""
