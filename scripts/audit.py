"""The audit trail by command: proved whole, or taken out."""

import json
from datetime import UTC, datetime
from typing import TextIO

import click

from geodata.services import audit as trail
from scripts import store

_WORDS = {
    "missing": "is missing",
    "altered": "is not as it was written",
    "unlinked": "does not follow the one before it",
}


class _Noted(click.ParamType[tuple[int, str]]):
    """Number and hash of an entry, as an earlier check printed them."""

    name = "number:hash"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        number, sign, head = value.partition(":")
        if not sign or not number.isdecimal() or len(head) != 64:  # noqa: PLR2004 -- SHA-256 in hex
            self.fail("NUMBER:HASH, as an earlier check printed them", param, ctx)
        return int(number), head


@click.group()
def audit() -> None:
    """Prove the audit trail whole, or take it out."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--noted", type=_Noted(), help="An entry that an earlier check printed as the last.")
@click.pass_context
def verify(context: click.Context, *, as_json: bool, noted: tuple[int, str] | None) -> None:
    """Check every link of the chain; exit code 1 and the first broken one if it does not hold."""
    with store.session() as session:
        found = trail.verify(session, noted)
    broken = found.broken
    if as_json:
        told = {"number": broken.number, "kind": broken.kind} if broken else None
        click.echo(json.dumps({"entries": found.entries, "head": found.head, "broken": told}))
    elif broken:
        click.echo(f"Entry {broken.number} {_WORDS[broken.kind]}: the trail was tampered with.")
    else:
        click.echo(f"{found.entries:,} entries, every link holds.")
        click.echo(f"Note elsewhere, for --noted: {found.entries}:{found.head}")
    context.exit(1 if broken else 0)


@audit.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False))
@click.option("--actor", help="Only what this one did.")
@click.option("--action", help="Only this action; with a dot at its end, all that begin so.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day (UTC) on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Before this day (UTC).")
def export(
    file: TextIO,
    *,
    actor: str | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Write the entries as lines of JSON, oldest first, each with its hashes."""
    days = [day and day.replace(tzinfo=UTC) for day in (since, until)]
    wanted, count = trail.Wanted(actor, action, since=days[0], until=days[1]), 0
    with store.session() as session:
        for entry in trail.walk(session, wanted):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
        store.commit(session, trail.Deed("audit.export", detail={"rows": count}))
    click.echo(f"{file.name}: {count:,} entries.")
