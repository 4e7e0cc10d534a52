"""Lists of the record, one for each kind of thing. A filter is an address, which can be kept and sent to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions.support import record_index
from tracker.actions.support.registry import KINDS
from tracker.http import cursors
from tracker.languages.i18n import mark
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.web.desk.member_words import MANY, NEW
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.record_forms import RECORDING
from tracker.web.desk.record_names import list_open_processes
from tracker.web.desk.saved_filters import describe_filters
from tracker.web.desk.view import Shown, Visit, view

#: How many things a page has.
PAGE: Final = 50
#: What lists are narrowed by here, as far as a kind has it; an address may have no more.
_NARROW: Final = ("process", "type", "body_type", "publication")


@view("/records", permission="record.read_own", menu=mark("Records"))
def show_records(desk: Visit) -> Shown:
    kinds = [kind for kind in KINDS if desk.by.may(_find_permission(kind))]
    return {
        "title": desk.language.say("Records"),
        "kinds": [
            {
                "many": desk.language.say(MANY[kind]),
                "list": desk.link(f"/records/{PLURALS[kind]}"),
                "new": desk.language.say(NEW[kind]),
                "form": desk.link(f"/records/{PLURALS[kind]}/new")
                if desk.by.may(KINDS[kind].permission)
                else None,
            }
            for kind in kinds
        ],
    }


def _find_permission(kind: str) -> str:
    """Who reads a list: a watchdog that of its own evidence."""
    return "record.read_own" if kind == "evidence" else "record.read"


def _make_query(kind: str) -> type[Strict]:
    members: dict[str, Any] = {"after": Text(2_000)}
    for criterion in record_index.FILTERS[kind]:
        if criterion.name in _NARROW:
            members[criterion.name] = (
                Id(*criterion.names, sought=True) if criterion.names else Code(criterion.codes)
            )
    made: type[Strict] = type(f"{kind.title()}ListQuery", (Strict,), members)
    return made


def _declare(kind: str) -> None:
    def gather(desk: Visit) -> Shown:
        return _show_list(desk, kind)

    gather.__name__ = f"show_{PLURALS[kind]}"
    view(
        f"/records/{PLURALS[kind]}",
        permission=_find_permission(kind),
        template="records_of_kind",
        query=_make_query(kind),
    )(gather)


def _show_list(desk: Visit, kind: str) -> Shown:
    asked = {name: str(value) for name, value in desk.query.items() if name != "after"}
    secret, purpose = desk.context.settings.secret_key, f"{desk.page}?{sorted(asked.items())}"
    place = cursors.read_cursor(secret, purpose, desk.query.get("after"))
    after = None if place is None else (place[0], place[1])
    rows, last = record_index.read_page(desk.viewer, kind, asked, "-created_at", after, PAGE)
    names = name_things(desk, [getattr(row, "process_id", None) for row in rows])
    process = asked.get("process")
    may_record = desk.by.may(KINDS[kind].permission)
    return {
        "title": desk.language.say(MANY[kind]),
        "saved": describe_filters(desk),
        "rows": [_describe_row(desk, row, names) for row in rows],
        "filters": _list_filters(desk, kind),
        "next_page": None
        if last is None
        else desk.link_here(after=cursors.sign_cursor(secret, purpose, last)),
        "new": desk.link(f"/records/{PLURALS[kind]}/new", process=process) if may_record else None,
        "new_word": desk.language.say(NEW[kind]),
    }


def _describe_row(desk: Visit, row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "address": desk.link(f"/things/{row.id}"),
        "name": name_row(row),
        "short": getattr(row, "slug", None) or getattr(row, "reference", None),
        "publication": row.publication,
        "process": names.get(getattr(row, "process_id", "")),
    }


def _list_filters(desk: Visit, kind: str) -> list[dict[str, Any]]:
    """What the list can be narrowed by: the name of each filter, what it is called, and what may be chosen."""
    filters = []
    for criterion in record_index.FILTERS[kind]:
        if criterion.name == "process":
            filters.append(
                {"name": criterion.name, "called": mark("Process"), "choices": list_open_processes(desk)}
            )
        elif criterion.name in _NARROW:
            field = RECORDING[kind].shown.get(criterion.name)
            vocabulary = "publication" if field is None else field.vocabulary
            called = mark("Publication") if field is None else field.label
            choices = [(code, desk.language.label(vocabulary, code)) for code in criterion.codes]
            filters.append({"name": criterion.name, "called": called, "choices": choices})
    return filters


for _kind in KINDS:
    _declare(_kind)
