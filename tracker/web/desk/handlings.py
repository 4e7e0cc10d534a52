"""Who of the desk looks at what, on every screen where it matters: a claim that stops nobody and ends by itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tracker.actions import handlings
from tracker.actions.support import lookup
from tracker.domain import ids
from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.schemas.sessions import LoginQuery, Nothing
from tracker.store.handlings import Handling
from tracker.web.desk.login import go_back
from tracker.web.desk.names import name_person, name_row
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Form

BEGINNING = Form(Nothing, button=mark("I look at it"))
ENDING = Form(Nothing, button=mark("I do not look at it any more"))
_SUBJECT: Final = {"id": tuple(SUBJECTS)}


@view(
    "/subjects/{id}/handling",
    permission="work.handle",
    template="form",
    names=_SUBJECT,
    query=LoginQuery,
)
def show_handling(desk: Visit, id: str) -> Shown:
    said = desk.language.say("The desk sees it for four hours. It stops nobody.")
    return {**_name_subject(desk, id), "lead": said}


@act(
    show_handling,
    BEGINNING,
    done=mark("The desk sees that you look at it."),
    then=lambda desk, made, **_: go_back(desk, made),
)
def begin_handling(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    handlings.handle_subject(unit, id)


@view(
    "/subjects/{id}/handling/end",
    permission="work.handle",
    template="form",
    names=_SUBJECT,
    query=LoginQuery,
)
def show_handling_end(desk: Visit, id: str) -> Shown:
    return {**_name_subject(desk, id), "lead": None}


@act(
    show_handling_end,
    ENDING,
    done=mark("You do not look at it any more."),
    then=lambda desk, made, **_: go_back(desk, made),
)
def end_handling(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    handlings.end_handling(unit, id)


def _name_subject(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id, *SUBJECTS)
    return {"title": desk.language.say("Who looks at: %(name)s", name=name_row(row))}


def list_claims(desk: Visit, things: Collection[str]) -> dict[str, list[Shown]]:
    """thing -> who looks at it, as far as the reader may know of people, and since when."""
    if not desk.by.may("work.handle"):
        return {}
    query = handlings.select_handlings(desk.viewer, desk.now).where(Handling.subject_id.in_(things))
    found: dict[str, list[Shown]] = {}
    for one in desk.session.scalars(query.order_by(Handling.begun_at)):
        own = one.person_id == desk.by.id
        who = desk.name if own else name_colleague(desk, one.person.known_as)
        found.setdefault(one.subject_id, []).append({"own": own, "who": who, "since": one.begun_at})
    return found


def read_claims(desk: Visit, thing: str) -> list[Shown] | None:
    """Who looks at one thing; None for what nobody claims: a process, an organization, an account."""
    return list_claims(desk, [thing]).get(thing, []) if ids.kind_of(thing) in SUBJECTS else None


def name_colleague(desk: Visit, known_as: str) -> str:
    """Somebody of the desk by name, for readers who are told of people."""
    if desk.by.may("people.read"):
        return name_person(desk, known_as)
    return str(desk.language.say("a colleague"))
