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
from tracker.api.http.parameters import find_by_slug, find_filters_by_slug, require_kinds
from tracker.api.http.responses import WAITING, find_names_in, send_act, send_answer, send_public, send_trial
from tracker.api.http.sent_values import Sent, repeat_sent
from tracker.domain.errors import NotPublished, Refusal
from tracker.domain.people import PUBLIC, Actor
from tracker.domain.service_errors import Busy, DiskFull, NotAuthenticated
from tracker.http import requests
from tracker.http.acts import act_once, open_act
from tracker.http.context import context
from tracker.http.environ import PUBLIC_HALF
from tracker.public.queries import Finished
from tracker.store import people
from tracker.store.database import db


def attach_endpoints(app: Flask) -> None:
    """Give every declared endpoint its route."""
    for endpoint in ENDPOINTS:
        route = endpoint.path.replace("{", "<").replace("}", ">")
        # No automatic OPTIONS: what answers is what is declared. A GET still answers HEAD.
        app.add_url_rule(
            route,
            endpoint.operation,
            _make_view(endpoint),
            methods=[endpoint.method],
            provide_automatic_options=False,
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


def _make_view(endpoint: Endpoint) -> Callable[..., Response]:
    body = None if endpoint.body is None else _bind_shape(endpoint.body)
    query = None if endpoint.query is None else _bind_shape(endpoint.query)
    whole = None if isinstance(endpoint.answer, tuple) else _bind_shape(endpoint.answer)
    own = whole if endpoint.own is None else _bind_shape(endpoint.own)

    def view(sent: Sent, parameters: dict[str, str]) -> Response:
        request.environ[PUBLIC_HALF] = endpoint.permission == PUBLIC
        known = context()
        now = known.clock()
        actor = None if endpoint.permission == PUBLIC else authenticate(now)
        if actor is not None:
            known.limit.count(actor.key or actor.id, now)
            known.limit.enter(actor.id)
            actor.require(endpoint.permission)
        answer = whole if actor is None or actor.is_desk else own
        require_kinds(endpoint, parameters)
        call = Call(
            context=known,
            now=now,
            actor=actor,
            query=requests.load_query(query),
            expected=requests.read_expected_version(parameters["id"], endpoint.method)
            if endpoint.versioned
            else None,
            body={},
            sent=sent,
        )
        parameters = find_by_slug(endpoint, call, parameters)
        call.query = find_filters_by_slug(call, query)
        raw = _read_body(endpoint, body, call)
        with _naming_missing(call):
            return _answer_call(endpoint, answer, call, parameters, raw)

    return repeat_sent(query, body, view)


def _read_body(endpoint: Endpoint, shape: Schema | None, call: Call) -> bytes:
    """Read the body, strictly, into the call; its bytes."""
    if endpoint.method == "POST":
        check_header()  # what is wrong with a header is said before a body is waited for
    if shape is not None or endpoint.receive is not None:
        requests.require_one_media_type()
    if shape is None:
        return b""
    db.session().rollback()  # however long it takes to arrive, nothing in the database is held for it
    raw = requests.read_raw_body(*endpoint.media_types)
    call.body = call.sent.load_body(shape, raw, endpoint.most_values)
    return raw


def _answer_call(
    endpoint: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], raw: bytes
) -> Response:
    """What is asked for is read; an act is tried or done, once where its sender asks for that."""
    if endpoint.method == "GET":
        answered = endpoint.handler(call, **parameters)
        return (
            send_public(answered)
            if isinstance(answered, Finished)
            else send_answer(endpoint, answer, call, answered)
        )
    if endpoint.tries and call.query.pop("dry_run"):
        return _try_act(endpoint, answer, call, parameters)
    if endpoint.receive is not None:
        return _run_file_act(endpoint, endpoint.receive, answer, call, parameters)
    asked = read_request_key(call.by, raw) if endpoint.method == "POST" else None
    if asked is None or endpoint.again is None:
        return _run_act(endpoint, answer, call, parameters)
    return _run_act_once(endpoint, answer, call, parameters, asked)


@contextmanager
def _naming_missing(call: Call) -> Iterator[None]:
    """Where something is refused because it names what is not public, say what that is called."""
    try:
        yield
    except NotPublished as refusal:
        refusal.names = find_names_in(call, refusal.missing)
        raise


def _run_file_act(
    endpoint: Endpoint,
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
        if asked is None or endpoint.again is None:
            return _run_act(endpoint, answer, call, parameters)
        response = _run_act_once(endpoint, answer, call, parameters, asked)
    except Busy:
        raise
    except Refusal:
        received.undo()
        raise
    if REPLAYED in response.headers:
        received.undo()
    return response


def _run_act_once(
    endpoint: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], asked: RequestKey
) -> Response:
    """The same, but for a request that was acted on already: what it made is read again."""
    return act_once(
        call.context,
        call.session,
        call.by,
        call.now,
        asked,
        lambda: _run_act(endpoint, answer, call, parameters, asked),
        lambda before: _answer_again(endpoint, answer, call, parameters, before),
    )


def _answer_again(
    endpoint: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str], before: Outcome
) -> Response:
    """The answer to the first request, as far as its sender may see now what it made."""
    if before.made is not None and before.status == WAITING:
        made = proposals.get_proposal(call.viewer, before.made)
    else:
        made = endpoint.read_again(
            call, *parameters.values(), *(() if before.made is None else (before.made,))
        )
    response = send_act(endpoint, answer, call, made)
    response.headers[REPLAYED] = "true"
    return response


def _run_act(
    endpoint: Endpoint,
    answer: Schema | None,
    call: Call,
    parameters: Mapping[str, str],
    asked: RequestKey | None = None,
) -> Response:
    """One act, one transaction: the answer is made before the commit, from what will then be recorded."""
    if endpoint.prepare is not None:
        call.prepared = endpoint.prepare(call, **parameters)
    standing = {"whatever_standing": endpoint.whatever_standing}
    with open_act(call.context, call.session, call.by, asked, **standing) as act:
        call.opened, act.after = act.unit, call.after
        result = endpoint.handler(call, **parameters)
        call.session.flush()
        response = send_act(endpoint, answer, call, result)
        made = call.made or (result.get("id") if isinstance(result, dict) else getattr(result, "id", None))
        named = made in parameters.values()
        act.outcome = Outcome(response.status_code, None if named else made)
    return response


def _try_act(
    endpoint: Endpoint, answer: Schema | None, call: Call, parameters: Mapping[str, str]
) -> Response:
    """A dry run: the act in its turn, and undone. What it would do after its commit is not done."""

    def act(unit: Unit) -> Any:
        call.opened = unit
        return endpoint.handler(call, **parameters)

    response, effect = trials.try_act(
        call.session,
        call.by,
        call.context.clock,
        call.context.entropy,
        act,
        lambda said: send_act(endpoint, answer, call, said),
        whatever_standing=endpoint.whatever_standing,
    )
    return send_trial(call, response, effect)


def authenticate(now: datetime) -> Actor:
    """The holder of the key that was sent. `NotAuthenticated` says nothing of what is wrong with it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    session = db.session()
    holder = people.find_holder(session, secret.strip(), now) if scheme.lower() == "bearer" else None
    if holder is None:
        raise NotAuthenticated("send a valid key as `Authorization: Bearer trk_…`")
    person, key = holder
    scope = None if key.scope is None else frozenset(key.scope)
    actor = replace(person.actor, scope=scope, key=key.id)
    if key.last_used_on != now.date():
        with suppress(Busy, DiskFull):  # a day that was not noted is noted by the next request
            note_use(session, actor, now, context().entropy, key.id)
    return actor
