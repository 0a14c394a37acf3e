"""Two pages for a dead network: the report and the own grid, without anything that is anybody's."""

import json
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, current_app, render_template

from webmap import answers, assets, database
from webmap.guard import public
from webmap.pages.shells import categories, shell

blueprint = APIBlueprint("offline", __name__, enable_openapi=False)


@blueprint.get("/offline-worker.js")
@public
def worker() -> Response:
    """The service worker: another one with each version of our files."""
    source = Path(current_app.static_folder or "", "js", "offline-worker.js").read_text("utf-8")
    told = f"const STATIC = {json.dumps(assets.address(current_app))};\n"
    return answers.kept(told + source, "text/javascript")


@blueprint.get("/report/offline")
@public
def report() -> str:
    """The report form as it is laid up."""
    return render_template(
        "report.html",
        shell=shell("report"),
        contact_days=current_app.config["CONTACT_DAYS"],
        laid_up=True,
        district=database.ground(),
        categories=categories(),
    )


@blueprint.get("/my-grid/offline")
@public
def mine() -> str:
    """The page of the own grid as it is laid up: what is on it the browser knows by itself."""
    return render_template(
        "mine.html",
        shell=shell("mine"),
        grid="",
        visited=[],
        laid_up=True,
        district=database.ground(),
        categories=categories(),
    )
