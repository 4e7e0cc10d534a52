"""A status change that was proposed: what it says, on what, by whom, and the decision on it."""

from __future__ import annotations

from typing import Any

from tracker.actions import statuses
from tracker.actions.support import lookup
from tracker.actions.support.thing_names import find_names
from tracker.languages.i18n import mark
from tracker.schemas.statuses import DecisionIn
from tracker.store.statuses import StatusChange
from tracker.web.desk.queue import name_of
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

DECIDE = Form(
    DecisionIn,
    Field("decision", mark("Your decision")),
    Field("note", mark("A note"), hint=mark("What is wrong with it, where you return it.")),
    button=mark("Decide"),
)


@view(
    "/status-changes/{id}",
    permission="record.read_own",
    names={"id": ("change",)},
    opens=("proposal", "returned"),
)
def show_status_change(desk: Visit, id: str) -> Shown:
    change = lookup.get_status_change(desk.viewer, id)
    subject = lookup.get_made(desk.viewer, change.subject_id)
    about = [change.subject_id, change.process_id, change.assessor_id, change.addressee_id or ""]
    about += [one.evidence_id for one in change.citations]
    names = find_names(desk.viewer, about)
    return {
        "title": name_of(names, change.subject_id),
        "change": change,
        "names": {thing: name_of(names, thing) for thing in about},
        "open": change.decision == "proposed" and desk.by.may("status.settle"),
        "changed": _is_changed(change, subject),
        "version": change.version,
        "versions": {subject.id: subject.version},
        "choices": {"decision": _list_decisions(desk, change)},
        "next_one": True,
    }


def _is_changed(change: StatusChange, subject: Any) -> bool:
    """Whether the item was edited after somebody judged it."""
    return change.versions is not None and change.versions.get(subject.id) != subject.version


def _list_decisions(desk: Visit, change: StatusChange) -> list[tuple[str, str]]:
    """What they may decide: on another's proposal to approve or return it, on their own to retract it."""
    say = desk.language.say
    if change.proposed_by == desk.by.id:
        return [("retract", say("Take it back"))]
    return [("approve", say("Approve it")), ("return", say("Return it, with a note"))]


@act(show_status_change, DECIDE, permission="status.settle", done=mark("Your decision is recorded."))
def decide_status_change(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    statuses.decide_status_change(unit, id, data["decision"], data.get("note"), desk.expected, desk.versions)
