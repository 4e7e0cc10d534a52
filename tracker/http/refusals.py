"""Every reason that an HTTP door has to say no, and the status it is said with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.domain import custody, errors, files, service_errors, tips
from tracker.domain.publication import PublicationRefused
from tracker.http.early_refusals import AddressTooLong, BadRequest, HeaderTooLong, MethodNotAllowed


class UnsupportedMediaType(errors.Refusal):
    code = "unsupported-media-type"
    title = "This media type is not accepted here"
    remedy = "Send `Content-Type: application/json`."

    def __init__(self, detail: str, header: str | None = None, *values: str) -> None:
        """``header`` and its values tell a program what is read (RFC 9110, 15.5.16)."""
        super().__init__(detail)
        self.read = {} if header is None else {header: ", ".join(values)}


class TooLarge(errors.Refusal):
    code = "too-large"
    title = "The body is too large"
    remedy = "Send less; the detail names the limit."


class BadContentDigest(errors.Refusal):
    code = "bad-content-digest"
    title = "The body does not match its Content-Digest"
    remedy = "Send the body again; `Want-Content-Digest` names the algorithms that are checked."


class LengthRequired(errors.Refusal):
    code = "length-required"
    title = "The length of the body is not known"
    remedy = "Send `Content-Length`, or `Content-Digest` if you do not know the length in advance."


class TooSlow(errors.Refusal):
    code = "too-slow"
    title = "The body arrived too slowly"
    remedy = "Nothing was kept. Send it again over a better connection, or in smaller parts."


class RangeNotSatisfiable(errors.Refusal):
    code = "range-not-satisfiable"
    title = "The range is beyond the end of the file"
    remedy = "`Content-Range` says how many bytes the file has. You may have all of them already."


class PreconditionRequired(errors.Refusal):
    code = "precondition-required"
    title = "The request does not say which version it edits"
    remedy = "Send `If-Match` with the `ETag` you read."


def name_wait(refusal: errors.Refusal) -> dict[str, str]:
    """The header that says after how many seconds the same may be sent again, where that is known."""
    return {} if refusal.wait is None else {"Retry-After": str(refusal.wait)}


#: Every reason the tracker has to say no, and the status it is said with.
STATUS: Final[Mapping[type[errors.Refusal], int]] = {
    BadRequest: 400,
    errors.BadJson: 400,
    BadContentDigest: 400,
    service_errors.NotAuthenticated: 401,
    errors.NotPermitted: 403,
    service_errors.WrongPassword: 403,
    service_errors.WrongPasskey: 403,
    service_errors.UnknownIdentity: 403,
    service_errors.ProviderRefused: 403,
    service_errors.ProviderUnavailable: 503,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    TooSlow: 408,
    errors.SlugTaken: 409,
    errors.ForbiddenMove: 409,
    errors.WrongAssessor: 409,
    errors.NoReply: 409,
    errors.NoQuestion: 409,
    errors.DemandsNotMet: 409,
    errors.SelfApproval: 409,
    errors.OwnEvidence: 409,
    errors.AlreadyDecided: 409,
    errors.AlreadyDone: 409,
    errors.TooEarly: 409,
    errors.StaleProposal: 409,
    errors.NotPublished: 409,
    service_errors.InFlight: 409,
    errors.LegallyHeld: 409,
    errors.NotAgreed: 409,
    errors.NotRedactable: 409,
    PublicationRefused: 409,
    custody.SameFile: 409,
    errors.Withdrawn: 410,
    errors.Redacted: 410,
    LengthRequired: 411,
    errors.StaleEdit: 412,
    TooLarge: 413,
    errors.TooManyValues: 413,
    files.FileTooLarge: 413,
    AddressTooLong: 414,
    UnsupportedMediaType: 415,
    RangeNotSatisfiable: 416,
    errors.InvalidInput: 422,
    errors.ImportRefused: 422,
    service_errors.IdempotencyKeyReused: 422,
    errors.WrongKind: 422,
    errors.WrongProcess: 422,
    errors.UnknownTrack: 422,
    errors.UnknownState: 422,
    files.DigestMismatch: 422,
    files.NotCheckable: 422,
    files.StillCarries: 422,
    PreconditionRequired: 428,
    tips.TipBoxFull: 429,
    service_errors.TooManyAttempts: 429,
    service_errors.TooManyAtOnce: 429,
    service_errors.TooManyRequests: 429,
    HeaderTooLong: 431,
    service_errors.Unexpected: 500,
    files.FileMissing: 500,
    service_errors.MailUnavailable: 409,
    service_errors.Busy: 503,
    service_errors.Unavailable: 503,
    service_errors.SealingUnavailable: 503,
    files.StorageUnavailable: 503,
    service_errors.DiskFull: 507,
    files.StorageFull: 507,
}
