"""The right of reply: what an organization says to another's verdict.

A reply is a status change that answers nothing. It goes through the one workflow of `tracker.actions.statuses`; here
is only what is different about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.errors import FieldError, InvalidInput, NoReply, NotFound
from tracker.domain.tracks import TRACKS
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import SubjectRow
from tracker.store.viewer import Viewer


def find_verdict(unit: Unit, subject: SubjectRow, data: Mapping[str, Any]) -> StatusChange | None:
    """What ``data`` replies to, None where it is an answer of its own.

    `InvalidInput` for what the author may not know of, `NoReply` for a reply and for what only the lead answers.
    """
    wanted = data.get("replies_to")
    if wanted is None:
        return None
    found = unit.session.get(StatusChange, wanted)
    known = unit.by.is_desk or subject.published_at is not None
    if not known or found is None or found.subject_id != subject.id or found.number is None:
        raise InvalidInput.at("/replies_to", f"there is no approved status change {wanted!r} of this subject")
    if found.act == "reply":
        raise _refuse_reply("is a reply itself; reply to the verdict")
    if TRACKS[found.track].holder != "any":
        raise _refuse_reply(f"is on {found.track}, which only the lead organization answers")
    return found


def get_verdict(viewer: Viewer, id: str) -> StatusChange:
    """A verdict that somebody may reply to: public, on a track that anybody answers, and of another organization than
    their own."""
    found = viewer.session.get(StatusChange, id)
    if (
        found is None
        or found.number is None
        or found.act == "reply"
        or TRACKS[found.track].holder != "any"
        or found.assessor_id == viewer.by.organization
        or not lookup.list_published(viewer.session, [found.subject_id])
        or not viewer.by.works_on(found.process_id)
    ):
        raise NotFound(f"there is no verdict {id[:64]!r} that you may reply to")
    return found


def check_reply(found: StatusChange, assessor: str, effective_on: date) -> None:
    """Whether this organization may reply to it on that day."""
    if found.assessor_id == assessor:
        raise _refuse_reply("is a verdict of the same organization; correct it or confirm it instead")
    if effective_on < found.effective_on:
        detail = f"must not lie before {found.effective_on}, the day of what it replies to"
        raise InvalidInput.at("/effective_on", detail)


def _refuse_reply(detail: str) -> NoReply:
    return NoReply(f"what it replies to {detail}", fields=[FieldError("/replies_to", detail)])
