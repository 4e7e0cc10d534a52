"""From a request to its answer: who asks, what they send, one act in one transaction, and what follows its commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from flask import Flask, Response, g, request
from marshmallow import Schema
from sqlalchemy import Connection

from tracker.actions import proposals, trials
from tracker.actions.keys import note_use
from tracker.actions.support.idempotency import Outcome, RequestKey
from tracker.actions.support.unit import Unit
from tracker.api.http.endpoint import ENDPOINTS, Call, Endpoint, Received
from tracker.api.http.idempotency import REPLAYED, check_header, read_request_key
from tracker.api.http.responses import WAITING, find_names_in, send_act, send_answer, send_public, send_trial
from tracker.domain import ids
from tracker.domain.errors import InvalidInput, NotFound, NotPublished, Refusal
from tracker.domain.people import PUBLIC, Actor
from tracker.domain.service_errors import Busy, DiskFull, NotAuthenticated
from tracker.domain.text import is_slug
from tracker.http import requests
from tracker.http.acts import act_once, open_act
from tracker.http.context import context
from tracker.http.environ import PUBLIC_HALF
from tracker.public import queries
from tracker.public.queries import Finished
from tracker.schemas.fields import IdOrSlug
from tracker.store import people
from tracker.store.database import db


def attach_endpoints(app: Flask) -> None:
    """Give every declared endpoint its route."""
    for one in ENDPOINTS:
        route = one.path.replace("{", "<").replace("}", ">")
        # No automatic OPTIONS: what answers is what is declared. A GET still answers HEAD.
        app.add_url_rule(
            route, one.operation, _make_view(one), methods=[one.method], provide_automatic_options=False
        )
    app.teardown_appcontext(_close_connection)


def _close_connection(_error: BaseException | None) -> None:
    connection: Connection | None = g.pop("public", None)
    if connection is not None:
        with suppress(Refusal):  # the answer has been made; a connection that was lost is closed already
            connection.close()


@cache
def _bind_shape(shape: type[Schema]) -> Schema:
    """The same for all endpoints that share it: to bind its fields is most of what it takes to start."""
    return shape()


def _make_view(one: Endpoint) -> Callable[..., Response]:
    body = None if one.body is None else _bind_shape(one.body)
    query = None if one.query is None else _bind_shape(one.query)
    whole = None if isinstance(one.answer, tuple) else _bind_shape(one.answer)
    own = whole if one.own is None else _bind_shape(one.own)

    def view(**parameters: str) -> Response:
        request.environ[PUBLIC_HALF] = one.permission == PUBLIC
        known = context()
        now = known.clock()
        actor = None if one.permission == PUBLIC else authenticate(now)
        if actor is not None:
            known.limit.count(actor.key or actor.id, now)
            known.limit.enter(actor.id)
            actor.require(one.permission)
        answer = whole if actor is None or actor.is_desk else own
        _require_kinds(one, parameters)
        call = Call(
            context=known,
            now=now,
            actor=actor,
            query=requests.load_query(query),
            expected=requests.read_expected_version(parameters["id"], one.method) if one.versioned else None,
            body={},
        )
        parameters = _find_by_slug(one, call, parameters)
        call.query = _find_filters_by_slug(call, query)
        raw = b""
        if one.method == "POST":
            check_header()  # what is wrong with a header is said before a body is waited for
        if body is not None or one.receive is not None:
            requests.require_one_media_type()
        if body is not None:
            db.session().rollback()  # however long it takes to arrive, nothing in the database is held for it
            raw = requests.read_raw_body(*one.media_types)
            call.body = requests.load_body(body, raw, one.most_values)
        with _naming_missing(call):
            return _answer_call(one, answer, call, parameters, raw)

    return view


def _answer_call(
    one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], raw: bytes
) -> Response:
    """What is asked for is read; an act is tried or done, once where its sender asks for that."""
    if one.method == "GET":
        said = one.handler(call, **parameters)
        return send_public(said) if isinstance(said, Finished) else send_answer(one, answer, call, said)
    if one.tries and call.query.pop("dry_run"):
        return _try_act(one, answer, call, parameters)
    if one.receive is not None:
        return _run_file_act(one, one.receive, answer, call, parameters)
    asked = read_request_key(call.by, raw) if one.method == "POST" else None
    if asked is None or one.again is None:
        return _run_act(one, answer, call, parameters)
    return _run_act_once(one, answer, call, parameters, asked)


@contextmanager
def _naming_missing(call: Call) -> Iterator[None]:
    """Where something is refused because it names what is not public, say what that is called."""
    try:
        yield
    except NotPublished as refusal:
        refusal.names = find_names_in(call, refusal.missing)
        raise


def _require_kinds(one: Endpoint, parameters: Mapping[str, str]) -> None:
    """`NotFound` where a parameter of the path names nothing that can be there."""
    for name, value in parameters.items():
        if name in one.choices:
            if value not in one.choices[name]:
                raise NotFound(f"there is no {name} {value[:64]!r}")
        elif ids.kind_of(value) not in one.kinds(name) and not (one.takes_slug(name) and is_slug(value)):
            raise NotFound(f"there is no {one.names[name]} {value[:64]!r}")


def _find_by_slug(one: Endpoint, call: Call, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters, with the id in the place of a short name."""
    return {
        name: queries.find_by_slug(call.public, one.names[name], value)
        if one.takes_slug(name) and is_slug(value)
        else value
        for name, value in parameters.items()
    }


