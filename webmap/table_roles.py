"""Tables that a narrow screen lays out as cards stay tables to whoever has them read aloud.

A browser takes a row that is no longer laid out as one for no row, unless its role is written.
"""

import re
from re import Match
from typing import Final, TypeVar

from flask import Flask

Text = TypeVar("Text", bound=str)

_TAG: Final = re.compile(r"<(table|thead|tbody|tr|th|td)\b(?![^>]*\brole=)([^>]*)>")
_ROLES: Final = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}


def prepare(app: Flask) -> None:
    """Let templates write the roles of all that stands in a table (filter ``as_table``)."""
    app.add_template_filter(as_table)


def as_table(markup: Text) -> Text:
    """Markup of tables with the role of each of their elements; mere text stays mere text."""
    return type(markup)(_TAG.sub(_with_role, markup))


def _with_role(found: Match[str]) -> str:
    name, rest = found.groups()
    role = "rowheader" if 'scope="row"' in rest else _ROLES[name]
    return f'<{name} role="{role}"{rest}>'
