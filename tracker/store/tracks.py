"""The moves between states that the database takes."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.base import Base


class Transition(Base):
    """A pair of states that a status change of this act may record on a track. A migration writes the rows, as
    `tracker.domain.tracks` has them; every status change names one of them by its foreign key."""

    __tablename__ = "transition"

    subject_kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    track: Mapped[str] = mapped_column(String(40), primary_key=True)
    act: Mapped[str] = mapped_column(String(12), primary_key=True)
    from_state: Mapped[str] = mapped_column(String(32), primary_key=True)
    to_state: Mapped[str] = mapped_column(String(32), primary_key=True)
