"""Bringing a database to the present schema, and proving that models and migrations agree."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The revision this program wants: the migrations' files begin with their numbers."""
    return max(file.name.partition("_")[0] for file in _MIGRATIONS.glob("[0-9]*.py"))


def present(engine: Engine) -> str | None:
    """The revision a database stands at; None where it has no tables of ours."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        stands: str | None = connection.scalar(text("select version_num from alembic_version"))
    return stands


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up to `revision`; two at once wait for each other."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate down to `revision`."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), revision)


def check(engine: Engine) -> None:
    """Raise `alembic.util.CommandError` where the tables differ from what migrations make."""
    with engine.connect() as connection:
        command.check(_config(connection))


def revise(engine: Engine, message: str, revision: str) -> None:
    """Write a migration for what the tables have and the database lacks."""
    with engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _config(connection: object) -> Config:
    config = Config(toml_file=_PYPROJECT)
    config.attributes["connection"] = connection
    return config
