"""Who of the desk looks at what, on every screen where it matters, and asking a colleague to: it stops nobody and ends
by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tracker.actions import handlings
from tracker.actions.support import lookup
from tracker.domain import ids
from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.schemas.handlings import HandlingIn
from tracker.schemas.sessions import LoginQuery, Nothing
from tracker.store.handlings import Handling
from tracker.store.people import Person
from tracker.web.desk.login import go_back
from tracker.web.desk.names import name_person, name_row, name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

BEGINNING = Form(Nothing, button=mark("I look at it"))
ENDING = Form(Nothing, button=mark("I do not look at it any more"))
ASKING = Form(HandlingIn, Field("person", mark("Whom you ask"), kind="select"), button=mark("Ask them"))
#: How many colleagues can be chosen, and how many things are listed that one was asked for.
MOST_COLLEAGUES: Final = 200
MOST_ASSIGNED: Final = 50
_SUBJECT: Final = {"id": tuple(SUBJECTS)}


@view("/subjects/{id}/handling", permission="work.handle", template="form", names=_SUBJECT, query=LoginQuery)
def show_handling(desk: Visit, id: str) -> Shown:
    lead = desk.language.say("The desk sees it for four hours. It stops nobody.")
    return {**_name_subject(desk, id), "lead": lead}


@act(show_handling, BEGINNING, done=mark("The desk sees that you look at it."), then=go_back)
def begin_handling(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    handlings.handle_subject(unit, id)


@view(
    "/subjects/{id}/handling/end", permission="work.handle", template="form", names=_SUBJECT, query=LoginQuery
)
def show_handling_end(desk: Visit, id: str) -> Shown:
    return {**_name_subject(desk, id), "lead": None}


@act(show_handling_end, ENDING, done=mark("You do not look at it any more."), then=go_back)
def end_handling(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    handlings.end_handling(unit, id)


@view(
    "/subjects/{id}/assignment", permission="people.read", template="form", names=_SUBJECT, query=LoginQuery
)
def show_assignment(desk: Visit, id: str) -> Shown:
    colleagues = handlings.select_assignable(desk.viewer).where(Person.id != desk.by.id)
    people = desk.session.scalars(colleagues.order_by(Person.name).limit(MOST_COLLEAGUES))
    lead = desk.language.say("It stands on the first page of their desk for two weeks. It stops nobody.")
    return {
        **_name_subject(desk, id),
        "lead": lead,
        "choices": {"person": [(one.id, one.name) for one in people if one.actor.may("work.handle")]},
    }


@act(show_assignment, ASKING, done=mark("Your colleague was asked."), then=go_back)
def assign_handling(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    handlings.handle_subject(unit, id, data.get("person"))


def list_assigned(desk: Visit) -> list[Shown]:
    """What colleagues asked the reader to look at, the oldest first."""
    if not desk.by.may("work.handle"):
        return []
    query = handlings.select_assigned(desk.viewer, desk.now).limit(MOST_ASSIGNED)
    assigned = list(desk.session.scalars(query))
    names = name_things(desk, [one.subject_id for one in assigned])
    return [
        {
            "address": desk.link(
                f"/evidence/{one.subject_id}"
                if ids.kind_of(one.subject_id) == "evidence"
                else f"/things/{one.subject_id}"
            ),
            "name": names.get(one.subject_id, one.subject_id),
            "asked_by": one.assigner and name_colleague(desk, one.assigner.known_as),
            "since": one.begun_at,
        }
        for one in assigned
    ]


def _name_subject(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id, *SUBJECTS)
    return {"title": desk.language.say("Who looks at: %(name)s", name=name_row(row))}


def list_claims(desk: Visit, things: Collection[str]) -> dict[str, list[Shown]]:
    """thing -> who looks at it, as far as the reader may know of people, and since when."""
    if not desk.by.may("work.handle"):
        return {}
    query = handlings.select_handlings(desk.viewer, desk.now).where(Handling.subject_id.in_(things))
    claims: dict[str, list[Shown]] = {}
    for handling in desk.session.scalars(query.order_by(Handling.begun_at)):
        own = handling.person_id == desk.by.id
        who = desk.name if own else name_colleague(desk, handling.person.known_as)
        asked_by = handling.assigner and name_colleague(desk, handling.assigner.known_as)
        claim = {"own": own, "who": who, "since": handling.begun_at, "asked_by": asked_by}
        claims.setdefault(handling.subject_id, []).append(claim)
    return claims


def read_claims(desk: Visit, thing: str) -> list[Shown] | None:
    """Who looks at one thing; None for what nobody claims: a process, an organization, an account."""
    return list_claims(desk, [thing]).get(thing, []) if ids.kind_of(thing) in SUBJECTS else None


def name_colleague(desk: Visit, known_as: str) -> str:
    """Somebody of the desk by name, for readers who are told of people."""
    if desk.by.may("people.read"):
        return name_person(desk, known_as)
    return str(desk.language.say("a colleague"))
