"""Evidence as described items. Nothing that is sealed by its nature (creator, source, precise place) is kept here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.database.prepared import Prepared
from tracker.domain import evidence
from tracker.domain.custody import REVIEWED
from tracker.domain.partial_days import AnyDay, PartialDay
from tracker.domain.protection import DEFAULT_PROTECTION, PROTECTION, SEALED
from tracker.domain.publication import WITHDRAWN
from tracker.domain.sources import normalize_addresses
from tracker.domain.vocabularies.codes import EVIDENCE_TYPE
from tracker.store.base import check_one_of, check_partial_in_order
from tracker.store.custody import EvidenceFile
from tracker.store.database import core_connection
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Evidence(Subject):
    """An item submitted by a watchdog or by staff.

    ``publisher_id`` is who made it public (a newspaper, a ministry); ``watchdog_id`` the organization
    from which it came to the tracker: of what the desk submits, the lead. ``owner_id`` is the organization whose item
    it is, and who reads it and takes it back; none means the desk. The lead does not own what the desk submits.
    """

    __tablename__ = "evidence"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    title: Mapped[str]
    type: Mapped[str] = mapped_column(String(40))
    description: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(35))
    source_url: Mapped[str | None]
    archived_url: Mapped[str | None]
    published_on: Mapped[PartialDay | None]
    captured_on: Mapped[PartialDay | None]
    capture_method: Mapped[str | None] = mapped_column(String(20))
    occurred_from: Mapped[PartialDay | None]
    occurred_to: Mapped[PartialDay | None]
    precision: Mapped[str | None] = mapped_column(String(12))
    country: Mapped[str | None] = mapped_column(String(2))
    area: Mapped[str | None]
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    watchdog_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    acquired_from: Mapped[str] = mapped_column(String(20))
    generation: Mapped[str] = mapped_column(String(12), default="original")
    derived_from_id: Mapped[str | None] = mapped_column(String(30), index=True)
    edited: Mapped[str] = mapped_column(String(8), default="unknown")
    content_warnings: Mapped[list[Any]] = mapped_column(default=list)
    rights: Mapped[str | None]
    licence: Mapped[str | None] = mapped_column(String(80))
    protection: Mapped[str] = mapped_column(String(12), default=DEFAULT_PROTECTION)
    source_analysis: Mapped[str] = mapped_column(String(12), default="not_done")
    technical_analysis: Mapped[str] = mapped_column(String(12), default="not_done")
    content_analysis: Mapped[str] = mapped_column(String(12), default="not_done")
    source_reliability: Mapped[str | None] = mapped_column(String(1))
    content_credibility: Mapped[str | None] = mapped_column(String(1))

    __table_args__ = (
        *process_constraints("evidence", "derived_from_id"),
        references_kind("derived_from_id", "evidence"),
        CheckConstraint("derived_from_id <> id", name="not_itself"),
        check_one_of("type", EVIDENCE_TYPE),
        check_one_of("protection", PROTECTION),
        check_one_of("acquired_from", evidence.ACQUIRED_FROM),
        check_one_of("generation", evidence.GENERATION),
        check_one_of("edited", evidence.EDITED),
        check_one_of("capture_method", evidence.CAPTURE),
        check_one_of("precision", evidence.PRECISION),
        *(check_one_of(f"{name}_analysis", evidence.ANALYSIS) for name in ("source", "technical", "content")),
        check_one_of("source_reliability", evidence.RELIABILITY),
        check_one_of("content_credibility", evidence.CREDIBILITY),
        check_partial_in_order("occurred_from", "occurred_to"),
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Of an item: whether the world has seen it, whether it was taken back, whether it is sealed, the organization it
    comes from, the one that submitted it and may know of it, which nobody does of what is sealed; and its digests and
    addresses."""

    public: bool
    withdrawn: bool
    sealed: bool
    organization: str
    submitter: str | None
    day: AnyDay | None
    marks: frozenset[str] = frozenset()


