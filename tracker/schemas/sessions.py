"""What somebody sends to log in at the desk."""

from __future__ import annotations

from typing import Final

from tracker.domain import password_brake
from tracker.domain.sent_values import Repeats
from tracker.domain.sentences import sentence
from tracker.domain.sessions import LABEL
from tracker.schemas.fields import Id, Strict, Text, Truth

#: The longest code that somebody types.
CODE_LENGTH: Final = 40


class LoginIn(Strict):
    """``code`` is what the phone shows now, or a recovery code; ``label`` what somebody calls this session."""

    name = Text(80, required=True)
    password = Text(password_brake.LONGEST, required=True, metadata={"format": "password"})
    code = Text(CODE_LENGTH, required=True)
    label = Text(LABEL)


class ConfirmIn(Strict):
    """Who somebody says again that they are."""

    password = Text(password_brake.LONGEST, required=True, metadata={"format": "password"})
    code = Text(CODE_LENGTH, required=True)


class PhoneIn(Strict):
    """A phone's secret, and the code by which it shows that it has it."""

    refusals_repeat = Repeats.NOTHING

    secret = Text(
        64, required=True, pattern="^[A-Z2-7]{16,64}$", form=sentence("a secret as this page gave it")
    )
    code = Text(CODE_LENGTH, required=True)


class EntryIn(PhoneIn):
    """What somebody chooses who came by a link."""

    password = Text(password_brake.LONGEST, required=True, metadata={"format": "password"})


class EntryQuery(Strict):
    """The secret of a link."""

    link = Text(100, required=True)


class LoginQuery(Strict):
    """Where to go on after the login: a page of the desk, below the language."""

    next = Text(2_000)


class ConfirmQuery(Strict):
    """The form that goes on once somebody has said again who they are: its page, and the kept form that holds it."""

    next = Text(2_000, required=True)
    kept = Id("kept_form", sought=True, required=True)


class SessionEndIn(Strict):
    """``stolen``: somebody else opened it, so what was given since then falls."""

    stolen = Truth()


class Nothing(Strict):
    """An act that takes nothing but the wish to do it."""
