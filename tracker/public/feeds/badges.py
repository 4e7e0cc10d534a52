"""Badges for other people's pages: how many recommendations of a process are implemented, or where one stands; always
with who says so and since when, never as a bare percentage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from sqlalchemy import Connection

from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotFound
from tracker.domain.ids import kind_of
from tracker.domain.sent_values import quote_value
from tracker.languages.i18n import get_language
from tracker.languages.texts import pick_text
from tracker.public import current
from tracker.public.feeds.atom import clean_text, write_xml
from tracker.public.feeds.implemented import TRACK, list_tallies
from tracker.public.feeds.process_head import find_process
from tracker.public.feeds.summary import cut_text
from tracker.public.names import translate_names
from tracker.public.page_addresses import choose_language
from tracker.public.queries import find_document
from tracker.public.sentences.verdicts import find_verified

SVG: Final = "image/svg+xml"
SHIELDS: Final = "application/json"
#: Letters of each half that are shown; the width of a letter and of what stands around a half, in pixels.
_LONGEST: Final = 60
_LETTER, _AROUND, _HEIGHT = 6.5, 12, 22
_LABEL_COLOUR, _COLOUR, _TEXT_COLOUR = "#3d4852", "#1d4f7c", "#ffffff"


@dataclass(frozen=True, slots=True)
class Badge:
    label: str
    message: str
    language: str


def make_badge(
    connection: Connection, subject: str, assessor: str | None, now: datetime, asked: str | None
) -> Badge:
    """The badge of a process by its slug or id, or of a recommendation by its id; as the word of the lead, or of the
    organization with the slug ``assessor``. ``asked`` is the language that is asked for; None for the first of the
    process. `NotFound`, or `Withdrawn`."""
    if kind_of(subject) == "recommendation":
        return _of_recommendation(connection, subject, assessor, now, asked)
    return _of_process(connection, subject, assessor, now, asked)


def write_svg(badge: Badge) -> bytes:
    """The badge as a picture that names itself to those who do not see it."""
    widths = [round(_LETTER * len(text)) + _AROUND for text in (badge.label, badge.message)]
    whole, label = str(sum(widths)), f"{badge.label}: {badge.message}"
    picture = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "xml:lang": badge.language,
            "width": whole,
            "height": str(_HEIGHT),
            "viewBox": f"0 0 {whole} {_HEIGHT}",
            "role": "img",
            "aria-label": clean_text(label),
        },
    )
    SubElement(picture, "title").text = clean_text(label)
    for text, left, width, colour in (
        (badge.label, 0, widths[0], _LABEL_COLOUR),
        (badge.message, widths[0], widths[1], _COLOUR),
    ):
        box = {"x": str(left), "width": str(width), "height": str(_HEIGHT), "fill": colour}
        SubElement(picture, "rect", box)
        letters = {
            "x": str(left + width / 2),
            "y": "15",
            "fill": _TEXT_COLOUR,
            "font-family": "Verdana, DejaVu Sans, sans-serif",
            "font-size": "11",
            "text-anchor": "middle",
            "textLength": str(width - _AROUND),
            "lengthAdjust": "spacingAndGlyphs",
        }
        SubElement(picture, "text", letters).text = clean_text(text)
    return write_xml(picture)


def write_shields(badge: Badge) -> bytes:
    """The badge as the endpoint that shields.io and others read."""
    return encode_json(
        {
            "schemaVersion": 1,
            "label": badge.label,
            "message": badge.message,
            "color": _COLOUR.removeprefix("#"),
            "labelColor": _LABEL_COLOUR.removeprefix("#"),
            "cacheSeconds": 300,
        }
    )


def _of_process(
    connection: Connection, subject: str, assessor: str | None, now: datetime, asked: str | None
) -> Badge:
    process = find_process(connection, subject)
    content = current.read_contents(connection, [process])[process]
    language = get_language(asked or choose_language(content["languages"]))
    tallies = list_tallies(connection, process, now, language.code)
    tally = next((one for one in tallies if assessor in (None, one.slug)), None)
    if tally is None:
        raise NotFound(f"{quote_value(assessor or '')} says nothing of the recommendations of this process")
    message = language.unmark(tally.describe(language)) + _say_who(tally.name, tally.day)
    title = pick_text(content, "title", language.code).text
    return Badge(cut_text(title, _LONGEST), message, language.code)


def _of_recommendation(
    connection: Connection, subject: str, assessor: str | None, now: datetime, asked: str | None
) -> Badge:
    brief = json.loads(find_document(connection, "recommendation", subject, now).body)
    answers = next(one for one in brief["standing"] if one["track"] == TRACK.code)
    rows = (answers["lead"], *answers["others"])
    row = next((one for one in rows if assessor in (None, one["assessor"]["slug"])), None)
    if row is None:
        raise NotFound(f"{quote_value(assessor or '')} says nothing of this recommendation")
    process = brief["process"]["id"]
    content = current.read_contents(connection, [process])[process]
    language = get_language(asked or choose_language(content["languages"]))
    label = language.unmark(language.say("Recommendation %(number)s", number=brief["reference"]))
    state = language.label(TRACK.code, row["state"]).lower()
    translate_names(connection, row, language.code)
    message = state + _say_who(row["assessor"]["name"], row["verified_on"] and find_verified(row))
    return Badge(cut_text(label, _LONGEST), message, language.code)


def _say_who(lead: str | None, day: str | None) -> str:
    who = ", ".join([*([cut_text(lead, _LONGEST // 2)] if lead else []), *([day] if day else [])])
    return f" ({who})" if who else ""
