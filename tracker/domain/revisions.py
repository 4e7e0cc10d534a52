"""Revisions: what is public is changed by one person with a reason, and by another who approves it. Of some members a
process may leave the approval out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest
from tracker.domain.sentences import sentence

CORRECTION: Final = "correction"
UPDATE: Final = "update"
#: What a revision is: it was wrong from the start, or the world changed.
ACTS: Final = (CORRECTION, UPDATE)
#: How many revisions of one thing wait at a time.
MOST_WAITING: Final = 100
#: kind -> the members that a process may let one person revise, with a reason: how a thing is found, and what was said
#: to explain it. Never what it says, whom it concerns, its days and numbers, or on what a status depends.
BY_ONE: Final[Mapping[str, frozenset[str]]] = {
    "process": frozenset({"country", "place"}),
    "committee": frozenset({"names", "note"}),
    "report": frozenset({"printed_number", "language", "note"}),
    "resource": frozenset({"translations", "note"}),
    "deadline": frozenset({"translations", "note"}),
    "recommendation": frozenset({"printed_number", "former_numbers", "tags", "note"}),
    "indicator": frozenset({"translations", "note"}),
    "evidence": frozenset({"content_warnings", "rights", "licence"}),
}


def check_grounds(reason: str | None, act: str, since: AnyDay | None, today: date) -> None:
    """`InvalidInput` where somebody does not say why, or from when, what is public is revised."""
    if reason is None:
        raise InvalidInput.at(
            "/reason", sentence("this is public: say why it is revised; another person decides on it")
        )
    if act == UPDATE and since is None:
        raise InvalidInput.at("/since", sentence("say from which day the world is so"))
    if act == CORRECTION and since is not None:
        raise InvalidInput.at(
            "/since", sentence("is for an update; what is corrected was wrong from the start")
        )
    if since is not None and find_earliest(since) > today:
        raise InvalidInput.at(
            "/since", sentence("must not lie in the future; today is %(today)s", today=today)
        )


def list_overtaken(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The members that a revision changes and that are not any more as they were when it was proposed."""
    return [member for member, value in before.items() if now[member] != value]


def check_policy(policy: Mapping[str, Collection[str]]) -> None:
    """`InvalidInput` where a process would let one person revise what takes two, whatever the process says."""
    for kind, members in policy.items():
        allowed = BY_ONE.get(kind)
        if allowed is None:
            raise InvalidInput.at(
                f"/revisions/{kind}", sentence("must be one of %(choices)s", choices=", ".join(BY_ONE))
            )
        for place, member in enumerate(members):
            if member not in allowed:
                detail = sentence(
                    "takes two people; one may revise %(allowed)s", allowed=", ".join(sorted(allowed))
                )
                raise InvalidInput.at(f"/revisions/{kind}/{place}", detail)


def takes_one_person(policy: Mapping[str, Collection[str]], kind: str, members: Collection[str]) -> bool:
    """Whether the policy of a process lets one person revise all of these members of a thing."""
    return BY_ONE.get(kind, frozenset()).intersection(policy.get(kind, ())).issuperset(members)
