"""The reading child: what it tells, and what becomes of one that is fed too much."""

import os
import threading
from pathlib import Path

import pytest

from geodata.errors import InvalidFile
from geodata.files import child, sandbox, tickets
from geodata.files.limits import Limits
from geodata.files.tickets import Ticket
from tests.sheets import HEADER, book, row, table

CSV = table([HEADER, *(row(i) for i in range(450)), row(3), row(900, 受理时间="昨天")]).encode()


def flat(rows: object) -> list[object]:
    return [taken if isinstance(taken, Ticket) else vars(taken) for taken in rows]  # type: ignore[attr-defined]


def children() -> set[str]:
    task = Path(f"/proc/{os.getpid()}/task")
    return {child for each in task.iterdir() for child in (each / "children").read_text().split()}


def test_the_child_tells_what_the_reader_tells() -> None:
    here, there = tickets.read(CSV, "工单.csv"), sandbox.read(CSV, "工单.csv")
    assert there.header == here.header
    assert flat(there.rows) == flat(here.rows)


def test_refusals_come_through() -> None:
    for content, code in ((b"", "file_empty"), (b"%PDF-1.4", "file_kind")):
        with pytest.raises(InvalidFile) as caught:
            sandbox.read(content, "工单\x00\ud800.csv")
        assert caught.value.code == code


@pytest.mark.parametrize(
    "limits", [Limits(memory=48 * 1024 * 1024), Limits(cpu_seconds=0), Limits(silent_seconds=0.01)]
)
def test_a_child_that_is_fed_too_much_is_the_files_fault(limits: Limits) -> None:
    content = book([HEADER, *(row(i) for i in range(300))])
    with pytest.raises(InvalidFile) as caught:
        list(sandbox.read(content, "a.xlsx", limits=limits).rows)
    assert (caught.value.code, caught.value.facts) == ("file_too_heavy", {"file": "a.xlsx"})


def test_it_works_from_a_thread_and_leaves_nobody_behind() -> None:
    before, counts = children(), []
    thread = threading.Thread(
        target=lambda: counts.append(len(list(sandbox.read(CSV, "a.csv").rows)))
    )
    thread.start()
    thread.join()
    left = sandbox.read(CSV, "a.csv")
    assert isinstance(next(left.rows), Ticket)
    left.rows.close()  # type: ignore[attr-defined]
    assert counts == [452]
    assert children() == before


def test_only_json_is_believed() -> None:
    assert child.parcel_of(b"\x80\x04K\x01.") is None
    assert child.parcel_of(b"[" * 100_000) is None
    assert child.parcel_of(b"[1]") is None
    assert child.parcel_of(b'{"end": true}') == {"end": True}
