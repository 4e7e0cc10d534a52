"""Kept forms of the desk: what somebody typed and could not send, or did not want to send yet. Nothing typed is lost.

A kept form is sealed, its owner alone reads it, and it is gone after two weeks, or with what it is about. It leaves no
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
from tracker.domain.sentences import sentence
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import kept_forms
from tracker.store.kept_forms import KeptFormRow

KEPT: Final = timedelta(days=14)
#: How many somebody may have; the oldest gives way.
MOST: Final = 100
_FORM: Final = "form"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was filled in: the names of its fields and what was typed, in their order."""

    id: str
    page: str
    typed: list[tuple[str, str]] = field(repr=False)


def keep_form(
    unit: Unit, person: str, page: str, thing: str | None, typed: Sequence[tuple[str, str]], sealer: Sealer
) -> str:
    """Keep what somebody typed; its id."""
    kept_forms.sweep_forms(unit.session, unit.now)
    for row in kept_forms.list_forms(unit.session, person)[: -(MOST - 1)]:
        kept_forms.drop_form(unit.session, person, row.id)
    id = unit.new_id("kept_form")
    box = sealer.seal({_FORM: urlencode(typed)}, id)
    row = KeptFormRow(id, person, page, thing, box.wrapped, box.content, unit.now + KEPT)
    kept_forms.add_form(unit.session, row)
    return id


def read_form(session: Session, person: str, id: str, sealer: Sealer) -> KeptForm:
    """One's own kept form. `NotFound` for another's, for one that is gone, and for one that opens no more."""
    row = kept_forms.find_form(session, person, id)
    try:
        if row is not None:
            form = sealer.open(SealedBox(row.wrapped, row.content), row.id)[_FORM]
            return KeptForm(row.id, row.page, parse_qsl(form, keep_blank_values=True))
    except SealingError:  # its key was taken out of the file: it is lost as if it had run out
        pass
    raise NotFound(
        sentence("the form %(id)s is kept no longer: it was sent, or thrown away", id=repr(id[:64]))
    )


def list_forms(session: Session, by: Actor, now: datetime) -> list[KeptFormRow]:
    """One's own kept forms, without what stands in them, the oldest first."""
    return [row for row in kept_forms.list_forms(session, by.id) if row.kept_until > now]


def drop_form(unit: Unit, id: str) -> None:
    """Throw a kept form of one's own away: it was sent, or is wanted no more."""
    kept_forms.drop_form(unit.session, unit.by.id, id)
