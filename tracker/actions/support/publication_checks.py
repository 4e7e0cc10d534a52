"""Whether a draft may become public, whatever it says: asked when it is proposed, approved, and released."""

from __future__ import annotations

from typing import Any

from tracker.actions import consent
from tracker.actions.support import second_person
from tracker.actions.support.unit import Unit
from tracker.domain.deadlines import REPLACED
from tracker.domain.publication import PublicationRefused
from tracker.domain.sentences import Label, sentence
from tracker.store import statuses
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence


def require_publishable(unit: Unit, row: Any) -> None:
    """`PublicationRefused` for what is protected or waits for its extension, `NotAgreed` for what nobody agreed to."""
    if isinstance(row, Evidence):
        if row.protection != "public":
            raise PublicationRefused(
                sentence(
                    "its protection level is %(protection)s; only public items are published",
                    protection=Label("protection", row.protection),
                )
            )
        consent.require_consent(unit.session, row, consent.PUBLISHING)
    if isinstance(row, Deadline) and row.replaces_id is not None and not _is_replaced(unit, row.replaces_id):
        raise PublicationRefused(
            sentence("it becomes public when the extension that proposes it is approved")
        )


def require_other_than_author(unit: Unit, row: Any) -> None:
    """Two people: those who recorded a thing, or edited it, do not approve that it becomes public, no matter who
    proposed it."""
    if isinstance(row, Evidence):
        second_person.require_no_hand_in(unit, row)
    second_person.require_no_author(unit, row.id)


def _is_replaced(unit: Unit, deadline: str) -> bool:
    return any(
        change.to_state in REPLACED for change in statuses.list_approved(unit.session, deadline, "outcome")
    )
