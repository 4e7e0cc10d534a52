"""Withdrawing a process: all that is in it disappears at once, and each thing is then said to be withdrawn.

The statements that make it disappear are a few for all of it. Nothing of it can be read from then on, and nothing more
can be said of it; the public acts and the lists of the desk follow in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select, update

from tracker.actions.support import public_events
from tracker.actions.support.unit import Unit
from tracker.domain import publication
from tracker.public import withdrawals
from tracker.store.database import core_connection
from tracker.store.processes import Process
from tracker.store.subjects import Subject

#: The farewell of what is withdrawn with its process, whose own words stand in its own act alone.
WITH_ITS_PROCESS: Final = "Its process was withdrawn."

_SUBJECT: Final[Any] = Subject.__table__


def hide_subjects(unit: Unit, process: Process) -> None:
    """Take everything public in a process away from all readers, and withdraw it in the record. The record says of each
    when and why; its public act is still to be written."""
    unit.session.flush()
    query = (
        update(_SUBJECT)
        .where(_SUBJECT.c.process_id == process.id, _SUBJECT.c.publication == publication.PUBLISHED)
        .values(
            publication=publication.WITHDRAWN,
            withdrawn_at=unit.now,
            withdrawn_because=WITH_ITS_PROCESS,
            version=_SUBJECT.c.version + 1,
        )
    )
    core_connection(unit.session).execute(query)
    unit.session.expire_all()
    withdrawals.hide_documents(unit.connection, process.id, WITH_ITS_PROCESS)


def list_unsaid(unit: Unit, process: str, after: str, most: int | None) -> list[str]:
    """The things that were withdrawn with a process, and no public act says so yet."""
    return withdrawals.list_unsaid(unit.connection, process, after, most)


def say_withdrawn(unit: Unit, _process: str, things: Sequence[str]) -> None:
    """Write the public act of each, and bring what the desk finds it by into step."""
    for subject in unit.session.scalars(select(Subject).where(Subject.id.in_(things)).order_by(Subject.id)):
        body = {"subject_kind": subject.kind, "reason": WITH_ITS_PROCESS}
        public_events.append_event(unit, subject, "subject.withdrawn", body)
    for what in (public_events.DOCUMENTS, "record_search", "record_index"):
        unit.changed(what, things)
