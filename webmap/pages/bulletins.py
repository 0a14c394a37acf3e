"""What is made known to everybody (民情发布): by area, as a feed, and the form for it."""

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, Final, Literal, cast
from uuid import UUID, uuid4

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from geodata.db.bulletins import Wanted
from geodata.domain.bulletin import LONGEST_TEXT, LONGEST_TITLE
from geodata.domain.roles import Action
from geodata.domain.signs import is_foreign
from geodata.errors import InvalidMove, NotAllowed, NotFound, WanggeError
from geodata.services import bulletins, district
from geodata.services.audit import Deed
from geodata.services.bulletins import Said
from webmap import answers, atom, bulletin_view, database, deeds, forms, guard, languages, times
from webmap.api.fields import Query
from webmap.bulletin_view import AreaQuery, Place
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import public, requires
from webmap.pages.shells import shell
from webmap.texts import sentence

blueprint = APIBlueprint("bulletins", __name__, enable_openapi=False)

_PUBLISH: Final = Action.PUBLISH_BULLETIN
_SHOWN: Final = 20
_DAY: Final = timedelta(days=1)


class ListQuery(AreaQuery):
    """Of which area; `state` all shows who publishes what is over or withdrawn, too."""

    state: Literal["", "all"] = ""
    after: Place | Literal[""] = ""
    done: Literal["", "published", "withdrawn"] = ""


class FormQuery(Query):
    """The issue that was solved, or what is to be written anew."""

    issue: UUID | None = None
    again: UUID | None = None


@blueprint.get("/notices")
@public
@blueprint.input(ListQuery, location="query")
def overview(query_data: ListQuery) -> str:
    """What holds now, by area; for who publishes, also what is over or withdrawn there."""
    session, asked, wanted = database.session(), query_data, query_data.wanted()
    if asked.state and bulletin_view.publishes():
        wanted = Wanted(wanted.now, wanted.street, wanted.community, guard.reach(_PUBLISH))
    after = _cursor(asked.after) if asked.after else None
    rows, end = bulletins.page(session, wanted, after, _SHOWN)
    return render_template(
        "bulletins.html",
        rows=rows,
        asked=asked,
        older=bulletin_view.written(end),
        streets=district.areas_by_street(session),
        district=database.ground(),
        **_words(),
    )


def _cursor(text: str) -> tuple[datetime, int]:
    """Where a page ended. Raises WanggeError ``bad_cursor`` for a moment that no calendar has."""
    moment, __, number = text.partition(",")
    try:
        return datetime.fromtimestamp(float(moment), times.zone()), int(number)
    except (ValueError, OverflowError, OSError) as beyond:
        raise WanggeError("bad_cursor") from beyond


@blueprint.get("/notices/<uuid:public_id>")
@public
def one(public_id: UUID) -> str:
    """One of them."""
    row = bulletins.one(database.session(), public_id, guard.now(), guard.reach(_PUBLISH))
    return render_template("bulletin.html", row=row, **_words())


@blueprint.get("/notices.atom")
@public
@blueprint.input(AreaQuery, location="query")
def feed(query_data: AreaQuery) -> Response:
    """What holds now as an Atom feed, with places."""
    wanted = query_data.wanted()
    rows = bulletins.page(database.session(), wanted, None, bulletins.MOST)[0]
    entries = [_entry(row) for row in rows]
    whole = atom.Feed(
        number=f"tag:{request.host.split(':')[0]},2026:notices:{query_data.area or 'all'}",
        title=_("民情发布"),
        own=request.url,
        page=url_for(".overview", _external=True, area=query_data.area or None),
        author=_name(),
        updated=max((entry.at for entry in entries), default=guard.now().replace(microsecond=0)),
        language=languages.current(),
    )
    return answers.kept(atom.written(whole, entries), atom.MIMETYPE)


def _entry(row: RowMapping) -> atom.Entry:
    return atom.Entry(
        number=f"urn:uuid:{row['public_id']}",
        title=row["title"],
        text=row["text"],
        page=url_for(".one", public_id=row["public_id"], _external=True),
        author=bulletin_view.area(row)["name"],
        category=row["kind"],
        at=row["since"],
        place=bulletin_view.spot(row),
    )


def _name() -> str:
    known = database.ground()
    return known.name_en if languages.current() == "en" else known.name


@blueprint.get("/notices/new")
@requires(_PUBLISH)
@blueprint.input(FormQuery, location="query")
def new(query_data: FormQuery) -> str:
    """The form: of a notice, or of an issue that was solved."""
    said: dict[str, Any] = {"since": times.day(guard.now())}
    if query_data.again:
        row = bulletins.one(
            database.session(), query_data.again, guard.now(), guard.reach(_PUBLISH)
        )
        said |= {"title": row["title"], "text": row["text"]}
        said |= {"area": row["community_code"] or row["street_code"] or ""}
    return _form(query_data.issue, said)


