"""A date at the desk: how it is counted is said before it is recorded; another date in its place, and the refusal of
one, are acts with a form of their own.
"""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from tracker.actions import deadlines, parts
from tracker.actions.support import lookup
from tracker.domain.deadlines import REPLACED, count_slip_days
from tracker.domain.partial_days import parse_day
from tracker.domain.revisions import UPDATE
from tracker.languages.i18n import Language, mark
from tracker.languages.member_words import MEMBERS
from tracker.public.sentences.deadlines import describe_slip
from tracker.public.sentences.reckonings import describe_reckoning, write_event
from tracker.schemas.deadlines import RefusedExtensionIn
from tracker.schemas.extensions import ExtensionIn
from tracker.schemas.revisions import make_part
from tracker.store.change_rows import ChangeRow
from tracker.store.deadlines import Deadline, find_chain, find_replacement
from tracker.web.desk.names import name_row
from tracker.web.desk.record_forms import RULE_HINT
from tracker.web.desk.statuses import list_evidence
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

EXTENDING: Final = Form(
    ExtensionIn,
    Field("set_on", mark("Day on which the other date was set")),
    Field("rule", mark("Rule by which it is counted from then on"), hint=RULE_HINT),
    Field("due_on", mark("Or the day itself")),
    Field("basis", mark("What it rests on"), vocabulary="deadline_basis"),
    Field("instrument", mark("Legal instrument")),
    Field("title", mark("Another title"), hint=mark("Left empty, it is that of the date that it replaces.")),
    Field("reason", mark("Why"), hint=mark("Everybody will read it.")),
    Field("citations/*/evidence", mark("Evidence")),
    Field("citations/*/stance", mark("What it does"), vocabulary="stance"),
    Field("citations/*/locator", mark("Where in it")),
    button=mark("Propose the other date"),
)
REFUSING: Final = Form(
    make_part("RefusedExtensionAtTheDesk", RefusedExtensionIn),
    Field("asked_on", MEMBERS["refused_extensions/*/asked_on"]),
    Field("asked_until", MEMBERS["asked_until"]),
    Field("refused_on", MEMBERS["refused_on"]),
    Field("reason", MEMBERS["refused_extensions/*/reason"], hint=mark("Everybody will read it.")),
    Field("evidence", mark("Evidence that shows it")),
    button=mark("Record the refusal"),
)


def describe_dates(desk: Visit, made: Any) -> list[Markup]:
    """When a deadline is due, how that was counted, and what moved it; nothing of anything else."""
    return (
        [*describe_date(made, desk.language), *describe_move(desk, made)]
        if isinstance(made, Deadline)
        else []
    )


def describe_date(row: Deadline, language: Language) -> list[Markup]:
    """When something is due, and how that was counted."""
    counted = describe_reckoning(row.reckoning, language)
    if counted is not None:
        return [counted]
    if row.due_on is None:
        event = write_event(row.waits_for or "", language)
        return [language.say("It is counted once the day of its event is known: %(event)s.", event=event)]
    return [language.say("Due on %(day)s, as it was set.", day=language.full_day(row.due_on))]


def describe_move(desk: Visit, row: Deadline) -> list[Markup]:
    """By how much a date has moved since it was first set."""
    first, due = find_chain(desk.session, row)[0], row.find_due_day()
    if due is None or first.due_on is None:
        return []
    moved = describe_slip({"slip_days": count_slip_days(first.due_on, due)}, desk.language)
    return [] if moved is None else [moved]


def name_replacement(desk: Visit, made: Any) -> tuple[str, str] | None:
    """The date that took the place of this one, or is proposed to: where it is read, and its title."""
    new = find_replacement(desk.session, made.id) if isinstance(made, Deadline) else None
    return None if new is None else (desk.link(f"/things/{new.id}"), new.title)


def describe_replacement(desk: Visit, subject: str, state: str) -> list[Markup]:
    """What stands, or would stand, in place of a date that is extended or brought forward."""
    if state not in REPLACED or (new := find_replacement(desk.session, subject)) is None:
        return []
    return describe_dates(desk, new)


@view("/deadlines/{id}/extension", permission="record.write", template="date", names={"id": ("deadline",)})
def show_extension(desk: Visit, id: str) -> Shown:
    row: Deadline = lookup.get(desk.viewer, id, "deadline")
    return {
        "title": desk.language.say("Another date in place of: %(name)s", name=name_row(row)),
        "lead": desk.language.say(
            "The date that stands is kept, and everybody sees by how much it moved. Another person decides."
        ),
        "dates": describe_dates(desk, row),
        "values": {"set_on": row.process.days.today(desk.now)},
        "choices": {"citations/*/evidence": list_evidence(desk, row.process_id, [])},
    }


def try_extension(desk: Visit, unit: Unit, data: Shown, id: str) -> ChangeRow:
    new, change = deadlines.extend_deadline(unit, id, data)
    desk.told = {"dates": describe_dates(desk, new)}
    return change


@act(
    show_extension,
    EXTENDING,
    done=mark("It was proposed. Both dates change when another person approves it."),
    then="/decide/{made}",
    tries=try_extension,
)
def extend_deadline(desk: Visit, unit: Unit, data: Shown, id: str) -> str:
    made: str = try_extension(desk, unit, data, id).id
    return made


@view(
    "/deadlines/{id}/refused-extension",
    permission="record.write",
    template="date",
    names={"id": ("deadline",)},
)
def show_refused_extension(desk: Visit, id: str) -> Shown:
    row: Deadline = lookup.get(desk.viewer, id, "deadline")
    return {
        "title": desk.language.say("More time was refused: %(name)s", name=name_row(row)),
        "lead": desk.language.say("The date stays. If it is public, another person decides on this, too."),
        "dates": describe_dates(desk, row),
        "choices": {"evidence": list_evidence(desk, row.process_id, [])},
    }


@act(
    show_refused_extension,
    REFUSING,
    done=mark("It was recorded. If the date is public, it waits until another person decides on it."),
    then="/things/{id}",
)
def refuse_extension(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    refused = {**data, "revision": UPDATE, "since": parse_day(data["refused_on"])}
    parts.add_part(
        unit, id, "deadline", "refused_extensions", refused, deadlines.refuse_extension, ("reason",)
    )
