"""The encrypted fields of an item."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from tracker.store.base import Base
from tracker.store.protection import item_key


class SealedFields(Base):
    """The sealed fields of an item, as `tracker.sealing.sealer` keeps them."""

    __tablename__ = "evidence_box"

    evidence_id: Mapped[str] = item_key()
    wrapped: Mapped[bytes]
    content: Mapped[bytes]
