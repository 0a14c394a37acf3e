"""What all tables share: the metadata with its naming rule, and the checks on shapes."""

from sqlalchemy import CheckConstraint, Column, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def identity() -> Column[int]:
    """A number the database gives, as primary key."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def sound(column: str) -> CheckConstraint:
    """The check that a shape is valid, not empty, in range and on the lattice of 2⁻²³ degree."""
    return CheckConstraint(f"sound_shape({column})", name=f"{column}_sound")


def among(column: str, *values: str) -> CheckConstraint:
    """The check that a text column holds one of the given words (text survives a downgrade)."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({words})", name=f"{column}_known")
