"""The one way a door keeps what was done: with its entry in the audit trail, in one transaction.

No view commits by itself; a test holds that.
"""

from typing import Final

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from geodata.services import audit
from geodata.services.audit import Deed, Who
from webmap import database, guard

_FORBIDDEN: Final = 403


def prepare(app: Flask) -> None:
    """Enter whatever somebody who has signed in is refused."""
    app.after_request(_denied)


def who() -> Who:
    """Who makes this request, by login name and number, and from which address."""
    asking = guard.actor()
    return Who(asking.login or None, asking.account, request.remote_addr)


def commit_entered(session: Session) -> None:
    """Commit what a service has entered in the audit trail by itself."""
    session.commit()


def commit_try(session: Session) -> None:
    """Commit a try to sign in before it is judged; what it came to is entered then."""
    session.commit()


def commit(session: Session, deed: Deed, by: Who | None = None) -> None:
    """Enter a deed in the audit trail, and commit it with all that the session has changed.

    It is the deed of who asks, or `by` whom it is said to be.
    """
    audit.record(session, by or who(), deed)
    session.commit()


def commit_public(session: Session, deed: Deed) -> None:
    """The same for what residents may do too; of them no entry is made."""
    if guard.actor().signed_in:
        audit.record(session, who(), deed)
    session.commit()


def seen(deed: Deed) -> None:
    """Enter that something was looked at or taken out."""
    commit(database.session(), deed)


def _denied(response: Response) -> Response:
    """Enter what somebody who has signed in was refused for want of a right."""
    if response.status_code == _FORBIDDEN and "denied" not in g and guard.actor().signed_in:
        g.denied = True
        said = {"method": request.method, "endpoint": request.endpoint or ""}
        session = database.session()
        session.rollback()
        commit(session, Deed("access.deny", result="refused", detail=said))
    return response
