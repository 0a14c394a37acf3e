"""The certificate of an issue's assignment, to be read on a screen and printed on one sheet."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import render_template, request
from flask_babel import gettext as _

from geodata.domain.roles import Action
from geodata.services import certificates
from geodata.services.audit import Deed
from webmap import database, deeds, guard, languages, times, words
from webmap.guard import requires

blueprint = APIBlueprint("certificates", __name__, enable_openapi=False)


@blueprint.get("/issues/<uuid:public_id>/certificate")
@requires(Action.SEE_CERTIFICATE)
def certificate(public_id: UUID) -> str:
    """Where an issue lies, which grid has it, by which rule, and who decided."""
    ground = guard.reach(Action.SEE_CERTIFICATE)
    told = certificates.certificate(database.session(), public_id, ground)
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
        day=times.day,
        moment=times.moment,
        length=_length,
    )


def _length(metres: float) -> str:
    """A length in metres, in decimetres where it is short."""
    text = f"{metres:,.1f}" if metres < 100 else f"{metres:,.0f}"  # noqa: PLR2004 -- metres
    return str(_("{length} 米")).format(length=text)
