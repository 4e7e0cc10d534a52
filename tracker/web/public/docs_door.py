"""The addresses below `/docs/`: the guides and the interface, the same for everybody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

from flask import Flask, Response, current_app, request

from tracker.domain.errors import Refusal
from tracker.http.environ import PUBLIC_HALF
from tracker.languages.i18n import get_language
from tracker.web.public.answers import finish_page, redirect_to, refuse
from tracker.web.public.api_reference import list_operations, list_tags, read_schema
from tracker.web.public.guides import list_guides, read_guide, read_picture
from tracker.web.public.refusals import Mistaken
from tracker.web.rendering import render_page

#: The language of the contract, and of what is said of the guides.
_LANGUAGE: Final = "en"
Shown = Mapping[str, Any]


def attach_guides(app: Flask) -> None:
    """Put the guides and the interface on an application."""
    pages: tuple[tuple[str, str, Callable[..., Shown]], ...] = (
        ("/docs/", "index", _show_index),
        ("/docs/<name>", "guide", _show_guide),
        ("/docs/decisions/", "decisions", partial(_show_guide, name="decisions/README")),
        ("/docs/decisions/<decision>", "decision", _show_decision),
        ("/docs/api", "api", _show_tags),
        ("/docs/api/<tag>", "operations", _show_operations),
        ("/docs/api/schemas/<name>", "schema", _show_schema),
    )
    for path, name, gather in pages:
        view = partial(_send, _TEMPLATES.get(name, name), gather)
        app.add_url_rule(path, f"docs_{name}", view, provide_automatic_options=False)
        if path.endswith("/"):  # Werkzeug would lead to the host that the request names
            view = partial(redirect_to, path, 308)
            app.add_url_rule(path[:-1], f"docs_to_{name}", view, provide_automatic_options=False)
    app.add_url_rule("/docs/pictures/<name>", "docs_picture", _send_picture, provide_automatic_options=False)


_TEMPLATES: Final = {"decisions": "guide", "decision": "guide"}


def _send(template: str, gather: Callable[..., Shown], **parts: str) -> Response:
    request.environ[PUBLIC_HALF] = True
    try:
        shown = gather(**parts)
    except (Refusal, Mistaken) as refusal:
        return refuse(_LANGUAGE, refusal)
    language = shown["guide"].language if "guide" in shown else _LANGUAGE
    return finish_page(render_page(f"docs/{template}.html", get_language(language), **shown), language)


def _send_picture(name: str) -> Response:
    """A screen, as the browser tests took it."""
    request.environ[PUBLIC_HALF] = True
    try:
        return finish_page(read_picture(name), name[-6:-4], media_type="image/png")
    except Mistaken as refusal:
        return refuse(_LANGUAGE, refusal)


def _read_contract() -> Mapping[str, Any]:
    """The contract as it is served."""
    read: Callable[[str], bytes] = current_app.extensions["tracker.site"].contract
    return _parse_contract(read("json"))


@lru_cache(maxsize=1)
def _parse_contract(document: bytes) -> Mapping[str, Any]:
    """Parsed once: it is the same for each of its several hundred pages, and strangers ask for them."""
    contract: Mapping[str, Any] = json.loads(document)
    return contract


def _show_index() -> Shown:
    return {"title": "Guides and interface", "guides": list_guides()}


def _show_guide(name: str) -> Shown:
    guide = read_guide(name)
    return {"title": guide.title, "guide": guide}


def _show_decision(decision: str) -> Shown:
    return _show_guide(f"decisions/{decision}")


def _show_tags() -> Shown:
    return {"title": "The interface", "tags": list_tags(_read_contract())}


def _show_operations(tag: str) -> Shown:
    return {
        "title": f"The interface: {tag}",
        "tag": tag,
        "operations": list_operations(_read_contract(), tag),
    }


def _show_schema(name: str) -> Shown:
    return {"title": name, "schema": read_schema(_read_contract(), name)}
