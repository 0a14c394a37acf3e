"""The web application, put together from its settings."""

from pathlib import Path

from apiflask import APIFlask
from sqlalchemy.orm import Session, sessionmaker

from webmap import (
    api,
    assets,
    authors,
    config,
    database,
    deeds,
    errors,
    forms,
    guard,
    languages,
    limits,
    openapi,
    pages,
    paths,
    policy,
    proxies,
    single_sign_on,
    strict_json,
    table_roles,
)
from webmap.basemap import BaseMap

__all__ = ["create_app"]


def create_app(
    settings: config.Config | None = None, sessions: sessionmaker[Session] | None = None
) -> APIFlask:
    """The web application; settings come from the environment where none are given.

    Raises WanggeError where a setting is missing.
    """
    given = settings or config.read()
    app = APIFlask(
        "webmap", title="网格一张图 Wangge", version="1", docs_path=None, json_errors=False
    )
    app.json = strict_json.Provider(app)
    strict_json.prepare(app)
    app.config.update(
        SECRET_KEY=given.secret_key,
        MAX_CONTENT_LENGTH=24 * 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        TRUSTED_HOSTS=list(given.trusted_hosts) or None,
        SEND_FILE_MAX_AGE_DEFAULT=None,
        OPENAPI_VERSION="3.1.0",
        AUTO_404_RESPONSE=False,
        AUTO_OPERATION_ID=True,
        DESCRIPTION="Grids, buildings, party groups and residents' issues of one district.",
        TIMEZONE=given.timezone,
        CONTACT_DAYS=given.contact_days,
        MEDIA=given.media,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
    )
    languages.prepare(app)
    database.prepare(app, given, sessions)
    deeds.prepare(app)
    policy.prepare(app, secure=given.secure, basemap=given.basemap)
    forms.prepare(app)
    proxies.prepare(app, given.proxies)
    limits.prepare(app, given.rate)
    guard.prepare(app, given.policy)
    authors.prepare(app)
    single_sign_on.prepare(app, given.single_sign_on)
    errors.prepare(app)
    paths.prepare(app)
    assets.prepare(app)
    table_roles.prepare(app)
    openapi.prepare(app)
    pages.exports.prepare(app)
    for blueprint in (*api.BLUEPRINTS, *pages.BLUEPRINTS):
        app.register_blueprint(blueprint)
    _lay_under(app, given.basemap)
    guard.finish(app)
    return app


def _lay_under(app: APIFlask, basemap: BaseMap) -> None:
    """Tell the pages of the base map, and serve its file where it is one."""
    app.context_processor(lambda: {"basemap": basemap})
    if basemap.archive:
        app.config[api.archive.SETTING] = str(basemap.archive)
        app.register_blueprint(api.archive.blueprint)
