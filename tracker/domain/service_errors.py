"""Refusals that are not about what was asked: who asks, how much at once, and whether the tracker can answer at all."""

from __future__ import annotations

from tracker.domain.errors import Refusal


class NotAuthenticated(Refusal):
    code = "not-authenticated"
    title = "A valid key is needed"
    remedy = "Send `Authorization: Bearer trk_…` with a key that is neither expired nor revoked."


class WrongPassword(Refusal):
    code = "wrong-password"
    title = "The name or the password is wrong"
    remedy = "Check both. The answer does not say which one is wrong."


class WrongPasskey(Refusal):
    code = "wrong-passkey"
    title = "This passkey is not known here"
    remedy = "Try once more, or log in with your password and code."


class UnknownIdentity(Refusal):
    code = "unknown-identity"
    title = "No account is linked with this identity"
    remedy = "Log in with your password and code, and link the identity on your account."


class ProviderRefused(Refusal):
    code = "provider-refused"
    title = "The identity provider did not say who you are"
    remedy = "Begin once more at the login, or log in with your password and code."


class ProviderUnavailable(Refusal):
    code = "provider-unavailable"
    title = "The identity provider does not answer"
    remedy = "Log in with your password and code."


class TooManyAttempts(Refusal):
    code = "too-many-attempts"
    title = "Too many wrong passwords"
    remedy = "Wait as long as the detail says. Other callers who use this account do not have to wait."


class TooManyRequests(Refusal):
    code = "too-many-requests"
    title = "This key sent too many requests"
    remedy = "Wait the seconds in `Retry-After`, plus a random second or two."


class TooManyAtOnce(Refusal):
    code = "too-many-at-once"
    title = "Too many of your requests are open"
    remedy = "Wait until one of them ends, then send this again. An upload or a download counts as long as it lasts."


class IdempotencyKeyReused(Refusal):
    code = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request"
    remedy = "Make a new key for each act. Repeat a key only with the same request."


class InFlight(Refusal):
    code = "in-flight"
    title = "The first request with this Idempotency-Key is still being processed"
    remedy = "Send the same again after the seconds in `Retry-After` to get the answer to the first."


class Busy(Refusal):
    code = "busy"
    title = "The tracker is too busy to answer in time"
    remedy = "Nothing was recorded. Send the same again after the seconds in `Retry-After`."


class Unavailable(Busy):
    code = "unavailable"
    title = "The database does not answer"
    remedy = (
        "Send the same again after the seconds in `Retry-After`, an act with the same `Idempotency-Key`: where the"
        " connection broke off it may have been recorded."
    )


class DiskFull(Refusal):
    code = "disk-full"
    title = "There is no room left on the disk of the tracker"
    remedy = "Nothing was recorded. Reading goes on. Tell the operators."


class Unexpected(Refusal):
    code = "unexpected"
    title = "Something went wrong on our side"
    remedy = "Nothing was recorded. Try again. If it happens again, tell the operators the request id in the detail."


class MailUnavailable(Refusal):
    code = "mail-unavailable"
    title = "This tracker sends no mail"
    remedy = "Nothing was recorded. The operator may name a mail server; until then, do without."


class SealingUnavailable(Refusal):
    code = "sealing-unavailable"
    title = "The keys of sealed fields are not available"
    remedy = "Nothing was recorded. Tell the operators; `tracker sealing check` tells them what to do."
