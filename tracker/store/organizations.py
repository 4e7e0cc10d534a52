"""Organizations, their other names, and watchdogs: an organization's standing to submit and to hold verdicts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    literal_column,
    null,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.database.prepared import Prepared
from tracker.domain.partial_days import PartialDay
from tracker.domain.publication import WITHDRAWN
from tracker.domain.sources import Membership, group_same
from tracker.domain.vocabularies.codes import ORGANIZATION_TYPE
from tracker.store.base import (
    PUBLICATION_CHECKS,
    Base,
    Identified,
    Published,
    Versioned,
    check_copies,
    check_one_of,
    check_partial_in_order,
)
from tracker.store.database import core_connection
from tracker.store.releases import Release, release_of


class Organization(Identified, Versioned, Published, Base):
    """Anything that appoints, owes, assesses or submits. ``contact`` is never public. ``former_names`` are what it was
    called before, each ``{"name", "from_on", "to_on"}`` with days as text."""

    __tablename__ = "organization"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    former_slug: Mapped[str | None] = mapped_column(String(80), index=True)
    name: Mapped[str]
    type: Mapped[str] = mapped_column(String(40))
    website: Mapped[str | None]
    contact: Mapped[str | None]
    part_of_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    founded_on: Mapped[PartialDay | None]
    ended_on: Mapped[PartialDay | None]
    former_names: Mapped[list[Any]] = mapped_column(default=list)
    predecessors: Mapped[list[Predecessor]] = relationship(
        cascade="all, delete-orphan",
        order_by="Predecessor.predecessor_id",
        foreign_keys="Predecessor.organization_id",
        lazy="selectin",
    )
    member_of: Mapped[list[CoalitionMembership]] = relationship(
        cascade="all, delete-orphan",
        order_by="CoalitionMembership.id",
        foreign_keys="CoalitionMembership.member_id",
        lazy="selectin",
    )
    aliases: Mapped[list[Alias]] = relationship(
        cascade="all, delete-orphan", order_by="Alias.name", lazy="selectin"
    )
    release: Mapped[Release | None] = release_of("Organization", lazy="select")

    __table_args__ = (
        Identified.shaped("organization"),
        check_one_of("type", ORGANIZATION_TYPE),
        CheckConstraint("part_of_id <> id", name="not_itself"),
        check_partial_in_order("founded_on", "ended_on"),
        *check_copies(*PUBLICATION_CHECKS),
    )

    @property
    def successor_of(self) -> list[str]:
        """Those that it took the place of, by their ids."""
        return [one.predecessor_id for one in self.predecessors]


class Predecessor(Base):
    """Of a merger each that was merged, of a split the one that was split."""

    __tablename__ = "organization_predecessor"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    predecessor_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)

    __table_args__ = (
        UniqueConstraint("organization_id", "predecessor_id"),
        CheckConstraint("predecessor_id <> organization_id", name="not_itself"),
    )


class CoalitionMembership(Base):
    """That an organization is a member of another: of a coalition, or of an archive that several keep together."""

    __tablename__ = "organization_membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    from_on: Mapped[PartialDay | None]
    to_on: Mapped[PartialDay | None]

    __table_args__ = (
        CheckConstraint("organization_id <> member_id", name="not_itself"),
        check_partial_in_order("from_on", "to_on"),
    )


class Alias(Base):
    """Another name of an organization: a translation, a transliteration, a misprint; in any script."""

    __tablename__ = "organization_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str]
    language: Mapped[str | None] = mapped_column(String(35))
    note: Mapped[str | None]

    __table_args__ = (UniqueConstraint("organization_id", "name"),)


def list_former_names(session: Session) -> list[tuple[str, str]]:
    """Every organization that is not withdrawn, with each of the names that it had before."""
    rows = select(Organization.id, Organization.former_names).where(Organization.publication != WITHDRAWN)
    return [(id, one["name"]) for id, former in session.execute(rows) for one in former]


def list_names(session: Session) -> list[tuple[str, str]]:
    """Every organization that is not withdrawn, with each of its names."""
    rows = select(Organization.id, Organization.name).where(Organization.publication != WITHDRAWN)
    aliases = select(Alias.organization_id, Alias.name).join(
        Organization, Organization.id == Alias.organization_id
    )
    both = rows.union(aliases.where(Organization.publication != WITHDRAWN))
    return [(id, name) for id, name in core_connection(session).execute(both)]


def _heads_statement() -> Select[tuple[str, str, str | None]]:
    """Walk up from each organization; UNION, not UNION ALL, so that a circle ends where it began."""
    rows = Organization.__table__.c
    start = select(rows.id.label("start"), rows.id.label("at")).where(
        rows.id.in_(bindparam("organizations", expanding=True))
    )
    walk = start.cte("walk", recursive=True)
    above = select(walk.c.start, rows.part_of_id).join(walk, rows.id == walk.c.at)
    walk = walk.union(above.where(rows.part_of_id.is_not(None)))
    return select(walk.c.start, walk.c.at, rows.part_of_id).join(Organization.__table__, rows.id == walk.c.at)


_HEADS = Prepared(_heads_statement())
#: All memberships and successions, which are few, in an index: the conditions leave none out.
_TIES = Prepared(
    select(
        CoalitionMembership.member_id,
        CoalitionMembership.organization_id,
        CoalitionMembership.from_on,
        CoalitionMembership.to_on,
        literal_column("0").label("succession"),
    )
    .where(CoalitionMembership.member_id > "")
    .union_all(
        select(
            Predecessor.organization_id, Predecessor.predecessor_id, null(), null(), literal_column("1")
        ).where(Predecessor.organization_id > "")
    )
)


def find_groups(
    session: Session, organizations: Collection[str]
) -> tuple[dict[str, str], dict[str, list[Membership]]]:
    """For each organization the first of those that it counts as one with: independence is counted there; and the
    memberships of those in coalitions, each by the first of those that count as one with the coalition.

    What is part of the same, and what took the place of another, count as one, at any distance.
    """
    ties = _TIES.rows(core_connection(session))
    heads = _find_heads(session, {*organizations, *(one for tie in ties for one in tie[:2])})
    marks: dict[str, set[str]] = {head: set() for head in heads.values()}
    for number, tie in enumerate(ties):
        for organization in tie[:2] if tie.succession else ():
            marks[heads[organization]].add(str(number))
    groups = group_same(marks)
    joined: dict[str, list[Membership]] = {}
    for tie in ties:
        if not tie.succession:
            membership = Membership(groups[heads[tie.organization_id]], tie.from_on, tie.to_on)
            joined.setdefault(groups[heads[tie.member_id]], []).append(membership)
    group_of = {one: groups[heads[one]] for one in organizations}
    return group_of, {one: joined.get(group, []) for one, group in group_of.items()}


def _find_heads(session: Session, organizations: Collection[str]) -> dict[str, str]:
    """For each organization the one at its head. Organizations that are part of each other in a circle, which an old
    record may hold, count as one."""
    seen: dict[str, dict[str, str | None]] = {}
    for row in _HEADS.rows(core_connection(session), organizations=organizations):
        seen.setdefault(row.start, {})[row.at] = row.part_of_id
    return {
        start: next((at for at, above in line.items() if above is None), min(line))
        for start, line in seen.items()
    }
