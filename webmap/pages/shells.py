"""What map pages are made of: their shells over the present district, and the categories."""

from flask import current_app

from geodata.services import issues
from webmap import assets, database, languages, maps


def shell(name: str) -> maps.Shell:
    """The map page of this name. Raises NotFound before a district was loaded."""
    vendor = f"{assets.address(current_app)}/vendor"
    return maps.shell(name, maps.Ground(database.ground().bbox, vendor=vendor))


def categories() -> list[dict[str, str]]:
    """The kinds of issue: code, and name in the language of the request."""
    name = f"name_{languages.current()}"
    rows = issues.categories(database.session())
    return [{"code": row["code"], "name": row[name]} for row in rows]
