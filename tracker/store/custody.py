"""The files of an item of evidence, and what has happened to them. The bytes lie elsewhere (`tracker.files`).

``custody_event`` takes rows and never changes or loses one: triggers refuse it to everybody, our own code included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    event,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain import custody
from tracker.store.base import Base, Identified, check_one_of
from tracker.store.database import core_connection


class EvidenceFile(Identified, Base):
    """One file of an item. ``key`` is where its bytes lie; it leaves this machine in no answer.

    ``name_key`` and ``name_box`` are what the file was called where it came from, sealed for this file. Of a file that
    was destroyed the row stays, without its name; its bytes are gone, or go with the next sweep.
    """

    __tablename__ = "evidence_file"

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    declared_type: Mapped[str | None] = mapped_column(String(127))
    detected_type: Mapped[str] = mapped_column(String(127))
    name_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(30))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(30))
    checked_at: Mapped[datetime | None] = mapped_column(index=True)
    destroyed_at: Mapped[datetime | None]

    __table_args__ = (
        Identified.shaped("file"),
        check_one_of("role", custody.ROLES),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("(name_key IS NULL) = (name_box IS NULL)", name="name"),
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL) AND "
            f"(approved_at IS NULL OR (role = '{custody.PUBLIC_COPY}' AND approved_by <> added_by))",
            name="approved_by_another",
        ),
    )


class CustodyEvent(Base):
    """Something that happened to a file, or to the whole item. ``number`` counts within the item, from 1.

    ``agent`` is an organization, ``desk``, or the name of the software that acted; who it was stands in the audit
    trail. Old events name a person. ``prev`` is the digest of the event before.
    """

    __tablename__ = "custody_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"))
    file_id: Mapped[str | None] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(8))
    digest_before: Mapped[str | None] = mapped_column(String(64))
    digest_after: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    prev: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("evidence_id", "number"),
        check_one_of("type", custody.EVENTS),
        check_one_of("outcome", custody.OUTCOMES),
        CheckConstraint("(number = 1) = (prev IS NULL)", name="line"),
    )


#: What refuses every change, for a database that is made from the models; a migration says the same.
_GUARDS: Final[Mapping[str, Iterable[str]]] = {
    "sqlite": [
        f"CREATE TRIGGER custody_event_{act.lower()} BEFORE {act} ON custody_event"
        " BEGIN SELECT RAISE(ABORT, 'custody_event only grows'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION custody_event_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''custody_event only grows'' USING ERRCODE = ''23000''; END'",
        "CREATE TRIGGER custody_event_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION custody_event_grows()",
    ],
}
for _dialect, _guards in _GUARDS.items():
    for _guard in _guards:
        _made = DDL(_guard)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
        event.listen(CustodyEvent.__table__, "after_create", _made.execute_if(dialect=_dialect))


def list_same_bytes(session: Session, evidence: str) -> list[str]:
    """The other items that have a file with the same bytes as one of these."""
    files = EvidenceFile.__table__.c
    kept = (files.role.in_(sorted(custody.REVIEWED)), files.destroyed_at.is_(None))
    own = select(files.sha256).where(files.evidence_id == evidence, *kept)
    query = select(files.evidence_id).where(files.sha256.in_(own), files.evidence_id != evidence, *kept)
    return list(core_connection(session).scalars(query.distinct().order_by(files.evidence_id)))


def list_files(session: Session, evidence: str) -> list[EvidenceFile]:
    """All files of an item, in the order in which they came."""
    query = select(EvidenceFile).where(EvidenceFile.evidence_id == evidence)
    return list(session.scalars(query.order_by(EvidenceFile.added_at, EvidenceFile.id)))


def find_last_event(session: Session, evidence: str) -> CustodyEvent | None:
    session.flush()
    query = select(CustodyEvent).where(CustodyEvent.evidence_id == evidence)
    return session.scalars(query.order_by(CustodyEvent.number.desc()).limit(1)).first()


def list_events(session: Session, evidence: str) -> list[CustodyEvent]:
    """The whole line of an item, oldest first."""
    query = select(CustodyEvent).where(CustodyEvent.evidence_id == evidence)
    return list(session.scalars(query.order_by(CustodyEvent.number)))


def find_public_copy(session: Session, evidence: str) -> EvidenceFile | None:
    """The copy that may be public: of those that were approved, the last."""
    query = select(EvidenceFile).where(
        EvidenceFile.evidence_id == evidence,
        EvidenceFile.approved_at.is_not(None),
        EvidenceFile.destroyed_at.is_(None),
    )
    last = query.order_by(EvidenceFile.approved_at.desc(), EvidenceFile.id).limit(1)
    return session.scalars(last).first()


def list_files_to_check(
    session: Session, limit: int | None, read_before: datetime | None = None
) -> list[str]:
    """The ids of files, those first that were never read again, then those read longest ago; without those that were
    read since ``read_before``."""
    order = (EvidenceFile.checked_at.is_not(None), EvidenceFile.checked_at, EvidenceFile.id)
    there = select(EvidenceFile.id).where(EvidenceFile.destroyed_at.is_(None))
    if read_before is not None:
        there = there.where(or_(EvidenceFile.checked_at.is_(None), EvidenceFile.checked_at < read_before))
    return list(session.scalars(there.order_by(*order).limit(limit)))


def list_failed_files(session: Session) -> dict[str, datetime]:
    """The files that were not as recorded when they were read last, and when that was."""
    failed = select(EvidenceFile.id, EvidenceFile.checked_at).join(
        CustodyEvent,
        and_(CustodyEvent.file_id == EvidenceFile.id, CustodyEvent.at == EvidenceFile.checked_at),
    )
    last = (CustodyEvent.type == custody.FIXITY, CustodyEvent.outcome == custody.FAILURE)
    rows = session.execute(failed.where(EvidenceFile.destroyed_at.is_(None), *last).order_by(EvidenceFile.id))
    return {id: read for id, read in rows if read is not None}


def list_keys(connection: Connection, most: int) -> list[str]:
    """The names under which the store keeps files that no fixity check found changed or missing: so many of them."""
    files, events = EvidenceFile.__table__.c, CustodyEvent.__table__.c
    last = (events.file_id == files.id, events.at == files.checked_at, events.outcome == custody.FAILURE)
    query = select(files.key).where(files.destroyed_at.is_(None), ~exists().where(*last))
    return list(connection.scalars(query.order_by(files.id).limit(most)))


def has_place(session: Session, key: str) -> bool | None:
    """Whether a row holds on to these bytes: not where they were destroyed, and None where no row ever named them."""
    column = EvidenceFile.__table__.c
    row = core_connection(session).execute(select(column.destroyed_at).where(column.key == key)).first()
    return None if row is None else row.destroyed_at is None
