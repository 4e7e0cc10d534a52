"""One's own mailbox: where one is told that something waits at the desk, and how often.

An address counts for nothing before its owner has opened the link that was sent there. No audit entry, log or answer to
anybody else holds it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tracker.actions.support.letters import Addressed, queue_letter
from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.secrets import draw_secret
from tracker.actions.support.unit import Unit
from tracker.domain import mail
from tracker.domain.errors import AlreadyDone, NotFound
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable, TooManyAttempts
from tracker.languages.i18n import Language, get_language
from tracker.languages.letters import write_confirmation
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import audit, mailboxes
from tracker.store import mail as store_mail
from tracker.store.mailboxes import Mailbox
from tracker.store.people import digest_secret
from tracker.store.viewer import Viewer

_ADDRESS, _ENDING = "address", "ending"
#: How many mailboxes are opened at once to find an address.
_TOGETHER: Final = 200
#: How many links to confirm an address somebody may ask for within a day: they go to mailboxes of strangers.
MOST_ASKS: Final = 3
_DAY: Final = timedelta(days=1)
_FORGOTTEN: Final = "mailbox.forget"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has chosen."""

    address: str = field(repr=False)
    period: str
    confirmed: bool


def find_own_mailbox(viewer: Viewer, sealer: Sealer) -> Chosen | None:
    """What one has chosen oneself; nobody reads another's."""
    mailbox = mailboxes.find_mailbox(viewer.session, viewer.by.id)
    if mailbox is None:
        return None
    return Chosen(open_address(mailbox, sealer), mailbox.period, mailbox.confirmed_at is not None)


def open_address(mailbox: Mailbox, sealer: Sealer) -> str:
    return open_mailbox(mailbox, sealer)[0]


def open_mailbox(mailbox: Mailbox, sealer: Sealer) -> tuple[str, str]:
    """The address, and the link that ends it."""
    try:
        fields = sealer.open(SealedBox(mailbox.wrapped, mailbox.content), _name_box(mailbox.person_id))
    except SealingError as error:
        raise SealingUnavailable(str(error)) from None
    return fields[_ADDRESS], fields[_ENDING]


def set_mailbox(unit: Unit, address: str, period: str, language: Language, sealer: Sealer, page: str) -> None:
    """Be told there, so often, in this language. A new address gets a link to ``page``, good for a day."""
    unit.by.require("self.manage")
    mail.check_address(address, "/address")
    mailbox = mailboxes.find_mailbox(unit.session, unit.by.id)
    unit.audit("mailbox.set", unit.by.id, period=period)
    if mailbox is not None and mailbox.confirmed_at is not None and open_address(mailbox, sealer) == address:
        next_at = mail.find_next_digest(period, unit.now)
        values = {"period": period, "language": language.code, "next_at": next_at}
        mailboxes.change_mailbox(unit.session, unit.by.id, **values)
        return
    asks = _count_asks(unit, mailbox)
    secret, ending = draw_secret(unit), draw_secret(unit)
    box = sealer.seal({_ADDRESS: address, _ENDING: ending}, _name_box(unit.by.id))
    mailboxes.put_mailbox(
        unit.session,
        unit.by.id,
        wrapped=box.wrapped,
        content=box.content,
        language=language.code,
        period=period,
        proof=digest_secret(secret),
        proof_until=unit.now + mail.PROOF,
        asks=asks,
        asked_at=unit.now if asks == 1 or mailbox is None else mailbox.asked_at,
        ending=digest_secret(ending),
    )
    written = write_confirmation(language, f"{page}?link={secret}")
    queue_letter(unit, sealer, "confirmation", unit.by.id, Addressed(address, language), written)


def confirm_mailbox(unit: Unit, secret: str) -> None:
    """Say by the link that was sent there that the address is one's own."""
    unit.by.require("self.manage")
    mailbox = find_asked(unit.viewer, secret, unit.now)
    values = {"proof": None, "proof_until": None, "asks": 0, "confirmed_at": unit.now, "told_at": unit.now}
    next_at = mail.find_next_digest(mailbox.period, unit.now)
    mailboxes.change_mailbox(unit.session, unit.by.id, **values, next_at=next_at)
    unit.audit("mailbox.confirm", unit.by.id)


