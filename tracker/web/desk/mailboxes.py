"""One's own mailbox: where one is told that something waits at the desk, and how often."""

from __future__ import annotations

from typing import Final

from tracker.actions import mailboxes
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import MailUnavailable
from tracker.languages.i18n import mark
from tracker.schemas.mailboxes import MailboxIn, ProofQuery
from tracker.schemas.sessions import Nothing
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form
from tracker.web.words import WORDS

_OWN: Final = "self.manage"
MAILBOX = Form(
    MailboxIn,
    Field("address", mark("Your address"), autocomplete="email"),
    Field("period", mark("How often")),
    button=mark("Keep it"),
)
CONFIRM = Form(Nothing, button=mark("This address is mine"))
FORGET = Form(Nothing, button=mark("Forget my address"))


@view("/account/mail", permission=_OWN, template="mailbox")
def show_mailbox(desk: Visit) -> Shown:
    mailbox = mailboxes.find_own_mailbox(desk.viewer, desk.context.sealer())
    words = WORDS["period_words"]
    return {
        "title": desk.language.say("Be told by mail"),
        "mail": _has_mail(desk),
        "held": mailbox,
        "values": {"period": "daily"}
        if mailbox is None
        else {"address": mailbox.address, "period": mailbox.period},
        "choices": {"period": [(code, str(desk.language.say(text))) for code, text in words.items()]},
    }


@act(
    show_mailbox,
    MAILBOX,
    done=mark("It is kept. If the address is new, a letter is on its way: open its link."),
)
def set_mailbox(desk: Visit, unit: Unit, data: Shown) -> None:
    if not _has_mail(desk):
        raise MailUnavailable(sentence("the operator has named no mail server"))
    page = f"{desk.context.settings.base_url}{desk.link('/account/mail/confirmation')}"
    mailboxes.set_mailbox(unit, data["address"], data["period"], desk.language, desk.context.sealer(), page)


@view("/account/mail/confirmation", permission=_OWN, template="form", query=ProofQuery)
def show_confirmation(desk: Visit) -> Shown:
    mailboxes.find_asked(desk.viewer, desk.query["link"], desk.now)
    lead = desk.language.say(
        "You came by the link of a letter. Say that its address is yours; then it is used."
    )
    return {"title": desk.language.say("Confirm your address"), "lead": lead}


@act(show_confirmation, CONFIRM, done=mark("Your address is confirmed."), then="/account/mail")
def confirm_mailbox(desk: Visit, unit: Unit, _data: Shown) -> None:
    mailboxes.confirm_mailbox(unit, desk.query["link"])


@view("/account/mail/end", permission=_OWN, template="form")
def show_mail_end(desk: Visit) -> Shown:
    lead = desk.language.say("Your address is deleted, with the letters that wait for it.")
    return {"title": desk.language.say("Be told nothing more"), "lead": lead}


@act(show_mail_end, FORGET, done=mark("Your address is forgotten."), then="/account")
def forget_mailbox(_desk: Visit, unit: Unit, _data: Shown) -> None:
    mailboxes.forget_mailbox(unit)


def _has_mail(desk: Visit) -> bool:
    return desk.context.settings.mail is not None
