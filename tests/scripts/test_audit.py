"""The audit trail by command, and the keys that seal contacts."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from geodata.db import accounts
from geodata.services import audit, second_factor
from geodata.services.audit import Deed, Who
from geodata.services.sealing import Sealer
from scripts.__main__ import main
from scripts.setup import cluster, settings
from scripts.setup.errors import SetupError
from tests import signing


@pytest.fixture
def store(database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("WANGGE_DATABASE_URL", url)
    monkeypatch.setenv("WANGGE_STATE", str(tmp_path))
    monkeypatch.delenv("WANGGE_FIELD_KEY", raising=False)
    cluster.database_url.cache_clear()
    with Session(database) as session:
        for n in range(4):
            audit.record(session, Who("a"), Deed("export.file", ("layer", str(n))))
        session.commit()
    yield database
    cluster.database_url.cache_clear()


def ran(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_the_trail_is_proved_noted_taken_out_and_found_broken(
    store: Engine, tmp_path: Path
) -> None:
    told = json.loads(ran("audit", "verify", "--json"))
    assert (told["entries"], told["broken"]) == (4, None)
    assert f"4:{told['head']}" in ran("audit", "verify")
    file = tmp_path / "trail.jsonl"
    ran("audit", "export", str(file), "--action", "export.")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["subject_id"] for line in lines] == ["0", "1", "2", "3"]
    assert lines[1]["previous"] == lines[0]["hash"]
    with store.begin() as connection:
        connection.execute(text("alter table audit_entry disable trigger all"))
        connection.execute(text("update audit_entry set actor = 'b' where number = 2"))
    broken = json.loads(ran("audit", "verify", "--json", code=1))["broken"]
    assert broken == {"number": 2, "kind": "altered"}
    assert "Entry 2 is not as it was written" in ran("audit", "verify", code=1)


def test_keys_change_and_forgetting_says_how_many(store: Engine, tmp_path: Path) -> None:
    before, now = settings.field_key(tmp_path, {}), datetime.now(UTC)
    secret = second_factor.new_secret()
    with Session(store) as session:
        number = signing.account(session, "x1")
        code = pyotp.TOTP(secret).at(int(now.timestamp()))
        second_factor.enrol(session, number, secret, code, Sealer(before), now)
        signing.token(session, number)
        session.execute(text("update session set expires_at = now() - interval '31 days'"))
        session.commit()
    assert "0 contacts sealed anew, and 1 second factors." in ran("rotate-key")
    after = settings.field_key(tmp_path, {})
    assert after != before
    assert len(after.split()) == 1
    later = now + timedelta(seconds=30)
    with Session(store) as session:
        account = accounts.locked(session, number)
        code = pyotp.TOTP(secret).at(int(later.timestamp()))
        assert second_factor.fits(session, account, code, Sealer(after), later)
    told = ran("forget")
    assert "0 contacts of closed issues" in told
    assert "1 sessions" in told


@pytest.mark.parametrize(
    ("version", "told"),
    [("0001", "older version (0001"), ("9999", "newer version (9999"), (None, "is empty")],
)
def test_a_store_of_another_version_is_said_so(
    store: Engine, version: str | None, told: str
) -> None:
    change = "update alembic_version set version_num = :version"
    with store.begin() as connection:
        if version is None:
            connection.execute(text("drop table alembic_version"))
        else:
            connection.execute(text(change), {"version": version})
    assert told in ran("audit", "verify", code=1)


@pytest.mark.parametrize("weak", ["short", "x" * 40, f"{'k1j2h3g4' * 5} short"])
def test_a_weak_field_key_is_refused(weak: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="WANGGE_FIELD_KEY"):
        settings.field_key(tmp_path, {"WANGGE_FIELD_KEY": weak})