def find_asked(viewer: Viewer, secret: str, now: datetime) -> Mailbox:
    """The own mailbox that a link confirms. `NotFound` for another's, one that was used, and one that is too old."""
    mailbox = mailboxes.find_mailbox(viewer.session, viewer.by.id)
    given = digest_secret(secret)
    if mailbox is None or mailbox.proof is None or not hmac.compare_digest(mailbox.proof, given):
        raise NotFound(sentence("this link was used already, or is for somebody else; ask for a new one"))
    if mailbox.proof_until is None or now >= mailbox.proof_until:
        raise NotFound(sentence("this link has run out; ask for a new one"))
    return mailbox


def forget_mailbox(unit: Unit) -> None:
    """Be told nothing more, and have one's address forgotten, with the letters that wait for it."""
    unit.by.require("self.manage")
    if mailboxes.find_mailbox(unit.session, unit.by.id) is None:
        raise AlreadyDone(sentence("no address is kept for you"))
    _forget(unit, unit.by.id)
    unit.audit(_FORGOTTEN, unit.by.id)


def _forget(unit: Unit, person: str) -> None:
    mailboxes.forget_mailbox(unit.session, person)
    store_mail.drop_letters(unit.session, person, ("confirmation", "digest"))


def find_ending(unit: Unit, link: str) -> Mailbox:
    """Whose mailbox the link of a digest ends. `NotFound` where it was ended already."""
    mailbox = mailboxes.find_mailbox_by_ending(unit.session, digest_secret(link))
    if mailbox is None:
        raise NotFound(sentence("this was ended already; no further letter comes"))
    return mailbox


def end_digests(unit: Unit, link: str) -> None:
    """The same as `forget_mailbox` by the link of a letter, for somebody who is not logged in: who reads the mailbox
    may end what comes there, and nothing else."""
    _forget(unit, find_ending(unit, link).person_id)


def leave_address(unit: Unit, address: str, sealer: Sealer) -> int:
    """Write no more to an address that takes no mail: who chose it has to confirm it again. How many had."""
    left, after = 0, ""
    while page := mailboxes.list_mailboxes_after(unit.session, after, _TOGETHER):
        for mailbox in page:
            if mailbox.confirmed_at is not None and open_address(mailbox, sealer).lower() == address.lower():
                mailboxes.change_mailbox(unit.session, mailbox.person_id, confirmed_at=None, next_at=None)
                store_mail.drop_letters(unit.session, mailbox.person_id, ("digest",))
                left += 1
        after = page[-1].person_id
    return left


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for addresses."""
    return rewrap_rows(
        sealer,
        mailboxes.list_mailboxes_after(unit.session, after, most),
        lambda row: row.person_id,
        lambda row, wrapped: mailboxes.change_mailbox(unit.session, row.person_id, wrapped=wrapped),
        name=lambda row: _name_box(row.person_id),
    )


def speak_to(mailbox: Mailbox) -> Language:
    return get_language(mailbox.language)


def _name_box(person: str) -> str:
    return f"{person} mailbox"


def _count_asks(unit: Unit, mailbox: Mailbox | None) -> int:
    """How many links were asked for within a day, with this one. `TooManyAttempts` beyond `MOST_ASKS`."""
    since = unit.now if mailbox is None else mailbox.asked_at
    if mailbox is None:  # an address that was forgotten is known no more; that it was forgotten is
        asked = audit.count(unit.session, unit.by.id, _FORGOTTEN, unit.now - _DAY)
    else:
        asked = mailbox.asks if unit.now < since + _DAY else 0
    if asked >= MOST_ASKS:
        seconds = int((since + _DAY - unit.now).total_seconds()) + 1
        raise TooManyAttempts(
            sentence("%(most)s links were sent within a day; wait for the next", most=MOST_ASKS), wait=seconds
        )
    return asked + 1
