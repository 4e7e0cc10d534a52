"""Links by which somebody is let in once, to choose a password: an invitation with a new account, or a new beginning.
They are shown once, or leave by mail.
"""

from __future__ import annotations

from typing import Final

from tracker.actions import entry_links, people
from tracker.actions.entry_links import Carrier
from tracker.actions.support.letters import Addressed
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import MailUnavailable
from tracker.languages.i18n import mark
from tracker.schemas.people import InvitationIn, LinkIn
from tracker.store.people import Credential, Person
from tracker.web.desk.accounts import MOST_OFFERED, ONE, PROCESSES_FIELD, RESTS, ROLES_FIELD, list_choices
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_MAIL: Final = Field(
    "mail",
    mark("Send the link by mail to"),
    hint=mark("Leave it empty to print the link. A letter leaves once a second administrator has approved."),
    autocomplete="off",
)
INVITING = Form(
    InvitationIn,
    Field("name", mark("Their name at the desk"), hint=mark("By which they log in; it never changes.")),
    ROLES_FIELD,
    Field(
        "organization",
        mark("The organization that they speak for"),
        hint=mark("Watchdogs and partners have one; the desk has none. It never changes."),
    ),
    PROCESSES_FIELD,
    _MAIL,
    button=mark("Make the account and the link"),
)
LINKING = Form(LinkIn, _MAIL, button=mark("Make the link"))


@view("/accounts/new", permission="people.manage", template="link")
def show_invitation(desk: Visit) -> Shown:
    organizations = desk.session.execute(people.select_represented().limit(MOST_OFFERED))
    return {
        "title": desk.language.say("Invite somebody"),
        "lead": desk.language.say("You get a link to print and hand over, once."),
        "rests": desk.language.say(RESTS),
        "link": None,
        "choices": {**list_choices(desk), "organization": [(id, name) for id, name in organizations]},
    }


@act(show_invitation, INVITING, done=mark("The account is made."), dangerous=True)
def invite_person(desk: Visit, unit: Unit, data: Shown) -> str:
    limits = data.pop("processes", None) or None
    address = data.pop("mail", None)
    person = people.add_person(unit, processes=limits, **data)
    _reveal_link(desk, unit, person, "invitation", address)
    return person.id


@view("/accounts/{id}/link", permission="people.manage", names=ONE)
def show_link(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    lead = desk.language.say(
        "By it they choose a new password and set a phone. Until then they log in as before. Links that they were given"
        " earlier let nobody in any more."
    )
    return {
        "title": desk.language.say("A link for %(name)s", name=person.name),
        "lead": lead,
        "rests": desk.language.say(RESTS),
        "link": None,
    }


@act(show_link, LINKING, done=mark("The link is made."), dangerous=True)
def make_link(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    person = people.find_person(unit.session, id)
    known = unit.session.get(Credential, id) is not None
    _reveal_link(desk, unit, person, "reset" if known else "invitation", data.get("mail"))


def _reveal_link(desk: Visit, unit: Unit, person: Person, purpose: str, address: str | None) -> None:
    page = f"{desk.context.settings.base_url}{desk.link('/entry')}"
    carrier = None
    if address is not None:
        if desk.context.settings.mail is None:
            raise MailUnavailable(sentence("the operator has named no mail server; print the link"))
        carrier = Carrier(Addressed(address, desk.language), desk.context.sealer(), page)
    secret = entry_links.make_link(unit, person.id, purpose, carrier)
    desk.revealed = {
        "title": desk.language.say("A link for %(name)s", name=person.name),
        "lead": desk.language.say("It is good once, and shown this once: print this page and hand it over."),
        "rests": desk.language.say(RESTS),
        "link": f"{page}?link={secret}",
        "account": desk.link(f"/accounts/{person.id}"),
    }
