"""Accounts and their grants, as the store keeps them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geodata.db import tables

_account = tables.account.c
_grant = tables.account_grant.c

# One statement: who the cookie's session belongs to, with the grants in force and, for those whose
# ground follows their posts, the codes of these grids now.
_RESUME: Final = text("""
    select s.id as session_id, s.seen_at, s.expires_at, a.id, a.login, a.name,
        a.must_change, a.changed_at,
        coalesce((
            select json_agg(json_build_object(
                'role', g.role, 'scope', g.scope, 'since', lower(g.during),
                'until', upper(g.during), 'deputy_of', g.deputy_of, 'posts', (
                    select coalesce(json_agg(distinct grid.code), '[]')
                    from account holder
                    join post p on p.worker_id = holder.worker_id and p.during @> :now
                    join grid on grid.id = p.grid_id and grid.retired_at is null
                    where holder.id = coalesce(g.deputy_of, a.id)
                        and g.role = any(:on_posts) and grid.code is not null
                ), 'department', (
                    select department from account holder
                    where holder.id = coalesce(g.deputy_of, a.id) and g.role = 'department'
                )) order by g.id)
            from account_grant g where g.account_id = a.id and g.during @> :now
        ), '[]') as grants
    from session s join account a on a.id = s.account_id
    where s.token_hash = :token_hash and s.revoked_at is null and not s.awaiting_code
        and s.expires_at > :now and s.seen_at > :oldest and a.disabled_at is null
""")


def resumed(
    session: Session, token_hash: str, now: datetime, oldest: datetime, on_posts: Sequence[str]
) -> RowMapping | None:
    """The account whose session this is, with its grants as JSON; None where it is over.

    `oldest` is the moment since which the session must have been seen.
    """
    given = {"token_hash": token_hash, "now": now, "oldest": oldest, "on_posts": list(on_posts)}
    return session.execute(_RESUME, given).mappings().first()


def by_login(session: Session, login: str) -> RowMapping | None:
    """The account of a login name, disabled or not."""
    return _one(session, _account.login == login)


def by_id(session: Session, number: int) -> RowMapping | None:
    """The account of a number, disabled or not."""
    return _one(session, _account.id == number)


def by_public_id(session: Session, public_id: UUID) -> RowMapping | None:
    """The account of a public number, disabled or not."""
    return _one(session, _account.public_id == public_id)


def by_subject(session: Session, subject: str) -> RowMapping | None:
    """The account of somebody as the single sign-on names them, disabled or not."""
    return _one(session, _account.subject == subject)


def _one(session: Session, condition: Any) -> RowMapping | None:
    return session.execute(select(tables.account).where(condition)).mappings().first()


def locked(session: Session, number: int) -> RowMapping:
    """The account, held until the transaction ends."""
    wanted = select(tables.account).where(_account.id == number).with_for_update()
    return session.execute(wanted).mappings().one()


def add(session: Session, **values: Any) -> int:
    """Store a new account; gives its number."""
    return int(
        session.execute(insert(tables.account).values(**values).returning(_account.id)).scalar_one()
    )


def change(session: Session, number: int, **values: Any) -> None:
    """Store what changed of an account."""
    session.execute(update(tables.account).where(_account.id == number).values(**values))


def sealed_otherwise(session: Session, key_id: str) -> list[tuple[int, str]]:
    """Number and sealed secret of accounts whose second factor another key opens, held."""
    wanted = select(_account.id, _account.totp_secret).where(
        ~_account.totp_secret.startswith(key_id + ".", autoescape=True)
    )
    rows = session.execute(wanted.order_by(_account.id).with_for_update())
    return [(int(row.id), str(row.totp_secret)) for row in rows]


def listing(session: Session, now: datetime) -> Sequence[RowMapping]:
    """All accounts by login name, with the roles in force and the last sign of life."""
    held = (
        select(func.array_agg(_grant.role + ":" + _grant.scope))
        .where(_grant.account_id == _account.id, _grant.during.contains(now))
        .scalar_subquery()
    )
    seen = tables.account_session.c
    last = select(func.max(seen.seen_at)).where(seen.account_id == _account.id).scalar_subquery()
    wanted = select(
        *(_account.id, _account.public_id, _account.login, _account.name, _account.disabled_at),
        *(_account.must_change, _account.worker_id, held.label("grants"), last.label("seen_at")),
    )
    return session.execute(wanted.order_by(_account.login)).mappings().all()


def any_account(session: Session) -> bool:
    """Whether there is an account at all."""
    return session.execute(select(_account.id).limit(1)).first() is not None


def grant(session: Session, number: int, given: Mapping[str, Any]) -> int:
    """Store a grant; `given` has role, scope, since, until, deputy_of and granted_by."""
    values = {name: given[name] for name in ("role", "scope", "deputy_of", "granted_by")}
    row = values | {"account_id": number, "during": Range(given["since"], given["until"])}
    stored = insert(tables.account_grant).values(**row).returning(_grant.id)
    return int(session.execute(stored).scalar_one())


def grants(session: Session, number: int, now: datetime) -> Sequence[RowMapping]:
    """The grants of an account that are in force or to come."""
    wanted = (
        select(
            tables.account_grant,
            func.lower(_grant.during).label("since"),
            func.upper(_grant.during).label("until"),
        )
        .where(_grant.account_id == number)
        .where((func.upper(_grant.during) > now) | func.upper_inf(_grant.during))
        .order_by(_grant.id)
    )
    return session.execute(wanted).mappings().all()


_END: Final = text("""
    update account_grant set during = tstzrange(lower(during), :now)
    where id = :id and lower(during) < :now and (upper_inf(during) or upper(during) > :now)
    returning account_id
