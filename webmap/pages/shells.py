"""The map pages' shells over the present district."""

from flask import current_app

from webmap import assets, database, maps


def shell(name: str) -> maps.Shell:
    """The map page of this name. Raises NotFound before a district was loaded."""
    vendor = f"{assets.address(current_app)}/vendor"
    return maps.shell(name, maps.Ground(database.ground().bbox, vendor=vendor))
