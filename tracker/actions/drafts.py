"""Drafts of the desk: what somebody typed and could not send, or did not want to send yet. Nothing typed is lost.

A draft is sealed, its owner alone reads it, and it is gone after two weeks, or with what it is about. It leaves no
entry on the audit trail: nothing was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from tracker.actions.support.unit import Unit
from tracker.domain.errors import NotFound
from tracker.domain.people import Actor
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import drafts
from tracker.store.drafts import DraftRow

KEPT: Final = timedelta(days=14)
#: How many somebody may have; the oldest gives way.
MOST: Final = 100
_FORM: Final = "form"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was filled in: the names of its fields and what was typed, in their order."""

    id: str
    page: str
    typed: list[tuple[str, str]] = field(repr=False)


def keep_draft(
    unit: Unit, person: str, page: str, thing: str | None, typed: Sequence[tuple[str, str]], sealer: Sealer
) -> str:
    """Keep what somebody typed; the id of the draft."""
    drafts.sweep_drafts(unit.session, unit.now)
    for row in drafts.list_drafts(unit.session, person)[: -(MOST - 1)]:
        drafts.drop_draft(unit.session, person, row.id)
    id = unit.new_id("draft")
    box = sealer.seal({_FORM: urlencode(typed)}, id)
    row = DraftRow(id, person, page, thing, box.wrapped, box.content, unit.now + KEPT)
    drafts.add_draft(unit.session, row)
    return id


def read_draft(session: Session, person: str, id: str, sealer: Sealer) -> Draft:
    """One's own draft. `NotFound` for another's, for one that is gone, and for one that opens no more."""
    row = drafts.find_draft(session, person, id)
    try:
        if row is not None:
            form = sealer.open(SealedBox(row.wrapped, row.content), row.id)[_FORM]
            return Draft(row.id, row.page, parse_qsl(form, keep_blank_values=True))
    except SealingError:  # its key was taken out of the file: it is lost as if it had run out
        pass
    raise NotFound(f"you have no draft {id[:64]!r}")


def list_drafts(session: Session, by: Actor, now: datetime) -> list[DraftRow]:
    """One's own drafts, without what stands in them, the oldest first."""
    return [row for row in drafts.list_drafts(session, by.id) if row.kept_until > now]


def drop_draft(unit: Unit, id: str) -> None:
    """Throw a draft of one's own away: it was sent, or is wanted no more."""
    drafts.drop_draft(unit.session, unit.by.id, id)
