"""Load the demo district, or say what gaps were planted in it."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from geodata.demo import Options, generate
from geodata.services import accounts, demo_accounts, demo_days, demo_notices
from geodata.services import demo as service
from geodata.services.audit import Deed
from scripts import store
from webmap.config import timezone

DEFAULTS = Options()


@click.command()
@click.option("--grids", default=DEFAULTS.grids, show_default=True, type=click.IntRange(min=35))
@click.option("--buildings", default=DEFAULTS.buildings, show_default=True, type=click.IntRange(1))
@click.option("--issues", default=DEFAULTS.issues, show_default=True, type=click.IntRange(0))
@click.option("--seed", default=DEFAULTS.seed, show_default=True, type=int)
@click.option("--if-empty", is_flag=True, help="Do nothing where a district was loaded already.")
@click.option("--make", is_flag=True, help="Make the store of WANGGE_STATE where there is none.")
@click.option("--planted", is_flag=True, help="Print what was planted; touch no database.")
def demo(
    *, grids: int, buildings: int, issues: int, seed: int, if_empty: bool, make: bool, planted: bool
) -> None:
    """Make a synthetic district by real names and published totals, and load it.

    A large one for several benches is made once, in a state of its own, by --make; it comes
    without the days before.
    """
    options = Options(
        seed=seed, grids=grids, buildings=buildings, issues=issues, now=datetime.now(UTC)
    )
    if planted:
        for gap in generate(options).planted:
            click.echo(f"{gap.kind}\t{gap.code}\t{gap.note}")
        return
    if make:
        store.make()
    with store.session() as session:
        if not service.is_empty(session):
            if not if_empty:
                raise click.ClickException("A district is loaded already; nothing was changed.")
            sign_ins(session)
            return
        started = time.monotonic()
        click.echo(f"Making the demo district ({grids:,} grids, {buildings:,} buildings) ...")
        district = generate(options)
        click.echo(f"  made after {time.monotonic() - started:.0f} s; loading it ...")
        service.load(session, district)
        demo_notices.load(session, district, options.now)
        if not make:
            demo_days.make(session, options.now, ZoneInfo(timezone()))
        told = {"grids": grids, "buildings": buildings, "issues": issues, "seed": seed}
        store.commit(session, Deed("demo.load", detail=told))
        click.echo(f"  loaded after {time.monotonic() - started:.0f} s.")
        sign_ins(session)


def sign_ins(session: Session) -> None:
    """Make the demo's accounts where there are none, and print their passwords this once.

    A district that is not the demo gets none; how to make the first one is told.
    """
    if accounts.exists_any(session):
        return
    made = demo_accounts.make(session, datetime.now(UTC))
    if made:
        told = {"accounts": [one.login for one in made]}
        store.commit(session, Deed("account.create", detail=told))
    if not made:
        click.echo("Nobody can sign in yet. Make the first administrator with:")
        click.echo("  .venv/bin/python -m scripts account create LOGIN --role administrator")
        return
    click.echo("")
    click.echo("The demo's sign-ins, shown this once and kept nowhere in clear:")
    for one in made:
        click.echo(f"  {one.login:<14} {one.password:<28} {one.name}")
    click.echo("A lost one: .venv/bin/python -m scripts account reset LOGIN")
