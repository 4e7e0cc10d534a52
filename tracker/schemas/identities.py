"""What comes back from the identity provider, and what somebody sends who came from there."""

from __future__ import annotations

from marshmallow import EXCLUDE

from tracker.domain.identities import LONGEST_ISSUER
from tracker.domain.sessions import LABEL
from tracker.schemas.fields import Strict, Text
from tracker.schemas.sessions import CODE_LENGTH, LoginQuery

_PROOF = 2_000


class ProviderAnswerQuery(Strict):
    """What a provider adds beside these (`session_state` and others) is passed over: it is not ours to refuse."""

    class Meta:
        unknown = EXCLUDE

    state = Text(200, required=True)
    code = Text(4_000)
    iss = Text(LONGEST_ISSUER)
    error = Text(100)


class ProofQuery(LoginQuery):
    """``proof``: what this tracker wrote down of an answer of the provider."""

    proof = Text(_PROOF, required=True)


class VouchedLoginIn(Strict):
    """``label`` is what somebody calls this session."""

    label = Text(LABEL)


class IdentityLoginIn(VouchedLoginIn):
    """``code`` is what the phone shows now, or a recovery code."""

    code = Text(CODE_LENGTH, required=True)


class IdentityIn(Strict):
    """The identity that somebody links with their account, as the proof says."""

    proof = Text(_PROOF, required=True)
