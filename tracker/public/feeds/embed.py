"""A small page of the status of a process that other sites put in a frame, and how they learn of it (oEmbed).

The page has no script, loads nothing, sets nothing, and follows nobody. It is the only one that may be framed.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from sqlalchemy import Connection

from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotFound
from tracker.domain.sent_values import quote_value, refuse_parameter
from tracker.languages.i18n import LANGUAGES, Language, get_language, read_code
from tracker.languages.texts import pick_text
from tracker.public import current, current_scores
from tracker.public.feeds.atom import clean_text
from tracker.public.feeds.implemented import TRACK, Tally, list_tallies
from tracker.public.feeds.process_head import find_process
from tracker.public.feeds.summary import cut_text
from tracker.public.page_addresses import choose_language, make_address

HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"
WIDTH, HEIGHT = 480, 320
_LONGEST: Final = 200
_MOST_ASSESSORS: Final = 5
_STYLE: Final = (
    "body{font:16px/1.4 system-ui,sans-serif;margin:12px;color:#1b1f23;background:#fff}"
    "h1{font-size:1.1em;margin:0 0 .4em}table{border-collapse:collapse;margin:.5em 0}"
    "caption{text-align:start;font-weight:bold}"
    "td,th{text-align:start;padding:.1em .8em .1em 0;font-weight:normal}"
    "td{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "p{margin:.5em 0}a{color:#1d4f7c}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15191d}a{color:#8fc1ee}}"
)
#: The style sheet stands in the page, and the policy names it: a frame that asks for one thing shows at once, and no
#: other style or script can be put in.
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)


def write_embed(
    connection: Connection, subject: str, base: str, now: datetime, asked: str | None = None
) -> bytes:
    """Where the recommendations stand as the lead says, what each organization counts, what is overdue, and the way to
    the whole record. ``asked`` is the language that is asked for; None for the first of the process."""
    process = find_process(connection, subject)
    content = current.read_contents(connection, [process])[process]
    language = get_language(asked or choose_language(content["languages"]))
    counts = current_scores.read_scoreboard(connection, process, now)
    title = pick_text(content, "title", language.code).text
    page, body = _open_page(title, language)
    _add(body, "h1", cut_text(title, _LONGEST), dir="auto")
    states = counts["recommendations"]["tracks"][TRACK.code]["states"]
    _add_table(
        body,
        language.say("Recommendations"),
        [
            (language.number(number), language.label(TRACK.code, state))
            for state, number in states.items()
            if number
        ],
    )
    counted = [
        (_describe_tally(tally, language), cut_text(tally.name or "", _LONGEST))
        for tally in list_tallies(connection, process, now, language.code)[:_MOST_ASSESSORS]
    ]
    _add_table(body, language.say("Who says so"), counted)
    overdue = language.say("Dates overdue: %(number)s", number=language.number(counts["listed"]["overdue"]))
    _add(body, "p", language.unmark(overdue))
    address = f"{base}{make_address(language.code, 'process', process=content['slug'])}"
    link = SubElement(SubElement(body, "p"), "a", href=address, target="_blank", rel="noopener")
    link.text = language.say("The whole record")
    written: bytes = tostring(page, encoding="utf-8", method="html")
    return b"<!doctype html>\n" + written


def _describe_tally(tally: Tally, language: Language) -> str:
    text = language.unmark(tally.describe(language))
    return f"{text}, {language.day(tally.day)}" if tally.day else text


def write_oembed(connection: Connection, query: Mapping[str, str], base: str) -> bytes:
    """What a site is told that wants to show one of our addresses: the frame with the page. `NotFound` where the
    address is none of ours."""
    if (form := query.get("format", "json")) != "json":
        raise refuse_parameter("format", form, "json")
    asked, subject = _read_address(query.get("url", ""), base)
    process = find_process(connection, subject)
    content = current.read_contents(connection, [process])[process]
    width, height = _read_size(query, "maxwidth", WIDTH), _read_size(query, "maxheight", HEIGHT)
    language = "" if asked is None else f"?lang={asked}"
    source = escape(f"{base}/embed/{content['slug']}{language}", quote=True)
    title = clean_text(cut_text(content["title"], _LONGEST))
    frame = (
        f'<iframe src="{source}" width="{width}" height="{height}" title="{escape(title, quote=True)}"'
        ' sandbox="allow-popups" loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
    return encode_json(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "Accountability tracker",
            "provider_url": f"{base}/",
            "cache_age": 300,
            "width": width,
            "height": height,
            "html": frame,
        }
    )


def _open_page(title: str, language: Language) -> tuple[Element, Element]:
    page = Element("html", {"lang": language.code, "dir": language.direction})
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width")
    SubElement(head, "meta", name="robots", content="noindex")
    _add(head, "title", cut_text(title, _LONGEST))
    SubElement(head, "style").text = _STYLE
    return page, SubElement(page, "body")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = clean_text(text)


def _add_table(parent: Element, caption: str, rows: Iterable[tuple[str, str]]) -> None:
    """What is said on the left, of what or by whom on the right."""
    table = SubElement(parent, "table")
    _add(table, "caption", caption)
    for cell, whose in rows:
        row = SubElement(table, "tr")
        _add(row, "td", cell)
        _add(row, "th", whose, scope="row", dir="auto")


def _read_address(address: str, base: str) -> tuple[str | None, str]:
    """The language and the process of an address of ours: of a page, its feeds, or the frame itself."""
    if not address.startswith(f"{base}/"):
        raise NotFound(f"url must be an address of this tracker, {base}/…, not {quote_value(address)}")
    parts = urlsplit(address.removeprefix(base))
    steps = parts.path.split("/")
    if len(steps) > 2 and steps[1] in LANGUAGES:
        return steps[1], steps[2]
    if len(steps) > 2 and steps[1] in ("feeds", "embed"):
        return read_code(dict(parse_qsl(parts.query)).get("lang")), steps[2]
    raise NotFound(f"url must be the address of a process of this tracker, not {quote_value(address)}")


def _read_size(query: Mapping[str, str], name: str, usual: int) -> int:
    given = query.get(name, str(usual))
    if not (given.isascii() and given.isdigit() and len(given) < 6):
        raise refuse_parameter(name, given, "a number of pixels, as 640")
    return min(max(int(given), 1), usual)
