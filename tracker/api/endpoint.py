"""An endpoint is declared: method, path, permission, query, body, answer, refusals; then a few lines.

The declaration feeds Flask and the OpenAPI document alike, so the two cannot differ. Permission is mandatory;
`PUBLIC` must be said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from flask import Flask, Response, g, request
from marshmallow import Schema
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tracker.actions import idempotency, signing
from tracker.actions.idempotency import Once
from tracker.actions.own import of_the_desk
from tracker.actions.people import note_use
from tracker.actions.unit import Unit, unit
from tracker.api import once, reading
from tracker.api.context import Context, context
from tracker.domain import ids
from tracker.domain.errors import Busy, NotAuthenticated, NotFound, Refusal
from tracker.domain.people import PERMISSIONS, PUBLIC, Actor
from tracker.domain.tracks import SUBJECTS
from tracker.public import served
from tracker.public.events import encode
from tracker.public.queries import Finished
from tracker.store import people
from tracker.store.database import db

Method = Literal["GET", "POST", "PATCH"]
JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
_PARAMETER: Final = re.compile(r"{(\w+)}")

#: What a parameter of a path may name besides one kind of thing.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": SUBJECTS,
    "thing": ("process", "organization", *SUBJECTS),
}

#: Every endpoint there is, in the order of declaration.
ENDPOINTS: list[Endpoint] = []


class Received(Protocol):
    """A body that was taken in as a file."""

    @property
    def fingerprint(self) -> bytes:
        """All that makes two such bodies the same."""

    def undo(self) -> None:
        """Throw its bytes away: nothing names them."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A declared endpoint. ``path`` is written as OpenAPI writes it; ``names`` says what its parameters name,
    ``choices`` which codes a parameter takes that names no thing. ``prepare`` does what takes long before the handler
    has the right to write; what it returns is the handler's `Call.prepared`.

    ``receive`` is for a body that is a file: it takes the bytes in while they arrive, before anything may be written,
    and what it returns is `Call.prepared`. ``form`` says the parts of one that is made of several.

    Of a POST that is not ``kept`` no answer is stored, whatever header is sent: a repetition is an act of its own. It
    is for what is read on record: the trail shows each reading, and what was read lies nowhere else.

    An answer that ``produces`` another media type than JSON streams: the handler gives its bytes piece by piece. Where
    it is made of lines of JSON, ``answer`` lists the shapes of which each line has one; where it is a file, none.
    ``ranges``: a part of that file can be asked for.

    ``answer`` is what the desk is answered; ``own``, where it is given, what everybody else is: what is their own, in a
    shape that has no place for what is the desk's.
    """

    method: Method
    path: str
    permission: str
    tag: str
    summary: str
    handler: Callable[..., Any]
    answer: type[Schema] | tuple[type[Schema], ...]
    own: type[Schema] | None = None
    status: int = 200
    body: type[Schema] | None = None
    form: type[Schema] | None = None
    query: type[Schema] | None = None
    refusals: tuple[type[Refusal], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versioned: bool = False
    produces: str = JSON
    prepare: Callable[[Call], Any] | None = None
    receive: Callable[..., Received] | None = None
    kept: bool = True
    ranges: bool = False

    @property
    def operation(self) -> str:
        return self.handler.__name__

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    def kinds(self, parameter: str) -> tuple[str, ...]:
        """The kinds of thing that a parameter of the path may name."""
        named = self.names[parameter]
        return GROUPS.get(named, (named,))

    @property
    def media_types(self) -> tuple[str, ...]:
        return (MERGE_PATCH, JSON) if self.method == "PATCH" else (JSON,)


def endpoint(
    method: Method, path: str, **declared: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the function below as an endpoint; see `Endpoint` for what can be said."""

    def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
        one = Endpoint(method=method, path=path, handler=handler, **declared)
        if one.permission != PUBLIC and one.permission not in PERMISSIONS:
            raise ValueError(f"{path}: there is no permission {one.permission!r}")
        if any(one.operation == other.operation for other in ENDPOINTS):
            raise ValueError(f"{path}: the name {one.operation} is taken")
        ENDPOINTS.append(one)
        return handler

    return declare


