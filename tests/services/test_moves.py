"""Issues moved: each step once, by who may, with what it does to deadline, history and photos."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import photos as kept
from geodata.db import tables
from geodata.db.scoping import WHOLE, Ground
from geodata.domain import tracking
from geodata.domain.deadline import Calendar
from geodata.domain.roles import Role
from geodata.domain.workflow import Word
from geodata.errors import Conflict, InvalidMove, NotAllowed, NotFound
from geodata.services import issues, moves, passing, rulings
from geodata.services.geocoding import Locator
from geodata.services.issues import Report
from geodata.services.moves import Move, Moved, Mover
from tests.drawing import draw, spot
from tests.makers import COMMUNITY, Town, code_of, multi

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Calendar()
KEY = "0123456789abcdef0123456789abcdef"
EXTENT = (109.0, 32.6, 109.1, 32.8)


def role(name: Role, community: str = COMMUNITY) -> Mover:
    """Somebody in a role over a community, wherever the issue may lie."""

    def standing(lies: str | None, *_: str | None) -> frozenset[Role]:
        return frozenset({name} if lies == community else ())

    return Mover(str(name), None, WHOLE, standing)


WORKER, SECRETARY, CHECKER, DISTRICT = map(
    role, (Role.WORKER, Role.SECRETARY, Role.CHECKER, Role.DISTRICT)
)


@pytest.fixture
def issue(town: Town, session: Session) -> UUID:
    """An issue that a resident has reported in grid A, to be settled in two working days."""
    town.drawn("AAB / AAB")
    limits = {"time_limit": 2, "limit_type": "working_day", "department": "城管局"}
    session.execute(update(tables.issue_category).values(limits))
    place = spot(0.5, 0.5)
    said = Report("ENV", "垃圾没人清理", lon=place.x, lat=place.y, key=KEY)
    card = issues.report(session, said, Locator.of(session), NOW, EXTENT, WEEK)
    return UUID(card["id"])


def take(
    session: Session, number: UUID, step: str, by: Mover, now: datetime = NOW, **word: object
) -> Moved:
    said = Word(**word)  # type: ignore[arg-type]
    return moves.take(session, number, Move(step, uuid4().hex, said), by, now, WEEK)


def history(session: Session, number: UUID) -> list[str]:
    card = issues.card(session, number, NOW)
    return [event["kind"] for event in card["events"]]


def test_a_report_has_a_deadline_and_comes_once(issue: UUID, session: Session) -> None:
    card = issues.card(session, issue, NOW)
    # Monday noon in China: the afternoon, Tuesday, and Wednesday's morning
    assert card["due_at"] == datetime(2026, 11, 25, 4, tzinfo=UTC)
    again = Report("ENV", "别的话", lon=109.02, lat=32.69, key=KEY)
    same = issues.report(session, again, Locator.of(session), NOW, EXTENT, WEEK)
    assert (same["id"], same["again"], same["text"]) == (str(issue), True, "垃圾没人清理")
    assert same["code"] == tracking.code(KEY)
    assert session.scalar(select(func.count()).select_from(tables.issue)) == 1


def test_settled_on_the_spot_and_closed(issue: UUID, session: Session) -> None:
    assert "settle" in moves.offered(session, issue, WORKER, NOW)
    take(session, issue, "set_out", WORKER)
    photo = kept.add(session, {"digest": "a" * 64, "width": 4, "height": 3})
    move = Move("settle", uuid4().hex, Word("已清运"), photos={photo: "after"})
    assert moves.take(session, issue, move, WORKER, NOW, WEEK).status == "handled"
    take(session, issue, "close", CHECKER, NOW + DAY)
    card = issues.card(session, issue, NOW + DAY)
    assert (card["status"], card["closed_at"]) == ("closed", NOW + DAY)
    assert [one["kind"] for one in card["photos"]] == ["after"]
    assert history(session, issue) == ["reported", "set_out", "settle", "close"]


def test_a_photo_is_used_once_and_must_be_there(issue: UUID, session: Session) -> None:
    photo = kept.add(session, {"digest": "b" * 64, "width": 4, "height": 3})
    used = Move("settle", uuid4().hex, Word("已清运"), photos={photo: "after"})
    moves.take(session, issue, used, WORKER, NOW, WEEK)
    take(session, issue, "rework", CHECKER, note="没清干净")
    for number in (photo, uuid4()):
        again = Move("handle", uuid4().hex, Word("再清运"), photos={number: "after"})
        with pytest.raises(Conflict, match="no_photo"):
            moves.take(session, issue, again, WORKER, NOW, WEEK)


def test_a_key_is_for_one_step(issue: UUID, session: Session) -> None:
    move = Move("accept", uuid4().hex)
    moves.take(session, issue, move, WORKER, NOW, WEEK)
    other = Move("settle", move.key, Word("已清运"))
    with pytest.raises(Conflict, match="key_used"):
        moves.take(session, issue, other, WORKER, NOW, WEEK)
    assert history(session, issue) == ["reported", "accept"]


def test_a_ruling_on_the_present_spot_takes_back_what_was_passed_on(
    issue: UUID, session: Session
) -> None:
    take(session, issue, "pass_over", WORKER, note="是隔壁的", grid=code_of("B"))
    card = issues.card(session, issue, NOW)
    assert (card["grid"]["code"], card["rule"]) == (code_of("B"), "passed")
    here = rulings.Ruling(card["lon"], card["lat"])
    move = Move("settle_ground", uuid4().hex, Word("现场看过"))
    rulings.settle(session, issue, move, here, SECRETARY, NOW, (EXTENT, WEEK))
    card = issues.card(session, issue, NOW)
    assert (card["grid"]["code"], card["rule"]) == (code_of("A"), "covers")


def test_the_same_key_counts_once(issue: UUID, session: Session) -> None:
    move = Move("accept", uuid4().hex)
    first = moves.take(session, issue, move, WORKER, NOW, WEEK)
    second = moves.take(session, issue, move, WORKER, NOW + DAY, WEEK)
    assert (first.again, second.again, second.status) == (False, True, "accepted")
    assert history(session, issue) == ["reported", "accept"]


def test_up_the_ladder_and_back_with_its_history(issue: UUID, session: Session) -> None:
    take(session, issue, "escalate", WORKER, note="要几家一起办")
    assert moves.offered(session, issue, WORKER, NOW) == ()
    take(session, issue, "escalate", SECRETARY, note="要街道协调")
    take(session, issue, "bring_down", DISTRICT, note="社区先办")
    assert take(session, issue, "accept", SECRETARY).level == "community"
    levels = session.scalars(
        select(tables.issue_event.c.level).order_by(tables.issue_event.c.id).offset(1)
    )
    assert list(levels) == ["community", "street", "community", "community"]


def test_a_suspension_stops_the_clock(issue: UUID, session: Session) -> None:
    take(session, issue, "suspend", DISTRICT, note="等材料", until=NOW + 30 * DAY)
    card = issues.card(session, issue, NOW + 20 * DAY)
    assert (card["status"], card["due_at"], card["overdue"]) == ("suspended", None, False)
    later = NOW + 21 * DAY  # Monday noon again
    assert take(session, issue, "resume", DISTRICT, later).status == "reported"
    assert issues.card(session, issue, later)["due_at"] == later + 2 * DAY


def test_a_suspension_ends_by_itself_when_its_day_has_come(issue: UUID, session: Session) -> None:
    until = NOW + 7 * DAY  # the same hour of a Monday
    take(session, issue, "suspend", DISTRICT, note="等材料", until=until)
    assert moves.resume_due(session, until - DAY, WEEK) is None
    assert moves.resume_due(session, until + DAY, WEEK) == issue
    assert moves.resume_due(session, until + DAY, WEEK) is None
    card = issues.card(session, issue, until + DAY)
    assert (card["status"], card["due_at"]) == ("reported", until + 2 * DAY)
    assert (card["events"][-1]["kind"], card["events"][-1]["actor"]) == ("resume", "clock")
    assert card["events"][-1]["at"] == until


def test_an_extension_goes_to_the_day_that_is_said(issue: UUID, session: Session) -> None:
    due = issues.card(session, issue, NOW)["due_at"]
    with pytest.raises(InvalidMove, match="extended_backwards"):
        take(session, issue, "extend", DISTRICT, note="慢", until=due)
    came = take(session, issue, "extend", DISTRICT, note="慢", until=due + DAY)
    assert came.due_at == due + DAY


def test_supervision_is_called_and_ended(issue: UUID, session: Session) -> None:
    with pytest.raises(InvalidMove, match="not_supervised"):
        take(session, issue, "release", DISTRICT, note="好了")
    take(session, issue, "supervise", DISTRICT, grade="yellow")
    assert issues.card(session, issue, NOW)["supervision"] == "yellow"
    take(session, issue, "release", DISTRICT, note="好了")
    assert issues.card(session, issue, NOW)["supervision"] is None


def test_departments_are_those_of_the_categories(issue: UUID, session: Session) -> None:
    with pytest.raises(InvalidMove, match="no_department"):
        take(session, issue, "dispatch", SECRETARY, handler="不存在的局")
    take(session, issue, "dispatch", SECRETARY, handler="城管局")
    assert issues.card(session, issue, NOW)["handler"] == "城管局"
    take(session, issue, "hand_back", role(Role.DEPARTMENT), reason="not_my_matter")
    card = issues.card(session, issue, NOW)
    assert (card["status"], card["handler"]) == ("returned", None)
    assert card["events"][-1]["detail"] == {"reason": "not_my_matter"}


def test_who_stands_elsewhere_takes_no_step(issue: UUID, session: Session) -> None:
    with pytest.raises(NotAllowed, match="step_not_yours"):
        take(session, issue, "accept", role(Role.WORKER, "610902001009"))
    beside = Mover("x", None, Ground(grid_codes=frozenset({code_of("B")})), WORKER.standing)
    with pytest.raises(NotFound, match="no_issue"):
        take(session, issue, "accept", beside)


def test_who_reported_confirms_or_reopens_with_the_code(issue: UUID, session: Session) -> None:
    take(session, issue, "settle", WORKER, note="已清运")
    take(session, issue, "close", CHECKER)
    code = tracking.code(KEY)
    written = code.lower().replace("-", " ")
    done = Move("confirm", uuid4().hex, Word(satisfaction="fair"))
    assert moves.reply(session, issue, done, written, NOW, WEEK).status == "closed"
    assert issues.card(session, issue, NOW)["satisfaction"] == "fair"
    again = Move("reopen", uuid4().hex, Word("又堆起来了"))
    assert moves.reply(session, issue, again, code, NOW + DAY, WEEK).status == "reworked"
    card = issues.card(session, issue, NOW + DAY)
    assert (card["closed_at"], card["due_at"]) == (None, NOW + 3 * DAY)
    with pytest.raises(NotAllowed, match="code_unknown"):
        moves.reply(session, issue, again, "AAAA-BBBB-CCCC-DDDD", NOW, WEEK)
    assert moves.followed(session, written) == issue
    with pytest.raises(NotFound, match="code_unknown"):
        moves.followed(session, "AAAA-BBBB-CCCC-DDDD")


def test_whose_ground_it_is_is_settled_once_and_remembered(town: Town, session: Session) -> None:
    town.drawn("AAB / AAB")
    town.building("安火路8号", 0.5, 0.5)
    said = Report("ENV", "门口堆物", address="安火路8号")
    first = issues.report(session, said, Locator.of(session), NOW, EXTENT, WEEK)
    assert first["grid"]["code"] == code_of("A")
    number = UUID(first["id"])
    take(session, number, "hand_back", WORKER, reason="not_my_ground")
    there, rules = spot(0.5, 2.5), (EXTENT, WEEK)
    east = rulings.Ruling(there.x, there.y)
    move = Move("settle_ground", uuid4().hex, Word("院门在东边"))
    came, lies = rulings.settle(session, number, move, east, SECRETARY, NOW, rules)
    assert (came.status, lies["grid_code"]) == ("accepted", code_of("B"))
    card = issues.card(session, number, NOW)
    assert card["events"][-1]["detail"]["from"] == code_of("A")
    again = issues.report(session, said, Locator.of(session), NOW, EXTENT, WEEK)
    assert again["grid"]["code"] == code_of("B")
    assert again["located"]["reason"] == "ruling"
    other = Move("settle_ground", uuid4().hex, Word("不对"))
    with pytest.raises(NotAllowed, match="step_not_yours"):
        rulings.settle(session, number, other, east, WORKER, NOW, rules)


def test_a_worker_passes_an_issue_on_to_a_neighbour_once(
    town: Town, issue: UUID, session: Session
) -> None:
    beside = [one["code"] for one in passing.beside(session, [town.grids["A"]])[town.grids["A"]]]
    assert beside == [code_of("B")]
    with pytest.raises(InvalidMove, match="no_grid_beside"):
        take(session, issue, "pass_over", WORKER, note="x", grid="610902001003999")
    move = Move("pass_over", uuid4().hex, Word("在他们巷子里", grid=code_of("B")))
    assert moves.take(session, issue, move, WORKER, NOW, WEEK).status == "reported"
    away = Mover("A", None, Ground(grid_codes=frozenset({code_of("A")})), WORKER.standing)
    assert moves.take(session, issue, move, away, NOW, WEEK).again  # its answer was lost
    card = issues.card(session, issue, NOW)
    assert (card["grid"]["code"], card["rule"]) == (code_of("B"), "passed")
    codes = {"from": code_of("A"), "grid": code_of("B")}
    names = {"from_name": "网格A", "grid_name": "网格B"}
    assert card["events"][-1]["detail"] == codes | names
    with pytest.raises(InvalidMove, match="passed_already"):
        take(session, issue, "pass_over", WORKER, note="不是我的", grid=code_of("A"))
    take(session, issue, "pass_over", SECRETARY, note="就归你", grid=code_of("A"))
    assert issues.card(session, issue, NOW)["grid"]["code"] == code_of("A")


def test_an_issue_that_is_open_again_goes_to_whoever_has_its_place_now(
    issue: UUID, session: Session
) -> None:
    take(session, issue, "set_out", WORKER)
    take(session, issue, "settle", WORKER, note="已清运")
    take(session, issue, "close", CHECKER)
    _merged(session)
    assert _stands(session, issue) == (code_of("A"), False)
    take(session, issue, "reopen", CHECKER, note="又堆满了")
    assert _stands(session, issue) == (code_of("B"), True)
    assert history(session, issue)[-2:] == ["reopen", "reassigned"]
    Town(session).check()


def _merged(session: Session) -> None:
    """B has all the ground, A is no more."""
    at = NOW + DAY
    present = update(tables.boundary).where(func.upper_inf(tables.boundary.c.valid))
    ended = func.tstzrange(func.lower(tables.boundary.c.valid), at)
    session.execute(present.values(valid=ended))
    grid = dict(session.execute(select(tables.grid.c.code, tables.grid.c.id)).all())
    new = {"grid_id": grid[code_of("B")], "shape": multi(draw("BBB / BBB")["B"])}
    session.execute(insert(tables.boundary).values(**new, valid=func.tstzrange(at, None)))
    gone = update(tables.grid).where(tables.grid.c.code == code_of("A"))
    session.execute(gone.values(retired_at=at))


def _stands(session: Session, number: UUID) -> tuple[str, bool]:
    """The grid of an issue, and whether it is on the present ground."""
    joined = tables.issue.join(
        tables.boundary, tables.boundary.c.id == tables.issue.c.boundary_id
    ).join(tables.grid, tables.grid.c.id == tables.issue.c.grid_id)
    query = select(tables.grid.c.code, func.upper_inf(tables.boundary.c.valid))
    found = query.select_from(joined).where(tables.issue.c.public_id == number)
    code, present = session.execute(found).one()
    return code, present
