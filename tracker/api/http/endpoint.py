"""An endpoint is declared: method, path, permission, query, body, answer, refusals; then a docstring that says what it
does, and a few lines.

The declaration feeds Flask and the OpenAPI document alike, so the two cannot differ. Permission is mandatory;
`PUBLIC` must be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from flask import g
from marshmallow import Schema
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tracker.actions.support.unit import Unit
from tracker.api.http.sent_values import Sent
from tracker.domain.errors import Refusal
from tracker.domain.ids import WITH_SLUG
from tracker.domain.people import PERMISSIONS, PUBLIC, Actor
from tracker.domain.service_errors import NotAuthenticated
from tracker.domain.strict_json import VALUES
from tracker.domain.tracks import SUBJECTS
from tracker.http.context import Context
from tracker.schemas.trials import DryRunQuery
from tracker.store.database import db
from tracker.store.viewer import Viewer

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

    ``again`` reads what a POST made, for callers who send it once more under the same `Idempotency-Key`: with the
    parameters of the path and, where they do not name it, the id of what was made. A POST without it is an act of its
    own each time. It is for what is read on record: the trail shows each reading.

    What a public GET answers follows from the public acts and the quarter of an hour, so the page cache may keep it
    until either moves; where it follows from more, it is not ``cached``.

    An answer that ``produces`` another media type than JSON streams: the handler gives its bytes piece by piece. Where
    it is made of lines of JSON, ``answer`` lists the shapes of which each line has one; where it is a file, none.
    ``ranges``: a part of that file can be asked for.

    ``most_values`` bounds how many values of JSON a body may hold.
    ``whatever_standing``: somebody may do it though their organization is suspended.

    ``waits``: an act that takes two people is answered with 202 and its proposal, which is in this shape.

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
    prepare: Callable[..., Any] | None = None
    receive: Callable[..., Received] | None = None
    again: Callable[..., Any] | None = None
    cached: bool = True
    ranges: bool = False
    most_values: int = VALUES
    whatever_standing: bool = False
    waits: type[Schema] | None = None

    @property
    def operation(self) -> str:
        return self.handler.__name__

    @property
    def about(self) -> str:
        """What it does, as the contract says it: the docstring of its handler."""
        return " ".join((self.handler.__doc__ or f"{self.summary}.").split())

    @property
    def tries(self) -> bool:
        """Whether it can be asked for a dry run: an act whose body is JSON. Not what is read on record, of which each
        reading is to be written down, and not what is `prepare`d: that counts attempts, or has a dry run of its own."""
        if self.receive is not None or self.prepare is not None:
            return False
        return self.method == "PATCH" or (self.method == "POST" and self.again is not None)

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    def read_again(self, call: Call, *named: str) -> Any:
        """What an act made that was done before."""
        if self.again is None:
            raise RuntimeError("each call is an act of its own")
        return self.again(call, *named)

    def kinds(self, parameter: str) -> tuple[str, ...]:
        """The kinds of thing that a parameter of the path may name."""
        named = self.names[parameter]
        return GROUPS.get(named, (named,))

    def takes_slug(self, parameter: str) -> bool:
        """Whether a parameter of the path may also be a short name: what has one is found by it on the public side."""
        return self.permission == PUBLIC and self.names.get(parameter) in WITH_SLUG

    @property
    def media_types(self) -> tuple[str, ...]:
        return (MERGE_PATCH, JSON) if self.method == "PATCH" else (JSON,)


def endpoint(
    method: Method, path: str, **declared: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the function below as an endpoint; see `Endpoint` for what can be said."""

    def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
        made = Endpoint(method=method, path=path, handler=handler, **declared)
        if made.tries:
            made = replace(made, query=DryRunQuery)
        if made.permission != PUBLIC and made.permission not in PERMISSIONS:
            raise ValueError(f"{path}: there is no permission {made.permission!r}")
        if made.again is not None and method != "POST":
            raise ValueError(f"{path}: only a POST is repeated")
        if any(made.operation == other.operation for other in ENDPOINTS):
            raise ValueError(f"{path}: the name {made.operation} is taken")
        ENDPOINTS.append(made)
        return handler

    return declare


@dataclass(slots=True)
class Call:
    """One request, read and found well formed: what was ``sent`` is kept for refusals. A handler says what it
    ``made`` where what it returns has no id."""

    context: Context
    now: datetime
    actor: Actor | None
    query: dict[str, Any]
    body: dict[str, Any]
    expected: frozenset[int] | None
    sent: Sent
    opened: Unit | None = None
    prepared: Any = None
    made: str | None = None
    after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        """The caller; only for endpoints that need a permission."""
        if self.actor is None:
            raise NotAuthenticated("send a key")
        return self.actor

    @property
    def viewer(self) -> Viewer:
        """The caller, to look up what they may see: how a door gets a row."""
        return Viewer(self.session, self.by)

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
            g.public = self.context.reads.connect()
        connection: Connection = g.public
        return connection
