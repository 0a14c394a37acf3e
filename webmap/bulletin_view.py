"""What everybody sees of what was made known: for the page, the map, GeoJSON and Atom alike."""

from typing import Annotated, Any, Final

from flask import url_for
from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import RowMapping

from geodata.db.bulletins import Cursor, Wanted
from geodata.domain.roles import Action
from geodata.services import bulletins
from webmap import database, guard, languages
from webmap.api.fields import Query

DIGITS: Final = 7
_CURSOR: Final = r"^[0-9]{1,12}(\.[0-9]{1,6})?,[0-9]{1,10}$"


class AreaQuery(Query):
    """Of which street or community, by its code; of all without one."""

    area: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{0,20}$")] = ""

    def wanted(self) -> Wanted:
        """What holds there now. Raises NotFound ``no_area``."""
        if not self.area:
            return Wanted(guard.now())
        return Wanted(guard.now(), *bulletins.area(database.session(), self.area))


Place = Annotated[str, Field(pattern=_CURSOR)]


def area(row: RowMapping) -> dict[str, Any]:
    """Where it holds: the code and name of its community, street, or of the district."""
    language = languages.current()
    for tier in ("community", "street"):
        if code := row[f"{tier}_code"]:
            return {"code": code, "name": row[f"{tier}_{language}"] or row[f"{tier}_zh"]}
    ground = database.ground()
    return {"code": ground.code, "name": ground.name_en if language == "en" else ground.name}


def kind(name: str) -> str:
    """What sort it is, in words."""
    return str(_("办结公示") if name == "solved" else _("通知公告"))


def told(row: RowMapping) -> dict[str, Any]:
    """One of them as the map and the feed tell it."""
    return {
        "id": str(row["public_id"]),
        "url": url_for("bulletins.one", public_id=row["public_id"]),
        "kind": row["kind"],
        "title": row["title"],
        "text": row["text"],
        "area": area(row),
        "since": row["since"],
        "until": row["until"],
    }


def spot(row: RowMapping) -> tuple[float, float] | None:
    """Its place (degrees, longitude first), where it has one."""
    if row["lon"] is None:
        return None
    return round(row["lon"], DIGITS), round(row["lat"], DIGITS)


def publishes() -> bool:
    """Whether who asks makes things known anywhere."""
    return guard.may_somewhere(Action.PUBLISH_BULLETIN)


def written(end: Cursor | None) -> str:
    """Where the next page begins, as an address can hold it."""
    return f"{end[0].timestamp():.6f},{end[1]}" if end else ""
