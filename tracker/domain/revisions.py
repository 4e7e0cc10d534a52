"""Revisions: what is public is changed by one person with a reason, and by another who approves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest

CORRECTION: Final = "correction"
UPDATE: Final = "update"
#: What a revision is: it was wrong from the start, or the world changed.
ACTS: Final = (CORRECTION, UPDATE)
#: How many revisions of one thing wait at a time.
MOST_WAITING: Final = 100


def check_grounds(reason: str | None, act: str, since: AnyDay | None, today: date) -> None:
    """`InvalidInput` where somebody does not say why, or from when, what is public is revised."""
    if reason is None:
        raise InvalidInput.at(
            "/reason", "this is public: say why it is revised; another person decides on it"
        )
    if act == UPDATE and since is None:
        raise InvalidInput.at("/since", "say from which day the world is so")
    if act == CORRECTION and since is not None:
        raise InvalidInput.at("/since", "is for an update; what is corrected was wrong from the start")
    if since is not None and find_earliest(since) > today:
        raise InvalidInput.at("/since", f"must not lie in the future; today is {today}")


def list_overtaken(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The members that a revision changes and that are not any more as they were when it was proposed."""
    return [member for member, value in before.items() if now[member] != value]
