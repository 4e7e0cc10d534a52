"""From an address to a page: the language, the parameters, what is gathered, and the finished bytes.

The front of the public half keeps what is answered here under its address, as it keeps feeds; so a page is put together
once for each public act, and every reader after the first gets bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, quote

from flask import Flask, Response, current_app, request
from structlog.typing import FilteringBoundLogger
from werkzeug.routing import BaseConverter

from tracker import logging
from tracker.database.outages import refusal_for
from tracker.domain.errors import Refusal
from tracker.domain.service_errors import Unexpected
from tracker.http.environ import PUBLIC_HALF, find_request_id
from tracker.languages.i18n import LANGUAGES, choose_language, get_language, mark
from tracker.public.replica import PublicReads
from tracker.web import static_files
from tracker.web.page_headers import HTML, MARKDOWN
from tracker.web.public.answers import finish_page, redirect_to, refuse
from tracker.web.public.page import PAGES, Page, Shown
from tracker.web.public.refusals import Missing, Mistaken
from tracker.web.public.visit import Visit, add_query, leave_out_tracking, read_query


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of one server are made from."""

    reads: PublicReads
    base: str
    clock: Callable[[], datetime]
    log: FilteringBoundLogger
    contract: Callable[[str], bytes]
    mail: bool = False


class _LanguageConverter(BaseConverter):
    regex = "|".join(LANGUAGES)
    part_isolating = True


class _TagConverter(BaseConverter):
    """What looks like a language in an address."""

    regex = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?"
    part_isolating = True
    weight = 300  # asked after the languages that there are


def attach(app: Flask) -> None:
    """Put the pages on an application. Where each leads is asked of `set_site`."""
    app.url_map.converters |= {"language": _LanguageConverter, "tag": _TagConverter}
    add = partial(app.add_url_rule, provide_automatic_options=False)
    add("/", "choose_language", _choose)
    add("/static/<digest>/<name>", "static_file", _send_file)
    for page in PAGES.values():
        path = page.path.replace("{", "<").replace("}", ">")
        add(f"/<language:language>{path}", f"page_{page.name}", partial(_send_page, page, page.write_html))
        if page.markdown is not None:
            written = partial(_send_page, page, page.markdown, media_type=MARKDOWN)
            add(f"/<language:language>{path}.md", f"page_{page.name}_markdown", written)
    add("/<language:language>", "page_language", _send_home)
    add("/<language:language>/<path:rest>", "page_missing", _send_missing)
    for end in ("", "/"):  # without the first, Werkzeug would lead to the host that the request names
        add(f"/<tag:tag>{end}", f"page_unknown_language{end and '_home'}", _send_other_language)
    add("/<tag:tag>/<path:rest>", "page_unknown_language_below", _send_other_language)


def set_site(app: Flask, site: Site) -> None:
    """Say what the pages are made from."""
    app.extensions["tracker.site"] = site


def _site() -> Site:
    site: Site = current_app.extensions["tracker.site"]
    return site


def _send_page(
    page: Page, write: Callable[[Shown], bytes], language: str, media_type: str = HTML, **parts: str
) -> Response:
    request.environ[PUBLIC_HALF] = True
    site = _site()
    given = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    asked = leave_out_tracking(given)
    if asked != given:
        return redirect_to(add_query(quote(request.path), asked), 303)
    try:
        query = read_query(page.takes, asked)
        with site.reads.open_snapshot() as connection:
            visit = Visit(
                get_language(language),
                connection,
                site.clock(),
                site.base,
                page.name,
                parts,
                query,
                site.mail,
            )
            shown: Shown = {"visit": visit, **page.gather(visit, **parts)}
            body = write(shown)
    except (Refusal, Mistaken) as refusal:
        return refuse(language, refusal)
    except Exception as error:  # whatever fell over, a reader gets a page
        return refuse(language, refusal_for(error) or _log_accident(site, error))
    return finish_page(body, language, media_type=media_type)


def _log_accident(site: Site, error: Exception) -> Refusal:
    """Where it happened goes to the operators' log; a reader learns the name under which it stands there."""
    name = find_request_id(request.environ)
    route = None if request.url_rule is None else request.url_rule.rule
    logging.log_accident(site.log, error, request=name, route=route)
    return Unexpected(name)


def _send_missing(language: str, rest: str) -> Response:  # noqa: ARG001  # the route names it
    return refuse(language, Missing(mark("Nothing is public at this address, or nothing was on that day.")))


def _send_other_language(tag: str, rest: str = "") -> Response:  # noqa: ARG001  # the route names it
    chosen = choose_language(request.headers.get("Accept-Language"))
    response = refuse(
        chosen,
        Missing(mark("There are no pages in the language “%(tag)s”. Choose one of those above."), tag=tag),
    )
    response.headers["Vary"] = "Accept-Language"
    return response


def _send_home(language: str) -> Response:
    return redirect_to(f"/{language}/", 308)


def _choose() -> Response:
    """A person is sent to the pages in the language they like best, a program to what is public here as JSON."""
    accepted = request.headers.get("Accept", "")
    chosen = choose_language(request.headers.get("Accept-Language"))
    response = redirect_to(f"/{chosen}/" if "text/html" in accepted else "/v1/public", 303)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _send_file(digest: str, name: str) -> Response:
    request.environ[PUBLIC_HALF] = True
    body, kind = static_files.find_file(digest, name)
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = static_files.CACHED
    response.headers["ETag"] = f'"{digest}"'
    return response
