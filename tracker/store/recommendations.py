"""What somebody asked somebody to do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.database.prepared import Prepared
from tracker.domain.partial_days import PartialDay
from tracker.domain.publication import PUBLISHED
from tracker.domain.vocabularies.codes import ADDRESSEE_ROLE, RECOMMENDATION_TYPE
from tracker.store.base import Base, check_one_of
from tracker.store.committees import Committee
from tracker.store.database import core_connection
from tracker.store.figures import Figure, list_of_figures
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Recommendation(Subject):
    """A recommendation, issued either by a committee of the process or by an organization. ``co_issuers``
    are the ids of the organizations that issued it together with ``issuer``, ``repeats`` those of
    earlier ones of the process that asked for the same, ``former_numbers`` what was printed before."""

    __tablename__ = "recommendation"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    committee_id: Mapped[str | None] = mapped_column(String(30), index=True)
    issuer_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    co_issuers: Mapped[list[Any]] = mapped_column(default=list)
    printed_number: Mapped[str | None] = mapped_column(String(80))
    former_numbers: Mapped[list[Any]] = mapped_column(default=list)
    report_id: Mapped[str | None] = mapped_column(String(30), index=True)
    issued_on: Mapped[PartialDay]
    title: Mapped[str]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(35))
    type: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[str | None] = mapped_column(String(30), index=True)
    repeats: Mapped[list[Any]] = mapped_column(default=list)
    tags: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]

    @property
    def issuers(self) -> list[str]:
        """All organizations that issued it; none where a committee did."""
        return [] if self.issuer_id is None else [self.issuer_id, *self.co_issuers]

    addressees: Mapped[list[Addressee]] = relationship(
        order_by="Addressee.role, Addressee.organization_id", cascade="all, delete-orphan", lazy="selectin"
    )

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (
        *process_constraints("recommendation", "committee_id", "report_id", "parent_id"),
        references_kind("committee_id", "committee"),
        references_kind("report_id", "report"),
        references_kind("parent_id", "recommendation"),
        CheckConstraint("(committee_id IS NULL) <> (issuer_id IS NULL)", name="one_issuer"),
        CheckConstraint("parent_id <> id", name="not_itself"),
        check_one_of("type", RECOMMENDATION_TYPE),
    )


class Addressee(Base):
    """Who is asked: the one who must act, those who support, those who oversee."""

    __tablename__ = "recommendation_addressee"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"))
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[str] = mapped_column(String(10), default="primary")

    __table_args__ = (
        UniqueConstraint("recommendation_id", "organization_id"),
        check_one_of("role", ADDRESSEE_ROLE),
    )


class AnswerGiven(Base):
    """That an item of evidence is what an addressee that was invited says to a recommendation, and what state it says.
    The desk reviews the item, and records the answer by it."""

    __tablename__ = "answer_given"

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"), index=True)
    state: Mapped[str] = mapped_column(String(32))


_RECOMMENDATION: Any = Recommendation.__table__
_SUBJECT: Any = Subject.__table__
_PARTS = Prepared(
    select(_RECOMMENDATION.c.id)
    .join(_SUBJECT, _SUBJECT.c.id == _RECOMMENDATION.c.id)
    .where(_RECOMMENDATION.c.parent_id == bindparam("whole"), _SUBJECT.c.publication == PUBLISHED)
    .order_by(_RECOMMENDATION.c.id)
)
_WHOLES = Prepared(
    select(_RECOMMENDATION.c.parent_id)
    .where(
        or_(_RECOMMENDATION.c.id == bindparam("one"), _RECOMMENDATION.c.parent_id == bindparam("one")),
        _RECOMMENDATION.c.parent_id.is_not(None),
    )
    .distinct()
)


def list_parts(session: Session, whole: str) -> list[str]:
    """The public parts of a recommendation."""
    return _PARTS.column(core_connection(session), whole=whole)


def list_wholes(session: Session, part: str) -> list[str]:
    """The recommendations of which something may be said because of this one: that of which it is a part, and itself
    where it has parts."""
    return _WHOLES.column(core_connection(session), one=part)


_COMMITTEE: Any = Committee.__table__
_PARTIES = Prepared(
    select(
        *(Recommendation.id, Recommendation.issuer_id, Recommendation.co_issuers),
        *(_COMMITTEE.c.appointed_by_id, Addressee.organization_id),
    )
    .outerjoin(_COMMITTEE, _COMMITTEE.c.id == Recommendation.committee_id)
    .outerjoin(Addressee, Addressee.recommendation_id == Recommendation.id)
    .where(Recommendation.id.in_(bindparam("subjects", expanding=True)))
    .order_by(Addressee.role, Addressee.organization_id)
)


class PartiesRow(NamedTuple):
    """Whom a recommendation is addressed to, and the organizations that issued it: of what a committee issued, the one
    that appointed it."""

    addressees: list[str]
    issuers: list[str]


def list_parties(session: Session, subjects: Collection[str]) -> dict[str, PartiesRow]:
    """The parties of each of these recommendations; none of other subjects."""
    parties = {subject: PartiesRow([], []) for subject in subjects}
    for row in _PARTIES.rows(core_connection(session), subjects=subjects):
        own = parties[row.id]
        issuer = row.issuer_id or row.appointed_by_id
        if issuer is not None and not own.issuers:
            own.issuers.extend([issuer, *row.co_issuers])
        if row.organization_id is not None:
            own.addressees.append(row.organization_id)
    return parties


def list_addressees(session: Session, subject: str) -> list[str]:
    """Whom a recommendation is addressed to; nobody for another subject."""
    return list_parties(session, [subject])[subject].addressees
