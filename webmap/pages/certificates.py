"""The certificate of an issue's assignment, to be read on a screen and printed on one sheet."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import current_app, render_template, request
from flask_babel import gettext as _

from geodata.services import certificates
from geodata.services.audit import Deed
from webmap import database, deeds, languages, words

blueprint = APIBlueprint("certificates", __name__, enable_openapi=False)


@blueprint.get("/issues/<uuid:public_id>/certificate")
def certificate(public_id: UUID) -> str:
    """Where an issue lies, which grid has it, by which rule, and who decided."""
    told = certificates.certificate(database.session(), public_id)
    deeds.seen(Deed("certificate.view", ("issue", str(public_id)), detail={"check": told.digest}))
    return render_template(
        "certificate.html",
        told=told,
        facts=told.facts,
        picture=told.picture,
        category=told.facts[f"category_{languages.current()}"],
        district=database.ground(),
        address=f"{request.host_url}issues/{public_id}/certificate",
        words=words,
        day=_day,
        moment=_moment,
        length=_length,
    )


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(current_app.config["TIMEZONE"]))


def _day(at: datetime) -> str:
    return f"{_local(at):%Y-%m-%d}"


def _moment(at: datetime) -> str:
    return f"{_local(at):%Y-%m-%d %H:%M}"


def _length(metres: float) -> str:
    """A length in metres, in decimetres where it is short."""
    text = f"{metres:,.1f}" if metres < 100 else f"{metres:,.0f}"  # noqa: PLR2004 -- metres
    return str(_("{length} 米")).format(length=text)
