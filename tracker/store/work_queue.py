"""The queue of open work: a row for what waits, for as long as it waits. It follows from the record and says nothing
that does not stand there: ids and codes, no words of anybody, so that a redaction finds nothing here to destroy.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain import ids
from tracker.domain.work_queue import KINDS
from tracker.store.base import Base, check_one_of

#: As whom those read who may read what is sealed: the status that rests on it, as it truly stands.
CUSTODIANS: Final = "custodians"


class OpenWork(Base):
    """One entry. ``reader`` is the person or the watchdog that it is for, or `CUSTODIANS`, empty for the desk;
    ``about`` the status change, the proposal, the question or, where it is none of them, the subject; of a reminder
    the subject and, after a space, whom it goes to. Neither
    ``author_id`` nor ``submitter_id`` is shown it.

    ``due_on`` is the date that a calendar gives now, ``reason`` in which days it differs from that of the reckoning:
    days alone, no name of one. ``since`` may lie ahead: that a day has passed is written down beforehand, and read from
    then on.
    """

    __tablename__ = "open_work"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    reader: Mapped[str] = mapped_column(String(30), primary_key=True)
    about: Mapped[str] = mapped_column(String(61), primary_key=True)
    since: Mapped[datetime]
    process_id: Mapped[str] = mapped_column(ForeignKey("process.id"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    assessor_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    track: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str | None] = mapped_column(String(32))
    basis: Mapped[str | None] = mapped_column(String(12))
    items: Mapped[list[Any]] = mapped_column(default=list)
    due_on: Mapped[date | None]
    reason: Mapped[str | None]
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    submitter_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        check_one_of("kind", KINDS),
        Index("ix_open_work_queue", "kind", "reader", "since", "about"),
        Index("ix_open_work_process", "kind", "reader", "process_id", "since", "about"),
    )

    @property
    def change_id(self) -> str | None:
        """The status change that waits, or that lost what it stood on."""
        return self.about if ids.kind_of(self.about) == "change" else None

    @property
    def question_id(self) -> str | None:
        """The question that waits for its answer."""
        return self.about if ids.kind_of(self.about) == "question" else None

    @property
    def proposal_id(self) -> str | None:
        """The proposal that waits to be decided, of another kind than a status change."""
        return self.about if ids.kind_of(self.about) == "proposal" else None
