"""From an address below `/follow` to a page. A GET shows a form or a button and changes nothing; a POST acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Flask, Response, request

from tracker import logging
from tracker.actions import followers, mailboxes
from tracker.actions.followers import SOMEBODY, Wish
from tracker.actions.support.unit import Unit
from tracker.database.outages import refusal_for
from tracker.domain.errors import InvalidInput, NotFound, Refusal
from tracker.domain.service_errors import Unexpected
from tracker.http import requests
from tracker.http.acts import open_act
from tracker.http.context import Context, context
from tracker.http.environ import PUBLIC_HALF, find_request_id
from tracker.http.refusals import STATUS, name_wait
from tracker.languages.i18n import Language, get_language
from tracker.store.database import db
from tracker.web.csrf import require_own_form
from tracker.web.page_headers import HEADERS, HTML
from tracker.web.public.refusals import Mistaken
from tracker.web.rendering import render_page

#: Under what the requests of all who follow are counted that are worked on at once: they are one to us.
_SOMEBODY: Final = "followers"
_LINK, _ADDRESS = "link", "address"
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 10
#: The parameter that says what is followed -> its kind.
_ASKED: Final = {"process": "process", "recommendation": "recommendation", "q": "search"}
_HEADERS: Final = {**HEADERS, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
Show = Callable[[Context, Language, Unit, Mapping[str, str]], Response]


def attach(app: Flask) -> None:
    """Put these pages on an application, after the public pages: they use their languages."""
    for name, (path, act) in _PAGES.items():
        app.add_url_rule(
            f"/<language:language>{path}",
            name,
            partial(_send, act),
            methods=["GET", "POST"],
            provide_automatic_options=False,
        )


def list_endpoints() -> frozenset[str]:
    """The names of these addresses, none of which is kept for others."""
    return frozenset(_PAGES)


def _send(act: Show, language: str) -> Response:
    request.environ[PUBLIC_HALF] = False
    known, words = context(), get_language(language)
    try:
        if known.settings.mail is None:
            raise NotFound("this tracker sends no mail")
        known.limit.enter(_SOMEBODY)
        typed = _read_form(known) if request.method == "POST" and act is _follow else {}
        with _open(known) as unit:
            return act(known, words, unit, {**requests.read_query(), **typed})
    except (Refusal, Mistaken) as refusal:
        return _refuse(words, refusal)
    except Exception as error:  # whatever fell over, a reader gets a page
        return _refuse(words, refusal_for(error) or _log_accident(known, error))


def _read_form(known: Context) -> dict[str, str]:
    """The address that was typed into a form of ours. It is read before anybody waits for its act."""
    require_own_form(known, "", None)
    try:
        pairs = parse_qsl(requests.read_raw_body(_FORM).decode("utf-8"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InvalidInput("the form cannot be read") from None
    return {_ADDRESS: dict(pairs).get(_ADDRESS, "").strip()}


@contextmanager
def _open(known: Context) -> Iterator[Unit]:
    """What a page reads from, and for a POST one act."""
    if request.method == "POST":
        with open_act(known, db.session(), SOMEBODY, whatever_standing=True) as act:
            yield act.unit
    else:
        yield Unit(db.session(), SOMEBODY, known.clock(), known.entropy)


def _follow(known: Context, words: Language, unit: Unit, query: Mapping[str, str]) -> Response:
    """The form on which somebody says which address shall follow."""
    kind, what = _read_asked({name: value for name, value in query.items() if name != _ADDRESS})
    stream = followers.find_stream(unit, kind, what, words)
    shown: dict[str, Any] = {"title": words.say("Follow by mail"), "name": stream.title, "back": stream.page}
    if request.method == "GET":
        return _show("form", words, **shown, typed="", fault="")
    typed, site = query[_ADDRESS], f"{known.settings.base_url}/{words.code}"
    page = f"{known.settings.base_url}{stream.page}"
    wish = Wish(typed, kind, what, words, page, site)
    try:
        followers.follow(unit, wish, known.sealer(), known.settings.secret_key)
    except InvalidInput:
        fault = words.say("Write one address, as name@host.example.")
        return _show("form", words, status=422, **shown, typed=typed[:300], fault=fault)
    return _show("asked", words, **shown)


def _confirm(_known: Context, words: Language, unit: Unit, query: Mapping[str, str]) -> Response:
    follower = followers.find_asked(unit, query.get(_LINK, ""))
    stream = followers.find_stream(unit, follower.kind, follower.what, words)
    shown: dict[str, Any] = {"title": words.say("Follow by mail"), "name": stream.title, "back": stream.page}
    if request.method == "GET":
        return _show("confirmation", words, **shown)
    followers.confirm_following(unit, query[_LINK])
    return _show("confirmed", words, **shown)


def _end(_known: Context, words: Language, unit: Unit, query: Mapping[str, str]) -> Response:
    """What is sent along is not read: a mail program that presses the button for its reader is no page of ours."""
    followers.find_following(unit, query.get(_LINK, ""))
    title = words.say("Follow no more")
    if request.method == "GET":
        return _show("end", words, title=title)
    followers.end_following(unit, query[_LINK])
    return _show("ended", words, title=title)


def _end_digests(_known: Context, words: Language, unit: Unit, query: Mapping[str, str]) -> Response:
    """The same for somebody of the desk, whose mail program knows no session."""
    mailboxes.find_ending(unit, query.get(_LINK, ""))
    title = words.say("Be told nothing more")
    if request.method == "GET":
        return _show("end", words, title=title)
    mailboxes.end_digests(unit, query[_LINK])
    return _show("ended", words, title=title)


_PAGES: Final[Mapping[str, tuple[str, Show]]] = {
    "follow": ("/follow", _follow),
    "follow_confirmation": ("/follow/confirmation", _confirm),
    "follow_end": ("/follow/end", _end),
    "follow_digests_end": ("/follow/digests/end", _end_digests),
}


def _read_asked(query: Mapping[str, str]) -> tuple[str, str]:
    """What somebody wants to follow, by the one parameter that says it."""
    if len(query) != 1 or (name := next(iter(query))) not in _ASKED:
        raise NotFound("say what to follow: a process, a recommendation or a search")
    return _ASKED[name], query[name]


def _show(template: str, words: Language, *, status: int = 200, **shown: Any) -> Response:
    body = render_page(f"followers/{template}.html", words, page=request.full_path.rstrip("?"), **shown)
    return Response(body, status, {**_HEADERS, "Content-Language": words.code}, content_type=HTML)


def _refuse(words: Language, refusal: Refusal | Mistaken) -> Response:
    say = words.say
    status = refusal.status if isinstance(refusal, Mistaken) else STATUS[type(refusal)]
    sentences = {
        403: say("This form was not sent by a page of this site. Open the page here, and send it again."),
        404: say("This link was used already, has run out, or leads to nothing that is public."),
        410: say("What you want to follow is not public any more."),
        429: say("Many people ask at this moment. Try again in an hour."),
    }
    other = say("Something went wrong on our side. Try it again later.")
    response = _show(
        "refusal", words, status=status, title=say("This did not work"), said=sentences.get(status, other)
    )
    if isinstance(refusal, Refusal):
        response.headers.update(name_wait(refusal))
    return response


def _log_accident(known: Context, error: Exception) -> Refusal:
    name = find_request_id(request.environ)
    logging.log_accident(known.log, error, request=name)
    return Unexpected(f"it was logged as request {name}")
