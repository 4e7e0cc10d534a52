"""Where a subject stands in its document: every assessor's answer on every track, the lead's marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tracker.domain import standing
from tracker.public.document_model import Document, World
from tracker.public.projection import Facts
from tracker.public.replies import replies_beside

Row = dict[str, Any]


def build_standing(document: Document, facts: Facts, world: World, day: date) -> None:
    """Put the answers into the document, and file it under what they say."""
    asked = [one["organization"] for one in (facts.content or {}).get("addressees", ())]
    answers = standing.standing(document.kind, world.lead, facts.known, day, addressees=asked)

    stale_after = None if standing.has_ended(answers) else world.stale_after
    given = {change.id: change.order for change in facts.known}

    def row(position: standing.Standing) -> dict[str, Any]:
        return _make_row(position, facts.said, world, day, stale_after) | {
            "older_text": given.get(position.change or "", facts.text_seq) < facts.text_seq,
            **replies_beside(position, facts, world.name, day),
        }

    document.brief["standing"] = [
        {
            "track": answer.track,
            "lead": row(answer.lead),
            "others": [row(other) for other in answer.others],
            "diverges": answer.diverges,
            **_show_addressees(document.kind, answer, row, world),
        }
        for answer in answers
    ]
    for change in facts.known:
        document.limit_index(change.effective_on, change.not_before)
    _add_row(document, answers, world, day, stale_after)


def _show_addressees(
    kind: str, answer: standing.Answers, row: Callable[[standing.Standing], Row], world: World
) -> Row:
    """Of a recommendation the answer of each addressee, and how the lead's headline follows from them."""
    if kind != "recommendation":
        return {}
    return {
        "by_addressee": [
            {**row(one), "addressee": world.name(one.addressee), "asked": one.asked}
            for one in answer.by_addressee
        ],
        "rolled_up": answer.rolled_up
        and {name: getattr(answer.rolled_up, name) for name in ("rule", "asked", "answered")},
    }


def _make_row(
    position: standing.Standing, changes: Mapping[str, Row], world: World, day: date, stale_after: int | None
) -> dict[str, Any]:
    stale_on = position.stale_on(stale_after)
    return {
        "assessor": world.name(position.assessor),
        "state": position.state,
        "since": position.since and position.since.isoformat(),
        "not_before": position.not_before and position.not_before.isoformat(),
        "verified_on": position.verified_on and position.verified_on.isoformat(),
        "basis": position.basis if position.change else None,
        "stale": stale_on is not None and stale_on <= day,
        "reason": changes[position.change]["reason"]
        if position.change is not None and position.change in changes
        else None,
        "change": position.change,
        "may_be": position.may_be
        and {
            "state": position.may_be.state,
            "not_before": position.may_be.not_before.isoformat(),
            "effective_on": position.may_be.effective_on.isoformat(),
        },
    }


def _add_row(
    document: Document, answers: list[standing.Answers], world: World, day: date, stale_after: int | None
) -> None:
    """By the lead's state on a track, and by the state that an assessor gave; by who has answered; by what the lead's
    answers stand on, and whether nobody has verified one of them for too long."""
    stale = False
    for answer in answers:
        document.index(answer.track, answer.lead.state)
        if answer.diverges:
            document.index("diverges", answer.track)
        recorded = answer.recorded
        for position in recorded:
            if position.change is not None:
                document.index("basis", position.basis)
            if position.addressee is not None:
                document.index(answer.track, position.state)
                document.index(answer.track, answers_by(position.addressee, position.state))
                for heir in (position.addressee, *world.heirs.get(position.addressee, ())):
                    document.index(answer.track, answers_by(in_line(heir), position.state))
        for position in (*recorded, *answer.others):
            if position.change is not None:
                document.index("assessor", position.assessor)
                if not answer.by_addressee:
                    document.index(answer.track, answers_by(position.assessor, position.state))
            if (stale_on := position.stale_on(stale_after)) is not None:
                own = position in recorded
                (document.limit_index if own else document.limit_validity)(stale_on)
                stale = stale or (own and stale_on <= day)
    document.index("stale", stale)


def in_line(organization: str) -> str:
    """What stands for an organization together with those whose place it took."""
    return f"{organization}+"


def answers_by(assessor: str, state: str) -> str:
    """What a document is filed under on a track for the state that one assessor gave."""
    return f"{state}@{assessor}"
