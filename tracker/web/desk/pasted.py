"""Recommendations pasted many at once: a table is made of them, and the import takes that."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import Final

from tracker.domain.vocabularies import codes
from tracker.languages.i18n import mark
from tracker.languages.member_words import MEMBERS
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import Code, Id, Strict, Text, Truth, language
from tracker.schemas.list_fields import list_of
from tracker.tables.table_rows import cut_text
from tracker.web.desk.imports import go_to_dry_run, keep_rows
from tracker.web.desk.kept_imports import KeptImport, name_fields
from tracker.web.desk.record_names import list_open_processes, list_suggestions, make_find
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: The number before a recommendation, as lists print it: "12.", "12(a)", "84/12:", "١٢-".
_NUMBERED: Final = re.compile(
    r"\s*\(?(\d{1,4}(?:[./]\d{1,4})*(?:\([a-z]{1,3}\)|[a-z])?)[.):\-–]?\s+(\S.*)", re.DOTALL
)
_BLANK: Final = re.compile(r"\n[^\S\n]*\n")
#: How long the title is that is made of a text.
_TITLE: Final = 120


class PastedIn(Strict):
    """Recommendations as a report prints them, and what all of them have in common."""

    process = Id("process", required=True)
    text = Text(1_000_000, lines=True, required=True)
    issuer = Id("organization")
    report = Id("report")
    issued_on = PartialDay(required=True)
    language = language(required=True)
    type = Code(codes.RECOMMENDATION_TYPE, required=True)
    addressees = list_of(Id("organization"), 10)
    propose = Truth()


class PastedQuery(Strict):
    """Into which process they are pasted."""

    process = Id("process", sought=True)


_TEXT: Final = mark(
    "One in each line; where they have several lines, with an empty line between them. If each begins with its number,"
    " the numbers are kept."
)
PASTING: Final = Form(
    PastedIn,
    Field("process", MEMBERS["process"]),
    Field("text", mark("Recommendations, pasted"), hint=_TEXT),
    Field("issuer", MEMBERS["issuer"], suggests="organization"),
    Field("report", MEMBERS["report"], hint=mark("Its short name."), suggests="report"),
    Field(
        "issued_on", MEMBERS["issued_on"], hint=mark("A day, a month or a year: 2025-03-09, 2025-03 or 2025.")
    ),
    Field("language", MEMBERS["language"], hint=mark("As its tag: ar, fr, pt-BR.")),
    Field(
        "type", mark("Kind of all of them; edit those that are of another"), vocabulary="recommendation_type"
    ),
    Field(
        "addressees",
        mark("Who is asked, by all of them"),
        hint=mark("One in each line: its short name, or the name of an organization."),
        suggests="organization",
    ),
    Field("propose", mark("Ask another person to approve all of it")),
    button=mark("Show what would become of it"),
)


@view("/records/recommendations/many", permission="record.write", template="record_form", query=PastedQuery)
def show_pasted(desk: Visit) -> Shown:
    process = desk.query.get("process")
    return {
        "title": desk.language.say("Paste recommendations"),
        "lead": desk.language.say(
            "You see what would become of each before anything is recorded, as a draft."
        ),
        "tell": partial(name_fields, desk),
        "values": dict(desk.query),
        "choices": {"process": list_open_processes(desk)},
        "suggestions": list_suggestions(desk, PASTING, process),
    }


def make_table(text: str) -> str:
    """A table of pasted recommendations: their numbers where each has one, a title and the text."""
    pieces = _BLANK.split(text) if _BLANK.search(text.strip()) else text.split("\n")
    texts = [piece.strip() for piece in pieces if piece.strip()]
    numbered = [_NUMBERED.fullmatch(one) for one in texts]
    written = io.StringIO()
    rows = csv.writer(written)
    if all(numbered):
        rows.writerow(("printed_number", "title", "text"))
        rows.writerows((found[1], cut_text(found[2], _TITLE), found[2]) for found in numbered if found)
    else:
        rows.writerow(("title", "text"))
        rows.writerows((cut_text(one, _TITLE), one) for one in texts)
    return written.getvalue()


def check_pasted(desk: Visit, data: Shown) -> None:
    options = {
        name: data[name] for name in ("issuer", "report", "issued_on", "language", "type") if name in data
    }
    constants = [f"{name}={value}" for name, value in options.items()]
    if "addressees" in data:
        constants.append(f"addressees.organization={';'.join(data['addressees'])}")
    given = {
        "kind": "recommendation",
        "process": data["process"],
        "text": make_table(data["text"]),
        "constants": constants,
        "identified_by": ["text"],
        "propose": data.get("propose", False),
    }
    desk.prepared = KeptImport(given, "", b"")
    desk.prepared.read_rows()


@act(
    show_pasted,
    PASTING,
    done=mark("It was read."),
    find=lambda desk, typed: make_find(desk, next(iter(typed.get("process", ())), None)),
    prepare=check_pasted,
    then=go_to_dry_run,
)
def keep_pasted(desk: Visit, unit: Unit, data: Shown) -> str | None:
    return keep_rows(desk, unit, data)
