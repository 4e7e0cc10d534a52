"""A batch of an import: one person imported it, another decides on all of it at once.

The proposal names what the import recorded, in its order: drafts that shall be public, revisions and status changes
that shall stand. A small batch is done by the decision itself, all of it or nothing. A large one is begun by it and
goes on in parts (`tracker.actions.operations.pending_work`), each as the act of whoever decided; until it is through,
its process says since when it is being updated. What can no longer be approved then stays open by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from tracker.actions import proposals, publication, statuses
from tracker.actions.support import lookup, pending_updates
from tracker.actions.support.unit import Unit, open_part
from tracker.domain import ids
from tracker.domain.errors import Refusal
from tracker.domain.proposals import APPROVED, IMPORT, PROPOSED, RETURNED
from tracker.domain.publication import DRAFT
from tracker.store.organizations import Organization
from tracker.store.people import Person
from tracker.store.processes import Process
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

#: How many ids one statement takes.
_IDS: Final = 500
#: How many acts one transaction does. It holds the lock of all writers for well below a second.
_AT_ONCE: Final = 25
_NOT_APPROVED: Final = "The batch of the import was not approved."
#: Where the versions of things stand, and what says that an act is still to be done.
_OPEN: Final[tuple[tuple[type[Any], str, str], ...]] = (
    (Process, "publication", DRAFT),
    (Organization, "publication", DRAFT),
    (Subject, "publication", DRAFT),
    (StatusChange, "decision", PROPOSED),
    (Proposal, "decision", PROPOSED),
)


def propose_batch(unit: Unit, made: Iterable[str], reason: str | None) -> str | None:
    """Ask for a decision on what an import recorded, as far as it is not decided. Returns the id of the proposal, of
    one that waits already that; None where nothing is open."""
    made = list(dict.fromkeys(made))
    open_acts = _find_open(unit.session, made)
    acts = [id for id in made if id in open_acts]
    if not acts:
        return None
    waiting = find_waiting(unit.session, IMPORT, acts[0])
    if waiting is not None:
        return waiting.id
    thing = _find_thing(unit.session, acts)
    return proposals.propose_act(unit, IMPORT, acts[0], thing, reason=reason, payload={"acts": acts}).id


def _find_thing(session: Session, acts: Sequence[str]) -> Any:
    """The process of a batch; of one that is in none, the first thing in it."""
    rows = (session.get_one(_model_of(id), id) for id in acts if _model_of(id) is not Organization)
    for row in rows:
        process = row.id if isinstance(row, Process) else row.process_id
        if process is not None:
            return lookup.get_unfiltered(session, process)
    first = acts[0] if _model_of(acts[0]) is Organization else session.get_one(Proposal, acts[0]).thing_id
    return lookup.get_unfiltered(session, first)


def _model_of(id: str) -> type[Any]:
    known = {"process": Process, "organization": Organization, "change": StatusChange, "proposal": Proposal}
    return known.get(ids.kind_of(id) or "", Subject)


def _find_open(session: Session, acts: Sequence[str]) -> set[str]:
    """Those of these acts that are still to be done."""
    found: set[str] = set()
    for model, column, state in _OPEN:
        table, own = _table_of(model), [id for id in acts if _model_of(id) is model]
        for some in _part(own):
            found.update(
                session.scalars(select(table.c.id).where(table.c.id.in_(some), table.c[column] == state))
            )
    return found


def _part(acts: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(acts), _IDS):
        yield acts[first : first + _IDS]


def _table_of(model: type[Any]) -> Table:
    """The table in which the state of a thing and its version stand."""
    table: Table = inspect(model).local_table
    return table


def _judged_on(session: Session, proposal: Proposal) -> dict[str, int]:
    versions: dict[str, int] = {}
    acts = proposal.payload["acts"]
    for model, _column, _state in _OPEN[:-1]:
        table, own = _table_of(model), [id for id in acts if _model_of(id) is model]
        for some in _part(own):
            rows = session.execute(select(table.c.id, table.c.version).where(table.c.id.in_(some)))
            versions |= {row.id: row.version for row in rows}
    return versions


def _check_decider(unit: Unit, _proposal: Proposal) -> None:
    unit.by.require("status.decide")


def _decide_acts(unit: Unit, proposal: Proposal) -> None:
    """Carry a decision out on all of a small batch, or refuse it; on the first part of a large one, and queue the
    rest."""
    acts = proposal.payload["acts"]
    if len(acts) > _AT_ONCE:
        pending_updates.begin_update(unit, "import", proposal.id)
        return
    for id in _filter_open(unit, acts):
        _decide_act(unit, proposal, id)


def _list_left(unit: Unit, proposal: str, cursor: str, most: int | None) -> list[str]:
    """The acts of a batch after a place in it."""
    acts: list[str] = unit.session.get_one(Proposal, proposal).payload["acts"]
    first = acts.index(cursor) + 1 if cursor else 0
    return acts[first:] if most is None else acts[first : first + most]


def _continue_batch(unit: Unit, proposal: str, acts: Sequence[str]) -> None:
    decided = unit.session.get_one(Proposal, proposal)
    decider = unit.session.get_one(Person, decided.decided_by)
    theirs = replace(unit, by=decider.actor)
    for id in _filter_open(theirs, acts):
        try:
            with open_part(theirs):
                _decide_act(theirs, decided, id)
        except Refusal:
            continue  # it stays open, where the queue and the lists of drafts show it


def _filter_open(unit: Unit, acts: Sequence[str]) -> list[str]:
    open_acts = _find_open(unit.session, acts)
    return [id for id in acts if id in open_acts]


def _decide_act(unit: Unit, batch: Proposal, id: str) -> None:
    """Do with one act of a batch what was decided on all, by the act of one alone. Drafts stay drafts where they are
    not approved."""
    model = _model_of(id)
    if batch.decision == APPROVED:
        if model is StatusChange:
            statuses.approve_status_change(unit, id)
        elif model is Proposal:
            proposals.approve_proposal(unit, proposals.get_proposal(unit.viewer, id))
        else:
            publication.publish_thing(unit, id)
    elif model is StatusChange and batch.decision == RETURNED:
        statuses.return_status_change(unit, id, batch.note or _NOT_APPROVED)
    elif model is StatusChange:
        statuses.retract_status_change(unit, id, batch.note)
    elif model is Proposal:
        revision = proposals.get_proposal(unit.viewer, id)
        end = proposals.give_back if batch.decision == RETURNED else proposals.retract_proposal
        end(unit, revision, batch.note)


proposals.KINDS[IMPORT] = proposals.Kind(
    proposes="record.write",
    decides="record.publish",
    versions=_judged_on,
    apply=_decide_acts,
    check=_check_decider,
    end=_decide_acts,
)
pending_updates.WORK["import"] = pending_updates.Work(_list_left, _continue_batch, at_once=_AT_ONCE)
