"""Setting a date that binds, and extending it: the old one keeps its place, the new one says what it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.actions import statuses
from tracker.actions.support.lookup import (
    find_named_in_process,
    get_open_process,
    get_thing,
    require_free_reference,
)
from tracker.actions.support.unit import Unit
from tracker.domain import deadlines, publication
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.plausible_days import require_plausible_days
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.processes import Process
from tracker.store.statuses import ChangeRow

Data = Mapping[str, Any]


def set_deadline(unit: Unit, data: Data) -> Deadline:
    """Record a date by which somebody owes something.

    ``data`` gives ``due_on``, or a ``rule`` ("30 days") to count it from ``set_on``, or both where they agree.
    """
    unit.by.require("record.write")
    process = get_open_process(unit.session, "/process", data["process_id"])
    require_plausible_days("deadline", data, process.days.today(unit.now))
    require_free_reference(unit.session, process.id, "deadline", data.get("reference"))
    find_named_in_process(unit.session, process.id, "/owner", data["owner_id"], "committee", "recommendation")
    deadline = _make_deadline(unit, process, data)
    unit.audit("create", deadline.id)
    return deadline


def edit_deadline(_unit: Unit, row: Deadline, changes: Data) -> Data:
    """The attributes that an edit sets. A date that somebody set is corrected so; one that was put off is extended."""
    if not {"set_on", "rule", "due_on"} & changes.keys():
        return changes
    rule = changes.get("rule", None if "due_on" in changes else row.rule)
    set_on = changes.get("set_on", row.set_on)
    due_on, reckoning = _find_due_day(
        row.process, set_on, rule, changes.get("due_on", None if rule else row.due_on)
    )
    return {**changes, "set_on": set_on, "rule": rule, "due_on": due_on, "reckoning": reckoning}


def extend_deadline(unit: Unit, deadline: str, data: Data) -> tuple[Deadline, ChangeRow]:
    """Propose a later date in place of this one.

    The new deadline and the old one's outcome ``extended`` take effect together, when somebody else approves
    the status change; until then the new one is a draft. Returns both.
    """
    unit.by.require("record.write")
    old: Deadline = get_thing(unit.session, deadline, "deadline")
    if old.publication == publication.WITHDRAWN:
        raise AlreadyDone("this deadline has been withdrawn")
    if find_replacement(unit.session, old.id) is not None:
        raise AlreadyDone("this deadline has been extended, or an extension of it is proposed")
    require_plausible_days("deadline", data, old.process.days.today(unit.now))
    require_free_reference(unit.session, old.process_id, "deadline", data.get("reference"))
    fields = {name: value for name, value in data.items() if name not in ("reason", "citations")}
    inherited = {
        "process_id": old.process_id,
        "owner_id": old.owner_id,
        "type": old.type,
        "title": old.title,
        "translations": [] if "title" in data else old.translations,
        "basis": old.basis,
    }
    new = _make_deadline(unit, old.process, {**inherited, **fields, "replaces_id": old.id})
    if new.due_on <= old.due_on:
        raise InvalidInput.at("/due_on", f"an extension must end after {old.due_on}, the date it replaces")
    unit.audit("deadline.extend", old.id, by=new.id)
    change = statuses.propose_status_change(
        unit,
        {
            "subject": old.id,
            "track": "outcome",
            "state": "extended",
            "effective_on": new.set_on,
            "reason": data["reason"],
            "citations": data.get("citations", ()),
        },
    )
    return new, change


def _make_deadline(unit: Unit, process: Process, data: Data) -> Deadline:
    due_on, reckoning = _find_due_day(process, data["set_on"], data.get("rule"), data.get("due_on"))
    fields = {name: value for name, value in data.items() if name != "due_on"}
    row = Deadline(
        id=unit.new_id("deadline"),
        created_at=unit.now,
        created_by=unit.by.id,
        due_on=due_on,
        reckoning=reckoning,
        **fields,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _find_due_day(
    process: Process, set_on: date, rule: str | None, due_on: date | None
) -> tuple[date, dict[str, Any] | None]:
    """The date and how it was counted; where a date and a rule are both given they must agree."""
    if rule is None:
        if due_on is None:
            raise InvalidInput.at("/due_on", "give the date, or the rule by which it is counted")
        if due_on < set_on:
            raise InvalidInput.at("/due_on", "must not lie before set_on")
        return due_on, None
    reckoning = deadlines.compute_due_day(deadlines.Rule.parse(rule), set_on, process.days)
    if due_on is not None and due_on != reckoning.due_on:
        detail = f"the rule gives {reckoning.due_on}; keep a date that somebody else gives under readings"
        raise InvalidInput.at("/due_on", detail)
    return reckoning.due_on, {**reckoning.to_json(), "sentence": reckoning.sentence()}
