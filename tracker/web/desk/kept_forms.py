"""Kept forms: what one typed and has not sent yet, and what waits until one has said again who one is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, current_app
from werkzeug.exceptions import HTTPException

from tracker.actions import kept_forms
from tracker.domain.errors import NotFound
from tracker.domain.people import SELF
from tracker.domain.sentences import sentence
from tracker.languages.i18n import mark
from tracker.schemas.sessions import Nothing
from tracker.web import forms
from tracker.web.desk.posts import do_sent_act
from tracker.web.desk.view import VIEWS, Shown, Unit, Visit, act, view
from tracker.web.forms import Form

DROP = Form(Nothing, button=mark("Throw it away"))


@view("/kept/{id}", permission=SELF, template="form", names={"id": ("kept_form",)})
def show_kept_form(desk: Visit, id: str) -> Shown:
    kept_forms.read_form(desk.session, desk.by.id, id, desk.context.sealer())
    return {"title": desk.language.say("Throw away what you kept"), "lead": None}


@act(show_kept_form, DROP, done=mark("It is thrown away."), then="/", whatever_standing=True)
def drop_form(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    kept_forms.drop_form(unit, id)


def describe_kept_forms(desk: Visit) -> list[dict[str, Any]]:
    """One's kept forms: on what page each was typed, and until when it is kept."""
    return [
        {
            "address": desk.go_back(row.page, f"kept_form={row.id}"),
            "drop": desk.link(f"/kept/{row.id}"),
            "page": row.page.removeprefix("/desk"),
            "until": row.kept_until.date(),
        }
        for row in kept_forms.list_forms(desk.session, desk.by, desk.now)
    ]


def send_kept_form(desk: Visit, page: str, form: str) -> Response:
    """Do what a form says that was kept for them, as if it had been sent now."""
    kept = kept_forms.read_form(desk.session, desk.by.id, form, desk.context.sealer())
    routes = current_app.url_map.bind("localhost")
    try:
        endpoint, parts = routes.match(f"/{desk.language.code}{kept.page}", method="POST")
    except HTTPException:
        raise NotFound(sentence("there is no such page")) from None
    screen = VIEWS.get(endpoint.removeprefix("desk_"))
    if screen is None or screen.act is None or kept.page != page:
        raise NotFound(sentence("there is no such page"))
    desk.by.require(screen.act.permission)
    there = replace(desk, page=page, query={}, prepared=None, secret=None)
    sent = {name: value for name, value in parts.items() if name != "language"}
    return do_sent_act(screen, screen.act, there, sent, [*kept.typed, (forms.KEPT, kept.id)])
