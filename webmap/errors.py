"""The whole relation between refusals and HTTP, in one table."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from apiflask import HTTPError
from flask import Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from geodata.domain.roles import NOBODY
from geodata.errors import (
    Conflict,
    InvalidFile,
    InvalidMove,
    InvalidRedraw,
    InvalidRow,
    InvalidShape,
    NotAllowed,
    NotFound,
    WanggeError,
)
from webmap.authors import in_facts
from webmap.shapes import geojson
from webmap.texts import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apiflask import APIFlask

STATUSES: tuple[tuple[type[WanggeError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (Conflict, HTTPStatus.CONFLICT),
    (InvalidMove, HTTPStatus.CONFLICT),
    (InvalidShape, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidRedraw, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidRow, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidFile, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_RETRY_S = "5"
_BUSY_STATES = ("53", "55", "57", "40")
"""PostgreSQL's classes: out of resources, lock not to be had, interrupted, rolled back."""
_HELD_STATES = ("55P03", "40P01", "40001")
"""Somebody else works on the same: a lock not had in time, a deadlock, a snapshot overtaken."""
_GUARDED, _RAISED = "42501", "exec_stmt_raise"
"""What our guards refuse (migrations 0281 and on), and where the server says so for them."""


def prepare(app: APIFlask) -> None:
    """Answer every refusal with a status, a code and a sentence, as JSON or as a page."""
    app.error_processor(_invalid)  # first: it also takes over HTTPException, which we want back
    app.register_error_handler(WanggeError, _refused)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeoutError, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, _http)
    app.register_error_handler(UnicodeError, _unreadable)


def status_of(error: WanggeError) -> HTTPStatus:
    """The status by which a refusal is answered."""
    return next((s for kind, s in STATUSES if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def _refused(error: WanggeError) -> Response:
    facts = in_facts(error.facts)
    if isinstance(error, InvalidRedraw):
        facts |= _help(error)
    return problem(status_of(error), error.code, facts)


def _help(error: InvalidRedraw) -> dict[str, object]:
    """Where a redraw is refused, and what would help: fields of the intent to send otherwise."""
    found: dict[str, object] = {}
    if error.place is not None:
        found["place"] = geojson(error.place)
    if error.remedy is not None:
        kind, changes = error.remedy.kind, dict(error.remedy.changes)
        told = sentence(kind, {**error.facts, **changes})
        found["remedy"] = {"kind": kind, "title": told, "changes": changes}
    return found


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code = f"http_{status.value}"
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE and request.mimetype == "application/json":
        code = "body_too_big"
    answer = problem(status, code, {})
    if isinstance(allow := getattr(error, "valid_methods", None), list):
        answer.headers["Allow"] = ", ".join(allow)
    if isinstance(length := getattr(error, "length", None), int):
        answer.headers["Content-Range"] = f"bytes */{length}"
    return answer


def _invalid(error: HTTPError) -> tuple[dict[str, object], int, dict[str, str]]:
    """A body or query that does not fit its description; the facts name the fields."""
    detail = error.detail if isinstance(error.detail, dict) else {}
    fields = {name: said for part in detail.values() for name, said in part.items()}
    # OGC API Features wants 400 where a parameter is unknown or wrong.
    status = HTTPStatus.BAD_REQUEST if request.path.startswith("/ogc") else error.status_code
    code = "invalid_request" if fields else f"http_{error.status_code}"
    body = _body(HTTPStatus(status), code, {"fields": fields} if fields else {})
    return body, status, {"Content-Type": "application/problem+json"}


def _unreadable(error: UnicodeError) -> Response:
    del error
    return problem(HTTPStatus.BAD_REQUEST, "http_400", {})


def _database(error: DBAPIError) -> Response:
    """A database that is gone or busy comes back, a guard says no; all else is our own mistake."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _HELD_STATES:
        return _unavailable(error, "held_by_another")
    if state == _GUARDED and _by_guard(error):
        current_app.logger.error("a guard refused a statement", exc_info=error)
        return problem(HTTPStatus.CONFLICT, "guarded", {})
    if isinstance(error, OperationalError) or state.startswith(_BUSY_STATES):
        return _unavailable(error)
    current_app.logger.error("database refused a statement", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "http_500", {})


def _by_guard(error: DBAPIError) -> bool:
    """Whether a function of ours raised it, not a right that the role was never given."""
    return getattr(getattr(error.orig, "diag", None), "source_function", None) == _RAISED


def _unavailable(error: BaseException, code: str = "unavailable") -> Response:
    current_app.logger.warning("database unavailable: %s", type(error).__name__)
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, code, {})
    answer.headers["Retry-After"] = _RETRY_S
    return answer


def problem(status: HTTPStatus, code: str, facts: Mapping[str, object]) -> Response:
    """The refusal as `application/problem+json`, or as a page where a person asked for one."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.setdefault("actor", NOBODY)  # the page must not ask the store whose failure it tells of
    if wants_page():
        page = Response(
            render_template("error.html", status=status.value, detail=sentence(code, facts)),
            mimetype="text/html",
        )
    else:
        page = jsonify(_body(status, code, facts))
        page.mimetype = "application/problem+json"
    page.status_code = status
    return page


def _body(status: HTTPStatus, code: str, facts: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": sentence(code, facts) or _("请检查后再试。"),
        "status": status.value,
        "code": code,
        "facts": dict(facts),
    }


def wants_page() -> bool:
    """Whether the answer is for a person's eyes."""
    return not request.path.startswith(("/api/", "/tiles/", "/ogc")) and bool(
        request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    )
