"""What a browser sends of a passkey: the answer of the device, as the script of the page writes it down."""

from __future__ import annotations

from tracker.domain.passkeys import LABEL, LONGEST_ANSWER
from tracker.domain.sessions import LABEL as SESSION_LABEL
from tracker.schemas.fields import Strict, Text


class PasskeyIn(Strict):
    """``answer``: JSON as `RegistrationResponseJSON` of WebAuthn 3 has it."""

    label = Text(LABEL, required=True)
    answer = Text(LONGEST_ANSWER, required=True)


class PasskeyProofIn(Strict):
    """``answer``: JSON as `AuthenticationResponseJSON` of WebAuthn 3 has it."""

    answer = Text(LONGEST_ANSWER, required=True)


class PasskeyLoginIn(PasskeyProofIn):
    """``label`` is what somebody calls the session."""

    label = Text(SESSION_LABEL)