@dataclass(slots=True)
class Call:
    """One request, read and found well formed."""

    context: Context
    now: datetime
    actor: Actor | None
    query: dict[str, Any]
    body: dict[str, Any]
    expected: int | None
    opened: Unit | None = None
    prepared: Any = None
    after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        """Whoever asks; only for endpoints that need a permission."""
        if self.actor is None:
            raise NotAuthenticated("send a key")
        return self.actor

    @property
    def unit(self) -> Unit:
        """The transaction of the act, which ends when the handler has answered; a GET has none."""
        if self.opened is None:
            raise RuntimeError("a GET writes nothing")
        return self.opened

    @property
    def session(self) -> Session:
        """The working record, to read from."""
        return db.session()

    @property
    def public(self) -> Connection:
        """The public side, to read from; closed with the request."""
        if "public" not in g:
            g.public = self.context.engine.connect()
        connection: Connection = g.public
        return connection


def attach(app: Flask) -> None:
    """Give every declared endpoint its route."""
    for one in ENDPOINTS:
        route = _PARAMETER.sub(r"<\1>", one.path)
        # No automatic OPTIONS: what answers is what is declared. A GET still answers HEAD.
        app.add_url_rule(
            route, one.operation, _view(one), methods=[one.method], provide_automatic_options=False
        )
    app.teardown_appcontext(_close)


def _close(_error: BaseException | None) -> None:
    connection: Connection | None = g.pop("public", None)
    if connection is not None:
        connection.close()


def _view(one: Endpoint) -> Callable[..., Response]:
    body = None if one.body is None else one.body()
    query = None if one.query is None else one.query()
    whole = None if isinstance(one.answer, tuple) else one.answer()
    own = whole if one.own is None else one.own()

    def view(**parameters: str) -> Response:
        known = context()
        now = known.clock()
        actor = None if one.permission == PUBLIC else authenticate(now)
        if actor is not None:
            known.limit.count(actor.key or actor.id, now)
            known.limit.enter(actor.key or actor.id)
            actor.require(one.permission)
        answer = whole if actor is None or of_the_desk(actor) else own
        _named(one, parameters)
        call = Call(
            context=known,
            now=now,
            actor=actor,
            query=reading.query(query),
            expected=reading.expected_version(parameters["id"], one.method) if one.versioned else None,
            body={},
        )
        raw = b""
        if one.method == "POST":
            once.given()  # what is wrong with a header is said before a body is waited for
        if body is not None or one.receive is not None:
            reading.require_one_media_type()
        if body is not None:
            db.session().rollback()  # however long it takes to arrive, nothing in the database is held for it
            raw = reading.raw(*one.media_types)
            call.body = reading.body(body, raw)
        if one.method == "GET":
            said = one.handler(call, **parameters)
            return finished(said) if isinstance(said, Finished) else _record(one, answer, said)
        if one.receive is not None:
            return _take_in(one, one.receive, answer, call, parameters)
        asked = once.asked(call.by, raw) if one.method == "POST" else None
        if asked is None or not one.kept:
            return _act(one, answer, call, parameters)
        return _act_once(one, answer, call, parameters, asked)

    return view


def _named(one: Endpoint, parameters: Mapping[str, str]) -> None:
    """`NotFound` where a parameter of the path names nothing that can be there."""
    for name, value in parameters.items():
        if name in one.choices:
            if value not in one.choices[name]:
                raise NotFound(f"there is no {name} {value[:64]!r}")
        elif ids.kind_of(value) not in one.kinds(name):
            raise NotFound(f"there is no {one.names[name]} {value[:64]!r}")