def _find_filters_by_slug(call: Call, shape: Schema | None) -> dict[str, Any]:
    """The query, with the id in the place of each short name. `InvalidInput` where nothing public has that name."""
    found = dict(call.query)
    for name, field in ({} if shape is None else shape.fields).items():
        if isinstance(field, IdOrSlug) and is_slug(value := found.get(name, "")):
            try:
                found[name] = queries.find_by_slug(call.public, field.kinds[0], value)
            except NotFound as refusal:
                raise InvalidInput.at(name, refusal.detail) from None
    return found


def _run_file_act(
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
        asked = read_request_key(call.by, received.fingerprint)
        if asked is None or one.again is None:
            return _run_act(one, answer, call, parameters)
        response = _run_act_once(one, answer, call, parameters, asked)
    except Busy:
        raise
    except Refusal:
        received.undo()
        raise
    if REPLAYED in response.headers:
        received.undo()
    return response


def _run_act_once(
    one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], asked: RequestKey
) -> Response:
    """The same, but for a request that was acted on already: what it made is read again."""
    return act_once(
        call.context,
        call.session,
        call.by,
        call.now,
        asked,
        lambda: _run_act(one, answer, call, parameters, asked),
        lambda before: _answer_again(one, answer, call, parameters, before),
    )


def _answer_again(
    one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], before: Outcome
) -> Response:
    """The answer to the first request, as far as its sender may see now what it made."""
    if before.made is not None and before.status == WAITING:
        said = proposals.get_proposal(call.viewer, before.made)
    else:
        said = one.read_again(call, *parameters.values(), *(() if before.made is None else (before.made,)))
    response = send_act(one, answer, call, said)
    response.headers[REPLAYED] = "true"
    return response


def _run_act(
    one: Endpoint,
    answer: Schema | None,
    call: Call,
    parameters: Mapping[str, str],
    asked: RequestKey | None = None,
) -> Response:
    """One act, one transaction: the answer is made before the commit, from what will then be recorded."""
    if one.prepare is not None:
        call.prepared = one.prepare(call, **parameters)
    standing = {"whatever_standing": one.whatever_standing}
    with open_act(call.context, call.session, call.by, asked, **standing) as act:
        call.opened, act.after = act.unit, call.after
        said = one.handler(call, **parameters)
        call.session.flush()
        response = send_act(one, answer, call, said)
        made = call.made or (said.get("id") if isinstance(said, dict) else getattr(said, "id", None))
        named = made in parameters.values()
        act.outcome = Outcome(response.status_code, None if named else made)
    return response


def _try_act(one: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str]) -> Response:
    """A dry run: the act in its turn, and undone. What it would do after its commit is not done."""

    def act(unit: Unit) -> Any:
        call.opened = unit
        return one.handler(call, **parameters)

    told, effect = trials.try_act(
        call.session,
        call.by,
        call.context.clock,
        call.context.entropy,
        act,
        lambda said: send_act(one, answer, call, said),
        whatever_standing=one.whatever_standing,
    )
    return send_trial(call, told, effect)


def authenticate(now: datetime) -> Actor:
    """The holder of the key that was sent. `NotAuthenticated` says nothing of what is wrong with it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    session = db.session()
    found = people.find_holder(session, secret.strip(), now) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotAuthenticated("send a valid key as `Authorization: Bearer trk_…`")
    person, key = found
    scope = None if key.scope is None else frozenset(key.scope)
    actor = replace(person.actor, scope=scope, key=key.id)
    if key.last_used_on != now.date():
        with suppress(Busy, DiskFull):  # a day that was not noted is noted by the next request
            note_use(session, actor, now, context().entropy, key.id)
    return actor
