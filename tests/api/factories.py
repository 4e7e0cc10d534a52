"""What the tests of the REST door stand on: one of each thing, requests by name, and the whole database as a value."""

from __future__ import annotations

import json
import re
from copy import copy
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from tests.world import World
from tracker.public.content.allow_list import PLURALS

MERGE = "application/merge-patch+json"


def dump(app: Flask) -> dict[str, list[str]]:
    """Every row of every table."""
    with app.extensions["tracker"].engine.connect() as connection:
        return {
            table: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608  # names from the database itself
            for table in inspect(connection).get_table_names()
        }


class Stage:
    """A world with one of each thing, spoken to over HTTP. ``{name}`` in a path or body stands for an id of it."""

    def __init__(self, app: Flask, client: FlaskClient, world: World) -> None:
        self.app, self.client, self.world = app, client, world
        self.ids: dict[str, str] = {
            name: getattr(world, name)
            for name in (
                "process",
                "committee",
                "lead",
                "government",
                "ministry",
                "press",
                "daily",
                "watchdog",
            )
        }
        self.ids["draft"] = world.make_process("elsewhere", publish=False)
        self.ids["stranger"] = world.make_committee("stranger", publish=False, process_id=self.ids["draft"])
        self.ids["recommendation"] = world.recommendation("R1")
        self.ids["deadline"] = world.deadline()
        self.ids["evidence"] = world.item()

    def again(self, app: Flask, client: FlaskClient, world: World) -> Stage:
        """The same stage in a copy of its database."""
        other = copy(self)
        other.app, other.client, other.world, other.ids = app, client, world, dict(self.ids)
        return other

    def fill(self, value: Any) -> Any:
        """The value with every ``{name}`` made the id that it stands for."""
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: self.ids[found.group(1)], value)
        if isinstance(value, dict):
            return {name: self.fill(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner) for inner in value]
        return value

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str | None = "editor",
        headers: dict[str, str] | None = None,
        content_type: str | None = None,
        **more: Any,
    ) -> TestResponse:
        """A request. A body that is bytes is sent as it is."""
        said = {**(self.world.headers(by) if by else {}), **(headers or {})}
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(self.fill(body)).encode()
            more |= {
                "data": data,
                "content_type": content_type or (MERGE if method == "PATCH" else "application/json"),
            }
        return self.client.open(self.fill(path), method=method, headers=said, **more)

    def get(self, path: str, *, by: str | None = "editor", **more: Any) -> Any:
        """The body of an answer that must be 200."""
        answer = self.send("GET", path, by=by, **more)
        assert answer.status_code == 200, answer.data
        return answer.json

    def add(self, path: str, body: Any) -> Any:
        """Add a part to a thing, which another person lets where it is public; the thing as it is then."""
        answer = self.send("POST", path, {**body, "reason": "It was left out."})
        if answer.status_code == 202:
            decision = f"{answer.headers['Location']}/decision"
            self.post(decision, {"decision": "approve"}, by="approver", status=200)
        else:
            assert answer.status_code in (200, 201), answer.data
        return self.get(path.rpartition("/")[0])

    def post(self, path: str, body: Any, *, by: str = "editor", status: int = 201, **more: Any) -> Any:
        answer = self.send("POST", path, body, by=by, **more)
        assert answer.status_code == status, answer.data
        return answer.json

    def patch(self, path: str, body: Any, *, by: str = "editor", status: int = 200) -> Any:
        """An edit of what was just read. Where it takes two people, the approver approves it."""
        tag = self.send("GET", path, by=by).headers["ETag"]
        given = (
            {"reason": "It was recorded wrongly.", **body} if path.split("/")[2] in PLURALS.values() else body
        )
        answer = self.send("PATCH", path, given, by=by, headers={"If-Match": tag})
        if answer.status_code == 202 and status == 200:
            decided = f"/v1/proposals/{answer.json['id']}/decision"
            self.post(decided, {"decision": "approve"}, by="approver", status=200)
            return self.get(path, by=by)
        assert answer.status_code == status, answer.data
        return answer.json

    def publish(self, id: str) -> Any:
        """What is told of the publication of a draft, as the editor proposed and the approver approved it."""
        waits = self.post(f"/v1/subjects/{id}/publication", {}, status=202)
        self.post(f"/v1/proposals/{waits['id']}/decision", {"decision": "approve"}, by="approver", status=200)
        return self.get(f"/v1/subjects/{id}/publication")

    def withdraw(self, id: str, reason: str = "It was recorded by mistake.") -> Any:
        body = {"publication": "withdrawn", "reason": reason}
        return self.post(f"/v1/subjects/{id}/publication", body, by="approver", status=200)

    def decide(self, change: str, decision: str = "approve", *, by: str = "approver", **more: Any) -> Any:
        body = {"decision": decision, **more}
        return self.post(f"/v1/status-changes/{change}/decision", body, by=by, status=200)

    def pages(self, path: str, *, by: str | None = "editor") -> list[Any]:
        """Every item of a list, page after page."""
        items: list[Any] = []
        following: str | None = path
        while following is not None:
            page = self.get(following, by=by)
            items += page["items"]
            following = page["next"]
        return items
