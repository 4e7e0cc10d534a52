"""The composition root: settings to database to doors. It holds no rule."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from flask import Flask, Request
from flask.sessions import SessionInterface
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import ArgumentError

from tracker import api, logging
from tracker.actions.operations.readiness import check_server
from tracker.actions.support.derived_data import HOOKS
from tracker.actions.support.unit import guard_sessions
from tracker.api.openapi import document
from tracker.api.routing import Routes
from tracker.database.file_modes import NoDatabase, NotPrivate, NotSQLite, find_sqlite_file, make_absolute
from tracker.domain.errors import Refusal
from tracker.feeds.front import Front
from tracker.files.files import Files
from tracker.files.opening import open_files
from tracker.http.context import Context
from tracker.http.follow_up import FollowUp
from tracker.http.health import Health
from tracker.http.metrics import Meter
from tracker.http.middleware import Middleware
from tracker.http.rate_limits import RateLimits
from tracker.public.replica import PublicReads, Replica
from tracker.settings import Settings, SettingsError
from tracker.store.database import db, prepare_engine
from tracker.web import desk, followers, tips
from tracker.web import public as pages


class _NoSession(SessionInterface):
    """Flask keeps no session: the API knows keys, and the desk has sessions of its own."""

    def open_session(self, app: Flask, request: Request) -> None:  # noqa: ARG002  # Flask's signature
        return None

    def is_null_session(self, obj: object) -> bool:  # noqa: ARG002  # the same
        return True


#: How many connections a process keeps open while it has nothing to do.
_IDLE: Final = 8


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> Flask:
    """The application. Clock and randomness are arguments, so that a test can hold both still."""
    app = open_record(settings)
    attach_doors(app, settings, clock, entropy)
    return app


def open_record(settings: Settings) -> Flask:
    """The application without its doors: what a command needs, which nobody asks anything over HTTP."""
    app = Flask("tracker", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=_database(settings),
        SQLALCHEMY_ENGINE_OPTIONS=_bound_connections(settings),
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.body_limit,
    )
    db.init_app(app)
    app.teardown_appcontext(_leave_database)
    guard_sessions(db.session, HOOKS)
    with app.app_context():
        try:
            prepare_engine(db.engine, settings.time_limit)
        except (NotPrivate, NotSQLite) as error:
            raise SettingsError(str(error)) from None
        except OSError as error:
            raise SettingsError(
                f"the database cannot be written: {error.filename}: {error.strerror}; see that its disk is mounted"
                " to be written, and that it belongs to the account of the tracker"
            ) from None
    return app


def _leave_database(_error: BaseException | None) -> None:
    """Give the connection back. Where it was lost, the answer is made nevertheless, and what was recorded is."""
    try:
        db.session.remove()
    except Refusal:
        db.session().invalidate()  # it is closed, and not given back
        db.session.remove()


def attach_doors(
    app: Flask, settings: Settings, clock: Callable[[], datetime], entropy: Callable[[int], bytes]
) -> None:
    """What is asked over HTTP: the private API, feeds and public documents, pages."""
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.session_interface = _NoSession()
    api.attach(app)
    pages.attach(app)
    pages.attach_guides(app)
    desk.attach(app)
    tips.attach(app)
    followers.attach(app)
    set_context(app, settings, clock, entropy)


def set_context(
    app: Flask, settings: Settings, clock: Callable[[], datetime], entropy: Callable[[int], bytes]
) -> None:
    """Give the doors what they work with, and empty limits and caches. What is set a second time forgets the first."""
    log = logging.make_logger(settings.log_level)
    files = open_store(settings, entropy)
    with app.app_context():
        engine = db.engine
    reads = PublicReads(engine, open_replica(settings))
    app.extensions["tracker"] = Context(
        settings,
        clock,
        entropy,
        engine,
        reads,
        log,
        RateLimits.of(settings, log),
        files,
        contract=document.serve_document,
    )
    pages.set_site(
        app,
        pages.Site(reads, settings.base_url, clock, log, document.serve_document, settings.mail is not None),
    )
    routes = Routes(app, private=desk.list_endpoints() | followers.list_endpoints() | tips.list_endpoints())
    doors = Flask.wsgi_app.__get__(app)
    front = Front(
        doors, reads, routes, settings.base_url, clock, settings.page_cache, settings.security_contact
    )
    https = settings.base_url.startswith("https:")
    count = None if settings.metrics is None else Meter().count
    look = partial(
        check_server, engine, files, settings.sealing_keys, settings.log_key, replica=reads.replica
    )
    health = Health(front, lambda: look(clock()), log)
    app.wsgi_app = pages.ProblemPages(Middleware(health, log, routes, https=https, count=count))  # type: ignore[method-assign]


def open_replica(settings: Settings) -> Replica | None:
    """The replica that public reads may go to; None where none is named."""
    if settings.public_database_url is None:
        return None
    engine = create_engine(settings.public_database_url, **_bound_connections(settings))
    prepare_engine(engine, settings.time_limit)
    return Replica(engine)


def require_database(settings: Settings) -> None:
    """Refuse a SQLite database that is not there: who looks at one must not make it."""
    path = find_sqlite_file(make_url(_database(settings)))
    if path is not None and path.parent.is_dir() and not path.exists():
        raise NoDatabase(f"there is no database at {path}; `tracker db upgrade` makes one")


def _bound_connections(settings: Settings) -> dict[str, Any]:
    """A request that gets no connection in time is told so, like one that gets no turn to write. The connection that
    was given back last is taken first: what it read of a SQLite file is in its memory until another writes."""
    idle = min(_IDLE, settings.connections)
    return {
        "pool_size": idle,
        "max_overflow": settings.connections - idle,
        "pool_timeout": settings.time_limit,
        "pool_use_lifo": True,
    }


def _database(settings: Settings) -> str:
    """A relative path is seen from the current folder; Flask-SQLAlchemy would see it from a folder of its own."""
    try:
        return make_absolute(settings.database_url).render_as_string(hide_password=False)
    except (ArgumentError, ValueError):
        raise SettingsError("TRACKER_DATABASE_URL cannot be read: is its port a number?") from None


def open_store(settings: Settings, entropy: Callable[[int], bytes]) -> Files | None:
    """Where evidence files lie; None where nobody has named a place."""
    if settings.files is None:
        return None
    return open_files(settings.files, entropy, endpoint=settings.files_endpoint, region=settings.files_region)


def serving() -> Flask:
    """The application for a server: its settings come from the environment, and a thread follows its commits."""
    settings = Settings.from_environment()
    require_database(settings)
    app = create_app(settings)
    known = app.extensions["tracker"]
    follow_up = FollowUp(app)
    app.extensions["tracker"] = replace(known, follow_up=follow_up)
    follow_up.ask()  # what an earlier process left, and what is embargoed
    return app