def _take_in(
    one: Endpoint,
    receive: Callable[..., Received],
    answer: Schema | None,
    call: Call,
    parameters: Mapping[str, str],
) -> Response:
    """One act on a file. What is refused, or was done before, leaves no bytes; an accident leaves them to the sweep,
    which looks whether a row names them."""
    received = call.prepared = receive(call, **parameters)
    try:
        asked = once.asked(call.by, received.fingerprint)
        if asked is None:
            return _act(one, answer, call, parameters)
        response = _act_once(one, answer, call, parameters, asked)
    except Busy:
        raise
    except Refusal:
        received.undo()
        raise
    if once.REPLAYED in response.headers:
        received.undo()
    return response


def _act_once(
    one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], asked: Once
) -> Response:
    """The same, but for a request that was acted on already: its answer again."""
    before = idempotency.begin(call.session, call.by, call.now, call.context.entropy, asked)
    if before is not None:
        return once.replayed(before)
    try:
        return _act(one, answer, call, parameters, asked)
    except Exception:
        with suppress(Busy):  # then the claim runs out by itself
            idempotency.give_up(call.session, call.by, call.now, call.context.entropy, asked)
        raise


def _act(
    one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], asked: Once | None = None
) -> Response:
    """One act, one transaction: the answer is made before the commit, from what will then be recorded."""
    if one.prepare is not None:
        call.prepared = one.prepare(call)
    with unit(call.session, call.by, call.now, call.context.entropy) as call.opened:
        said = one.handler(call, **parameters)
        call.session.flush()
        response = _record(one, answer, said)
        idempotency.sweep(call.unit)
        if asked is not None:
            about = parameters.get("id") or getattr(said, "id", None)
            idempotency.keep(call.unit, asked, once.packed(response), about)
    for step in call.after:  # what the database cannot undo waits for the commit
        step()
    if (key := call.context.settings.log_key) is not None:
        why = signing.follow(call.session, key, call.now, call.context.entropy)
        if why is not None:
            call.context.log.error("unsigned", why=why)
    return response


def authenticate(now: datetime) -> Actor:
    """Whoever holds the key that was sent. `NotAuthenticated` says nothing of what is wrong with it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    session = db.session()
    found = people.holder(session, secret.strip(), now) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotAuthenticated("send a valid key as `Authorization: Bearer trk_…`")
    person, key = found
    scope = None if key.scope is None else frozenset(key.scope)
    actor = replace(person.actor, scope=scope, key=key.id)
    if key.last_used_on != now.date():
        with suppress(Busy):  # a day that was not noted is noted by the next request
            note_use(session, actor, now, context().entropy, key.id)
    return actor


def tagged(body: bytes) -> Finished:
    """Finished bytes whose tag is their own digest."""
    return Finished(body, hashlib.sha256(body).hexdigest()[:32])


def finished(said: Finished) -> Response:
    """Finished public bytes: the same for everybody, to be kept by anybody, checked by their tag."""
    headers = served.headers(said.etag)
    if said.following is not None:
        headers.append(("Link", f'<{said.following}>; rel="next"'))
    if served.known(request.headers.get("If-None-Match"), said.etag):
        return Response(status=304, headers=headers)
    return Response(said.body, headers=headers, content_type=JSON)


def _record(one: Endpoint, answer: Schema | None, said: Any) -> Response:
    """A piece of the working record: for whoever asked, kept by nobody."""
    if isinstance(said, Response):
        return said
    body = said if answer is None else encode(answer.dump(said))
    response = Response(body, status=one.status, content_type=one.produces)
    response.headers["Cache-Control"] = "no-store"
    if answer is None:
        return response  # a stream has no tag: nothing of it is known before it has been read
    if isinstance(said, dict) and said.get("next") is not None:
        response.headers["Link"] = f'<{said["next"]}>; rel="next"'
    version = getattr(said, "version", None)
    if version is not None:
        response.set_etag(f"{said.id}-{version}")
        if one.status == 201:
            response.headers["Location"] = f"{request.path}/{said.id}"
    elif one.method == "GET":
        response.set_etag(tagged(response.data).etag)
    if one.method == "GET" and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code, response.data = 304, b""
    return response
