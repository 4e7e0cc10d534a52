"""Dating a deadline: by the day that somebody gives, or by its rule, which may wait for an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tracker.actions.support import date_owners, lookup
from tracker.actions.support.lookup import find_named_in_process, require_process
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest, find_latest, lies_before
from tracker.domain.plausible_days import require_past
from tracker.domain.reckonings import Reckoning, compute_due_day
from tracker.domain.rules import Rule
from tracker.domain.sentences import sentence
from tracker.store.processes import Process

Data = Mapping[str, Any]
#: Members on the wire that belong to an event, and where the record keeps them.
_OF_EVENT: Final = {
    "starts_with": "starts_with_id",
    "event_on": "event_on",
    "event_evidence": "event_evidence_id",
}


def reckon_date(unit: Unit, process: Process, data: Data) -> dict[str, Any]:
    """The date, how it was counted, and the event that it was counted from; no date while it waits for that.

    ``data`` gives ``due_on`` or a ``rule``, or both where they agree; of an event either ``starts_with_id``, which the
    record knows, or its day and what shows it.
    """
    rule = None if data.get("rule") is None else Rule.parse(data["rule"])
    event = _find_event(unit, process, rule, data)
    if rule is not None and event["event_on"] is not None and not rule.backward:
        require_past("/event_on", event["event_on"], process.days.today(unit.now))
    given = {"rule": data.get("rule"), "set_on": data["set_on"], **event}
    due_on, set_on = data.get("due_on"), data["set_on"]
    if rule is None:
        if due_on is None:
            raise InvalidInput.at("/due_on", sentence("give the date, or the rule by which it is counted"))
        if lies_before(due_on, set_on):
            raise InvalidInput.at(
                "/due_on", sentence("must not lie before set_on, which is %(set_on)s", set_on=set_on)
            )
        return {**given, "due_on": due_on, "reckoning": None}
    if rule.event and event["event_on"] is None:
        if due_on is not None:
            raise InvalidInput.at(
                "/due_on",
                sentence("is not known before %(event)s; leave it out, or the rule", event=repr(rule.event)),
            )
        return {**given, "due_on": None, "reckoning": None}
    reckoning = compute_due_day(rule, event["event_on"] or find_start(rule, set_on), process.days)
    _check_reckoning(reckoning, set_on, due_on)
    explanation = {**reckoning.to_json(), "sentence": reckoning.sentence()}
    return {**given, "due_on": reckoning.due_on, "reckoning": explanation}


def find_start(rule: Rule, set_on: AnyDay) -> date:
    """The day from which a rule counts that names none itself; `InvalidInput` at ``/set_on`` where it is not known."""
    first, last = find_earliest(set_on), find_latest(set_on)
    if first != last and rule.anchor is None and rule.period is None:
        detail = sentence(
            "a rule counts from a day, and %(set_on)s is none; give the day, or due_on in place of the rule",
            set_on=set_on,
        )
        raise InvalidInput.at(
            "/set_on",
            sentence(
                "%(detail)s. The last day of %(set_on)s is %(last)s", detail=detail, set_on=set_on, last=last
            ),
        )
    return last


def _check_reckoning(reckoning: Reckoning, set_on: AnyDay, due_on: date | None) -> None:
    if lies_before(reckoning.due_on, set_on):
        raise InvalidInput.at(
            "/rule",
            sentence(
                "gives %(due_on)s, which lies before set_on, %(set_on)s",
                due_on=reckoning.due_on, set_on=set_on,
            ),
        )  # fmt: skip
    if due_on is not None and due_on != reckoning.due_on:
        detail = sentence(
            "the rule gives %(due_on)s; keep a date that somebody else gives under readings",
            due_on=reckoning.due_on,
        )
        raise InvalidInput.at("/due_on", detail)


def gives_day(unit: Unit, process: Process, data: Data) -> bool:
    """Whether a rule gives the day in ``due_on``, as the record and the calendar are now."""
    if data["rule"] is None:
        return False
    rule = Rule.parse(data["rule"])
    start: date | None = find_latest(data["set_on"])
    if rule.event:
        starts_with = data["starts_with_id"]
        start = (
            data["event_on"]
            if starts_with is None
            else date_owners.find_event_day(unit.session, starts_with, rule)
        )
    if start is None:
        return False
    return bool(compute_due_day(rule, start, process.days).due_on == data["due_on"])


def _find_event(unit: Unit, process: Process, rule: Rule | None, data: Data) -> dict[str, Any]:
    """What a date waits for, or waited for: as the record keeps it."""
    event = {name: data.get(name) for name in _OF_EVENT.values()}
    if rule is None or not rule.event:
        for member, name in _OF_EVENT.items():
            if event[name] is not None:
                detail = sentence(
                    'is for a rule that counts from an event, such as "60 days after the hearing"'
                )
                raise InvalidInput.at(f"/{member}", detail)
        return event
    if (starts_with := event["starts_with_id"]) is not None:
        find_named_in_process(
            unit.viewer, process.id, "/starts_with", starts_with, "deadline", "recommendation", "report"
        )
        if event["event_on"] is not None:
            raise InvalidInput.at("/event_on", sentence("follows from starts_with; leave one of the two out"))
        return {**event, "event_on": date_owners.find_event_day(unit.session, starts_with, rule)}
    if (item := event["event_evidence_id"]) is not None:
        shown = lookup.find_named_subject(unit.viewer, "/event_evidence", item, "evidence")
        require_process("/event_evidence", shown, process.id)
    elif event["event_on"] is not None:
        raise InvalidInput.at("/event_evidence", sentence("name the item that shows the day of the event"))
    return event
