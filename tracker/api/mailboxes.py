"""One's own mailbox: where one is told by mail that something waits, and how often. Nobody reads another's."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from tracker.actions import mailboxes
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors, service_errors
from tracker.languages.i18n import LANGUAGES, get_language
from tracker.schemas.fields import Code
from tracker.schemas.mailboxes import MailboxIn, MailboxOut
from tracker.schemas.sessions import Nothing

_OWN: Final = "self.manage"


class OwnMailboxIn(MailboxIn):
    """An address, how often it is written to, and in which language."""

    language = Code(LANGUAGES, load_default="en", metadata={"description": "The language of the letters."})


def _read(call: Call, *_made: str) -> Any:
    mailbox = mailboxes.find_own_mailbox(call.viewer, call.context.sealer())
    return {"address": None, "period": "off", "confirmed": False} if mailbox is None else asdict(mailbox)


@endpoint(
    "GET",
    "/v1/me/mailbox",
    permission=_OWN,
    tag="people",
    summary="Read your mail address, and how often a letter tells you what waits",
    answer=MailboxOut,
    refusals=(service_errors.SealingUnavailable,),
)
def get_mailbox(call: Call) -> Any:
    """Your own address and period. Nobody else reads them, and no audit entry has the address."""
    return _read(call)


@endpoint(
    "POST",
    "/v1/me/mailbox",
    permission=_OWN,
    tag="people",
    summary="Set your mail address, and how often a letter tells you what waits",
    body=OwnMailboxIn,
    answer=MailboxOut,
    again=_read,
    refusals=(
        service_errors.SealingUnavailable,
        service_errors.MailUnavailable,
        service_errors.TooManyAttempts,
    ),
)
def set_mailbox(call: Call) -> Any:
    """Letters say that something waits, and never what. A new address counts for nothing until its owner has opened the
    link that is sent there, at the desk, within a day. With the address that stands, only the period changes."""
    settings = call.context.settings
    if settings.mail is None:
        raise service_errors.MailUnavailable("the operator has named no mail server")
    language = get_language(call.body["language"])
    page = f"{settings.base_url}/{language.code}/desk/account/mail/confirmation"
    given = call.body["address"], call.body["period"]
    mailboxes.set_mailbox(call.unit, *given, language, call.context.sealer(), page)
    return _read(call)


@endpoint(
    "POST",
    "/v1/me/mailbox/end",
    permission=_OWN,
    tag="people",
    summary="Stop these letters, and delete your mail address",
    body=Nothing,
    answer=MailboxOut,
    again=_read,
    refusals=(errors.AlreadyDone, service_errors.SealingUnavailable),
)
def forget_mailbox(call: Call) -> Any:
    """The letters that wait for it go, too."""
    mailboxes.forget_mailbox(call.unit)
    return _read(call)