""")
_DROP: Final = text(
    "delete from account_grant where id = :id and lower(during) >= :now returning account_id"
)


def end_grant(session: Session, number: int, now: datetime) -> int | None:
    """End a grant now, or take one back that has not begun; whose it was, None where it is none."""
    for statement in (_END, _DROP):
        found = session.execute(statement, {"id": number, "now": now}).scalar()
        if found is not None:
            return int(found)
    return None


_NAMES: Final = text("""
    select code, name from district where code = any(:codes)
    union all select code, name from street where code = any(:codes)
    union all select code, name from community where code = any(:codes)
    union all select code, name from grid where code = any(:codes)
""")


def area_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The names of tiers and grids by their codes."""
    rows = session.execute(_NAMES, {"codes": list(codes)})
    return {row.code: row.name for row in rows}


_AREA: Final = text("""
    select exists (select from district where code = :code)
        or exists (select from street where code = :code)
        or exists (select from community where code = :code)
        or exists (select from grid where code = :code)
""")


def area_exists(session: Session, code: str) -> bool:
    """Whether a tier or grid bears the code."""
    return bool(session.scalar(_AREA, {"code": code}))


_STAFFED: Final = text("""
    select grid.code,
        min(post.worker_id) filter (where post.duty = 'lead') as lead,
        min(post.worker_id) filter (where post.duty = 'assistant') as assistant
    from grid join post on post.grid_id = grid.id and post.during @> :now
    where grid.kind = 'basic' and grid.retired_at is null
        and exists (select from district where synthetic)
    group by grid.id
    having count(*) filter (where post.duty = 'lead') > 0
        and count(*) filter (where post.duty = 'assistant') > 0
    order by exists (
            select from building join grid beside on beside.id = building.grid_id
            where beside.community_code = grid.community_code and beside.kind = 'basic'
            group by beside.id
            having sum(building.households) > (select max(band_high) from district)
        ) desc,
        (select count(*) from issue where grid_id = grid.id and is_open) desc, grid.code
    limit 1
""")


_HANDED: Final = text("""
    select handler from issue where is_open and handler is not null
    group by handler order by count(*) desc, handler limit 1
""")


def busiest_department(session: Session) -> str | None:
    """The department that most open issues were handed to, if any was."""
    found = session.scalar(_HANDED)
    return None if found is None else str(found)


def staffed_grid(session: Session, now: datetime) -> RowMapping | None:
    """The busiest staffed grid of a synthetic district, where a grid beside it is too large.

    With its lead and its assistant; so the demo's secretary has something to redraw.
    """
    return session.execute(_STAFFED, {"now": now}).mappings().first()
