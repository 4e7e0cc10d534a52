"""What a legal hold keeps as it is: nobody alone overwrites or takes away what is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.actions.support.editable_things import ANALYSES
from tracker.actions.support.unit import Unit
from tracker.domain.errors import LegallyHeld
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.store.redaction import is_held
from tracker.store.subjects import Subject


def require_not_held(unit: Unit, subject: str) -> None:
    """`LegallyHeld` where something of a subject would be gone for good."""
    if is_held(unit.session, subject):
        raise LegallyHeld(
            sentence("a court or an inquiry asked for this to be kept as it is; only add to it")
        )


def require_nothing_lost(unit: Unit, row: Any, fields: Mapping[str, Any], kept: Mapping[str, int]) -> None:
    """`LegallyHeld` where an edit overwrites what stands in a held draft, or takes a part of it away; of what is public
    the older version stays. ``kept`` says of each list of parts how many stay."""
    if not isinstance(row, Subject) or row.publication == PUBLISHED:
        return
    shorter = any(count < len(getattr(row, name)) for name, count in kept.items())
    members = (
        (getattr(row, name), value) for name, value in fields.items() if name not in {*kept, *ANALYSES}
    )
    if shorter or any(before and before != value for before, value in members):
        require_not_held(unit, row.id)
