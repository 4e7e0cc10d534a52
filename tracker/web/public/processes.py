"""The page of a process: the one that people send around."""

from __future__ import annotations

from typing import Any, Final

from tracker.languages.texts import pick_text
from tracker.public.filters import NEWEST
from tracker.public.verified_days import find_verified_days
from tracker.web.public.adequacy import make_adequacy
from tracker.web.public.changes import list_latest
from tracker.web.public.headlines import write_committee_headline, write_recommendation_headline
from tracker.web.public.page import Shown, page
from tracker.web.public.promises import make_promises
from tracker.web.public.reading import (
    MOST,
    Document,
    find_day,
    read_list,
    read_numbers,
    read_process,
    show_process_parts,
)
from tracker.web.public.recommendations import show_row
from tracker.web.public.state_counts import count_states
from tracker.web.public.visit import Visit

#: How many of the last changes the page tells.
_CHANGES: Final = 12
#: How many recommendations it names.
_RECOMMENDED: Final = 8
#: Of how many assessors it looks for what they say.
_ASKED: Final = 4
#: How many committees it shows.
_COMMITTEES: Final = 10


@page("process")
def show_process(visit: Visit, process: str) -> Shown:
    document = read_process(visit, process)
    local = visit.in_country(document["country"])
    own = ("process", document["id"])
    committees = read_list(visit, "committee", own, most=_COMMITTEES)
    deadlines = read_list(visit, "deadline", own)
    numbers = read_numbers(visit, document)
    day = find_day(visit, document)
    return {
        **show_process_parts(visit, document),
        "title": pick_text(document, "title", visit.language.code).text,
        "name": pick_text(document, "title", visit.language.code),
        "summary": pick_text(document, "summary", visit.language.code),
        "committees": [_show_committee(local, one, deadlines) for one in committees],
        "asked": write_recommendation_headline(numbers, local.language),
        "promises": make_promises(deadlines, day, local.language),
        "more_deadlines": max(0, numbers["deadlines"]["total"] - MOST),
        "numbers": numbers,
        "recurs": bool(read_list(visit, "recommendation", ("recurs", "true"), own, most=1)),
        "recommended": [show_row(visit, one) for one in _list_recommended(visit, own, numbers)],
        "counts": count_states(numbers, local.language),
        "acts": list_latest(local, document, _CHANGES),
        "verified": None if visit.as_of else find_verified_days(visit.connection, document["id"]),
    }


def _list_recommended(visit: Visit, own: tuple[str, str], numbers: Document) -> list[Document]:
    """The recommendations on which somebody says something, those that changed last first; then the others."""
    counted = numbers["recommendations"]["by_assessor"]
    judged = [("assessor", one["assessor"]["id"]) for one in counted if one["answered"]]
    lists = [
        read_list(visit, "recommendation", one, own, most=_RECOMMENDED, order=NEWEST)
        for one in judged[:_ASKED]
    ]
    recommended = {one["id"]: one for listed in lists for one in listed}
    newest = sorted(recommended.values(), key=lambda one: str(one["changed_at"]), reverse=True)[:_RECOMMENDED]
    if len(newest) < _RECOMMENDED:
        known = {one["id"] for one in newest}
        others = read_list(visit, "recommendation", own, most=_RECOMMENDED)
        newest += [one for one in others if one["id"] not in known]
    return newest[:_RECOMMENDED]


def _show_committee(visit: Visit, committee: Document, deadlines: list[Document]) -> dict[str, Any]:
    own = [one for one in deadlines if one["owner"] and one["owner"]["id"] == committee["id"]]
    return {
        "committee": committee,
        "name": pick_text(committee, "name", visit.language.code),
        "headline": write_committee_headline(committee, own, visit.language),
        "adequacy": make_adequacy(committee),
        "stage": next(one["lead"]["state"] for one in committee["standing"] if one["track"] == "stage"),
    }
