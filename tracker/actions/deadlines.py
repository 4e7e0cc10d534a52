"""Setting a date that binds, and extending it: the old one keeps its place, the new one says what it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from tracker.actions import statuses
from tracker.actions.support import lookup, record_index, status_support
from tracker.actions.support.dating import gives_day, reckon_date
from tracker.actions.support.editable_things import require_free_reference
from tracker.actions.support.lookup import (
    find_named_in_process,
    get_for_act,
    get_made,
    get_made_change,
    get_open_process,
    require_process,
)
from tracker.actions.support.records import add_part, check_part
from tracker.actions.support.unit import Unit
from tracker.actions.support.work_queue_entries import OPEN, find_outcome
from tracker.actions.suspensions import read_stays
from tracker.domain import publication
from tracker.domain.deadlines import name_replacement
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest, find_latest, lies_before, parse_day
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.reckonings import list_recurring
from tracker.domain.rules import Rule
from tracker.domain.sentences import sentence
from tracker.domain.text import REFERENCE_LENGTH
from tracker.store.change_rows import ChangeRow
from tracker.store.deadlines import Deadline, find_replacement, list_starts
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer

Data = Mapping[str, Any]
#: What of a rule that counts from an event belongs to the event.
_OF_EVENT: Final = frozenset({"starts_with_id", "event_on", "event_evidence_id"})
#: What a date is reckoned from.
_RECKONED: Final = _OF_EVENT | {"set_on", "rule", "due_on"}


def set_deadline(unit: Unit, data: Data) -> Deadline:
    """Record a date by which somebody owes something.

    ``data`` gives ``due_on``, or a ``rule`` ("30 days") to count it from ``set_on``, or both where they agree.
    """
    unit.by.require("record.write")
    process = get_open_process(unit.viewer, data["process_id"])
    require_plausible_days("deadline", data, process.days.today(unit.now))
    require_free_reference(unit.session, process.id, "deadline", data.get("reference"))
    _find_owner(unit, process.id, data["owner_id"])
    _check_refusals(unit, process.id, data["set_on"], data.get("refused_extensions", ()))
    deadline = _make_deadline(unit, process, data)
    unit.audit("create", deadline.id)
    return deadline


def set_series(unit: Unit, data: Data) -> tuple[str, list[Deadline]]:
    """Record what is due again and again, ``every`` so often ``until`` a day: each date is a deadline of its own, with
    the same ``series`` and, where a reference is given, a number behind it. Returns both."""
    fields = {name: value for name, value in data.items() if name not in ("every", "until")}
    unit.by.require("record.write")
    process = get_open_process(unit.viewer, data["process_id"])
    rules = list_recurring(data["every"], data["set_on"], find_latest(data["until"]), process.days)
    if data.get("reference") and len(f"{data['reference']}-{len(rules)}") > REFERENCE_LENGTH:
        raise InvalidInput.at(
            "/reference",
            sentence("is too long to be followed by a number up to %(number)s", number=len(rules)),
        )
    series = unit.new_id("deadline").partition("_")[2]
    made = []
    for number, rule in enumerate(rules, start=1):
        own = {"rule": str(rule), "series": series}
        if data.get("reference"):
            own["reference"] = f"{data['reference']}-{number}"
        made.append(set_deadline(unit, {**fields, **own}))
    return series, made


def list_series(viewer: Viewer, first: str) -> tuple[str | None, list[Deadline]]:
    """The same, by the id of the first of them."""
    deadline: Deadline = get_made(viewer, first, "deadline")
    same = Deadline.owner_id == deadline.owner_id, Deadline.series == deadline.series
    rows = viewer.session.scalars(select(Deadline).where(*same).order_by(Deadline.due_on, Deadline.id))
    return deadline.series, list(rows.unique())


def list_due(viewer: Viewer, today: date, days: int, most: int) -> list[Deadline]:
    """The open dates that are due from ``today`` until so many days later, those of drafts too, the earliest first. At
    most so many dates of that span are looked at."""
    asked = {"due_from": today.isoformat(), "due_to": (today + timedelta(days=days)).isoformat()}
    rows, _end = record_index.read_page(viewer, "deadline", asked, "due_on", None, most)
    return [row for row in rows if row.publication != publication.WITHDRAWN and _is_open(viewer, row.id)]


def _is_open(viewer: Viewer, deadline: str) -> bool:
    subject = status_support.read_subject(viewer.session, deadline)
    return find_outcome(viewer.session, subject)[1] in OPEN


def edit_deadline(unit: Unit, row: Deadline, changes: Data) -> Data:
    """The attributes that an edit sets. A date that somebody set is corrected so; one that was put off is extended. A
    day that the rule gives by the calendar of now is counted again; any other takes the place of the rule."""
    if changes.get("owner_id", row.owner_id) != row.owner_id:
        _find_owner(unit, row.process_id, changes["owner_id"])
        if row.replaces_id is not None or find_replacement(unit.session, row.id) is not None:
            raise InvalidInput.at(
                "/owner", sentence("stays what it is: the date was put off, and both dates are of one owner")
            )
    set_on = changes.get("set_on", row.set_on)
    refusals = changes.get("refused_extensions", row.refused_extensions)
    if {"set_on", "refused_extensions"} & changes.keys():
        _check_refusals(unit, row.process_id, set_on, refusals)
    if not _RECKONED & changes.keys():
        return changes
    if row.id in list_starts(unit.session, changes.get("starts_with_id")):
        raise InvalidInput.at(
            "/starts_with", sentence("must be something else than this date, and no date that counts from it")
        )
    reckoned = reckon_date(unit, row.process, _merge_reckoned(unit, row, changes))
    start = reckoned["event_on"]
    stays = read_stays(unit.session, row, reckoned["due_on"], reckoned["rule"], start) if row.stays else []
    return {**changes, **reckoned, "stays": stays}


def _merge_reckoned(unit: Unit, row: Deadline, changes: Data) -> Data:
    """What a date is reckoned from after an edit. A day that the rule does not give takes the place of the rule; the
    event goes with the rule that it belonged to, and follows from the thing that the rule starts with."""
    merged = {name: changes.get(name, getattr(row, name)) for name in _RECKONED}
    if "due_on" not in changes and merged["rule"]:
        merged["due_on"] = None
    if merged["starts_with_id"] is not None:
        merged["event_on"] = changes.get("event_on")
    if "rule" not in changes and changes.get("due_on") and not gives_day(unit, row.process, merged):
        merged["rule"] = None
    if merged["rule"] is None or not Rule.parse(merged["rule"]).event:
        merged |= {name: changes.get(name) for name in _OF_EVENT}
    return merged


def get_extension(viewer: Viewer, id: str) -> dict[str, Any]:
    """A deadline that was proposed in place of another, and the status change that closes that one."""
    new: Deadline = get_made(viewer, id, "deadline")
    closes = StatusChange.subject_id == new.replaces_id, StatusChange.created_at == new.created_at
    change = viewer.session.scalars(select(StatusChange.id).where(*closes)).one()
    return {"deadline": new, "change": get_made_change(viewer, change)}


def refuse_extension(unit: Unit, deadline: str, data: Data) -> Deadline:
    """Record that somebody asked for more time and got none: the date stays."""
    unit.by.require("record.write")
    row: Deadline = get_for_act(unit.viewer, deadline, "deadline")
    check_part(unit, row, "refused_extensions", data)
    _check_refusal(unit, row.process_id, row.set_on, data, "")
    row.refused_extensions = [*row.refused_extensions]  # a list that is changed in place is not written
    add_part(unit, row, row.refused_extensions, dict(data), "extension.refused")
    return row


def extend_deadline(unit: Unit, deadline: str, data: Data) -> tuple[Deadline, ChangeRow]:
    """Propose another date in place of this one: a later one, or one that is brought forward.

    The new deadline and the old one's outcome (``extended``, ``brought_forward``) take effect together, when somebody
    else approves the status change; until then the new one is a draft. Returns both.
    """
    unit.by.require("record.write")
    old: Deadline = get_for_act(unit.viewer, deadline, "deadline")
    if old.publication == publication.WITHDRAWN:
        raise AlreadyDone(sentence("this deadline has been withdrawn"))
    if find_replacement(unit.session, old.id) is not None:
        raise AlreadyDone(sentence("this deadline has been extended, or an extension of it is proposed"))
    require_plausible_days("deadline", data, old.process.days.today(unit.now))
    require_free_reference(unit.session, old.process_id, "deadline", data.get("reference"))
    fields = {name: value for name, value in data.items() if name not in ("reason", "citations")}
    new = _make_deadline(unit, old.process, {**_list_inherited(old, data), **fields, "replaces_id": old.id})
    if (due_on := old.find_due_day()) is None or new.due_on is None:
        raise InvalidInput.at(
            "/due_on", sentence("a date that waits for an event is dated first, by event_on of the deadline")
        )
    outcome = name_replacement(due_on, new.due_on)
    unit.audit("deadline.extend", old.id, by=new.id)
    change = statuses.propose_status_change(
        unit,
        {
            "subject": old.id,
            "track": "outcome",
            "state": outcome,
            **_name_days(new.set_on),
            "reason": data["reason"],
            "citations": data.get("citations", ()),
        },
    )
    return new, change


def _list_inherited(old: Deadline, data: Data) -> dict[str, Any]:
    """What a date that takes the place of another has from it, where nothing else is said."""
    return {
        "process_id": old.process_id,
        "owner_id": old.owner_id,
        "type": old.type,
        "title": old.title,
        "translations": [] if "title" in data else old.translations,
        "basis": old.basis,
    }


def _name_days(set_on: AnyDay) -> Data:
    """When one date took the place of another, as a status change says it."""
    first, last = find_earliest(set_on), find_latest(set_on)
    return (
        {"effective_on": last}
        if first == last
        else {"effective_on": last, "not_before": first, "period": set_on}
    )


def _make_deadline(unit: Unit, process: Process, data: Data) -> Deadline:
    fields = {**data, **reckon_date(unit, process, data)}
    row = Deadline(id=unit.new_id("deadline"), created_at=unit.now, created_by=unit.by.id, **fields)
    unit.session.add(row)
    unit.session.flush()
    return row


def _find_owner(unit: Unit, process: str, owner: str) -> None:
    find_named_in_process(unit.viewer, process, "/owner", owner, "committee", "recommendation")


def _check_refusals(unit: Unit, process: str, set_on: AnyDay, refusals: Sequence[Data]) -> None:
    for place, refused in enumerate(refusals):
        _check_refusal(unit, process, set_on, refused, f"/refused_extensions/{place}")


def _check_refusal(unit: Unit, process: str, set_on: AnyDay, refusal: Data, at: str) -> None:
    """A refusal to extend a date came after it was set, and an item of the same process shows it."""
    item = lookup.find_named_subject(unit.viewer, f"{at}/evidence", refusal["evidence"], "evidence")
    require_process(f"{at}/evidence", item, process)
    if lies_before(parse_day(refusal["refused_on"]), set_on):
        raise InvalidInput.at(
            f"{at}/refused_on", sentence("must not lie before set_on, which is %(set_on)s", set_on=set_on)
        )
