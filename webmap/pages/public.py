"""What anybody may open: the map, the report form, one issue, and what this is."""

from importlib.metadata import version
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, current_app, jsonify, render_template, request

from geodata.demo import ATTRIBUTION
from geodata.domain.roles import Action
from geodata.errors import NotFound
from webmap import answers, assets, database, guard, languages, maps
from webmap.guard import public
from webmap.pages.shells import categories, shell

blueprint = APIBlueprint("public", __name__, enable_openapi=False)
_NARROWING_NOTHING = {"lang", "q"}
_SHOWN_VERSIONS = ("flask", "folium", "shapely", "sqlalchemy", "geoalchemy2")


@blueprint.get("/")
@public
def overview() -> str:
    """The map of the district: of its ground for everybody, with its issues for who sees them.

    What a page asks first is told by its address.
    """
    if not guard.may_somewhere(Action.SEE_ISSUES):
        return render_template("town.html", shell=shell("town"), district=database.ground())
    narrowed = not set(request.args) <= _NARROWING_NOTHING
    return render_template(
        "map.html", shell=shell("overview"), narrowed=narrowed, **_about_ground()
    )


@blueprint.get("/report")
@public
def report() -> str:
    """The form on which a resident reports an issue."""
    days = current_app.config["CONTACT_DAYS"]
    return render_template(
        "report.html", shell=shell("report"), contact_days=days, **_about_ground()
    )


@blueprint.get("/track")
@public
def track() -> str:
    """Where somebody who has reported types the code, and finds how far it is."""
    return render_template("track.html")


@blueprint.get("/issues/<uuid:public_id>")
@public
def issue(public_id: UUID) -> str:
    """One issue, for whoever follows it."""
    return render_template(
        "issue.html", shell=shell("issue"), issue_id=str(public_id), **_about_ground()
    )


@blueprint.get("/about")
@public
def about() -> str:
    """What this is, where its data come from and what it is made with."""
    versions = [(name, version(name)) for name in _SHOWN_VERSIONS]
    return render_template("about.html", versions=versions, attributions=[ATTRIBUTION])


@blueprint.get("/maps/<name>.js")
@public
def script(name: str) -> Response:
    """The script that Folium composed for a map page, kept out of the HTML.

    Under the address that a page gives, with its version, it is asked for once.
    """
    if name not in maps.PAGES:
        raise NotFound("no_page")
    made = shell(name)
    answer = answers.kept(made.script, "text/javascript")
    if request.args.get("v") == made.etag:
        answer.headers["Cache-Control"] = assets.FOR_LONG
    return answer


@blueprint.get("/texts/<language>.json")
@public
def texts(language: str) -> Response:
    """The catalogue for the browser: English by Chinese; empty for Chinese."""
    if language not in languages.LANGUAGES:
        raise NotFound("no_page")
    return answers.kept(jsonify(languages.texts(language)).get_data(), "application/json")


def _about_ground() -> dict[str, object]:
    return {"district": database.ground(), "categories": categories()}
