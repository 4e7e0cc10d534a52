"""The recommendations of a process, filtered and compared; and one of them with all that is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.database.list_index import NATURAL, Search
from tracker.domain.errors import InvalidInput
from tracker.domain.text import natural_sort_key
from tracker.domain.tracks import TRACKS
from tracker.domain.vocabularies.codes import RECOMMENDATION_TYPE
from tracker.languages.texts import list_texts, pick_text
from tracker.public import counts, filters, lists, queries
from tracker.public.scoreboard import name_tag
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import (
    Document,
    list_feeds,
    list_mail,
    parse_documents,
    read_list,
    read_named,
    read_numbers,
    read_process,
    show_process_parts,
)
from tracker.web.public.refusals import Mistaken
from tracker.web.public.themes import name_tag_of, name_theme
from tracker.web.public.verdicts import find_answers, list_answered, list_responses, list_verdicts
from tracker.web.public.visit import Visit

#: How many recommendations a page of the list has, and how many columns of assessors.
PAGE: Final = 50
_COLUMNS: Final = 6
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "state": TRACKS["implementation"].codes,
    "response": TRACKS["response"].codes,
    "closure": TRACKS["closure"].codes,
    "type": tuple(RECOMMENDATION_TYPE),
    "only": ("overdue", "silent", "disputed"),
    "sort": ("changed",),
}
#: parameter -> the vocabulary that labels its values.
_LABELLED: Final = {
    "state": "implementation",
    "response": "response",
    "closure": "closure",
    "type": "recommendation_type",
}


@page(
    "recommendations",
    "assessor",
    "state",
    "addressee",
    "response",
    "closure",
    "type",
    "theme",
    "only",
    "sort",
    "after",
)
def show_recommendations(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    numbers = read_numbers(visit, parent)
    named, themes = _list_named(numbers), _list_themes(numbers, visit.language.code)
    _require_choices(visit, {**named, "theme": themes})
    sought = _make_search(visit, parent, named)
    listed = lists.list_documents(visit.connection, sought, PAGE, visit.now, visit.as_of)
    briefs = parse_documents(visit, listed.items)
    last = briefs[-1]["reference"] if briefs and listed.last is not None and sought.order is NATURAL else None
    return {
        **show_process_parts(visit, parent),
        "title": visit.language.say(
            "Recommendations: %(name)s", name=pick_text(parent, "title", visit.language.code).text
        ),
        "assessors": [one["assessor"] for one in numbers["recommendations"]["by_assessor"]][:_COLUMNS],
        "rows": [show_row(visit, one) for one in briefs],
        "number_found": _count(visit, sought),
        "choices": _CHOICES,
        "named": named,
        "themes": themes,
        "applied": _list_applied(visit, named, themes),
        "after": last,
    }


def _list_named(numbers: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The organizations that can be asked for, by their short names."""
    counted = numbers["recommendations"]
    return {
        who: {one[who]["slug"]: one[who] for one in counted[f"by_{who}"] if one[who]["slug"]}
        for who in ("assessor", "addressee")
    }


def _list_themes(numbers: Mapping[str, Any], language: str) -> dict[str, str]:
    """The themes that can be asked for, with what they are called."""
    return {name_tag(one): name_theme(one, language) for one in numbers["recommendations"]["by_theme"]}


def _require_choices(visit: Visit, named: Mapping[str, Mapping[str, Any]]) -> None:
    """`Mistaken` where a parameter has a value that is none of its choices."""
    for name, value in visit.query.items():
        if value not in _CHOICES.get(name, named.get(name, (value,))):
            raise Mistaken.value(name, value)


def _make_search(visit: Visit, process: Document, named: Mapping[str, Mapping[str, Any]]) -> Search:
    asked = {name: visit.query[name] for name in ("response", "closure", "type") if name in visit.query}
    asked |= {name: named[name][visit.query[name]]["id"] for name in named if name in visit.query}
    if "state" in visit.query:
        asked["implementation"] = visit.query["state"]
    if "theme" in visit.query:
        asked["tag"] = visit.query["theme"]
    only = visit.query.get("only")
    asked |= {"disputed": {"diverges": "implementation"}}.get(only or "", {only: "true"} if only else {})
    filed = (*filters.index_keys("recommendation", asked), ("process", process["id"]))
    order = filters.NEWEST if visit.query.get("sort") == "changed" else NATURAL
    return Search("recommendation", filed, order=order, after=_read_after(visit, process))


def _read_after(visit: Visit, process: Document) -> tuple[str, str] | None:
    """Behind which recommendation the page begins; one that is there, so that nobody makes up places."""
    after = visit.query.get("after")
    if after is None:
        return None
    if "sort" in visit.query:
        raise Mistaken.value("after", after)
    thing = queries.find_by_reference(visit.connection, process["id"], "recommendation", after)
    if thing is None:
        raise Mistaken.value("after", after)
    return natural_sort_key(after)[:200], thing


def _count(visit: Visit, sought: Search) -> int | None:
    """How many there are; None where too many would have to be computed for a day."""
    from_start = Search(sought.kind, sought.filed, order=sought.order)
    try:
        return counts.count_documents(visit.connection, from_start, visit.now, visit.as_of)
    except InvalidInput:
        return None


def show_row(visit: Visit, brief: Document) -> dict[str, Any]:
    """A recommendation in a list: who says how far it got, and what its addressee answered."""
    answers = find_answers(brief, "implementation")
    return {
        **brief,
        "name": pick_text(brief, "title", visit.language.code),
        "verdicts": (verdicts := list_answered(answers)),
        "states": {row["assessor"]["id"]: row["state"] for row in verdicts},
        "diverges": answers["diverges"],
        "response": find_answers(brief, "response")["lead"]["state"],
    }


def _list_applied(
    visit: Visit, named: Mapping[str, Mapping[str, Any]], themes: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """The filters that are applied: parameter, what it asks for, and the address without it."""
    applied = []
    for name, value in visit.query.items():
        if name in ("as_of", "after", "sort"):
            continue
        if name in named:
            label = str(named[name][value]["name"])
        elif name == "theme":
            label = themes[value]
        else:
            label = visit.language.label(_LABELLED[name], value) if name in _LABELLED else value
        applied.append((name, label, visit.link_here(**{name: None, "after": None})))
    return applied


@page("recommendation")
def show_recommendation(visit: Visit, process: str, reference: str) -> Shown:
    parent = read_process(visit, process)
    asked = read_named(visit, parent, "recommendation", reference)
    parts = show_process_parts(visit, parent)
    [closure, *_others] = list_verdicts(asked, "closure")
    name = pick_text(asked, "title", visit.language.code)
    return {
        **parts,
        "title": f"{asked['printed_number'] or asked['reference']} · {name.text}",
        "asked": asked,
        "name": name,
        "texts": list_texts(asked, "text"),
        "responses": list_responses(asked),
        "themes": [name_tag_of(one, visit.language.code) for one in asked["tags"]],
        "resources": read_list(visit, "resource", ("recommendation", asked["id"])),
        "verdicts": list_verdicts(asked, "implementation"),
        "diverges": find_answers(asked, "implementation")["diverges"],
        "closure": closure,
        "history": asked["history"],
        "alternates": [
            ("application/json", "JSON", f"/v1/public/recommendations/{asked['id']}"),
            *list_feeds(visit, f"/feeds/recommendations/{asked['id']}"),
            *list_mail(visit, "recommendation", asked["id"]),
        ],
    }
