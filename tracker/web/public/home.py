"""The first page: every process as a card."""

from __future__ import annotations

from typing import Any, Final

from tracker.database.list_index import Search
from tracker.languages.texts import pick_text
from tracker.public import lists
from tracker.public.verified_days import find_verified_days
from tracker.web.public.headlines import (
    find_headline_assessor,
    write_committee_headline,
    write_recommendation_headline,
)
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import Document, list_feeds, parse_documents, read_list, read_numbers
from tracker.web.public.state_counts import count_states
from tracker.web.public.visit import Visit

#: How many processes the page shows; the list of all is a feed.
_MOST: Final = 50
#: Of how many committees of a process a card tells.
_COMMITTEES: Final = 2


@page("home")
def show_home(visit: Visit) -> Shown:
    listing = lists.list_documents(visit.connection, Search("process"), _MOST, visit.now, visit.as_of)
    return {
        "title": visit.language.say("What was promised, what came, and who says so"),
        "alternates": [("application/json", "JSON", "/v1/public"), *list_feeds(visit, "/feeds")],
        "cards": [make_card(visit, one) for one in parse_documents(visit, listing.items)],
    }


def make_card(visit: Visit, process: Document) -> dict[str, Any]:
    """What a card says of a process."""
    local = visit.in_country(process["country"])
    numbers = read_numbers(visit, process)
    committees = read_list(visit, "committee", ("process", process["id"]), most=_COMMITTEES)
    headline = [
        sentence
        for committee in committees
        for sentence in write_committee_headline(committee, _read_dates(visit, committee), local.language)
    ]
    asked = write_recommendation_headline(numbers, local.language)
    most = (find_headline_assessor(numbers) or {}).get("assessor")
    verified = None if visit.as_of else find_verified_days(visit.connection, process["id"])
    return {
        "process": process,
        "language": local.language,
        "name": pick_text(process, "title", visit.language.code),
        "headline": headline,
        "asked": asked,
        "counts": [one for one in count_states(numbers, visit.language) if one.assessor == most],
        "numbers": numbers,
        "verified": verified,
    }


def _read_dates(visit: Visit, committee: Document) -> list[Document]:
    return read_list(visit, "deadline", ("owner", committee["id"]))
