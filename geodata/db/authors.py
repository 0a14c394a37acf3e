"""Who the login names of plans, moves and locks belong to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_NAMED: Final = text("""
    select account.login, account.name, (
        select role from account_grant
        where account_id = account.id and deputy_of is null
        order by during @> :now desc, array_position(:order, role), upper(during) desc nulls first
        limit 1) as role
    from account where login = any(:logins)
""")


def named(
    session: Session, logins: Sequence[str], order: Sequence[str], now: datetime
) -> Sequence[RowMapping]:
    """Accounts by login name: login, name, and the role that comes first in `order`.

    Of the roles that they hold now; of those that they held where they hold none any more; None
    where they never held one.
    """
    given = {"logins": list(logins), "order": list(order), "now": now}
    return session.execute(_NAMED, given).mappings().all()
