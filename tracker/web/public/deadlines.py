"""A date: what was owed, how the day was counted, what moved it, and what came of it."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from tracker.domain.reckoning_sentences import Run, list_runs
from tracker.languages.texts import pick_text
from tracker.public.sentences.deadlines import explain_date
from tracker.public.sentences.reckonings import write_event, write_part
from tracker.web.public.page import Shown, page
from tracker.web.public.promises import make_promises
from tracker.web.public.reading import (
    Document,
    find_day,
    read_list,
    read_own,
    read_process,
    show_process_parts,
)
from tracker.web.public.verdicts import list_verdicts
from tracker.web.public.visit import Visit

#: How many rows the count of the days has at most; the middle of a longer one is left out.
_ROWS: Final = 60


@page("deadline")
def show_deadline(visit: Visit, process: str, id: str) -> Shown:
    parent = read_process(visit, process)
    deadline = read_own(visit, parent, "deadline", id)
    local = visit.in_country(parent["country"])
    parts = show_process_parts(visit, parent)
    alike = (
        read_list(visit, "deadline", ("owner", deadline["owner"]["id"])) if deadline["owner"] else [deadline]
    )
    promises = make_promises(_list_chain(deadline, alike), find_day(visit, parent), local.language)
    runs = _list_runs(deadline)
    name = pick_text(deadline, "title", visit.language.code)
    return {
        **parts,
        "title": name.text,
        "name": name,
        "deadline": deadline,
        "owner": deadline["owner"] and {
            **deadline["owner"], "href": visit.link_thing(parent["slug"], deadline["owner"])
        },
        "waits_for": deadline["waits_for"] and write_event(deadline["waits_for"], visit.language),
        "starts_with": _link_start(visit, parent["slug"], deadline["starts_with"]),
        "promise": promises.rows[0],
        "axis": promises.axis,
        "explained": explain_date(deadline, local.language),
        "runs": [_show_run(local, one) for one in runs[: _ROWS - 1]],
        "left_out": max(0, len(runs) - _ROWS),
        "last_run": _show_run(local, runs[-1]) if len(runs) >= _ROWS else None,
        "verdicts": list_verdicts(deadline, "outcome"),
        "history": deadline["history"],
        "alternates": [
            ("application/json", "JSON", f"/v1/public/deadlines/{id}"),
            *parts["alternates"][1:],
            ("text/calendar", visit.language.say("calendar"), _name_calendar(visit, parent)),
        ],
    }  # fmt: skip


def _link_start(visit: Visit, process: str, thing: Document | None) -> Document | None:
    """What the date is counted from, where that is a thing that anybody may see."""
    return {**thing, "href": visit.link_thing(process, thing)} if thing and thing["name"] else None


def _name_calendar(visit: Visit, process: Document) -> str:
    return f"/feeds/{process['slug']}/deadlines.ics?lang={visit.language.code}"


def _list_chain(deadline: Document, alike: list[Document]) -> list[Document]:
    """The date with those that it replaced, and those that replaced it."""
    known = {one["id"]: one for one in alike} | {deadline["id"]: deadline}
    following = {one["replaces"]["id"]: one for one in known.values() if one["replaces"]}
    before, after = [deadline], list[Document]()
    while before[0]["replaces"] and before[0]["replaces"]["id"] in known:
        before.insert(0, known[before[0]["replaces"]["id"]])
    while (after or before)[-1]["id"] in following:
        after.append(following[(after or before)[-1]["id"]])
    return list(chain(before, after))


def _list_runs(deadline: Document) -> list[Run]:
    reckoning = deadline["reckoning"] or {}
    return list(list_runs(reckoning)) if "rule" in reckoning and deadline["due_within"] is None else []


def _show_run(visit: Visit, run: Run) -> dict[str, Any]:
    """A row of the count: from which day to which, as which numbers, or why not."""
    why = None if run.why is None else write_part(run.why, visit.language)
    return {"first": run.first, "last": run.last, "numbers": run.numbers, "why": why}
