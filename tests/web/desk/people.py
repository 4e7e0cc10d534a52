"""People with a password and a phone, who log in at the desk as a browser does."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.contract.client import PlainClient
from tests.world import World
from tracker.actions import passwords, second_factors
from tracker.actions.people import OPERATOR
from tracker.domain import one_time_codes
from tracker.domain.people import Actor
from tracker.http.context import Context
from tracker.store import sessions
from tracker.store.people import read_people
from tracker.store.sessions import SessionRow

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#: What a browser says of a form that a page of the same site sent.
OWN_SITE = {"Sec-Fetch-Site": "same-origin"}
#: What stands between the parts of a form; one that is drawn by lot may be longer than RFC 2046 lets it be.
_LINE = "a-line-between-parts"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def read_hidden(page: str) -> dict[str, str]:
    """The hidden fields of the forms on a page."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def let_in(world: World, app: Flask, actor: Actor) -> None:
    """Give somebody the password and the phone that all have here."""
    known: Context = app.extensions["tracker"]
    name = read_people(world.session, [actor.id])[actor.id].name
    with world.act(OPERATOR) as act:
        passwords.set_password(act, passwords.check_reset(world.session, OPERATOR, name, PASSWORD))
        second_factors.set_second_factor(act, actor.id, SECRET, known.sealer())


class Browser:
    """A browser in front of the desk. It keeps its cookies and says from where a form comes, as browsers do."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client, self.language = PlainClient(app, app.response_class), language
        self.app = app

    def enter(self, world: World, actor: Actor) -> Browser:
        """Have a session, as after a login: for tests that are about something else."""
        now = world.clock()
        secret = f"{actor.id} since {now}"
        with world.act(actor, whatever_standing=True) as act:
            row = SessionRow(act.new_id("session"), actor.id, None, "code", now, now, now)
            sessions.add_session(act.session, row, secret)
        self.client.set_cookie("desk", secret)
        return self

    def address(self, path: str) -> str:
        return path if path.startswith(f"/{self.language}/") else f"/{self.language}/desk{path}"

    def read(self, path: str) -> TestResponse:
        return self.client.get(self.address(path))

    def send(
        self, path: str, typed: Mapping[str, Any], *, headers: Mapping[str, str] = OWN_SITE, **own: str
    ) -> TestResponse:
        """Open a form, fill it in and send it; ``own`` stands in place of hidden fields."""
        hidden = self.fields(path) | {f".{name}": value for name, value in own.items()}
        return self.post(path, {**hidden, **typed}, headers=headers)

    def fields(self, path: str) -> dict[str, str]:
        """The hidden fields of a form."""
        return read_hidden(self.read(path).text)

    def post(
        self, path: str, fields: Mapping[str, Any], *, headers: Mapping[str, str] = OWN_SITE
    ) -> TestResponse:
        return self.client.post(self.address(path), data=fields, headers=dict(headers))

    def send_in_parts(
        self, path: str, typed: Mapping[str, Any], *, headers: Mapping[str, str] = OWN_SITE, **own: str
    ) -> TestResponse:
        """The same with a form that has files, each as its bytes and its name in the field `.file`."""
        fields = self.fields(path) | {f".{name}": value for name, value in own.items()}
        files = [FileStorage(io.BytesIO(raw), name) for raw, name in typed.get(".file", ())]
        _line, body = encode_multipart({**fields, **typed, ".file": files}, _LINE)
        content_type = f"multipart/form-data; boundary={_LINE}"
        return self.client.post(
            self.address(path), data=body, headers=dict(headers), content_type=content_type
        )

    def log_in(
        self, name: str, *, password: str = PASSWORD, code: str = "", path: str = "/login"
    ) -> TestResponse:
        return self.send(path, {"name": name, "password": password, "code": code or self.code()})

    def code(self) -> str:
        known: Context = self.app.extensions["tracker"]
        return one_time_codes.make_code(SECRET, one_time_codes.find_step(known.clock()))
