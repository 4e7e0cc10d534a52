"""A committee: its mandate in all versions, its members, means, reports and dates, and whether it can do its job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tracker.languages.texts import list_texts, pick_text
from tracker.public.sentences.deadlines import explain_date
from tracker.web.public.adequacy import make_adequacy
from tracker.web.public.headlines import write_committee_headline
from tracker.web.public.page import Shown, page
from tracker.web.public.promises import make_promises
from tracker.web.public.reading import (
    Document,
    find_day,
    read_list,
    read_named,
    read_process,
    show_process_parts,
)
from tracker.web.public.verdicts import find_answers, list_verdicts
from tracker.web.public.visit import Visit

#: What can differ between two versions of a mandate.
_COMPARED: Final = (
    *(
        "instrument",
        "in_force_from",
        "in_force_to",
        "scope",
        "tasks",
        "powers",
        "reports_to",
        "duty_to_publish",
    ),
)


@page("committee")
def show_committee(visit: Visit, process: str, reference: str) -> Shown:
    parent = read_process(visit, process)
    committee = read_named(visit, parent, "committee", reference)
    local = visit.in_country(parent["country"])
    deadlines = read_list(visit, "deadline", ("owner", committee["id"]))
    parts = show_process_parts(visit, parent)
    return {
        **parts,
        "title": pick_text(committee, "name", visit.language.code).text,
        "committee": committee,
        "name": pick_text(committee, "name", visit.language.code),
        "names": list_texts(committee, "name"),
        "stage": find_answers(committee, "stage")["lead"]["state"],
        "headline": write_committee_headline(committee, deadlines, local.language),
        "mandates": list(_compare_mandates(committee["mandates"])),
        "resources": read_list(visit, "resource", ("committee", committee["id"])),
        "reports": read_list(visit, "report", ("committee", committee["id"])),
        "adequacy": make_adequacy(committee),
        "verdicts": _list_criteria(committee),
        "promises": make_promises(deadlines, find_day(visit, parent), local.language),
        "explained": {one["id"]: explain_date(one, local.language) for one in deadlines},
        "history": committee["history"],
        "alternates": [
            ("application/json", "JSON", f"/v1/public/committees/{committee['id']}"),
            *parts["alternates"][1:],
        ],
    }


def _compare_mandates(mandates: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The versions, the newest first, each with the members in which it differs from the one before."""
    in_order = sorted(mandates, key=lambda one: int(one["number"]))
    for before, version in zip([None, *in_order], in_order, strict=False):
        changed = [] if before is None else [name for name in _COMPARED if before[name] != version[name]]
        yield {**version, "changed": changed, "before": before}


def _list_criteria(committee: Document) -> list[tuple[str, list[dict[str, Any]]]]:
    """The criteria of which somebody says something, with every verdict."""
    tracks = [one["track"] for one in committee["standing"] if one["track"].startswith("adequacy.")]
    listed = ((track, list_verdicts(committee, track)) for track in tracks)
    return [(track, rows) for track, rows in listed if any(row["change"] for row in rows)]
