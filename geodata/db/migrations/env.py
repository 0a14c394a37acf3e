"""Alembic's entry: one connection, one transaction, our own rendering of shapes."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from geodata.db.columns import Shape
from geodata.db.tables import metadata

_FOREIGN_TABLES = {"spatial_ref_sys"}


def _include_name(name: str | None, kind: str, parents: Any) -> bool:
    del parents
    return not (kind == "table" and name in _FOREIGN_TABLES)


def _render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Shape):
        autogen.imports.add("import geoalchemy2")
        return f"geoalchemy2.Geometry({item.kind!r}, srid=4326, spatial_index=False)"
    return False


def _compare_type(
    ctx: Any, inspected: Any, model: Any, inspected_type: Any, model_type: Any
) -> bool | None:
    """Shapes are compared by kind and SRID, since reflection gives GeoAlchemy2's own type."""
    del ctx, inspected, model
    if not isinstance(model_type, Shape):
        return None
    return bool((inspected_type.geometry_type, inspected_type.srid) != (model_type.kind, 4326))


def _run(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_lock(hashtext('wangge migrations'))"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_include_name,
        render_item=_render_item,
        compare_type=_compare_type,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
