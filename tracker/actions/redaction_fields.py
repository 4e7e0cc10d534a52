"""What a redaction leaves of the record, table by table. It destroys all other columns, a new one too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Column, CompoundSelect, Select, Text, cast, inspect, literal, select, union
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault

from tracker.actions import custody
from tracker.actions.support.unit import Unit
from tracker.domain.proposals import PROPOSED, REDACTION, REVISION
from tracker.public.redaction import GONE
from tracker.store import tips
from tracker.store.consent import Consent
from tracker.store.custody import list_files as item_files
from tracker.store.evidence import Evidence
from tracker.store.import_batches import BATCH_ACT
from tracker.store.notes import Note
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.protection import HoldAct, ProtectionAct, Share
from tracker.store.questions import Question
from tracker.store.recommendations import AnswerGiven
from tracker.store.saved_filters import SavedFilter
from tracker.store.sealed_fields import SealedFields
from tracker.store.statuses import Citation, StatusChange
from tracker.store.watchdogs import Watchdog

_PUBLICATION: Final = ("publication", "published_at", "withdrawn_at", "withdrawn_because")
_SUBJECT: Final = ("id", "process_id", "kind", "created_by", "created_at", "version", *_PUBLICATION)

#: table -> the columns that a redaction keeps: ids, codes, who submitted, issued or first published a thing (on whom
#: it depends how independent the evidence behind a public status is), and the dates from which other things count (a
#: deadline that took the place of this one says how far it slipped).
KEEPS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(columns)
    for name, columns in {
        "process": (
            *(
                "id",
                "slug",
                "lead_id",
                "calendar",
                "calendar_since",
                "evidence_policy",
                "revisions",
                "reminders",
                "stale_after_days",
                "created_at",
                "version",
            ),
            *_PUBLICATION,
        ),
        "organization": (
            *("id", "slug", "type", "part_of_id", "founded_on", "ended_on", "created_at", "version"),
            *_PUBLICATION,
        ),
        "organization_predecessor": ("id", "organization_id", "predecessor_id"),
        "organization_membership": ("id", "member_id", "organization_id", "from_on", "to_on"),
        "watchdog": ("organization_id", "standing", "since"),
        "watchdog_act": ("id", "organization_id", "standing", "at", "by"),
        "committee": (*_SUBJECT, "body_type"),
        "report": (*_SUBJECT, "committee_id", "issuer_id", "type", "recommendations_complete"),
        "resource": (*_SUBJECT, "committee_id", "recommendation_id", "type"),
        "deadline": (
            *(*_SUBJECT, "owner_id", "type", "basis", "set_on", "due_on", "stays", "series", "replaces_id"),
            *("starts_with_id", "event_on", "event_evidence_id"),
        ),
        "recommendation": (
            *(*_SUBJECT, "committee_id", "issuer_id", "co_issuers", "report_id", "issued_on", "type"),
        ),
        "indicator": (*_SUBJECT, "type"),
        "evidence": (
            *(*_SUBJECT, "type", "publisher_id", "watchdog_id", "owner_id", "acquired_from"),
            *("generation", "derived_from_id", "edited", "protection"),
            *("source_analysis", "technical_analysis", "content_analysis"),
        ),
        "evidence_file": (
            *("id", "evidence_id", "key", "role", "sha256", "size", "detected_type", "added_at", "added_by"),
            *("approved_at", "approved_by", "checked_at", "destroyed_at"),
        ),
        "evidence_question": (
            *("id", "evidence_id", "by_owner", "asked_at", "asked_by", "answered_at", "answered_by"),
            "retracted_at",
        ),
        "evidence_protection_act": (
            *("id", "evidence_id", "act", "before", "after", "shared_with", "proposed_by", "proposed_at"),
            *("done_by", "done_at"),
        ),
        "status_change": (
            *("id", "process_id", "subject_id", "subject_kind", "track", "assessor_id", "act", "from_state"),
            *(
                "addressee_id",
                "superseded_by_id",
                "to_state",
                "effective_on",
                "not_before",
                "corrects_id",
                "replies_to_id",
                "proposed_by",
            ),
            *("decision", "decided_by", "decided_at", "number", "created_at", "version", "versions"),
        ),
        "proposal": (
            *("id", "kind", "target_id", "thing_id", "process_id", "versions", "proposed_by", "key_id"),
            *("proposed_at", "rests_until", "decision", "decided_by", "decided_at"),
        ),
        "legal_hold_act": ("id", "subject_id", "held", "at", "by"),
        "citation": ("id", "change_id", "evidence_id", "process_id", "stance"),
    }.items()
}
#: What stands in a column that must hold something. Elsewhere it is null, an empty text or an empty list.
_INSTEAD: Final[Mapping[str, Any]] = {
    "status_change.reason": GONE,
    "watchdog_act.reason": GONE,
    "recommendation.language": "und",  # BCP 47: undetermined
}


def clear_columns(row: Any) -> None:
    """Empty a row of every column that is not kept."""
    mapper = inspect(type(row))
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if isinstance(column, Column) and attribute.key not in KEEPS[row.__tablename__]:
            setattr(row, attribute.key, empty_value(f"{row.__tablename__}.{attribute.key}", column))


def empty_value(name: str, column: Column[Any]) -> Any:
    """What stands in a column that is emptied; TypeError where nobody has said what."""
    if name in _INSTEAD:
        return _INSTEAD[name]
    if column.nullable:
        return None
    if column.type.python_type is str:
        return ""
    if isinstance(column.default, CallableColumnDefault):
        make: Callable[..., Any] = column.default.arg
        return make(None)
    raise TypeError(f"{name} must hold something: say in KEEPS or _INSTEAD what a redaction makes of it")


def empty_thing(unit: Unit, row: Any) -> None:
    """Empty a thing of all that it says, with what protects it, its files, what was said in statuses about it, and the
    answers that are kept of any of this."""
    clear_columns(row)
    for part in inspect(type(row)).relationships:
        if (
            part.cascade.delete_orphan and part.mapper.local_table.name not in KEEPS
        ):  # members, mandates, aliases …: rows that are nothing without it
            setattr(row, part.key, [] if part.uselist else None)
    if isinstance(row, (Process, Organization)):
        row.slug = row.id  # must be there, and be no other's
    if isinstance(row, Process):
        for kept in unit.session.scalars(select(SavedFilter).where(SavedFilter.process_id == row.id)):
            unit.session.delete(kept)
        row.calendar = {**row.calendar, "holidays": [], "worked_days": []}
    if isinstance(row, Organization):
        _empty_watchdog(unit, row)
    if isinstance(row, Evidence):
        _empty_evidence(unit, row)
    row.touch()
    for note in unit.session.scalars(select(Note).where(Note.subject_id == row.id)):
        unit.session.delete(note)
    for change in unit.session.scalars(select(StatusChange).where(StatusChange.subject_id == row.id)):
        empty_change(change)
    for proposal in unit.session.scalars(select(Proposal).where(Proposal.thing_id == row.id)):
        code = (
            proposal.reason if proposal.kind == REDACTION else None
        )  # why it is redacted is a code, and stays
        clear_columns(proposal)
        proposal.reason = code
    for proposal in unit.session.scalars(_select_shared(row.id)):
        proposal.reason = proposal.note = None
    for act in unit.session.scalars(select(HoldAct).where(HoldAct.subject_id == row.id)):
        clear_columns(act)


def list_ids(session: Session, thing: str) -> list[str]:
    """The ids at which somebody types something about a thing: its own, and those of what was said of it."""
    return list(session.scalars(_select_ids(thing)))


def _select_ids(thing: str) -> CompoundSelect[str]:
    return union(
        select(literal(thing)),
        select(StatusChange.id).where(StatusChange.subject_id == thing),
        select(Proposal.id).where(Proposal.thing_id == thing),
        select(Question.id).where(Question.evidence_id == thing),
        select(Note.id).where(Note.subject_id == thing),
    )


def _select_shared(thing: str) -> Select[Proposal]:
    """The proposals that are about a thing and others: imports that have an act on it, and drafts that were to become
    public with it. Why is said of all of them at once."""
    batches = select(BATCH_ACT.c.proposal_id).where(BATCH_ACT.c.act_id.in_(_select_ids(thing)))
    named = cast(Proposal.versions, Text).contains(f'"{thing}"', autoescape=True)
    return select(Proposal).where(Proposal.thing_id != thing, Proposal.id.in_(batches) | named)


def empty_revisions(unit: Unit, thing: str) -> None:
    """Empty the decided revisions of a thing of what they changed, which each keeps as it was before, and of why. What
    of it is public stands in acts of its own."""
    decided = select(Proposal).where(
        Proposal.thing_id == thing, Proposal.kind == REVISION, Proposal.decision != PROPOSED
    )
    for proposal in unit.session.scalars(decided):
        clear_columns(proposal)


def empty_change(change: StatusChange) -> None:
    """Empty a status change of its words; what it answered, when and for whom stays."""
    clear_columns(change)
    for citation in change.citations:
        clear_columns(citation)


def _empty_watchdog(unit: Unit, row: Organization) -> None:
    watchdog = unit.session.get(Watchdog, row.id)
    if watchdog is not None:
        clear_columns(watchdog)
        for act in watchdog.history:
            clear_columns(act)


def _empty_evidence(unit: Unit, item: Evidence) -> None:
    for part in (SealedFields, Consent, Share, AnswerGiven):
        for row in unit.session.scalars(select(part).where(part.evidence_id == item.id)):
            unit.session.delete(row)
    for act in unit.session.scalars(select(ProtectionAct).where(ProtectionAct.evidence_id == item.id)):
        clear_columns(act)
    for citation in unit.session.scalars(select(Citation).where(Citation.evidence_id == item.id)):
        clear_columns(citation)
    for question in unit.session.scalars(select(Question).where(Question.evidence_id == item.id)):
        clear_columns(question)
    # The tip says the same. Of its files those are left here that the desk had before; the next sweep takes the bytes.
    tips.drop_tips(unit.session, tips.list_taken_over(unit.session, item.id))
    custody.destroy_files(unit, item)
    for file in item_files(unit.session, item.id):
        clear_columns(file)
