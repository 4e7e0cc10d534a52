"""Sending a form that was kept while its sender said again who they are."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, current_app
from werkzeug.exceptions import HTTPException

from tracker.actions import drafts
from tracker.domain.errors import NotFound
from tracker.web import forms
from tracker.web.desk.posts import do_sent_act
from tracker.web.desk.view import VIEWS
from tracker.web.desk.visit import Visit


def send_kept_form(desk: Visit, page: str, draft: str) -> Response:
    """Do what a form says that was kept as a draft of theirs, as if it had been sent now."""
    kept = drafts.read_draft(desk.session, desk.by.id, draft, desk.context.sealer())
    routes = current_app.url_map.bind("localhost")
    try:
        endpoint, parts = routes.match(f"/{desk.language.code}{kept.page}", method="POST")
    except HTTPException:
        raise NotFound("there is no such page") from None
    one = VIEWS.get(endpoint.removeprefix("desk_"))
    if one is None or one.act is None or kept.page != page:
        raise NotFound("there is no such page")
    desk.by.require(one.act.permission)
    there = replace(desk, page=page, query={}, prepared=None, secret=None)
    sent = {name: value for name, value in parts.items() if name != "language"}
    return do_sent_act(one, one.act, there, sent, [*kept.typed, (forms.DRAFT, kept.id)])
