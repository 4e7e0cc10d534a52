"""The acts of a batch: of what kind each is, where it stands, and to what it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from tracker.actions import proposals, publication, statuses
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import ids
from tracker.domain.proposals import PROPOSED, RETURNED
from tracker.domain.publication import DRAFT
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

#: How many ids one statement takes.
_IDS: Final = 500
_NOT_APPROVED: Final = "The batch of the import was not approved."


def _approve_change(unit: Unit, id: str, _batch: Proposal) -> None:
    statuses.approve_status_change(unit, id, batch=True)


def _approve_revision(unit: Unit, id: str, _batch: Proposal) -> None:
    proposals.approve_proposal(unit, proposals.get_proposal(unit.viewer, id))


def _leave_draft(_unit: Unit, _id: str, _batch: Proposal) -> None:
    """Drafts stay drafts where they are not approved."""


def _end_change(unit: Unit, id: str, batch: Proposal) -> None:
    if batch.decision == RETURNED:
        statuses.return_status_change(unit, id, batch.note or _NOT_APPROVED)
    else:
        statuses.retract_status_change(unit, id, batch.note)


def _end_revision(unit: Unit, id: str, batch: Proposal) -> None:
    revision = proposals.get_proposal(unit.viewer, id)
    end = proposals.give_back if batch.decision == RETURNED else proposals.retract_proposal
    end(unit, revision, batch.note)


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act of a batch: where it stands, what says that it is still to be done, how it is approved by itself,
    and how it is ended. ``versioned``: a decision is on the version that was proposed."""

    model: type[Any]
    column: str
    open: str
    approve: Callable[[Unit, str, Proposal], None]
    end: Callable[[Unit, str, Proposal], None]
    versioned: bool = True

    @property
    def table(self) -> Table:
        """The table in which its state and its version stand."""
        table: Table = inspect(self.model).local_table
        return table


SUBJECT: Final = Act(Subject, "publication", DRAFT, publication.publish_approved, _leave_draft)
#: kind of id -> its act; of everything else that of a subject.
ACTS: Final[Mapping[str, Act]] = {
    "process": replace(SUBJECT, model=Process),
    "organization": replace(SUBJECT, model=Organization),
    "change": Act(StatusChange, "decision", PROPOSED, _approve_change, _end_change),
    "proposal": Act(Proposal, "decision", PROPOSED, _approve_revision, _end_revision, versioned=False),
}


def act_of(id: str) -> Act:
    """What kind of act an id stands for."""
    return ACTS.get(ids.kind_of(id) or "", SUBJECT)


def find_thing(session: Session, acts: Sequence[str]) -> Any:
    """The process of a batch; of one that is in none, the first thing in it."""
    rows = (session.get_one(act_of(id).model, id) for id in acts if act_of(id).model is not Organization)
    for row in rows:
        process = row.id if isinstance(row, Process) else row.process_id
        if process is not None:
            return lookup.get_unfiltered(session, process)
    first = acts[0] if act_of(acts[0]).model is Organization else session.get_one(Proposal, acts[0]).thing_id
    return lookup.get_unfiltered(session, first)


def find_only_process(session: Session, acts: Sequence[str]) -> str | None:
    """The process to which all of a batch belongs, but for organizations; None where there are several, or none."""
    processes: set[str] = set()
    for act, some in split_acts(acts):
        column = act.table.c.get("process_id", act.table.c.id if act.model is Process else None)
        if column is not None:
            processes.update(
                one for one in session.scalars(select(column).where(act.table.c.id.in_(some))) if one
            )
    return processes.pop() if len(processes) == 1 else None


def split_acts(acts: Iterable[str]) -> Iterator[tuple[Act, Sequence[str]]]:
    """The ids of acts by what they are, as many at a time as one statement takes."""
    alike: dict[type[Any], list[str]] = {}
    for id in acts:
        alike.setdefault(act_of(id).model, []).append(id)
    for own in alike.values():
        for first in range(0, len(own), _IDS):
            yield act_of(own[0]), own[first : first + _IDS]


def find_open(session: Session, acts: Iterable[str]) -> set[str]:
    """Those of these acts that are still to be done."""
    proposals_open: set[str] = set()
    for act, some in split_acts(acts):
        table = act.table
        query = select(table.c.id).where(table.c.id.in_(some), table.c[act.column] == act.open)
        proposals_open.update(session.scalars(query))
    return proposals_open


def read_versions(session: Session, acts: Iterable[str]) -> dict[str, int]:
    versions: dict[str, int] = {}
    for act, some in split_acts(acts):
        if act.versioned:
            table = act.table
            rows = session.execute(select(table.c.id, table.c.version).where(table.c.id.in_(some)))
            versions |= {row.id: row.version for row in rows}
    return versions


def filter_open(session: Session, acts: Sequence[str]) -> list[str]:
    """Those of these acts that are still to be done, in their order."""
    open_acts = find_open(session, acts)
    return [id for id in acts if id in open_acts]
