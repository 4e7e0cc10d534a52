"""Coming to the desk by a link: an invitation, or a new beginning for somebody who lost their password or phone."""

from __future__ import annotations

from tracker.actions import entry_links
from tracker.domain.people import PUBLIC
from tracker.languages.i18n import mark
from tracker.schemas.sessions import EntryIn, EntryQuery
from tracker.web.desk.account import NEW_PASSWORD, PHONE_CODE, SECRET, offer_secret
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Form

ENTRY = Form(EntryIn, NEW_PASSWORD, SECRET, PHONE_CODE, button=mark("Begin"))


@view("/entry", permission=PUBLIC, template="phone", query=EntryQuery)
def show_entry(desk: Visit) -> Shown:
    link = entry_links.find_link(desk.session, desk.query["link"], desk.now)
    return {
        "title": desk.language.say("Welcome to the desk, %(name)s", name=link.name),
        **offer_secret(desk, link.name),
    }


def check_entry(desk: Visit, data: Shown) -> None:
    desk.prepared = entry_links.check_entry(desk.session, desk.query["link"], data["password"], desk.now)
    desk.actor, desk.name = desk.prepared.by, desk.prepared.name


@act(show_entry, ENTRY, done=mark("You are logged in."), prepare=check_entry)
def enter(desk: Visit, unit: Unit, data: Shown) -> None:
    desk.secret, codes = entry_links.enter(
        unit, desk.query["link"], desk.prepared, data["secret"], data["code"], desk.context.sealer()
    )
    desk.revealed = {"title": desk.language.say("Recovery codes"), "codes": codes}
