"""A small world acted out over HTTP, always the same: the same clock, the same lots, so the same ids and answers.

`Scenario` keeps the first request and answer of each operation: they are the examples of the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.forms import FORM, form
from tests.conftest import Clock, make_app
from tests.contract.client import LINES
from tests.world import World
from tracker import migrations
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import PUBLIC, ROLES, SELF
from tracker.http.context import Context
from tracker.outgoing.mail_server import MailServer
from tracker.store.database import db

Example = dict[str, Any]

#: What of an answer's headers is worth showing, where it is there.
HEADERS = ("ETag", "Location", "Link", "Retry-After")
OPERATIONS: dict[str, Endpoint] = {one.operation: one for one in ENDPOINTS}
READ = {one.path for one in ENDPOINTS if one.method == "GET"}
#: Whose key is taken for a read, in this order: the first who may.
READERS = ("editor", "approver", "watcher", *ROLES)


class Scenario:
    """``{name}`` in a path, a query or a body stands for an id; ``ids`` gains the first id of each kind it sees."""

    def __init__(self, client: FlaskClient, world: World, clock: Clock) -> None:
        self.client, self.world, self.clock = client, world, clock
        self.kept: dict[str, Example] = {}
        names = ("process", "committee", "lead", "government", "ministry", "press", "watchdog")
        self.ids: dict[str, str] = {name: getattr(world, name) for name in names}
        self.ids["organization"] = self.ids["press"]
        for role in ROLES:
            if role not in world.keys:
                world.person(role, role, organization=self._find_speaker(role))

    def _find_speaker(self, role: str) -> str | None:
        """For whom somebody of this role speaks: an authority answers what is asked of it."""
        if role == "respondent":
            return self.world.government
        return self.world.watchdog if role in ("watchdog", "partner") else None

    def fill(self, value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: self.ids[found.group(1)], value)
        if isinstance(value, dict):
            return {name: self.fill(inner) for name, inner in value.items()}
        return [self.fill(inner) for inner in value] if isinstance(value, list) else value

    def call(
        self,
        operation: str,
        body: Any = None,
        *,
        by: str = "editor",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        as_name: str | None = None,
        **named: str,
    ) -> Any:
        """The answer's body. ``named`` fills the parameters of the path; ``as_name`` calls what was made by a name."""
        request = self._make_request(operation, body, by, query, headers, named)
        return self._keep(operation, request, as_name)

    def try_act(self, operation: str, body: Any, *, by: str = "editor") -> None:
        """A dry run of an act, kept as the example of all dry runs."""
        request = self._make_request(operation, body, by, {"dry_run": "true"}, None, {})
        self._keep_example("dry_run", request, self.send(request))

    def _make_request(
        self,
        operation: str,
        body: Any,
        by: str,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        named: Mapping[str, str],
    ) -> Example:
        one = OPERATIONS[operation]
        path = one.path
        for name in one.parameters:
            wanted = named.get(name) or self._thing(one, name) or ""
            path = path.replace(f"{{{name}}}", self.fill(wanted))
        request: Example = {"method": one.method, "path": path}
        if one.permission != PUBLIC:
            request["by"] = by
        if query:
            request["query"] = self.fill(dict(query))
        if said := self._headers(one, path, by) | dict(headers or {}):
            request["headers"] = self.fill(said)
        if one.body is not None:
            request |= {"content_type": one.media_types[0], "body": self.fill(body)}
        if one.form is not None:
            request |= {"content_type": FORM, "body": self.fill(body)}
        elif one.receive is not None:
            request |= {"content_type": "text/plain", "body": body}
        return request

    def _headers(self, one: Endpoint, path: str, by: str) -> dict[str, str]:
        """The version that an edit, or a decision, was made on."""
        if not one.versioned:
            return {}
        thing = path if one.path in READ else "/".join(path.split("/")[:4])
        read = self.client.get(thing, headers=self.world.headers(by))
        return {"If-Match": read.headers["ETag"]}

    def _keep(self, operation: str, request: Example, as_name: str | None) -> Any:
        first = operation not in self.kept
        answer = self.send(request)
        one = OPERATIONS[operation]
        right = {one.status} if one.waits is None else {one.status, 202}
        assert answer.status_code in right, (operation, request, answer.data)
        body = readable(answer) if answer.data else None
        if first:
            self._keep_example(operation, request, answer)
        self._learn(body)
        if as_name is not None:
            self.ids[as_name] = body["id"]
        return body

    def _keep_example(self, name: str, request: Example, answer: TestResponse) -> None:
        said: Example = {"status": answer.status_code}
        if found := {name: answer.headers[name] for name in HEADERS if name in answer.headers}:
            said["headers"] = found
        if answer.data:
            said |= {"content_type": answer.content_type, "body": readable(answer)}
        self.kept[name] = {"operation": name, "request": request, "answer": said}

    def send(self, request: Example) -> TestResponse:
        """A request as an example tells it."""
        more: dict[str, Any] = {}
        if "body" in request:
            sent = request["body"]
            if request["content_type"] == FORM:
                data = form(sent["item"], [one.encode() for one in sent["file"]])
            else:
                data = sent.encode() if isinstance(sent, str) else json.dumps(sent).encode()
            more = {"data": data, "content_type": request["content_type"]}
        headers = dict(request.get("headers", {}))
        if "by" in request:
            headers |= self.world.headers(request["by"])
        return self.client.open(
            request["path"],
            method=request["method"],
            headers=headers,
            query_string=request.get("query"),
            **more,
        )

    def _learn(self, value: Any) -> None:
        """Remember the first id of each kind, so that what reads it by itself has something to read."""
        if isinstance(value, dict):
            kind = ids.kind_of(value["id"]) if isinstance(value.get("id"), str) else None
            if kind is not None:
                self.ids.setdefault(kind, value["id"])
            for inner in value.values():
                self._learn(inner)
        elif isinstance(value, list):
            for inner in value:
                self._learn(inner)

    def read_the_rest(self) -> None:
        """Every GET that the script did not ask for. A list is asked for one item: the document stays short."""
        for operation, one in OPERATIONS.items():
            if one.method != "GET" or operation in self.kept:
                continue
            if any(self._thing(one, name) is None for name in one.parameters):
                continue  # nothing of that kind is there; the test about missing examples says so
            limited = one.query is not None and "limit" in one.query().fields
            self.call(operation, by=self._reader(one), query={"limit": "1"} if limited else None)

    def _thing(self, one: Endpoint, name: str) -> str | None:
        """What a parameter of a path may name: a code that is served, or the first thing of its kind."""
        return one.choices[name][0] if name in one.choices else self.ids.get(one.kinds(name)[0])

    def _reader(self, one: Endpoint) -> str:
        people = {**dict.fromkeys(ROLES), "editor": None, "approver": None, "watcher": None}
        for name in READERS:
            role = "watchdog" if name == "watcher" else name
            if name in people and (one.permission in (PUBLIC, SELF) or one.permission in ROLES[role]):
                return name
        raise AssertionError(f"no role may call {one.operation}")


def readable(answer: TestResponse) -> Any:
    """The body as it is shown; of many lines, the first."""
    if answer.content_type == LINES:
        return json.loads(answer.data.splitlines()[0])
    if answer.data.startswith(b"PK"):
        return f"PK… ({len(answer.data)} bytes)"
    return json.loads(answer.data) if "json" in answer.content_type else answer.get_data(as_text=True)


def page_after(address: str) -> dict[str, str]:
    """The query of a `next`."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def stage() -> Iterator[Scenario]:
    """The world before the first act, in a SQLite database of its own."""
    clock, entropy = Clock(), Random(20250310).randbytes
    with TemporaryDirectory() as folder:
        app = make_app(f"sqlite:///{Path(folder) / 'tracker.db'}", clock, entropy)
        known: Context = app.extensions["tracker"]
        server = MailServer("mail.example", 587, "starttls", "tracker@t.example")  # nothing is handed to it
        app.extensions["tracker"] = replace(known, settings=replace(known.settings, mail=server))
        with app.app_context():
            migrations.upgrade(db.engine)
            try:
                yield Scenario(app.test_client(), World(db.session(), clock, entropy), clock)
            finally:
                db.session.remove()
                db.engine.dispose()