_DIGESTS: Final = Prepared(
    select(EvidenceFile.__table__.c.evidence_id, EvidenceFile.__table__.c.sha256).where(
        EvidenceFile.__table__.c.evidence_id.in_(bindparam("evidence", expanding=True)),
        EvidenceFile.__table__.c.role.in_(bindparam("roles", expanding=True)),
        EvidenceFile.__table__.c.destroyed_at.is_(None),
    )
)
_DERIVED: Final = Prepared(
    select(Evidence.__table__.c.id)
    .where(Evidence.__table__.c.derived_from_id == bindparam("item"))
    .order_by(Evidence.__table__.c.id)
)
_SOURCES = Prepared(
    select(
        Evidence.__table__.c.id,
        Evidence.__table__.c.publisher_id,
        Evidence.__table__.c.watchdog_id,
        Evidence.__table__.c.owner_id,
        Evidence.__table__.c.protection,
        Evidence.__table__.c.source_url,
        Evidence.__table__.c.archived_url,
        Evidence.__table__.c.derived_from_id,
        Subject.__table__.c.process_id,
        Subject.__table__.c.publication,
        Subject.__table__.c.published_at,
        Evidence.__table__.c.published_on,
        Evidence.__table__.c.captured_on,
    )
    .join(Subject.__table__, Subject.__table__.c.id == Evidence.__table__.c.id)
    .where(Evidence.__table__.c.id.in_(bindparam("evidence", expanding=True)))
)


def list_sources(session: Session, evidence: Collection[str]) -> list[Any]:
    """Who published, submitted and owns these items, and who may know of them, as plain rows."""
    return _SOURCES.rows(core_connection(session), evidence=evidence)


def find_origins(session: Session, evidence: Collection[str]) -> dict[str, Origin]:
    """Where these items come from: from their publisher, else from who submitted them; and by what one would know that
    another shows the same."""
    rows = _list_with_originals(session, evidence)
    marks = _find_marks(session, rows)
    return {
        row.id: Origin(
            public=row.published_at is not None,
            withdrawn=row.publication == WITHDRAWN,
            sealed=row.protection == SEALED,
            organization=row.publisher_id or row.watchdog_id,
            submitter=None if row.protection == SEALED else row.owner_id,
            day=row.published_on or row.captured_on,
            marks=frozenset().union(*(marks[id] for id in _list_line(rows, row.id))),
        )
        for row in (rows[id] for id in evidence if id in rows)
    }


def _list_with_originals(session: Session, evidence: Collection[str]) -> dict[str, Any]:
    """These items by their ids, with all from which they are derived."""
    originals: dict[str, Any] = {}
    wanted = set(evidence)
    while wanted:
        originals.update((row.id, row) for row in list_sources(session, wanted))
        wanted = {row.derived_from_id for row in originals.values()} - originals.keys() - {None}
    return originals


def _list_line(rows: Mapping[str, Any], id: str | None) -> list[str]:
    """An item, the one from which it is derived, and so on."""
    line: list[str] = []
    while id is not None:
        line.append(id)
        id = rows[id].derived_from_id
    return line


def _find_marks(session: Session, rows: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By what one knows each item: its id, its addresses, its digests."""
    digests: dict[str, set[str]] = {}
    for item, sha256 in _DIGESTS.rows(core_connection(session), evidence=list(rows), roles=sorted(REVIEWED)):
        digests.setdefault(item, set()).add(sha256)
    return {
        id: normalize_addresses((row.source_url, row.archived_url)).union(digests.get(id, ()), (id,))
        for id, row in rows.items()
    }


def list_derived(session: Session, item: str) -> list[str]:
    """An item, and all that are derived from it."""
    derived = [item]
    for original in derived:
        derived += _DERIVED.column(core_connection(session), item=original)
    return derived


def list_family(session: Session, item: str) -> list[str]:
    """All that is derived from one original, with it: of an item that is derived from none, from itself."""
    line = _list_line(_list_with_originals(session, [item]), item)
    return list_derived(session, line[-1])


def list_addresses(session: Session, process: str) -> list[tuple[str, str]]:
    """The items of a process that are neither sealed nor withdrawn, with each address at which one of them lies."""
    own = Evidence.__table__.c
    things = Subject.__table__.c
    query = (
        select(own.id, own.source_url, own.archived_url)
        .join(Subject.__table__, things.id == own.id)
        .where(own.process_id == process, own.protection != SEALED, things.publication != WITHDRAWN)
    )
    rows = core_connection(session).execute(query)
    return [(id, url) for id, *urls in rows for url in urls if url]
