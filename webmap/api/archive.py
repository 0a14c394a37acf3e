"""The PMTiles file of the base map, from which browsers fetch the parts that they draw."""

from pathlib import Path
from typing import Final

from apiflask import APIBlueprint
from flask import Response, current_app, send_file

from geodata.errors import NotFound
from webmap.basemap import ARCHIVE_PATH
from webmap.guard import public

blueprint = APIBlueprint("archive", __name__, tag="tiles")
SETTING: Final = "TILE_ARCHIVE"
_KEPT_S: Final = 3600


@blueprint.get(ARCHIVE_PATH)
@public
@blueprint.doc(responses=[404, 416])
def archive() -> Response:
    """The archive, or the one range of bytes that is asked for; streamed, never read whole."""
    path = Path(current_app.config[SETTING])
    try:
        answer = send_file(
            path, mimetype="application/vnd.pmtiles", conditional=True, max_age=_KEPT_S
        )
    except OSError as gone:
        raise NotFound("no_archive") from gone
    return answer
