"""From an address of the desk to a screen: who asks, whether they may, and what they are shown.

What an act is given and how it is done is what REST does: the same shapes, the same unit of work, the same limits.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, request

from tracker import logging
from tracker.actions import kept_forms, sessions
from tracker.database.outages import refusal_for
from tracker.domain import ids
from tracker.domain.errors import NotFound, Refusal
from tracker.domain.people import PUBLIC
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import Unexpected
from tracker.http import requests
from tracker.http.context import Context, context
from tracker.http.environ import PUBLIC_HALF, find_request_id
from tracker.languages.i18n import choose_language, get_language
from tracker.web import csrf, forms
from tracker.web.cookies import Cookies, require_tls
from tracker.web.desk.answers import go_to, refuse, show_screen
from tracker.web.desk.posts import Parts, do_act, fill_form, keep_form, read_kept_query
from tracker.web.desk.view import VIEWS, Act, View
from tracker.web.desk.visit import Visit
from tracker.web.form_bodies import comes_in_parts, read_first_pairs, read_pairs
from tracker.web.public.refusals import Mistaken

#: Under what the requests of those are counted of whom nobody knows yet who they are: apart where they come in, so that
#: nobody who sends a form of another page slowly keeps others out.
_LOGIN: Final = "login"
_STRANGER: Final = "stranger"
#: Parameters that every screen takes: what was done last, and the kept form that its form begins with.
_DONE, _KEPT = "done", "kept_form"


def attach(app: Flask) -> None:
    """Put the desk on an application, after the public pages: it uses their languages."""
    add = partial(app.add_url_rule, provide_automatic_options=False)
    for screen in VIEWS.values():
        path = screen.path.replace("{", "<").replace("}", ">")
        methods = ["GET"] if screen.act is None else ["GET", "POST"]
        add(f"/<language:language>/desk{path}", screen.endpoint, partial(_send, screen), methods=methods)
    add("/<language:language>/desk", "desk", _send_home)
    add("/desk", "desk_choose", _choose)


def _send_home(language: str) -> Response:
    request.environ[PUBLIC_HALF] = False
    return go_to(f"/{language}/desk/")


def _choose() -> Response:
    return _send_home(choose_language(request.headers.get("Accept-Language")))


def _send(screen: View, language: str, **parts: str) -> Response:
    request.environ[PUBLIC_HALF] = False
    known = context()
    page = request.path.removeprefix(f"/{language}")
    visit = Visit(known, get_language(language), known.clock(), page, Cookies(known))
    try:
        return _answer(screen, visit, parts)
    except (Refusal, Mistaken) as refusal:
        return refuse(visit, refusal)
    except Exception as error:  # whatever fell over, a reader gets a page
        return refuse(visit, refusal_for(error) or _log_accident(known, error))


def _log_accident(known: Context, error: Exception) -> Refusal:
    name = find_request_id(request.environ)
    route = None if request.url_rule is None else request.url_rule.rule
    logging.log_accident(known.log, error, request=name, route=route)
    return Unexpected(sentence("it was logged as request %(name)s", name=name))


def _answer(screen: View, visit: Visit, parts: Parts) -> Response:
    require_tls(visit.context.settings.base_url)
    if not screen.offered(visit.context.settings):
        raise NotFound(sentence("there is no such page"))
    _find_person(visit)
    act = screen.act if request.method == "POST" else None
    if visit.actor is None:
        visit.context.limit.enter(_LOGIN if screen.permission == PUBLIC else _STRANGER)
        if screen.permission != PUBLIC:
            return _ask_to_log_in(visit, parts, act)
    else:
        visit.context.limit.count(visit.actor.id, visit.now)
        visit.context.limit.enter(visit.actor.id)
        visit.actor.require(screen.permission if act is None else act.permission)
    for name, value in parts.items():
        if ids.kind_of(value) not in screen.names[name]:
            raise NotFound(
                sentence(
                    "there is no %(kinds)s %(id)s",
                    kinds=ids.name_kinds(screen.names[name]),
                    id=repr(value[:64]),
                )
            )
    given = {name: value for name, value in requests.read_query().items() if value.strip()}
    visit.kept, done = given.pop(_KEPT, None), given.pop(_DONE, None)
    if visit.kept is not None and not given and visit.actor is not None:
        given = {name: value for name, value in read_kept_query(visit, visit.kept).items() if name != _KEPT}
    visit.query = requests.load_parameters(None if screen.query is None else screen.query(), given)
    if act is not None:
        return do_act(screen, act, visit, parts)
    return _show(screen, visit, parts, done)


def _find_person(visit: Visit) -> None:
    """Who asks, by the session that their browser names."""
    secret = visit.cookies.read_secret()
    opened = None if secret is None else sessions.find_session(visit.session, secret, visit.now)
    if opened is not None:
        person, visit.opened = opened
        visit.actor, visit.name = person.actor, person.name
        sessions.note_use(visit.session, visit.actor, visit.opened, visit.now, visit.context.entropy)


def _ask_to_log_in(visit: Visit, parts: Parts, act: Act | None) -> Response:
    """To the login, and from there back. What was typed is kept, where the form says whose it is."""
    back = visit.page
    if act is not None:
        pairs = read_first_pairs(visit.context.settings.body_limit) if comes_in_parts() else read_pairs()
        owner = csrf.find_owner(visit.context, dict(pairs).get(forms.TOKEN, ""))
        if owner is not None:
            back += f"?{_KEPT}={keep_form(visit, act, owner, parts, pairs)}"
    elif request.query_string:
        back += f"?{request.query_string.decode('latin-1')}"
    return go_to(visit.link("/login", next=back))


def _show(screen: View, visit: Visit, parts: Parts, done: str | None) -> Response:
    shown = screen.gather(visit, **parts)
    if "go_to" in shown:
        response = go_to(_carry_on(shown["go_to"], done))
        if visit.asked is not None:
            visit.cookies.keep_question(response, visit.asked)
        return response
    if screen.act is None:
        return show_screen(screen, visit, shown, None, done=done)
    typed, own = screen.act.form.write(shown.get("values") or {}), {}
    if visit.kept is not None:
        form = kept_forms.read_form(visit.session, visit.by.id, visit.kept, visit.context.sealer())
        typed, own = screen.act.form.keep_known(form.typed), {forms.KEPT: form.id}
    return show_screen(screen, visit, shown, fill_form(screen.act, visit, shown, typed, own=own), done=done)


def _carry_on(address: str, done: str | None) -> str:
    """An address with what was done last, which is said there."""
    return address if done is None else f"{address}{'&' if '?' in address else '?'}{_DONE}={quote(done)}"
