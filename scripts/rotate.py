"""A new key for what is sealed, and everything sealed anew with it."""

import os

import click

from geodata.services import contacts, second_factor
from geodata.services.audit import Deed
from geodata.services.sealing import Sealer
from scripts import store
from scripts.setup import locks, settings


@click.command("rotate-key")
def rotate_key() -> None:
    """Seal contacts and second factors with a new key and forget the old one.

    scripts/serve must not run.

    With WANGGE_FIELD_KEY set to "NEW OLD", with NEW; a run that was cut off is finished.
    """
    state = settings.read().state
    given = bool(os.environ.get("WANGGE_FIELD_KEY"))
    descriptor = locks.open_lock(settings.make_state(state) / "serve.lock")
    if not locks.try_lock(descriptor):
        raise click.ClickException("Stop scripts/serve first: it would not know the new key.")
    try:
        keys = settings.field_key(state) if given else settings.new_field_key(state, keep=2)
        count, factors = _reseal(Sealer(keys))
        if not given:
            settings.new_field_key(state, keep=0)
    finally:
        os.close(descriptor)
    click.echo(f"{count:,} contacts sealed anew, and {factors:,} second factors.")


def _reseal(sealer: Sealer) -> tuple[int, int]:
    """Seal everything anew; how many contacts, and how many secrets of second factors."""
    count = 0
    with store.session() as session:
        while part := contacts.reseal(session, sealer):
            session.commit()
            count += part
        factors = second_factor.reseal(session, sealer)
        told = {"contacts": count, "second_factors": factors}
        store.commit(session, Deed("key.rotate", detail=told))
    return count, factors
