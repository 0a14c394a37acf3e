"""A private cluster's life: made, shared, killed, mended."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.setup import cluster, postgis, settings
from scripts.setup.accounts import database_account
from scripts.setup.cluster import Cluster
from scripts.setup.processes import command_lines

pytestmark = pytest.mark.db


@pytest.fixture
def own() -> Iterator[Cluster]:
    server = postgis.ensure(settings.read().state)
    # Not tmp_path: the server's own user must get there, and the socket's path must stay short.
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        state = Path(folder)
        state.chmod(0o711)
        (state / "logs").mkdir()
        made = Cluster(state / "cluster", server, database_account(state), forgetful=True)
        yield made
        if cluster._processes(made):
            cluster._stop(made)


def postmaster(own: Cluster) -> int | None:
    mark = f"postgres -D {own.data}"
    return next((number for number, line in command_lines() if line.endswith(mark)), None)


def test_the_last_user_stops_the_server_and_data_stay(own: Cluster) -> None:
    first, second = own.acquire(), own.acquire()
    own.make_database()
    own.make_database()
    own.set_mark("abc")
    own.release(first)
    assert postmaster(own) is not None
    own.release(second)
    assert postmaster(own) is None
    again = own.acquire()
    assert own.mark() == "abc"
    assert own.mark("postgres") != "abc"
    own.release(again)


def test_nobody_else_can_reach_the_socket(own: Cluster) -> None:
    users = own.acquire()
    assert own.socket.stat().st_mode & 0o777 == 0o700
    assert cluster._psql(own, "SHOW listen_addresses") == ""
    own.release(users)


def test_a_server_left_by_a_killed_user_is_taken_over(own: Cluster) -> None:
    os.close(own.acquire())
    before = postmaster(own)
    users = own.acquire()
    assert postmaster(own) == before
    own.release(users)
    assert postmaster(own) is None


def test_a_killed_server_comes_back_though_its_number_is_taken(own: Cluster) -> None:
    os.close(own.acquire())
    own.make_database()
    number = postmaster(own)
    assert number is not None
    os.kill(number, signal.SIGKILL)
    account = own.account.arguments()
    with subprocess.Popen(["sleep", "60"], **account) as other:
        pid_file = own.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        users = own.acquire()
        assert cluster._psql(own, "SELECT 1") == "1"
        own.release(users)
        other.kill()


def test_a_half_made_cluster_is_made_whole(own: Cluster) -> None:
    (own.folder / "data.new" / "base").mkdir(parents=True)
    users = own.acquire()
    own.release(users)
    assert not (own.folder / "data.new").exists()


def test_a_broken_cluster_for_tests_is_made_anew(own: Cluster) -> None:
    own.release(own.acquire())
    (own.data / "global" / "pg_control").unlink()
    users = own.acquire()
    assert cluster._psql(own, "SELECT 1") == "1"
    own.release(users)
