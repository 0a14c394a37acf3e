"""Pages of those who work here: bringing in tickets, layers and lists; what the checks found."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import current_app, render_template

from geodata.domain.roles import Action
from geodata.services import audit as trail
from webmap import database, guard, words
from webmap.api.audit import AuditQuery
from webmap.api.mine import MineQuery
from webmap.guard import requires
from webmap.pages.shells import categories, shell

blueprint = APIBlueprint("staff", __name__, enable_openapi=False)


@blueprint.get("/imports")
@requires(Action.IMPORT_TICKETS)
def imports() -> str:
    """Bring in a file of tickets, and see what became of earlier ones."""
    return render_template("imports.html", job_id=None, district=database.ground())


@blueprint.get("/imports/<int:job_id>")
@requires(Action.IMPORT_TICKETS)
def one_import(job_id: int) -> str:
    """The same page, open at one import."""
    return render_template("imports.html", job_id=job_id, district=database.ground())


@blueprint.get("/audit")
@requires(Action.READ_AUDIT)
@blueprint.input(AuditQuery, location="query")
def audit(query_data: AuditQuery) -> str:
    """The audit trail, newest first, narrowed as the form says."""
    rows, end = trail.page(
        database.session(), query_data.wanted(), query_data.before, query_data.limit
    )
    asked = query_data.model_dump(exclude_defaults=True, exclude={"before", "lang"}, mode="json")
    return render_template(
        "audit.html",
        shown=rows,
        older=urlencode({**asked, "before": end}) if end else None,
        newest=urlencode(asked) if query_data.before else None,
        asked=asked,
        words=words,
        zone=ZoneInfo(current_app.config["TIMEZONE"]),
    )


@blueprint.get("/quality")
@requires(Action.SEE_QUALITY)
def quality() -> str:
    """The problems of the present division, under the standard's six checks, on a map."""
    return render_template("quality.html", shell=shell("quality"), district=database.ground())


@blueprint.get("/my-grid")
@requires(Action.HANDLE_ISSUE)
@blueprint.input(MineQuery, location="query")
def mine(query_data: MineQuery) -> str:
    """What a grid worker has to do: the own ground, its open issues, the next step of each."""
    return render_template(
        "mine.html",
        shell=shell("mine"),
        grid=query_data.grid,
        visited=sorted(guard.reach(Action.RECORD_VISIT).grid_codes),
        categories=categories(),
        district=database.ground(),
    )


@blueprint.get("/loads")
@requires(Action.LOAD_LAYERS)
def loads() -> str:
    """Bring in a layer or a list; works before any district was loaded."""
    return _loads(None)


@blueprint.get("/loads/<int:job_id>")
@requires(Action.LOAD_LAYERS)
def one_load(job_id: int) -> str:
    """The same page, open at one load."""
    return _loads(job_id)


def _loads(job_id: int | None) -> str:
    return render_template("loads.html", job_id=job_id)
