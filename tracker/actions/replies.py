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
from tracker.domain.sentences import sentence
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
    change = unit.session.get(StatusChange, wanted)
    known = unit.by.is_desk or subject.published_at is not None
    if not known or change is None or change.subject_id != subject.id or change.number is None:
        raise InvalidInput.at(
            "/replies_to",
            sentence("there is no approved status change %(wanted)s of this subject", wanted=repr(wanted)),
        )
    if change.act == "reply":
        raise _refuse_reply(sentence("is a reply itself; reply to the verdict"))
    if TRACKS[change.track].holder != "any":
        raise _refuse_reply(
            sentence("is on %(track)s, which only the lead organization answers", track=change.track)
        )
    return change


def get_verdict(viewer: Viewer, id: str) -> StatusChange:
    """A verdict that somebody may reply to: public, on a track that anybody answers, and of another organization than
    their own."""
    change = viewer.session.get(StatusChange, id)
    if (
        change is None
        or change.number is None
        or change.act == "reply"
        or TRACKS[change.track].holder != "any"
        or change.assessor_id == viewer.by.organization
        or not lookup.list_published(viewer.session, [change.subject_id])
        or not viewer.by.works_on(change.process_id)
    ):
        raise NotFound(sentence("there is no verdict %(id)s that you may reply to", id=repr(id[:64])))
    return change


def check_reply(change: StatusChange, assessor: str, effective_on: date) -> None:
    """Whether this organization may reply to it on that day."""
    if change.assessor_id == assessor:
        raise _refuse_reply(
            sentence("is a verdict of the same organization; correct it or confirm it instead")
        )
    if effective_on < change.effective_on:
        detail = sentence(
            "must not lie before %(effective_on)s, the day of what it replies to",
            effective_on=change.effective_on,
        )
        raise InvalidInput.at("/effective_on", detail)


def _refuse_reply(detail: str) -> NoReply:
    return NoReply(
        sentence("what it replies to %(detail)s", detail=detail), fields=[FieldError("/replies_to", detail)]
    )
