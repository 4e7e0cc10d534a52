"""The registration of watchdogs at the desk: the desk registers one, and an admin suspends it, lets it write again, or
ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from tracker.actions import watchdogs
from tracker.domain.errors import NotFound
from tracker.domain.sentences import sentence
from tracker.domain.watchdogs import REGISTRATIONS
from tracker.languages.i18n import mark
from tracker.languages.member_words import MEMBERS
from tracker.schemas.fields import Strict, Text
from tracker.schemas.watchdogs import StandingIn, WatchdogIn
from tracker.store.watchdogs import Watchdog, find_registration
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: How many watchdogs a page of the list has.
PAGE: Final = 50
#: standing of a watchdog -> in words.
STANDINGS: Final[Mapping[str, str]] = {
    "registered": mark("It may submit evidence and hold verdicts."),
    "suspended": mark("It is suspended: it writes nothing, and what it said stays."),
    "withdrawn": mark("Its registration has ended: it writes nothing, and what it said stays."),
}
REGISTERING: Final = Form(
    WatchdogIn,
    Field(
        "since",
        mark("Since when it is registered"),
        hint=mark("A day, a month or a year: 2025-03-09, 2025-03 or 2025."),
    ),
    Field("conflicts", MEMBERS["conflicts"], hint=mark("Those that it declared itself.")),
    button=mark("Register it"),
)
CHANGING: Final = Form(
    StandingIn,
    Field("standing", mark("From now on"), kind="select"),
    Field("reason", mark("Why"), hint=mark("Nobody outside of the desk reads it.")),
    button=mark("Record it"),
)


class WatchdogsQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


@view("/watchdogs", permission="watchdogs.read", query=WatchdogsQuery)
def show_watchdogs(desk: Visit) -> Shown:
    rows = select(Watchdog).order_by(Watchdog.organization_id)
    if (place := desk.read_place()) is not None:
        rows = rows.where(Watchdog.organization_id > place[0])
    watchdogs_found = list(desk.session.scalars(rows.limit(PAGE + 1)))
    return {
        "title": desk.language.say("Watchdogs"),
        "watchdogs": watchdogs_found[:PAGE],
        "standings": STANDINGS,
        "names": name_things(desk, [one.organization_id for one in watchdogs_found]),
        "next_page": desk.link_after([watchdogs_found[PAGE - 1].organization_id])
        if len(watchdogs_found) > PAGE
        else None,
    }


@view(
    "/organizations/{id}/watchdog",
    permission="record.write",
    template="form",
    names={"id": ("organization",)},
)
def show_registration(desk: Visit, id: str) -> Shown:
    name = _find_name(desk, id)
    return {
        "title": desk.language.say("Register %(name)s as a watchdog", name=name),
        "lead": desk.language.say(
            "It may then submit evidence and hold verdicts. The operator or an administrator invites its people."
        ),
    }


@act(show_registration, REGISTERING, done=mark("It is registered."), then="/things/{id}")
def register_watchdog(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    watchdogs.register_watchdog(unit, id, data)


@view(
    "/watchdogs/{id}/standing", permission="people.manage", template="form", names={"id": ("organization",)}
)
def show_standing(desk: Visit, id: str) -> Shown:
    watchdog = desk.session.get(Watchdog, id)
    if watchdog is None:
        raise NotFound(sentence("there is no watchdog %(id)s", id=repr(id[:64])))
    say = desk.language.say
    others = [(code, say(STANDINGS[code])) for code in REGISTRATIONS if code != watchdog.standing]
    return {
        "title": say("The registration of %(name)s", name=name_things(desk, [id]).get(id, id)),
        "lead": say(STANDINGS[watchdog.standing]),
        "choices": {"standing": others},
    }


@act(show_standing, CHANGING, done=mark("It is recorded, and holds at once."), then="/watchdogs")
def change_standing(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    watchdogs.set_registration(unit, id, data["standing"], data["reason"])


def read_standing(desk: Visit, organization: str) -> str | None:
    """What an organization may as a watchdog, to those who are told of it; None where it never was one."""
    if not desk.by.may("watchdogs.read"):
        return None
    registration = find_registration(desk.session, organization)
    return None if registration is None else STANDINGS[registration]


def _find_name(desk: Visit, id: str) -> str:
    names = name_things(desk, [id])
    if id not in names:
        raise NotFound(sentence("there is no organization %(id)s", id=id))
    return names[id]
