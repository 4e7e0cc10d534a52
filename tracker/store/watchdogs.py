"""Watchdogs: the registration of an organization to submit evidence and to hold verdicts, and its history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.database.prepared import Prepared
from tracker.domain.partial_days import PartialDay
from tracker.domain.watchdogs import REGISTRATIONS
from tracker.store.base import Base, check_one_of
from tracker.store.database import core_connection
from tracker.store.people import Person


class Watchdog(Base):
    """An organization's standing to submit evidence and to hold verdicts in this tracker."""

    __tablename__ = "watchdog"

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    standing: Mapped[str] = mapped_column(String(12), default="registered")
    conflicts: Mapped[str | None]
    since: Mapped[PartialDay]

    history: Mapped[list[WatchdogAct]] = relationship(order_by="WatchdogAct.id", lazy="selectin")

    __table_args__ = (check_one_of("standing", REGISTRATIONS),)


class WatchdogAct(Base):
    """That somebody suspended, reinstated or withdrew a watchdog, and why. Added to, never rewritten."""

    __tablename__ = "watchdog_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("watchdog.organization_id"), index=True)
    standing: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    author: Mapped[Person] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    __table_args__ = (check_one_of("standing", REGISTRATIONS), CheckConstraint("reason <> ''", name="reason"))


_STANDING = Prepared(select(Watchdog.standing).where(Watchdog.organization_id == bindparam("organization")))


def find_registration(session: Session, organization: str) -> str | None:
    """How an organization stands as a watchdog; None where it never was one."""
    state: str | None = _STANDING.value(core_connection(session), organization=organization)
    return state
