"""Forget contacts and sessions whose time is over."""

from datetime import UTC, datetime

import click

from geodata.services import contacts, own_sessions
from scripts import store
from webmap.config import contact_days


@click.command()
def forget() -> None:
    """Forget contacts of issues closed longer ago than WANGGE_CONTACT_DAYS days, old sessions."""
    days = contact_days()
    with store.session() as session:
        now = datetime.now(UTC)
        gone = contacts.forget(session, now, days, store.operator())
        over = own_sessions.forget(session, now)
        session.commit()
    click.echo(
        f"Forgotten after {days} days: {gone.issues:,} contacts of closed issues, "
        f"{gone.refused:,} of refused rows; {over:,} sessions that are long over."
    )
