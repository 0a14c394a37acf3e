"""What every worker of a run needs: made by the first that asks, while the others wait for it."""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

Made = TypeVar("Made")
FOLDER = "WANGGE_TEST_RUN"


def begin(config: pytest.Config) -> None:
    """Make the run's folder in the process that leads it; its workers inherit where it is."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="wangge-")
        os.environ[FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)


def once(name: str, make: Callable[[], Made]) -> Made:
    """What was made under this name in the run; what is made must pickle."""
    kept = _kept(name)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
    made: Made = pickle.loads(kept.read_bytes())  # noqa: S301 -- the run's own
    return made


def if_made(name: str) -> Any | None:
    """What was made under this name, if anybody asked for it."""
    kept = _kept(name)
    return pickle.loads(kept.read_bytes()) if kept.exists() else None  # noqa: S301 -- as above


def _kept(name: str) -> Path:
    return Path(os.environ[FOLDER], name)
