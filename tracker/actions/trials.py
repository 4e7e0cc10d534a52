"""Dry runs: an act is done by all of its rules, looked at, and undone. Nothing of it stays.

The caller is told what they would be answered. Who reads the record is also told what anybody would then read. Where
another person has to approve a status change, a revision or a publication, the approval is tried with it, by a person
who is made up for it: so the desk learns before it proposes what stands in the way, and what would become public.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

from tracker.actions import proposals, statuses
from tracker.actions.support import status_support
from tracker.actions.support.unit import Clock, Unit, open_part, open_trial, refresh_derived_data
from tracker.actions.support.visibility import filter_known_evidence
from tracker.domain.errors import Refusal
from tracker.domain.people import Actor
from tracker.domain.proposals import APPROVED, PROPOSED, PUBLICATION, REVISION
from tracker.public import event_queries, events, queries
from tracker.store import answers
from tracker.store.change_rows import ChangeRow
from tracker.store.people import Person
from tracker.store.proposals import Proposal
from tracker.store.statuses import StatusChange

T = TypeVar("T")
#: How many public acts, and how many documents, one dry run tells.
MOST_TOLD: Final = 20
#: What is approved at once, and by anybody who approves. The rest waits a day, is for custodians, or is large.
_TRIED: Final = (REVISION, PUBLICATION)


@dataclass(frozen=True, slots=True)
class PublicEffect:
    """The public acts that would follow, oldest first, and the documents of what they are about, as all would read
    them. ``more``: there are more of them."""

    acts: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    more: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """Another person has to approve it. ``refused`` is why that would be refused today."""

    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would follow from an act. ``support`` is what a status demands and has (`describe_support`), None of any
    other act; ``approval`` is None where nobody else approves it or where that cannot be tried; ``public`` is None for
    callers who do not read the record, as people of a watchdog, and keys that are limited to writing."""

    support: dict[str, Any] | None
    approval: Approval | None
    public: PublicEffect | None


def try_act(
    session: Session,
    by: Actor,
    now: datetime | Clock,
    entropy: Callable[[int], bytes],
    act: Callable[[Unit], Any],
    tell: Callable[[Any], T],
    *,
    whatever_standing: bool = False,
) -> tuple[T, Effect]:
    """Try an act. ``tell`` makes of what it returns the answer that it would have; that and its effect are returned.
    Raises what the act would."""
    with open_trial(session, by, now, entropy, whatever_standing=whatever_standing) as unit:
        place = events.find_last_place(unit.connection)
        made = act(unit)
        session.flush()
        support, answer = _find_support(unit, made), tell(made)
        if not by.may("record.read"):  # nothing of a dry run is kept: it would be a way to read in secret
            return answer, Effect(support, None, None)
        approval = _try_approval(unit, made)
        refresh_derived_data(unit)
        return answer, Effect(support, approval, _find_public_effect(unit, place))


def _find_support(unit: Unit, made: Any) -> dict[str, Any] | None:
    """What a status change that is proposed or approved demands, and what of it is given by what its reader knows."""
    if not isinstance(made, ChangeRow | StatusChange) or made.decision not in (PROPOSED, APPROVED):
        return None
    subject = status_support.read_subject(unit.session, made.subject_id)
    run = [made, *answers.list_repeated(unit.session, made)]
    support = status_support.of_runs(unit.session, subject, [run], unit.now)[made.id]
    return status_support.describe_support(
        support, filter_known_evidence(unit.viewer, [one.evidence for one in support.items])
    )


def _try_approval(unit: Unit, made: Any) -> Approval | None:
    """Approve what waits as another person would. What an approval that is refused has done is undone."""
    approve: Callable[[Unit], Any]
    if isinstance(made, ChangeRow) and made.decision == PROPOSED:
        approve = partial(statuses.approve_status_change, change_id=made.id)
    elif isinstance(made, Proposal) and made.decision == PROPOSED and made.kind in _TRIED:
        approve = partial(proposals.decide_proposal, id=made.id, decision="approve")
    else:
        return None
    try:
        with open_part(unit):
            approve(replace(unit, by=_make_another(unit)))
    except Refusal as refusal:
        return Approval(refusal)
    return Approval(None)


def _make_another(unit: Unit) -> Actor:
    """A person who approves. They know of what the caller knows of."""
    roles = ["approver", *(["custodian"] if unit.by.may("evidence.unseal") else [])]
    id = unit.new_id("person")
    limits = None if unit.by.processes is None else sorted(unit.by.processes)
    other = Person(id=id, name=id, roles=roles, processes=limits, created_at=unit.now)
    unit.session.add(other)
    unit.session.flush()
    return other.actor


def _find_public_effect(unit: Unit, place: int) -> PublicEffect:
    """What was said in public since a place."""
    page = event_queries.list_changes(unit.connection, None, place, MOST_TOLD)
    acts = [json.loads(body) for _place, body in page.items]
    about = list(dict.fromkeys(act["subject"] for act in acts))
    return PublicEffect(acts, queries.read_briefs(unit.connection, about, unit.now), page.more)
