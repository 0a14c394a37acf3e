"""Accounts from the terminal: the first administrator, and whoever locked themselves out."""

from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from geodata.domain.roles import ON_POSTS, Role
from geodata.errors import WanggeError
from geodata.services import accounts
from geodata.services.accounts import Appointment, NewAccount
from geodata.services.audit import Deed
from scripts import store


@click.group()
def account() -> None:
    """Make, reset, disable and list accounts."""


@account.command()
@click.argument("login")
@click.option("--name", help="Shown to colleagues; the login name by default.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--scope", default="", help="A code and all below it; everything by default.")
@click.option("--worker", type=int, help="Number of the grid worker whose posts it follows.")
@click.option("--subject", help="Who this is to the single sign-on.")
@click.option("--department", help="The department whose issues a department's person sees.")
def create(*, login: str, name: str | None, role: str, scope: str, **more: Any) -> None:
    """Make an account; prints its password, good once, to be changed at the first sign-in."""
    now = datetime.now(UTC)
    if Role(role) in ON_POSTS and more["worker"] is None:
        raise click.UsageError(f"A {role} follows posts: name the grid worker with --worker.")
    if Role(role) is Role.DEPARTMENT and not more["department"]:
        raise click.UsageError("A department sees what is handed to it: name it with --department.")
    with store.session() as session:
        try:
            new = NewAccount(login, name or login, **more)
            number, password = accounts.create(session, new, now)
            accounts.grant(session, number, Appointment(Role(role), scope, now), None, now)
        except WanggeError as refused:
            raise click.ClickException(str(refused)) from refused
        told = {"role": role, "scope": scope}
        store.commit(session, Deed("account.create", ("account", login), detail=told))
    _tell(login, password)


@account.command()
@click.argument("login")
def reset(*, login: str) -> None:
    """Give an account a password that is good once; ends its sessions and second factor."""
    now = datetime.now(UTC)
    with store.session() as session:
        password = accounts.reset(session, _number(session, login), now)
        store.commit(session, Deed("account.reset", ("account", login)))
    _tell(login, password)


@account.command()
@click.argument("login")
def disable(*, login: str) -> None:
    """Let nobody in by an account any more; ends its sessions."""
    with store.session() as session:
        accounts.disable(session, _number(session, login), datetime.now(UTC))
        store.commit(session, Deed("account.disable", ("account", login)))
    click.echo(f"{login} is disabled.")


@account.command()
@click.argument("login")
def enable(*, login: str) -> None:
    """Let a disabled account in again."""
    with store.session() as session:
        accounts.enable(session, _number(session, login))
        store.commit(session, Deed("account.enable", ("account", login)))
    click.echo(f"{login} is enabled.")


@account.command("list")
def listing() -> None:
    """All accounts: login name, name, roles with their ground, disabled or not."""
    with store.session() as session:
        for row in accounts.listing(session, datetime.now(UTC)):
            held = ", ".join(row["grants"] or ["no role"])
            state = "  disabled" if row["disabled_at"] else ""
            click.echo(f"{row['login']}\t{row['name']}\t{held}{state}")


def _number(session: Session, login: str) -> int:
    try:
        return accounts.number_of(session, login)
    except WanggeError as missing:
        raise click.ClickException(f"There is no account '{login}'.") from missing


def _tell(login: str, password: str) -> None:
    click.echo(f"{login}\t{password}")
    click.echo("The password is good for one sign-in and kept nowhere in clear.")
