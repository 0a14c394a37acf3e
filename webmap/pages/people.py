"""People and posts: who serves which grid, and how somebody is appointed, followed or leaves."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template
from pydantic import Field

from geodata.domain.roles import Action
from geodata.errors import NotAllowed, NotFound, WanggeError
from geodata.services import burdens, posts
from geodata.services.audit import Deed
from geodata.services.posts import Done, Office, Wish
from webmap import database, deeds, guard, times, words
from webmap.api.fields import Code, Query, Text
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.texts import sentence

blueprint = APIBlueprint("people", __name__, enable_openapi=False)

_NUMBER = 9
Said = Annotated[Text, Field(max_length=60)]


class PeopleQuery(Query):
    """Which grids are wanted, and behind which the page begins."""

    q: Said = ""
    community: Code | Literal[""] = ""
    after: Annotated[str, Field(pattern=r"^([0-2]:[0-9A-Za-z_-]{1,20})?$")] = ""

    def place(self) -> tuple[int, str] | None:
        """The last row of the page before."""
        rank, _, code = self.after.partition(":")
        return (int(rank), code) if code else None


class GridQuery(Query):
    """Whom one looks for among the workers, and what has just been done."""

    q: Said = ""
    done: Literal["", "appointed", "left", "deputised"] = ""


@blueprint.get("/people")
@requires(Action.APPOINT_WORKERS)
@blueprint.input(PeopleQuery, location="query")
def overview(query_data: PeopleQuery) -> str:
    """The grids of one's ground with who serves them, those without anybody first."""
    opened, asked = database.session(), query_data
    found = posts.overview(opened, office(), asked.q, asked.community, asked.place())
    return render_template(
        "people.html",
        found=found,
        after=":".join(map(str, found.after)) if found.after else "",
        communities=posts.communities(opened, office()),
        asked=asked,
        duties=words.DUTY,
    )


@blueprint.get("/people/grids/<code:code>")
@requires(Action.APPOINT_WORKERS)
@blueprint.input(GridQuery, location="query")
def grid(code: str, query_data: GridQuery) -> str:
    """One grid: who serves it, who did, and the form by which somebody is appointed."""
    return _grid(code, query_data.q, done=query_data.done)


@blueprint.post("/people/grids/<code:code>")
@requires(Action.APPOINT_WORKERS)
@posted
def appoint(code: str) -> Response:
    """Give somebody a post in the grid."""
    chosen, name = told("worker", _NUMBER), told("name", 60)
    wish = Wish(
        worker=int(chosen) if chosen.isdecimal() and chosen.isascii() else None,
        name=name,
        duty="lead" if told("duty") == "lead" else "assistant",
        since=told("since", 20),
        instead=bool(told("instead")),
    )
    return _changed(
        code,
        "appointed",
        "post.appoint",
        lambda: posts.appoint(database.session(), office(), code, wish),
        wish=wish,
    )


@blueprint.post("/people/posts/<int:number>/leave")
@requires(Action.APPOINT_WORKERS)
@posted
def leave(number: int) -> Response:
    """Let a post end."""
    return _changed(
        told("grid", 20),
        "left",
        "post.leave",
        lambda: posts.leave(database.session(), office(), number, told("day", 20)),
    )


@blueprint.post("/people/posts/<int:number>/deputy")
@requires(Action.APPOINT_WORKERS)
@posted
def deputise(number: int) -> Response:
    """Let somebody stand in for the holder of a post."""
    chosen = told("worker", _NUMBER)
    deputy = int(chosen) if chosen.isdecimal() and chosen.isascii() else 0
    days = told("since", 20), told("until", 20)
    return _changed(
        told("grid", 20),
        "deputised",
        "post.deputise",
        lambda: posts.deputise(database.session(), office(), number, deputy, *days),
    )


@blueprint.get("/people/workers/<int:number>")
@requires(Action.APPOINT_WORKERS)
def worker(number: int) -> str:
    """One worker: the posts of the present and the past, and the account."""
    return worker_page(number)


def worker_page(number: int, problem: str = "") -> str:
    """The page of a worker, with what was wrong about the form on it."""
    found, held = posts.worker(database.session(), office(), number)
    return render_template(
        "people_worker.html",
        worker=found,
        posts=held,
        problem=problem,
        now=guard.now(),
        duties=words.DUTY,
        day=times.day,
        last_day=times.last_day,
    )


def office() -> Office:
    """From where who asks appoints."""
    return Office(guard.reach(Action.APPOINT_WORKERS), guard.now(), times.zone())


def _changed(
    code: str, done: str, action: str, change: Callable[[], Done], wish: Wish | None = None
) -> Response:
    """Back to the grid after a change; the same page with what was wrong where there was none."""
    opened = database.session()
    try:
        came = change()
    except (NotAllowed, NotFound):
        raise
    except WanggeError as refused:
        opened.rollback()
        page = _grid(code, "", problem=sentence(refused.code, refused.facts), wish=wish)
        answer = make_response(page)
        answer.status_code = status_of(refused)
        return answer
    detail = {"worker": came.name, "since": came.at.isoformat(), **came.more}
    deeds.commit(opened, Deed(action, ("grid", came.grid), detail=detail))
    path = f"/people/grids/{came.grid}?done={done}"
    return cast("Response", redirect(path, HTTPStatus.SEE_OTHER))


def _grid(
    code: str, said: str, *, done: str = "", problem: str = "", wish: Wish | None = None
) -> str:
    opened, at = database.session(), office()
    found = posts.grid(opened, at, code)
    present = posts.held(opened, at, found["id"])
    leads = [one for one in present if one["duty"] == "lead"]
    choices = posts.choices(opened, at, said, found["community_code"])
    numbers = [one["id"] for one in choices]
    shown: dict[str, Any] = {
        "burdens": burdens.with_another(opened, found["id"], numbers, at.now),
        "grid": found,
        "present": present,
        "serving": {one["worker_id"] for one in present},
        "lead": leads[0] if leads else None,
        "gone": posts.gone(opened, at, found["id"]),
        "choices": choices,
        "asked": said,
        "done": done,
        "problem": problem,
        "wish": wish or Wish(duty="assistant" if leads else "lead"),
    }
    return render_template(
        "people_grid.html", **shown, now=guard.now(), today=times.day(guard.now()),
        duties=words.DUTY, day=times.day, last_day=times.last_day, most=posts.SHOWN,
    )  # fmt: skip
