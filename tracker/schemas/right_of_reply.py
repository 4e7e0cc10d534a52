"""What an authority sends that was invited to answer."""

from __future__ import annotations

from tracker.domain.tracks import TRACKS
from tracker.schemas.fields import LONG, Code, Strict, Text

_SAID = [code for code in TRACKS["response"].codes if code not in ("awaiting", "not_addressed")]


class AnswerGivenIn(Strict):
    """What an authority says to a recommendation that is addressed to it."""

    state = Code(_SAID, required=True, metadata={"description": "A state of the track `response`."})
    text = Text(LONG, required=True, lines=True, metadata={"description": "The answer, in its own words."})


class ReplyGivenIn(Strict):
    """What an authority says to a verdict on what concerns it."""

    reason = Text(LONG, required=True, lines=True, metadata={"description": "The reply, in its own words."})
