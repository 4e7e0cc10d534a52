"""Recording processes."""

from __future__ import annotations

from sqlalchemy import select

from tracker.actions.figures import make_figures
from tracker.actions.support.editable_things import require_free_slug
from tracker.actions.support.lookup import find_named
from tracker.actions.support.records import Data, keep_record, require_other_languages
from tracker.actions.support.unit import Unit
from tracker.domain.calendars import Calendar
from tracker.domain.errors import InvalidInput, NotPermitted, prefix_fields
from tracker.domain.evidence_policy import Policy
from tracker.domain.names import require_former
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.processes import require_unreserved_slug
from tracker.domain.publication import DRAFT
from tracker.domain.reminders import check_ladder
from tracker.domain.revisions import check_policy
from tracker.domain.sentences import sentence
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange


def edit_process(unit: Unit, row: Process, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new process."""
    Policy.from_json(changes.get("evidence_policy") or {})
    check_policy(changes.get("revisions") or {})
    check_ladder(changes.get("reminders") or ())
    if "slug" in changes:
        require_unreserved_slug(changes["slug"])
    _require_new_lead(unit, row, changes.get("lead_id", row.lead_id))
    fields = make_figures(unit, row.id, changes)
    if "calendar" in changes:
        fields |= {"calendar": _read_calendar(changes).to_json(), "calendar_since": unit.now}
    return fields


def _require_new_lead(unit: Unit, row: Process, lead: str) -> None:
    """Let another organization lead while nothing rests on who does: its answers stand under its name, and what the
    desk submits comes from it."""
    if lead == row.lead_id:
        return
    find_named(unit.viewer, "/lead", lead, "organization")
    rests = any(
        unit.session.scalar(select(model.id).where(model.process_id == row.id).limit(1))
        for model in (StatusChange, Evidence)
    )
    if row.publication != DRAFT or rests:
        raise InvalidInput.at(
            "/lead",
            sentence(
                "stays once the process is public, or something is answered or submitted in it; edit the"
                " organization where it is called otherwise, or begin another process"
            ),
        )


def _read_calendar(data: Data) -> Calendar:
    with prefix_fields("/calendar"):
        return Calendar.from_json(data["calendar"])


def create_process(unit: Unit, data: Data) -> Process:
    unit.by.require("record.write")
    if unit.by.processes is not None:
        raise NotPermitted(
            sentence("your account works on some processes only; another editor records a new one")
        )
    require_unreserved_slug(data["slug"])
    require_free_slug(unit.session, Process, data["slug"])
    find_named(unit.viewer, "/lead", data["lead_id"], "organization")
    calendar = _read_calendar(data)
    Policy.from_json(data.get("evidence_policy") or {})
    check_policy(data.get("revisions") or {})
    check_ladder(data.get("reminders") or ())
    require_other_languages(data)
    today = calendar.today(unit.now)
    require_plausible_days("process", data, today)
    require_former(data.get("former_names", ()), today)
    id = unit.new_id("process")
    fields = {**make_figures(unit, id, data), "calendar": calendar.to_json(), "calendar_since": unit.now}
    return keep_record(unit, Process(id=id, created_at=unit.now, **fields))
