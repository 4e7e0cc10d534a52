"""Webhooks: who is told of public acts, which acts wait for whom, and what became of each attempt.

The public acts are the outbox: an act writes its event in its own transaction, and events have one order without a gap.
A subscription remembers up to which place its messages were queued. The secret is sealed; of an answer only its number
is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.webhooks import ADDRESS, ENDING_TOLD, FAULTS, STATES, WARN
from tracker.store.base import Base, Identified, UtcInstant, check_one_of
from tracker.store.database import core_connection


class Webhook(Identified, Base):
    """A subscription. ``kinds`` and ``tracks`` narrow it where they are not empty. ``place``: up to which public act
    its messages were queued. ``old_until``: until then the secret before the present one signs, too.
    ``failing_since``: the first failure since something was taken."""

    __tablename__ = "webhook"

    url: Mapped[str] = mapped_column(String(ADDRESS))
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    kinds: Mapped[list[Any]]
    tracks: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(8))
    place: Mapped[int] = mapped_column(BigInteger)
    wrapped: Mapped[bytes]
    content: Mapped[bytes]
    old_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    tested_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]

    __table_args__ = (Identified.shaped("webhook"), check_one_of("state", STATES))

    def __repr__(self) -> str:
        return f"Webhook({self.id!r})"


#: What waits for a subscription, and what was never taken: that is parked until somebody replays it.
MESSAGES: Final = Table(
    "webhook_message",
    Base.metadata,
    Column("webhook_id", String(30), ForeignKey("webhook.id"), primary_key=True),
    Column("seq", BigInteger(), primary_key=True, autoincrement=False),
    Column("failures", Integer(), nullable=False),
    Column("due_at", UtcInstant(), nullable=False),
    Column("parked_at", UtcInstant(), nullable=True),
)
Index("ix_webhook_message_due", MESSAGES.c.webhook_id, MESSAGES.c.parked_at, MESSAGES.c.seq)


class Delivery(Base):
    """One attempt. ``seq`` is the place of the act; null for a test."""

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    event_id: Mapped[str | None] = mapped_column(String(30))
    at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    fault: Mapped[str | None] = mapped_column(String(12))
    took_ms: Mapped[int]

    __table_args__ = (
        Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
        Index("ix_webhook_delivery_at", "at"),
        check_one_of("fault", FAULTS),
    )


class Message(NamedTuple):
    """What waits for a subscription."""

    webhook_id: str
    seq: int
    failures: int
    due_at: datetime
    parked_at: datetime | None


_WEBHOOKS: Final = Webhook.__table__
_DELIVERIES: Final = Delivery.__table__
_WAITING: Final = MESSAGES.c.parked_at.is_(None)


def list_active(session: Session) -> list[Webhook]:
    query = select(Webhook).where(Webhook.state == "active").order_by(Webhook.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def list_heads(session: Session) -> list[Message]:
    """For each active subscription the message that comes next."""
    first = (
        select(MESSAGES.c.webhook_id, func.min(MESSAGES.c.seq).label("seq"))
        .join(_WEBHOOKS, _WEBHOOKS.c.id == MESSAGES.c.webhook_id)
        .where(_WAITING, _WEBHOOKS.c.state == "active")
        .group_by(MESSAGES.c.webhook_id)
        .subquery()
    )
    query = select(MESSAGES).join(
        first, and_(MESSAGES.c.webhook_id == first.c.webhook_id, MESSAGES.c.seq == first.c.seq)
    )
    rows = core_connection(session).execute(query.order_by(MESSAGES.c.webhook_id))
    return [Message(*row) for row in rows]


def list_places(session: Session) -> list[tuple[str, int]]:
    """The active subscriptions, and up to which place their messages were queued."""
    query = select(_WEBHOOKS.c.id, _WEBHOOKS.c.place).where(_WEBHOOKS.c.state == "active")
    return [(id, place) for id, place in core_connection(session).execute(query)]


def count_messages(session: Session, webhook: str) -> tuple[int, int]:
    """How many wait, and how many are parked."""
    query = select(func.count(), func.count(MESSAGES.c.parked_at)).where(MESSAGES.c.webhook_id == webhook)
    total, parked = core_connection(session).execute(query).one()
    return total - parked, parked


def list_parked(session: Session, webhook: str, most: int) -> list[Message]:
    """The first messages that were never taken."""
    own = (MESSAGES.c.webhook_id == webhook, MESSAGES.c.parked_at.is_not(None))
    rows = core_connection(session).execute(select(MESSAGES).where(*own).order_by(MESSAGES.c.seq).limit(most))
    return [Message(*row) for row in rows]


def count_troubled(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many subscriptions have a message that was never taken, or failed for long, or were ended by their receiver
    in the last week; and since when the first of them takes nothing."""
    bad = or_(MESSAGES.c.failures >= WARN, MESSAGES.c.parked_at.is_not(None))
    ended = and_(_WEBHOOKS.c.state == "ended", _WEBHOOKS.c.failing_since > now - ENDING_TOLD)
    those = or_(_WEBHOOKS.c.id.in_(select(MESSAGES.c.webhook_id).where(bad)), ended)
    query = select(func.count(), func.min(func.coalesce(_WEBHOOKS.c.failing_since, _WEBHOOKS.c.created_at)))
    number, since = core_connection(session).execute(query.where(those)).one()
    return number, since


def queue_messages(session: Session, webhook: str, places: Iterable[int], now: datetime) -> None:
    """Let these wait, from the beginning where one waited or was parked already."""
    connection, places = core_connection(session), sorted(set(places))
    if places:
        own = (MESSAGES.c.webhook_id == webhook, MESSAGES.c.seq.in_(places))
        connection.execute(delete(MESSAGES).where(*own))
        rows = [{"webhook_id": webhook, "seq": seq, "failures": 0, "due_at": now} for seq in places]
        connection.execute(insert(MESSAGES), rows)


def change_webhook(session: Session, id: str, **values: Any) -> None:
    """Write down what its deliveries led to. Acts of people write the mapped row, which needs an audit entry."""
    core_connection(session).execute(update(_WEBHOOKS).where(_WEBHOOKS.c.id == id).values(values))  # type: ignore[arg-type]


def change_message(session: Session, message: Message, **values: Any) -> None:
    core_connection(session).execute(update(MESSAGES).where(*_key(message)).values(values))


def end_message(session: Session, message: Message) -> None:
    core_connection(session).execute(delete(MESSAGES).where(*_key(message)))


def _key(message: Message) -> tuple[Any, ...]:
    return MESSAGES.c.webhook_id == message.webhook_id, MESSAGES.c.seq == message.seq


def add_delivery(session: Session, **values: Any) -> None:
    core_connection(session).execute(insert(_DELIVERIES), values)  # type: ignore[arg-type]  # a Table it is


def sweep_deliveries(session: Session, before: datetime) -> None:
    core_connection(session).execute(delete(_DELIVERIES).where(_DELIVERIES.c.at < before))  # type: ignore[arg-type]
