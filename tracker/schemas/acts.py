"""What is sent to change where a subject stands, and what of it may be seen."""

from __future__ import annotations

from marshmallow import fields

from tracker.domain.tracks import TRACKS
from tracker.schemas.fields import LONG, Code, Day, Id, Strict, Text, Truth, nested
from tracker.schemas.parts import CitationIn, LabelIn

#: Which states each track has, for those who read the document only.
_STATES = "; ".join(f"`{track.code}`: {', '.join(track.codes)}" for track in TRACKS.values())
_CODES = list(dict.fromkeys(code for track in TRACKS.values() for code in track.codes))


class StatusChangeIn(Strict):
    """An answer on a track. What is no track or state of the subject is refused by a name of its own."""

    subject = Id("committee", "resource", "deadline", "recommendation", "evidence", required=True)
    track = Text(40, required=True, metadata={"enum": list(TRACKS)})
    state = Text(32, required=True, metadata={"enum": _CODES, "description": f"By track: {_STATES}."})
    assessor = Id("organization")
    effective_on = Day(required=True)
    not_before = Day(allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    confirms = Truth()
    corrects = Id("change")
    label = fields.Nested(LabelIn)
    citations = nested(CitationIn, 50)


class DecisionIn(Strict):
    """``approve`` and ``return`` are for others than whoever proposed; ``retract`` is for them."""

    decision = Code(("approve", "return", "retract"), required=True)
    note = Text(LONG, lines=True)


class PublicationIn(Strict):
    """Publish a draft, or withdraw what is no longer to be seen and say why."""

    publication = Code(("published", "withdrawn"), required=True)
    reason = Text(LONG, lines=True)


class ReasonIn(Strict):
    reason = Text(LONG, lines=True, required=True)
