"""Pages of those who work here: bringing tickets in as files."""

from apiflask import APIBlueprint
from flask import render_template

from webmap import database

blueprint = APIBlueprint("staff", __name__, enable_openapi=False)


@blueprint.get("/imports")
def imports() -> str:
    """Bring in a file of tickets, and see what became of earlier ones."""
    return render_template("imports.html", job_id=None, district=database.ground())


@blueprint.get("/imports/<int:job_id>")
def one_import(job_id: int) -> str:
    """The same page, open at one import."""
    return render_template("imports.html", job_id=job_id, district=database.ground())
