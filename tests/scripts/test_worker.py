"""A lane of the worker goes on whatever one of its jobs meets."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from scripts.worker import _lane


def test_a_broken_job_does_not_end_the_lane(
    migrated: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    worked: list[str] = []

    def broken(_: sessionmaker[Session]) -> bool:
        worked.append("broken")
        raise KeyError(worked[0] * 3)

    def sound(_: sessionmaker[Session]) -> bool:
        worked.append("sound")
        return worked.count("sound") < 3

    _lane(migrated, (broken, sound), True)  # noqa: FBT003 -- as the thread calls it
    assert worked == ["broken", "sound", "sound", "sound"]
    assert "KeyError" in caplog.text
    assert "broken" * 3 not in caplog.text
