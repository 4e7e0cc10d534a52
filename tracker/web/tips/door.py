"""From an address of the tip boxes to a page. Of a request there is no line in the server log and no number in the
measures: either would tell when somebody wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from tracker import logging
from tracker.database.outages import refusal_for
from tracker.domain.errors import NotFound, Refusal
from tracker.domain.service_errors import Unexpected
from tracker.http import requests
from tracker.http.context import Context, context
from tracker.http.environ import PUBLIC_HALF, UNNOTED
from tracker.http.refusals import STATUS, name_wait
from tracker.languages.i18n import get_language, mark
from tracker.web.csrf import ForeignForm
from tracker.web.public.refusals import Mistaken
from tracker.web.tips import coming_back, sending
from tracker.web.tips.visit import Visit

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: Under what the requests of all senders are counted that are worked on at once: they are one to us.
_SENDERS: Final = "tips"
_PAGES: Final[Mapping[str, tuple[str, Callable[..., Response], Callable[..., Response]]]] = {
    "tips": ("/tips", coming_back.show_boxes, coming_back.open_tip),
    "tip_added": ("/tips/added", coming_back.show_boxes, coming_back.add),
    "tip_back": ("/tips/back", coming_back.show_boxes, coming_back.take_back),
    "tip_box": ("/tips/to/<slug>", sending.show_box, sending.send),
}


def attach(app: Flask) -> None:
    """Put the tip boxes on an application, after the public pages: they use their languages."""
    for name, (path, show, act) in _PAGES.items():
        app.add_url_rule(
            f"/<language:language>{path}",
            name,
            partial(_send, show, act),
            methods=["GET", "POST"],
            provide_automatic_options=False,
        )


def list_endpoints() -> frozenset[str]:
    """The names of these addresses, none of which is kept for others."""
    return frozenset(_PAGES)


def _send(
    show: Callable[..., Response], act: Callable[..., Response], language: str, **parts: str
) -> Response:
    request.environ[PUBLIC_HALF], request.environ[UNNOTED] = False, True
    known = context()
    page = request.path.removeprefix(f"/{language}")
    visit = Visit(known, get_language(language), known.clock(), page)
    try:
        _require_safe(known)
        known.limit.enter(_SENDERS)
        requests.load_query(None)
        if request.method == "GET":
            return show(visit, **parts)
        _require_own_form(known)
        return act(visit, **parts)
    except (Refusal, Mistaken) as refusal:
        return _refuse(visit, refusal)
    except Exception as error:  # whatever fell over, a reader gets a page
        return _refuse(visit, refusal_for(error) or _log_accident(known, error))


def _log_accident(known: Context, error: Exception) -> Refusal:
    """Where it happened, for the operators: not of which address, and under no name."""
    logging.log_accident(known.log, error, request=None)
    return Unexpected("it was logged")


def _refuse(visit: Visit, refusal: Refusal | Mistaken) -> Response:
    say = visit.language.say
    status = refusal.status if isinstance(refusal, Mistaken) else STATUS[type(refusal)]
    sentences = {
        403: say("This form was not sent by a page of this site. Open the page here, and send it again."),
        404: say("No tip box is open at this address. It may have been closed."),
        429: say("Many people write at this moment. Go back, wait a minute, and send it again."),
    }
    other = say("Something went wrong on our side. Go back: what you wrote may still stand in the form.")
    title = say("This did not work")
    response = visit.show("refusal", status, title=title, said=sentences.get(status, other), kept="")
    if isinstance(refusal, Refusal):
        response.headers.update(name_wait(refusal))
    return response


def _require_safe(known: Context) -> None:
    """`NotFound` where tips would cross a network in the clear, outside of Tor."""
    parts = urlsplit(known.settings.base_url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK and known.settings.onion is None:
        raise NotFound("tips are taken over TLS or Tor only")


def _require_own_form(known: Context) -> None:
    """`ForeignForm` where a browser says that another site sent it. Each form carries a token of ours as well; these
    pages tell no site where a reader came from, so many browsers name no origin."""
    site, origin = request.headers.get("Sec-Fetch-Site", "none"), request.headers.get("Origin", "null")
    parts = urlsplit(known.settings.base_url)
    own = {"null", known.settings.base_url, known.settings.onion}
    if parts.hostname in _LOOPBACK:
        own |= {
            f"{parts.scheme}://{name}{'' if parts.port is None else f':{parts.port}'}" for name in _LOOPBACK
        }
    if site not in ("none", "same-origin") or (site == "none" and origin not in own):
        raise ForeignForm(
            mark("This form was not sent by a page of this site. Open the page here, and send it again.")
        )
