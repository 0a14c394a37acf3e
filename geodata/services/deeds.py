"""What came of imports, loads and exports, as the audit trail tells it."""

from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.domain.audit import Deed, Result
from geodata.services import imports, loads
from geodata.services.exports import Checked

_IMPORT: Final = ("channel", "file_name", "total", "added", "known", "unplaced", "refused")
_LOAD: Final = (
    *("kind", "file_name", "dry_run", "state", "total", "added", "changed", "same", "refused"),
    *("flagged", "repaired"),
)


def import_ended(session: Session, number: int) -> Deed:
    """What an import came to. Raises NotFound."""
    return _ended("import.end", "import", imports.one(session, number), _IMPORT)


def load_ended(session: Session, number: int) -> Deed:
    """What a load came to. Raises NotFound."""
    return _ended("load.end", "load", loads.one(session, number), _LOAD)


def _ended(action: str, kind: str, job: RowMapping, told: tuple[str, ...]) -> Deed:
    detail: dict[str, Any] = {name: job[name] for name in told}
    if job["error"]:
        detail["error"] = job["error"]["code"]
    result: Result = "failed" if job["state"] == "failed" else "done"
    return Deed(action, (kind, str(job["id"])), result, detail)


def exported(wanted: Checked, rows: int) -> Deed:
    """That a layer or list left as a file, with how many rows and narrowed by what."""
    layer = ("layer", wanted.order.layer)
    return Deed("export.file", layer, detail={**ordered(wanted), "rows": rows})


def ordered(wanted: Checked) -> dict[str, Any]:
    """What an export was asked for with."""
    order = wanted.order
    told: dict[str, Any] = {"layer": order.layer, "format": order.format, "crs": order.crs}
    return {**told, "filters": dict(order.filters)} if order.filters else told
