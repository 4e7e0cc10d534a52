"""How a screen of the desk leaves: for one reader, kept by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from tracker.domain.errors import Refusal
from tracker.domain.people import PUBLIC
from tracker.http.refusals import STATUS, name_wait
from tracker.web import csrf
from tracker.web.desk.view import VIEWS, View
from tracker.web.desk.visit import Visit
from tracker.web.filled_forms import FilledForm
from tracker.web.page_headers import HEADERS, HTML, SCRIPT_HEADERS
from tracker.web.public.refusals import Mistaken
from tracker.web.rendering import render_page


def show_screen(
    screen: View,
    visit: Visit,
    shown: Mapping[str, Any],
    form: FilledForm | None,
    *,
    done: str | None = None,
    status: int = 200,
) -> Response:
    """A screen with its form; ``done`` names the screen whose act was done last."""
    last = VIEWS.get(done or "")
    done_text = visit.language.say(last.act.done) if last is not None and last.act is not None else None
    filled = {**shown, "form": form, "done": done_text, "screen": screen.name}
    return _send(visit, screen.template, status, filled, SCRIPT_HEADERS if screen.scripted else HEADERS)


def refuse(visit: Visit, refusal: Refusal | Mistaken) -> Response:
    """A page that says why a screen is not shown."""
    parts: dict[str, Any] = {"refusal": refusal, "mistake": None, "title": "", "form": None, "done": None}
    if isinstance(refusal, Mistaken):
        parts |= {"refusal": None, "mistake": visit.language.say(refusal.message, **refusal.parts)}
        status = refusal.status
    else:
        status = STATUS[type(refusal)]
    title = (
        visit.language.say("There is no such page")
        if status == 404
        else visit.language.say("This cannot be shown")
    )
    response = _send(visit, "desk/refusal.html", status, {**parts, "title": title, "screen": ""})
    if isinstance(refusal, Refusal):
        response.headers.update(name_wait(refusal))
    return response


def go_to(address: str) -> Response:
    """On to another screen: what was sent is not sent again when that one is loaded again."""
    response = Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    response.autocorrect_location_header = False  # a host would stand in it, as the request gives it
    return response


def _send(
    visit: Visit, template: str, status: int, shown: Mapping[str, Any], headers: Mapping[str, str] = HEADERS
) -> Response:
    token = None if visit.actor is None else csrf.make_token(visit.context, visit.actor.id)
    body = render_page(template, visit.language, desk=visit, menu=_list_menu(visit), token=token, **shown)
    response = Response(body, status=status, content_type=HTML, headers=dict(headers))
    response.headers["Content-Language"] = visit.language.code
    response.headers["Cache-Control"] = "no-store"
    return response


def _list_menu(visit: Visit) -> list[View]:
    """The screens that they may go to from everywhere."""
    actor = visit.actor
    if actor is None:
        return []
    return [
        one for one in VIEWS.values() if one.menu and one.permission != PUBLIC and actor.may(one.permission)
    ]
