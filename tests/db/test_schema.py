"""Migrations and tables agree, up and down."""

from sqlalchemy import Engine, inspect

from geodata.db import schema
from geodata.db.tables import metadata


def test_down_and_up_again_gives_the_same_schema(database: Engine) -> None:
    schema.check(database)
    schema.downgrade(database)
    assert not set(metadata.tables) & set(inspect(database).get_table_names())
    schema.upgrade(database)
    schema.check(database)


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    before = sorted(inspect(database).get_table_names())
    schema.upgrade(database)
    assert sorted(inspect(database).get_table_names()) == before


def test_the_newest_migration_is_where_a_database_comes_to_stand(database: Engine) -> None:
    assert schema.present(database) == schema.newest()


def test_every_table_has_its_chinese_name() -> None:
    assert [name for name, table in metadata.tables.items() if not table.comment] == []
