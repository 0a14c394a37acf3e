"""The norms of the district, by which coverage is judged."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, cast

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template

from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import coverage, norms
from geodata.services.audit import Deed
from webmap import database, deeds
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.texts import sentence

blueprint = APIBlueprint("norms", __name__, enable_openapi=False, url_prefix="/coverage/norms")
FIELDS: Final = ("norm", "band_low", "band_high", "walk_m")


@blueprint.get("")
@requires(Action.LOAD_LAYERS)
def page() -> str:
    """The norms as they are, to be changed."""
    held = coverage.norms(database.session())
    values = (held.norm, held.band_low, held.band_high, int(held.walk_m))
    return _page(dict(zip(FIELDS, map(str, values), strict=True)), "")


def _page(said: Mapping[str, str], problem: str) -> str:
    return render_template("norms.html", norms=said, problem=problem)


@blueprint.post("")
@requires(Action.LOAD_LAYERS)
@posted
def change() -> Response:
    """Change the norms; everything is judged by them at once."""
    session = database.session()
    said = {name: told(name, 6) for name in FIELDS}
    wanted = norms.Norms(*(int(v) if v.isascii() and v.isdecimal() else 0 for v in said.values()))
    try:
        norms.change(session, wanted)
    except WanggeError as refused:
        answer = make_response(_page(said, sentence(refused.code, refused.facts)))
        answer.status_code = status_of(refused)
        return answer
    deeds.commit(session, Deed("norms.change", ("district", "norms"), detail=vars(wanted).copy()))
    return cast("Response", redirect("/coverage/table", HTTPStatus.SEE_OTHER))
