"""The right of reply: what others said to an answer, beside that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from tracker.domain import standing
from tracker.public.projection import Facts

#: How many replies stand beside an answer; older ones are in the history.
REPLIES: Final = 5
Name = Callable[[str | None], Mapping[str, Any] | None]


def replies_beside(answer: standing.Standing, facts: Facts, name: Name, day: date) -> dict[str, Any]:
    """``{"replies": [...], "replied"}``: what was replied to an answer by that day, newest first, and how much."""
    if not facts.replies:
        return {"replies": [], "replied": 0}
    replies = [
        said
        for said in facts.replies
        if said["track"] == answer.track and said["effective_on"] <= day.isoformat()
    ]
    own = [
        change for change in facts.known if (change.track, change.assessor) == (answer.track, answer.assessor)
    ]
    verdict = standing.find_same_answers(own, day)
    replies = [said for said in replies if said["replies_to"] in verdict]
    newest = sorted(replies, key=lambda said: (said["effective_on"], said["order"]), reverse=True)
    return {"replies": [_dump_reply(said, name) for said in newest[:REPLIES]], "replied": len(replies)}


def _dump_reply(reply: Mapping[str, Any], name: Name) -> dict[str, Any]:
    return {
        "assessor": name(reply["assessor"]),
        "on": reply["effective_on"],
        "reason": reply["reason"],
        "basis": reply["basis"],
        "change": reply["id"],
    }
