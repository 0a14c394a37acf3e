"""The desk at a million issues against a thousand: list, map, search, counts and my grid.

Each question is asked as the web asks it: by its lesser role, under row-level security, by a
manager of the whole, by the secretary of one community and by a department.
"""

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from geodata.db import scoping
from geodata.db.scoping import Ground
from scripts.bench import questions, scans, scratch
from scripts.bench.figures import Table, ratio
from scripts.bench.plans import server, spread
from scripts.setup.processes import seconds_run

ROLE: Final = "wangge_bench_desk"
DEFAULT: Final = 20_000
MILLION: Final = 1_000_000
SLOW_MS: Final = 100
_ROUNDS: Final = 7


def run(count: int) -> Table:
    """Milliseconds at a thousand issues and at `count` (a million where it is the default)."""
    wanted = MILLION if count == DEFAULT else max(count, scratch.FEW)
    with scratch.district(ROLE) as engine:
        few = _measured(engine)
        started = time.perf_counter()
        scratch.grow(engine, wanted)
        grown = time.perf_counter() - started
        many = _measured(engine)
    rows = [
        (name, few[name][0], ms, ratio(ms, few[name][0]), ", ".join(read) or None)
        for name, (ms, read) in many.items()
    ]
    read = sum("issue" in found for _, found in many.values())
    slow = sum(ms > SLOW_MS for ms, _ in many.values())
    said = f"{len(rows)} questions at {wanted:,} issues (grown in {grown:.0f} s)"
    told = (
        f"{said}: {slow} take more than {SLOW_MS} ms, {read} read all issues",
        f"At {scratch.FEW:,} they took {spread([ms for ms, _ in few.values()])}",
        f"At {wanted:,} they took {spread([ms for ms, _ in many.values()])}",
    )
    columns = ("question", "ms at 1,000", f"ms at {wanted:,}", "times", "reads all of")
    title = "The desk at two sizes, as the web's lesser role: the database's processor"
    return Table(title, columns, rows, told)


def _measured(engine: Engine) -> dict[str, tuple[float, list[str]]]:
    """The least milliseconds of each question, and the tables that it reads from end to end."""
    found = {}
    with Session(engine) as session:
        grounds = questions.grounds(session)
    for whose, ground in grounds.items():
        with Session(engine) as session:
            asked = dict(questions.questions(session, ground))
            _as_the_web(session, ground)
            for name, job in asked.items():
                found[f"{whose}: {name}"] = _asked(session, job)
    return found


def _as_the_web(session: Session, ground: Ground) -> None:
    """Alone, so that all the time a question takes is that of one process."""
    session.execute(text("set max_parallel_workers_per_gather = 0"))
    session.execute(text(f'set role "{ROLE}"'))
    scoping.tell(session.connection(), scoping.settings(ground, None, all_files=False))


def _asked(session: Session, job: questions.Job) -> tuple[float, list[str]]:
    seen: list[scans.Asked] = []
    keep = scans.keeper(seen)
    event.listen(session.connection(), "before_cursor_execute", keep)
    job(session)
    event.remove(session.connection(), "before_cursor_execute", keep)
    connection = session.connection()
    clock = _clock(server(connection))
    times = []
    for _ in range(_ROUNDS):
        started = clock()
        job(session)
        times.append((clock() - started) * 1000)
    return min(times), sorted({t for one in seen for t in scans.whole(connection, one)})


def _clock(process: int) -> Callable[[], float]:
    """The seconds that the database's process has run; those of the wall where it is elsewhere."""

    def run() -> float:
        ran = seconds_run(process)
        return time.perf_counter() if ran is None else ran

    return run
