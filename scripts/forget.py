"""Forget contacts whose time is over."""

from datetime import UTC, datetime

import click

from geodata.services import contacts
from scripts import store
from webmap.config import contact_days


@click.command()
def forget() -> None:
    """Forget the contacts of issues closed longer ago than WANGGE_CONTACT_DAYS days."""
    days = contact_days()
    with store.session() as session:
        gone = contacts.forget(session, datetime.now(UTC), days, store.operator())
        session.commit()
    click.echo(
        f"Forgotten after {days} days: {gone.issues:,} contacts of closed issues, "
        f"{gone.refused:,} of refused rows."
    )
