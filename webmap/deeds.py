"""The one way a door keeps what was done: with its entry in the audit trail, in one transaction.

No view commits by itself; a test holds that.
"""

from collections.abc import Callable
from typing import Final, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from geodata.errors import NotAllowed
from geodata.services import audit
from geodata.services.audit import Deed, Who
from webmap import database

_KEY: Final = "wangge-who"
_FORBIDDEN: Final = 403


def prepare(app: Flask, who_asks: Callable[[], Who] | None = None) -> None:
    """Know how to tell who asks; nobody signs in where that is not told."""
    app.extensions[_KEY] = who_asks or _anybody
    app.after_request(_denied)
    app.context_processor(lambda: {"official": is_official()})


def who() -> Who:
    """Who makes this request, and from which address."""
    return cast("Callable[[], Who]", current_app.extensions[_KEY])()


def _anybody() -> Who:
    return Who(source=request.remote_addr)


def is_official() -> bool:
    """Whether somebody has signed in."""
    return who().actor is not None


def officials_only() -> None:
    """Nothing, where somebody has signed in. Raises NotAllowed ``officials_only``."""
    if not is_official():
        raise NotAllowed("officials_only")


def commit_entered(session: Session) -> None:
    """Commit what a service has entered in the audit trail by itself."""
    session.commit()


def commit(session: Session, deed: Deed) -> None:
    """Enter a deed in the audit trail, and commit it with all that the session has changed."""
    audit.record(session, who(), deed)
    session.commit()


def commit_public(session: Session, deed: Deed) -> None:
    """The same for what residents may do too; of them no entry is made."""
    if is_official():
        audit.record(session, who(), deed)
    session.commit()


def seen(deed: Deed) -> None:
    """Enter that something was looked at or taken out."""
    commit(database.session(), deed)


def _denied(response: Response) -> Response:
    """Enter what somebody who has signed in was refused for want of a right."""
    if response.status_code == _FORBIDDEN and "denied" not in g and is_official():
        g.denied = True
        said = {"method": request.method, "endpoint": request.endpoint or ""}
        session = database.session()
        session.rollback()
        commit(session, Deed("access.deny", result="refused", detail=said))
    return response
