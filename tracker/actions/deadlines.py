"""Setting a date that binds, and extending it: the old one keeps its place, the new one says what it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.actions import statuses
from tracker.actions.support import visibility
from tracker.actions.support.lookup import (
    find_named_in_process,
    get_open_process,
    get_thing,
    require_free_reference,
    require_process,
)
from tracker.actions.support.unit import Unit
from tracker.actions.suspensions import read_stays
from tracker.domain import publication, reckonings
from tracker.domain.deadlines import name_replacement
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
    _check_refusals(unit, process.id, data["set_on"], data.get("refused_extensions", ()))
    deadline = _make_deadline(unit, process, data)
    unit.audit("create", deadline.id)
    return deadline


def edit_deadline(unit: Unit, row: Deadline, changes: Data) -> Data:
    """The attributes that an edit sets. A date that somebody set is corrected so; one that was put off is extended. A
    day that the rule gives by the calendar of now is counted again; any other takes the place of the rule."""
    set_on = changes.get("set_on", row.set_on)
    refusals = changes.get("refused_extensions", row.refused_extensions)
    if {"set_on", "refused_extensions"} & changes.keys():
        _check_refusals(unit, row.process_id, set_on, refusals)
    if not {"set_on", "rule", "due_on"} & changes.keys():
        return changes
    rule = changes.get("rule", row.rule)
    if "rule" not in changes and not _gives(row.process, rule, set_on, changes.get("due_on")):
        rule = None
    due_on, reckoning = _find_due_day(
        row.process, set_on, rule, changes.get("due_on", None if rule else row.due_on)
    )
    stays = read_stays(unit.session, row, due_on, rule) if row.stays else []
    return {
        **changes,
        **{"set_on": set_on, "rule": rule, "due_on": due_on, "reckoning": reckoning, "stays": stays},
    }


def extend_deadline(unit: Unit, deadline: str, data: Data) -> tuple[Deadline, ChangeRow]:
    """Propose another date in place of this one: a later one, or one that is brought forward.

    The new deadline and the old one's outcome (``extended``, ``brought_forward``) take effect together, when somebody
    else approves the status change; until then the new one is a draft. Returns both.
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
    outcome = name_replacement(old.find_due_day(), new.due_on)
    unit.audit("deadline.extend", old.id, by=new.id)
    change = statuses.propose_status_change(
        unit,
        {
            "subject": old.id,
            "track": "outcome",
            "state": outcome,
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


def _check_refusals(unit: Unit, process: str, set_on: date, refusals: Sequence[Data]) -> None:
    """Each refusal to extend a date came after it was set, and an item of the same process shows it."""
    for place, one in enumerate(refusals):
        at = f"/refused_extensions/{place}"
        item = visibility.find_named_subject(unit, f"{at}/evidence", one["evidence"], "evidence")
        require_process(f"{at}/evidence", item, process)
        if date.fromisoformat(one["refused_on"]) < set_on:
            raise InvalidInput.at(f"{at}/refused_on", f"must not lie before set_on, which is {set_on}")


def _gives(process: Process, rule: str | None, set_on: date, due_on: date | None) -> bool:
    """Whether a rule gives this day; any rule does where no day is asked for."""
    if rule is None or due_on is None:
        return True
    return reckonings.compute_due_day(reckonings.Rule.parse(rule), set_on, process.days).due_on == due_on


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
    reckoning = reckonings.compute_due_day(reckonings.Rule.parse(rule), set_on, process.days)
    if due_on is not None and due_on != reckoning.due_on:
        detail = f"the rule gives {reckoning.due_on}; keep a date that somebody else gives under readings"
        raise InvalidInput.at("/due_on", detail)
    return reckoning.due_on, {**reckoning.to_json(), "sentence": reckoning.sentence()}