@blueprint.post("/notices")
@requires(_PUBLISH)
@posted
def publish() -> Response:
    """Make it known."""
    fields = ("key", "area", "since", "until", "lon", "lat", "issue", "checked")
    said = {name: told(name) for name in fields} | {
        "title": forms.told_as_typed("title"),
        "text": forms.told_as_typed("text", _MOST_TEXT),
    }
    number = _uuid(said["issue"])
    session, by = database.session(), guard.account()
    try:
        fresh = bulletins.publish(
            *(session, _said(said, number), guard.reach(_PUBLISH), by, guard.now()),
            database.ground().bbox,
        )
    except (NotAllowed, NotFound):
        raise
    except WanggeError as refused:
        session.rollback()
        page = _form(number, _typed(said), problem=sentence(refused.code, refused.facts))
        answer = make_response(page)
        answer.status_code = status_of(refused)
        return answer
    if fresh is not None:
        detail = {"area": said["area"], "issue": said["issue"]}
        deeds.commit(session, Deed("bulletin.publish", ("bulletin", str(fresh)), detail=detail))
    return _to(url_for(".overview", done="published"))


def _typed(said: dict[str, str]) -> dict[str, str]:
    """What was written as a form can hold it: without the signs that no person types."""
    return {name: "".join(filter(_typeable, told)) for name, told in said.items()}


def _typeable(sign: str) -> bool:
    return sign in "\n\t" or not is_foreign(sign)


_MOST_TEXT: Final = 4 * LONGEST_TEXT


@blueprint.post("/notices/<uuid:public_id>/withdraw")
@requires(_PUBLISH)
@posted
def withdraw(public_id: UUID) -> Response:
    """Withdraw it: nobody sees it any more but those whose it is."""
    session = database.session()
    if bulletins.withdraw(session, public_id, guard.reach(_PUBLISH), guard.account(), guard.now()):
        deeds.commit(session, Deed("bulletin.withdraw", ("bulletin", str(public_id))))
    return _to(url_for(".overview", done="withdrawn", state="all"))


def _said(said: dict[str, str], issue: UUID | None) -> Said:
    begins = _day(said["since"])
    until = _day(said["until"], after=1)
    return Said(
        title=said["title"],
        text=said["text"],
        area=said["area"],
        since=max(begins, guard.now()) if begins else guard.now(),
        until=until,
        place=_spot(said["lon"], said["lat"]),
        issue=issue,
        checked=bool(said["checked"]),
        key=_uuid(said["key"]),
    )


def _day(said: str, after: int = 0) -> datetime | None:
    """The beginning of a day, or of one `after` it.

    Raises InvalidMove ``time_unclear`` where it is none that a store can hold.
    """
    if not said:
        return None
    try:
        day = date.fromisoformat(said) + after * _DAY
        begins = datetime.combine(day, time(), times.zone())
        begins.astimezone(UTC)  # the first days begin before time does, as a store counts it
    except (ValueError, OverflowError) as unclear:
        raise InvalidMove("time_unclear", value=said) from unclear
    return begins


def _spot(lon: str, lat: str) -> tuple[float, float] | None:
    """A place in degrees. Raises InvalidMove ``no_place`` for what are no numbers."""
    if not (lon and lat):
        return None
    try:
        return float(lon), float(lat)
    except ValueError as unclear:
        raise InvalidMove("no_place") from unclear


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError as unclear:
        raise NotFound("no_issue") from unclear


def _form(issue: UUID | None, said: dict[str, Any], problem: str = "") -> str:
    session, ground = database.session(), guard.reach(_PUBLISH)
    known = bulletins.solved(session, issue, ground) if issue else None
    streets = district.areas_by_street(session)
    for street in streets:
        street["whole"] = ground.whole or street["code"] in ground.streets
        street["communities"] = [c for c in street["communities"] if ground.covers(c["code"])]
    return render_template(
        "bulletin_new.html",
        shell=None if issue else shell("bulletin"),
        issue=issue,
        known=known,
        said=said | {"key": said.get("key") or uuid4()},
        problem=problem,
        streets=[one for one in streets if one["whole"] or one["communities"]],
        ground=ground,
        district=database.ground(),
        longest=(LONGEST_TITLE, LONGEST_TEXT),
        **_words(),
    )


def _words() -> dict[str, Any]:
    """What the pages say and ask of one."""
    ground = guard.reach(_PUBLISH) if bulletin_view.publishes() else None
    return {
        "area": bulletin_view.area,
        "kind": bulletin_view.kind,
        "holds": lambda row: bulletins.holds(row, guard.now()),
        "mine": lambda row: ground is not None and bulletins.mine(row, ground),
        "publishes": ground is not None,
        "now": guard.now(),
        "day": times.day,
        "last_day": times.last_day,
    }


def _to(path: str) -> Response:
    return cast("Response", redirect(path, HTTPStatus.SEE_OTHER))
