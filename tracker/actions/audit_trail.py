"""Reading the audit trail: who did what, when, to which thing. It holds codes and ids, and never content.

An act on a thing that is sealed is shown to custodians alone, who read it by an act of its own: that reading is on the
trail as well. Custodians are told who it was. Everybody else is told of people what the desk is told: somebody of an
organization, or who stays unnamed, by the side for which they acted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import CompoundSelect, Select, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Unit
from tracker.domain.people import Actor
from tracker.domain.protection import SEALED
from tracker.store.audit import AuditEntry
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.people import Person
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.questions import Question
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

Entry = dict[str, Any]
#: The verb of a reading of the whole trail.
READING: Final = "audit.read"
_ITEMS = Evidence.__table__
_SEALED = select(_ITEMS.c.id).where(_ITEMS.c.protection == SEALED)


def list_entries(asked: Mapping[str, Any]) -> Select[AuditEntry]:
    """The entries that meet these filters: ``person``, ``verb`` (or how it begins, before a dot), ``target``, ``from``
    and ``to``."""
    rows = select(AuditEntry)
    if "person" in asked:
        rows = rows.where(AuditEntry.person_id == asked["person"])
    if "verb" in asked:
        begins = AuditEntry.verb.startswith(f"{asked['verb']}.", autoescape=True)
        rows = rows.where((AuditEntry.verb == asked["verb"]) | begins)
    if "target" in asked:
        rows = rows.where(AuditEntry.target_id == asked["target"])
    if "from" in asked:
        rows = rows.where(AuditEntry.at >= asked["from"])
    if "to" in asked:
        rows = rows.where(AuditEntry.at < asked["to"])
    return rows


def open_entries(actor: Actor, asked: Mapping[str, Any]) -> Select[AuditEntry]:
    """The same, without what was done to sealed things. An admin reads what was done to accounts, keys and the
    registration of watchdogs; a custodian reads everything else. A search for a person who is told by their side alone
    finds nothing: it would tell who they are."""
    rows = list_entries(asked)
    if actor.processes is not None:
        rows = rows.where(AuditEntry.target_id.in_(_select_targets(actor)))
    changes = select(StatusChange.id).where(StatusChange.subject_id.in_(_SEALED))
    proposals = select(Proposal.id).where(Proposal.thing_id.in_(_SEALED))
    rows = rows.where(
        AuditEntry.verb != "person.naming",  # nobody learns who asked to stay unnamed
        AuditEntry.target_id.not_in(_SEALED),
        AuditEntry.target_id.not_in(changes),
        AuditEntry.target_id.not_in(proposals),
    )
    ways_in = ("per_", "key_", "psk_")  # accounts, and what opens them
    people = or_(*(AuditEntry.target_id.startswith(prefix, autoescape=True) for prefix in ways_in))
    if not actor.may(
        "people.manage"
    ):  # a person of a watchdog is known to who keeps accounts, and to nobody else
        rows = rows.where(~people)
    if not actor.may("record.read"):  # who keeps accounts reads of accounts, and not what becomes of evidence
        rows = rows.where(people | AuditEntry.verb.startswith("watchdog."))
    if asked.get("person", actor.id) == actor.id:
        return rows
    hidden = select(Person.id).where(Person.unnamed | Person.organization_id.is_not(None))
    return rows.where(AuditEntry.person_id.not_in(hidden))


def read_trail(unit: Unit, asked: Mapping[str, Any]) -> Select[AuditEntry]:
    """All entries, for a custodian or the operator. That they were read is written down, with what was asked for."""
    if unit.by.id != OPERATOR.id:
        unit.by.require("evidence.unseal")
    filters = {name: asked[name] for name in ("person", "verb", "target") if name in asked}
    spans = {name: asked[name].isoformat() for name in ("from", "to") if name in asked}
    unit.audit(READING, "audit", asked={**filters, **spans})
    unit.session.flush()
    rows = list_entries(asked)
    return (
        rows if unit.by.processes is None else rows.where(AuditEntry.target_id.in_(_select_targets(unit.by)))
    )


def _select_targets(actor: Actor) -> CompoundSelect[Any]:
    """What acts were done to in the processes on which somebody works, and on organizations, by ids."""
    within = actor.processes or ()
    items = select(Subject.__table__.c.id).where(Subject.__table__.c.process_id.in_(within))
    asked = select(Question.id).where(Question.evidence_id.in_(items))
    changes = select(StatusChange.id).where(StatusChange.process_id.in_(within))
    proposed = select(Proposal.id).where(Proposal.process_id.in_(within))
    processes = select(Process.id).where(Process.id.in_(within))
    return union_all(items, asked, changes, proposed, processes, select(Organization.id))


def describe_entries(session: Session, rows: Iterable[AuditEntry], *, names: bool) -> list[Entry]:
    """Entries as they are told; with ``names``, who it was, whatever they asked for."""
    entries = list(rows)
    ids = {one.person_id for one in entries}
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids or {""})))}

    def person(id: str) -> str:
        known = people.get(id)
        return id if names or known is None else known.known_as

    return [
        {
            "number": one.id,
            "at": one.at,
            "person": person(one.person_id),
            "verb": one.verb,
            "target": one.target_id,
            "detail": one.detail if names or one.verb != READING else {},  # it may name what is sealed
        }
        for one in entries
    ]
