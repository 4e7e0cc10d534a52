"""Writing a letter that the worker takes to the mail server: a row in the transaction of the act that it tells of."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.actions.support.unit import Unit
from tracker.domain.service_errors import SealingUnavailable
from tracker.languages.i18n import Language
from tracker.languages.letters import Written
from tracker.outgoing.letters import Letter
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import mail
from tracker.store.mail import LetterRow

_TO, _LANGUAGE, _DIRECTION, _SUBJECT, _TEXT = "to", "language", "direction", "subject", "text"
_UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a letter is for: an address, in the language that its reader chose; and the address at which they end such
    letters by one POST."""

    to: str = field(repr=False)
    language: Language
    unsubscribe: str | None = field(default=None, repr=False)


def queue_letter(
    unit: Unit,
    sealer: Sealer,
    purpose: str,
    about: str | None,
    addressed: Addressed,
    written: Written,
    *,
    waits: bool = False,
) -> None:
    """Let a letter wait, in the place of another for the same purpose and person; ``waits`` until it is released."""
    if about is not None:
        mail.drop_letters(unit.session, about, (purpose,))
    id = unit.new_id("letter")
    language = addressed.language
    content = {
        _TO: addressed.to,
        _LANGUAGE: language.code,
        _DIRECTION: language.direction,
        _SUBJECT: written.subject,
        _TEXT: written.text,
    }
    if addressed.unsubscribe is not None:
        content[_UNSUBSCRIBE] = addressed.unsubscribe
    box = sealer.seal(content, id)
    row = {"purpose": purpose, "about": about, "wrapped": box.wrapped, "content": box.content}
    mail.add_letter(unit.session, id=id, made_at=unit.now, due_at=None if waits else unit.now, **row)


def open_letter(row: LetterRow, sealer: Sealer) -> Letter:
    """A letter as it leaves. `SealingUnavailable` where it cannot be opened."""
    try:
        fields = sealer.open(SealedBox(row.wrapped, row.content), row.id)
    except SealingError as error:
        raise SealingUnavailable(str(error)) from None
    right_to_left = fields[_DIRECTION] == "rtl"
    ending = fields.get(_UNSUBSCRIBE)
    return Letter(
        row.id, fields[_TO], fields[_SUBJECT], fields[_TEXT], fields[_LANGUAGE], right_to_left, ending
    )
