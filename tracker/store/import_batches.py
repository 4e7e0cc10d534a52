"""What a batch of an import is made of: acts in their order, each with the version that it was judged on.

A row holds ids and codes, and no words, so that a redaction finds nothing here to destroy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    union,
    update,
)
from sqlalchemy.orm import Session

from tracker.store.base import Base
from tracker.store.database import core_connection
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

#: ``act_id`` is a draft, a status change or a revision. ``refusal`` is the code of what stands in the way of it, or of
#: what kept it from being taken back; ``version`` is null for what has none.
BATCH_ACT: Final = Table(
    "batch_act",
    Base.metadata,
    Column("proposal_id", String(30), ForeignKey("proposal.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("act_id", String(30), nullable=False),
    Column("version", Integer, nullable=True),
    Column("refusal", String(40), nullable=True),
    Index("ix_batch_act_act_id", "act_id", "proposal_id"),
)
#: How many ids one statement takes.
_IDS: Final = 500
#: More than there are.
_ALL: Final = 2**31 - 1

_OWN: Final = BATCH_ACT.c.proposal_id == bindparam("batch")
_PLACE: Final = select(BATCH_ACT.c.place).where(_OWN, BATCH_ACT.c.act_id == bindparam("after"))
_NEXT: Final = (
    select(BATCH_ACT.c.act_id)
    .where(_OWN, BATCH_ACT.c.place > func.coalesce(_PLACE.scalar_subquery(), -1))
    .order_by(BATCH_ACT.c.place)
    .limit(bindparam("most"))
)
_COUNT: Final = select(func.count()).where(_OWN)
_AMONG: Final = select(BATCH_ACT.c.act_id).where(
    _OWN, BATCH_ACT.c.act_id.in_(bindparam("ids", expanding=True))
)
_REFUSED: Final = (
    select(BATCH_ACT.c.act_id, BATCH_ACT.c.refusal)
    .where(_OWN, BATCH_ACT.c.refusal.is_not(None))
    .order_by(BATCH_ACT.c.place)
)
_REFUSE: Final = (
    update(BATCH_ACT).where(_OWN, BATCH_ACT.c.act_id == bindparam("act")).values(refusal=bindparam("code"))
)


def write_acts(session: Session, batch: str, acts: Iterable[tuple[str, int | None]]) -> None:
    """Record of what a batch is made."""
    rows = [
        {"proposal_id": batch, "place": place, "act_id": act, "version": version}
        for place, (act, version) in enumerate(acts)
    ]
    core_connection(session).execute(insert(BATCH_ACT), rows)


def list_acts(session: Session, batch: str, after: str = "", most: int | None = None) -> list[str]:
    """The acts of a batch in their order: at most so many after one of them."""
    asked = {"batch": batch, "after": after, "most": _ALL if most is None else most}
    return list(core_connection(session).scalars(_NEXT, asked))


def list_processes(session: Session, batch: str) -> list[str]:
    """The processes in which a batch does something."""
    own, subject, change = BATCH_ACT.c.act_id, Subject.__table__.c, StatusChange.__table__.c
    queries = (
        select(subject.process_id).join(BATCH_ACT, own == subject.id),
        select(subject.process_id)
        .join(StatusChange.__table__, change.subject_id == subject.id)
        .join(BATCH_ACT, own == change.id),
        *(
            select(column).join(BATCH_ACT, own == id)
            for column, id in ((Process.id, Process.id), (Proposal.process_id, Proposal.id))
        ),
    )
    query = union(*(one.where(BATCH_ACT.c.proposal_id == batch) for one in queries))
    return [process for process in session.scalars(query) if process is not None]


def list_earlier(session: Session, batch: str, acts: Sequence[str]) -> list[str]:
    """The status changes of a batch that stand before these and are of the same subjects, or of the drafts among
    these."""
    change, own = StatusChange.__table__.c, BATCH_ACT.c
    answered = select(change.subject_id).where(change.id.in_(acts))
    first = select(own.place).where(own.proposal_id == batch, own.act_id == acts[0])
    query = select(own.act_id).join(StatusChange.__table__, change.id == own.act_id)
    alike = change.subject_id.in_(answered) | change.subject_id.in_(acts)
    earlier = query.where(own.proposal_id == batch, alike, own.place < first.scalar_subquery())
    return list(session.scalars(earlier.order_by(own.place)))


def count_acts(session: Session, batch: str) -> int:
    return int(core_connection(session).scalar(_COUNT, {"batch": batch}) or 0)


def find_among(session: Session, batch: str, ids: Collection[str]) -> set[str]:
    """Those of these ids that are acts of a batch."""
    wanted, among = list(ids), set[str]()
    for first in range(0, len(wanted), _IDS):
        asked: dict[str, Any] = {"batch": batch, "ids": wanted[first : first + _IDS]}
        among.update(core_connection(session).scalars(_AMONG, asked))
    return among


def note_refusal(session: Session, batch: str, act: str, code: str | None) -> None:
    """Write down what stands in the way of an act; None where nothing does any more."""
    core_connection(session).execute(_REFUSE, {"batch": batch, "act": act, "code": code})


def list_refused(session: Session, batch: str, most: int) -> list[tuple[str, str]]:
    """The first acts in whose way something stands, each with the code of it."""
    rows = core_connection(session).execute(_REFUSED.limit(most), {"batch": batch})
    return [(row.act_id, row.refusal) for row in rows]


def count_refused(session: Session, batch: str) -> int:
    query = _COUNT.where(BATCH_ACT.c.refusal.is_not(None))
    return int(core_connection(session).scalar(query, {"batch": batch}) or 0)


def list_versions(session: Session, batch: str, act: str) -> list[int]:
    """On which version of an act a batch was judged; none where it is not of it."""
    query = select(BATCH_ACT.c.version).where(_OWN, BATCH_ACT.c.act_id == bindparam("act"))
    return list(core_connection(session).scalars(query, {"batch": batch, "act": act}))
