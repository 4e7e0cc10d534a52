"""Filters that somebody keeps under a name: the address of a page of the queue or of the record, and who may use it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from tracker.actions import saved_filters
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.languages.i18n import mark
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.fields import Strict, Text
from tracker.schemas.loading import load_value
from tracker.schemas.saved_filters import SavedFilterIn
from tracker.schemas.sessions import Nothing
from tracker.store.saved_filters import SavedFilter
from tracker.web.desk.handlings import name_colleague
from tracker.web.desk.view import VIEWS, Shown, Unit, View, Visit, act, view
from tracker.web.forms import BOUND, Field, Form

#: The screens whose filters can be kept: the queue, and the list of each kind of the record.
FILTERED: Final = ("queue", *PLURALS.values())
#: How many filters a page names.
MOST_SHOWN: Final = 100
SAVING = Form(
    SavedFilterIn,
    Field("name", mark("Its name"), hint=mark("Name no source in it.")),
    Field(
        "shared",
        mark("For my colleagues, too"),
        hint=mark("Those who work on the same process then see it and its name."),
    ),
    Field("page", "", kind=BOUND),
    Field("query", "", kind=BOUND),
    button=mark("Keep it"),
)
FORGETTING = Form(Nothing, button=mark("Forget it"))


class NewFilterQuery(Strict):
    """The page whose filter is kept, and its parameters."""

    page = Text(200, required=True)
    query = Text(2_000)


@view("/filters/new", permission="work.handle", template="form", query=NewFilterQuery)
def show_new_filter(desk: Visit) -> Shown:
    page, query = desk.query["page"], desk.query.get("query", "")
    _read_filter(desk, page, query)
    return {
        "title": desk.language.say("Keep this filter under a name"),
        "lead": None,
        "values": {"page": page, "query": query},
    }


@act(
    show_new_filter,
    SAVING,
    done=mark("The filter is kept."),
    then=lambda desk, _made: desk.go_back(
        desk.query["page"], _join(desk.query.get("query", ""), done="new_filter")
    ),
)
def save_filter(desk: Visit, unit: Unit, data: Shown) -> str:
    page, query = data["page"], data.get("query", "")
    process = _read_filter(desk, page, query).get("process")
    made = saved_filters.save_filter(
        unit, data["name"], page, query, process=process, shared=data.get("shared", False)
    )
    return str(made.id)


@view("/filters/{id}", permission="work.handle", template="form", names={"id": ("saved_filter",)})
def show_filter(desk: Visit, id: str) -> Shown:
    kept = saved_filters.get_own_filter(desk.viewer, id)
    return {"title": desk.language.say("Forget the filter: %(name)s", name=kept.name), "lead": None}


@act(show_filter, FORGETTING, done=mark("The filter is forgotten."), then="/queue")
def forget_filter(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    saved_filters.forget_filter(unit, id)


def describe_filters(desk: Visit) -> Shown | None:
    """What a page with a filter shows of those that are kept of it, and where its own is kept; None to those who keep
    none."""
    if not desk.by.may("work.handle"):
        return None
    rows = saved_filters.select_filters(desk.viewer).where(SavedFilter.page == desk.page)
    asked = {name: str(value) for name, value in desk.query.items() if name != "after"}
    return {
        "kept": [
            {
                "name": one.name,
                "address": desk.go_back(one.page, one.query),
                "drop": desk.link(f"/filters/{one.id}") if one.person_id == desk.by.id else None,
                "of": None if one.person_id == desk.by.id else name_colleague(desk, one.person.known_as),
            }
            for one in desk.session.scalars(rows.limit(MOST_SHOWN))
        ],
        "save": desk.link("/filters/new", page=desk.page, query=urlencode(asked)) if asked else None,
    }


def _read_filter(desk: Visit, page: str, query: str) -> dict[str, Any]:
    """What a filter asks for. `InvalidInput` where the page has none, or does not take that."""
    screen = _find_screen(page)
    if screen is None or screen.query is None:
        raise InvalidInput.at("page", sentence("must be the queue, or a list of the record"))
    desk.by.require(screen.permission)
    return load_value(screen.query(), dict(parse_qsl(query)))


def _find_screen(page: str) -> View | None:
    known = {f"/desk{VIEWS[name].path}": VIEWS[name] for name in FILTERED}
    return known.get(page)


def _join(query: str, **more: str) -> str:
    return urlencode({**dict(parse_qsl(query)), **more})
