"""The base of committees, reports, resources, deadlines, recommendations and evidence.

One row here for every subject, so that one table of status changes serves them all with real foreign keys.
Each kind adds a table of its own; it repeats ``process_id`` so that the database itself refuses a link from
one process into another.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
    bindparam,
    select,
)
from sqlalchemy.orm import (
    Mapped,
    MappedColumn,
    Session,
    column_property,
    declared_attr,
    mapped_column,
    relationship,
)

from tracker.database.prepared import Prepared
from tracker.domain.tracks import SUBJECTS
from tracker.store.base import (
    PUBLICATION_CHECKS,
    Base,
    Identified,
    Published,
    Versioned,
    check_copies,
    check_one_of,
    check_prefix,
)
from tracker.store.database import core_connection
from tracker.store.processes import Process
from tracker.store.releases import Release, release_of


class Subject(Identified, Versioned, Published, Base):
    """What a status can be about. ``reference`` is its short name within the process, as C2 or final-report;
    ``former_reference`` that of a draft that was thrown away, which another may have; ``translations`` its texts in
    other languages: ``[{"language", "translator", "title", …}]``."""

    __tablename__ = "subject"

    process_id: Mapped[str] = mapped_column(ForeignKey("process.id"))
    kind: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(40))
    former_reference: Mapped[str | None] = mapped_column(String(40), index=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    translations: Mapped[list[Any]] = mapped_column(default=list)

    @declared_attr
    @classmethod
    def process(cls) -> Mapped[Process]:
        return relationship(Process, lazy="joined", innerjoin=True)

    release: Mapped[Release | None] = release_of("Subject")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        if cls.__name__ == "Subject":
            return {"polymorphic_on": "kind", "version_id_col": cls.version, "version_id_generator": False}
        own: Any = cls.__table__
        return {"polymorphic_identity": own.name, "inherit_condition": own.c.id == Subject.__table__.c.id}

    __table_args__: Any = (
        check_one_of("kind", SUBJECTS),
        CheckConstraint(
            " OR ".join(f"kind = '{kind}' AND {check_prefix('id', kind)}" for kind in SUBJECTS),
            name="id_kind",
        ),
        UniqueConstraint("id", "process_id"),
        UniqueConstraint("id", "kind"),
        UniqueConstraint("process_id", "kind", "reference"),
        *check_copies(*PUBLICATION_CHECKS),
    )


def _prepare_look_up(reference: Any) -> Prepared:
    """The subject of a kind that has, or had, a reference in a process."""
    subject = Subject.__table__.c
    return Prepared(
        select(subject.id).where(
            subject.process_id == bindparam("process"),
            subject.kind == bindparam("kind"),
            reference == bindparam("reference"),
        )
    )


_NAMED: Final = _prepare_look_up(Subject.__table__.c.reference)
_THROWN_AWAY: Final = _prepare_look_up(Subject.__table__.c.former_reference)


def find_named(session: Session, process: str | None, kind: str, reference: str) -> str | None:
    """The subject of this kind that a process calls so."""
    id: str | None = _NAMED.value(core_connection(session), process=process, kind=kind, reference=reference)
    return id


def find_thrown_away(session: Session, process: str | None, kind: str, reference: str) -> str | None:
    """A draft of this kind that a process called so, and that was thrown away."""
    id: str | None = _THROWN_AWAY.value(
        core_connection(session), process=process, kind=kind, reference=reference
    )
    return id


def subject_key() -> MappedColumn[Any]:
    """The primary key of a kind's own table."""
    return mapped_column(String(30), ForeignKey("subject.id"), primary_key=True)


def process_key() -> Any:
    """The process of a kind's own row, which is that of its subject.

    Never null, for a foreign key that is null in one part binds nothing.
    """
    return column_property(
        mapped_column("process_id", String(30), nullable=False), Subject.__table__.c.process_id
    )


def process_constraints(kind: str, *columns: str) -> tuple[Constraint, ...]:
    """A row is its own kind of subject, and every subject that it names is of the same process."""
    own = (
        ForeignKeyConstraint([column, "process_id"], ["subject.id", "subject.process_id"])
        for column in ("id", *columns)
    )
    return (*own, Identified.shaped(kind))


def references_kind(column: str, *kinds: str) -> CheckConstraint:
    """A CHECK that a column names a subject of one of these kinds."""
    return CheckConstraint(" OR ".join(check_prefix(column, kind) for kind in kinds), name=f"{column}_kind")
