"""A roster of workers comes in as a file, for one's own ground; the loading is that of `loads`."""

from http import HTTPStatus
from typing import Final, cast

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request
from sqlalchemy import RowMapping

from geodata.domain.privacy import masked
from geodata.domain.roles import Action
from geodata.errors import InvalidFile, NotFound, WanggeError
from geodata.services import loads
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.errors import status_of
from webmap.forms import posted
from webmap.guard import requires
from webmap.load_texts import GRADES
from webmap.texts import sentence

blueprint = APIBlueprint("roster", __name__, enable_openapi=False, url_prefix="/people/roster")

_KIND: Final = "workers"
_AGAIN_S = "2"


@blueprint.get("")
@requires(Action.APPOINT_WORKERS)
def page() -> str:
    """The form for a file, and the rosters that came before."""
    return _page()


@blueprint.post("")
@requires(Action.APPOINT_WORKERS)
@posted
def take() -> Response:
    """Take a file in; it is only tried until it is applied."""
    opened, sent = database.session(), request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise InvalidFile("file_missing")
        wanted = loads.Request(
            _KIND,
            sent.stream.read(),
            sent.filename,
            sender=guard.account(),
            ground=guard.ground(Action.APPOINT_WORKERS),
        )
        database.on_all_ground()  # the same file may be somebody else's already
        number, new = loads.submit(opened, wanted)
    except WanggeError as refused:
        opened.rollback()
        answer = make_response(_page(sentence(refused.code, refused.facts)))
        answer.status_code = status_of(refused)
        return answer
    said = {"kind": _KIND, "new": new, "dry_run": True}
    deeds.commit(opened, Deed("load.take", ("load", str(number)), detail=said))
    return _to(number)


@blueprint.get("/<int:job_id>")
@requires(Action.APPOINT_WORKERS)
def one(job_id: int) -> Response:
    """What a roster would change or has changed, and what was refused, row by row."""
    opened, job = database.session(), _own(job_id)
    waits = job["state"] in ("waiting", "running")
    error = job["error"]
    answer = make_response(
        render_template(
            "people_roster_job.html",
            job=job,
            waits=waits,
            error=sentence(error["code"], error["facts"]) if error else "",
            notes=[] if waits else [_told(note) for note in loads.report(opened, job_id)],
            grades=GRADES,
        )
    )
    if waits:
        answer.headers["Refresh"] = _AGAIN_S
    return answer


@blueprint.get("/<int:job_id>/report.csv")
@requires(Action.APPOINT_WORKERS)
def report(job_id: int) -> Response:
    """The whole report as a file."""
    _own(job_id)
    grades = {grade: str(word) for grade, word in GRADES.items()}
    body = loads.report_file(database.session(), job_id, sentence, grades)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="roster-{job_id}.csv"'
    return answer


@blueprint.post("/<int:job_id>/apply")
@requires(Action.APPOINT_WORKERS)
@posted
def apply(job_id: int) -> Response:
    """Let a roster that was only tried take effect."""
    opened = database.session()
    _own(job_id)
    loads.apply(opened, job_id)
    deeds.commit(opened, Deed("load.apply", ("load", str(job_id))))
    return _to(job_id)


def _page(problem: str = "") -> str:
    found = loads.listing(database.session(), guard.holder(Action.APPOINT_WORKERS))
    rosters = [job for job in found if _is_ours(job)]
    return render_template("people_roster.html", rosters=rosters, problem=problem)


def _own(number: int) -> RowMapping:
    """A roster that who asks has sent in, for ground that is theirs still. Raises NotFound."""
    job = loads.one(database.session(), number, guard.holder(Action.APPOINT_WORKERS))
    if not _is_ours(job):
        raise NotFound("no_load", job=number)
    return job


def _is_ours(job: RowMapping) -> bool:
    mine = guard.ground(Action.APPOINT_WORKERS)
    return job["kind"] == _KIND and mine.encloses(loads.scope_of(job))


def _told(note: RowMapping) -> dict[str, object]:
    told = {name: note[name] for name in ("row", "column", "grade")}
    return {**told, "reason": masked(sentence(note["code"], note["facts"]))}


def _to(number: int) -> Response:
    return cast("Response", redirect(f"/people/roster/{number}", HTTPStatus.SEE_OTHER))
