"""Releasing what waits to become public: all that is due, in one batch, in an order that says nothing.

Each item is published in a transaction of its own, on behalf of the person who asked for it, after every check of
publishing was made once more. A run that is killed has done what it has done; the next does the rest. Of two runs at
once each finds done what the other did.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support import lookup, publication_checks
from tracker.actions.support.public_acts import list_public_statements, make_public
from tracker.actions.support.unit import Unit, open_part, require_standing
from tracker.domain.errors import NotAgreed, NotPermitted, NotPublished, Refusal, SelfApproval
from tracker.domain.people import Actor
from tracker.domain.publication import PublicationRefused
from tracker.domain.sentences import sentence
from tracker.store.people import Person
from tracker.store.releases import Release

#: What may have come to stand against a publication since it was asked for.
_AGAINST = (NotAgreed, NotPermitted, NotPublished, PublicationRefused, SelfApproval)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a thing that was due: public, or what stands against it."""

    thing: str
    refusal: Refusal | None = None


def list_due_releases(session: Session, now: datetime, entropy: Callable[[int], bytes]) -> list[str]:
    """The things that may be released now, shuffled: neither order nor place tells when an item was submitted."""
    things = session.scalars(select(Release.thing_id).where(Release.not_before <= now)).all()
    return sorted(things, key=lambda _id: entropy(16))


def release_embargoed(
    session: Session, now: datetime, opened: Callable[..., AbstractContextManager[Unit]]
) -> list[Outcome]:
    """Publish what is embargoed until an hour that has come. What names another of these comes after it."""
    due = select(Release.thing_id).where(Release.not_before <= now, ~Release.by_lot)
    waits, done = list(session.scalars(due.order_by(Release.not_before, Release.thing_id))), []
    session.rollback()
    while waits:
        outcomes = [one for id in waits if (one := release_thing(session, id, opened)) is not None]
        refused = [one for one in outcomes if isinstance(one.refusal, NotPublished)]
        done += [one for one in outcomes if one not in refused]
        if len(refused) in (0, len(waits)):  # nothing became public that these may wait for
            return [*done, *refused]
        waits = [one.thing for one in refused]
    return done


def release_thing(
    session: Session, id: str, opened: Callable[..., AbstractContextManager[Unit]]
) -> Outcome | None:
    """Publish one thing in a unit that ``opened`` gives for the person who asked for it, whatever standing their
    organization has: that is among what is checked. None where it waits no more."""
    asker = _find_asker(session, id)
    if asker is None:
        return None
    with opened(asker, whatever_standing=True) as unit:
        waits = unit.session.get(Release, id, populate_existing=True)
        if waits is None or waits.asked_by != asker.id or waits.not_before > unit.now:
            return None  # another run released it, or it was taken back: somebody may even have asked again
        item = lookup.get_unfiltered(unit.session, id)
        refusal = _try_release(unit, item)
        if refusal is not None and item.release is not None and item.release.refused != refusal.code:
            item.release.refused = refusal.code
            item.touch()
            unit.audit("release.refused", id, why=refusal.code)
        return Outcome(id, refusal)


def foresee_release(unit: Unit, id: str) -> Outcome | None:
    """What would become of one thing, without doing it."""
    asker = _find_asker(unit.session, id)
    if asker is None:
        return None
    try:
        _check_release(replace(unit, by=asker), lookup.get_unfiltered(unit.session, id))
    except _AGAINST as refusal:
        return Outcome(id, refusal)
    return Outcome(id)


def _find_asker(session: Session, id: str) -> Actor | None:
    asker = session.scalar(
        select(Person).join(Release, Release.asked_by == Person.id).where(Release.thing_id == id)
    )
    return None if asker is None else asker.actor


def _try_release(unit: Unit, item: Any) -> Refusal | None:
    """Publish an item; or leave everything as it was, and say what stands against it."""
    try:
        with open_part(unit):
            _check_release(unit, item)
            item.release = None
            unit.audit("publish", item.id, by="timer")
            make_public(unit, item)
    except _AGAINST as refusal:
        return refusal
    return None


def _check_release(unit: Unit, item: Any) -> None:
    """Everything that was checked when it was asked for, of the same person."""
    if unit.session.get_one(Person, unit.by.id, populate_existing=True).suspended_at is not None:
        raise NotPermitted(sentence("the person who asked for it is suspended; somebody else has to ask"))
    require_standing(unit.session, unit.by)
    unit.by.require("record.publish")
    publication_checks.require_publishable(unit, item)
    publication_checks.require_other_than_author(unit, item)
    list_public_statements(unit, item)
