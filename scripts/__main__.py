"""`python -m scripts`: one job a command."""

import click

from scripts import (
    account,
    audit,
    check,
    coverage,
    demo,
    evaluate,
    export,
    forget,
    geocode,
    imports,
    loads,
    migrate,
    rotate,
    soak,
    suggest,
    summary,
    ticket_states,
    worker,
)
from scripts.bench import command as bench

COMMANDS = (
    account.account,
    audit.audit,
    bench.bench,
    check.check,
    coverage.coverage,
    demo.demo,
    evaluate.evaluate,
    export.export,
    ticket_states.export_tickets,
    forget.forget,
    geocode.geocode,
    imports.import_tickets,
    loads.load,
    migrate.migrate,
    rotate.rotate_key,
    soak.soak,
    suggest.suggest,
    summary.summary,
    worker.worker,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """网格一张图 Wangge: the commands of the yard."""


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m scripts")
