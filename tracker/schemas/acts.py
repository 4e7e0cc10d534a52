"""What is sent to change where a subject stands, and what of it may be seen."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from tracker.domain.tracks import TRACKS
from tracker.schemas.fields import LONG, Code, Day, Id, Strict, Text, Truth, nested
from tracker.schemas.parts import CitationIn, LabelIn

#: Which states each track has, for those who read the document only.
_STATES = "; ".join(f"`{track.code}`: {', '.join(track.codes)}" for track in TRACKS.values())
_CODES = list(dict.fromkeys(code for track in TRACKS.values() for code in track.codes))


class StatusChangeIn(Strict):
    """An answer on a track, or with ``replies_to`` what an organization says to another's verdict.

    What is no track or state of the subject is refused by a name of its own.
    """

    subject = Id("committee", "resource", "deadline", "recommendation", "evidence", required=True)
    track = Text(40, metadata={"enum": list(TRACKS), "description": "Required, except in a reply."})
    state = Text(
        32,
        metadata={"enum": _CODES, "description": f"Required, except in a reply. By track: {_STATES}."},
    )
    assessor = Id("organization")
    effective_on = Day(required=True)
    not_before = Day(allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    confirms = Truth()
    corrects = Id("change")
    replies_to = Id("change")
    label = fields.Nested(LabelIn)
    citations = nested(CitationIn, 50)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _answers_or_replies(self, _data: object, sent: dict[str, Any], **_more: object) -> None:
        """A reply says neither track nor state, for the verdict has them; anything else says both."""
        if "replies_to" in sent:
            stray = ("track", "state", "not_before", "confirms", "corrects", "label")
            faults = {name: ["is no part of a reply; leave it out"] for name in stray if name in sent}
        else:
            missing = "is required; only a reply, with replies_to, goes without"
            faults = {name: [missing] for name in ("track", "state") if name not in sent}
        if faults:
            raise ValidationError(faults)


class DecisionIn(Strict):
    """``approve`` and ``return`` are for others than whoever proposed; ``retract`` is for them."""

    decision = Code(("approve", "return", "retract"), required=True)
    note = Text(LONG, lines=True)


class PublicationIn(Strict):
    """Publish a draft; or withdraw what is no longer to be seen, and say why. What waits to be released stays a `draft`
    when one asks for that."""

    publication = Code(("draft", "published", "withdrawn"), required=True)
    reason = Text(LONG, lines=True)


class ReasonIn(Strict):
    reason = Text(LONG, lines=True, required=True)
