"""`python -m scripts`: one job a command."""

import importlib
from typing import Any, Final, cast

import click

COMMANDS: Final = {
    "account": "account",
    "audit": "audit",
    "bench": "bench.command",
    "check": "check",
    "coverage": "coverage",
    "demo": "demo",
    "evaluate": "evaluate",
    "export": "export",
    "export-tickets": "ticket_states",
    "forget": "forget",
    "geocode": "geocode",
    "import-tickets": "imports",
    "load": "loads",
    "migrate": "migrate",
    "rotate-key": "rotate",
    "soak": "soak",
    "suggest": "suggest",
    "summary": "summary",
    "worker": "worker",
}
"""Each command and the module of this package that holds it under its own name."""


class Yard(click.Group):
    """Commands whose modules are read only when they are called: one needs little of the others."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of a name, None where there is none."""
        if name not in COMMANDS:
            return None
        module: Any = importlib.import_module(f"scripts.{COMMANDS[name]}")
        return cast("click.Command", getattr(module, name.replace("-", "_")))


@click.group(cls=Yard, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """网格一张图 Wangge: the commands of the yard."""


if __name__ == "__main__":
    main(prog_name="python -m scripts")
