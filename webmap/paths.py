"""What may stand in the paths of our addresses; anything else is no page of ours."""

from apiflask import APIFlask
from werkzeug.routing import BaseConverter, IntegerConverter, Map

_LARGEST = 2**31 - 1


class Number(IntegerConverter):
    """A number that the database's integers can hold."""

    def __init__(self, map: Map) -> None:  # noqa: A002 -- the name that Werkzeug gives it
        super().__init__(map, max=_LARGEST)


class Code(BaseConverter):
    """A code of a grid or a community."""

    regex = "[0-9A-Za-z_-]{1,20}"


def prepare(app: APIFlask) -> None:
    """Know these kinds of path part; to be done before the routes are added."""
    app.url_map.converters |= {"int": Number, "code": Code}
