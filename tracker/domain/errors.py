"""The family of refusals: every way in which the tracker says no.

A refusal has a stable ``code`` (the last part of its problem type on the wire), a fixed ``title``,
and says in ``detail`` what is wrong and what would be right. ``fields`` points at the members of
the input that are at fault; ``missing`` names, for a rule of the domain, what would satisfy it;
``wait`` is after how many seconds the same may be tried again, where that alone may help, and
``not_before`` the instant, where a rule of the domain sets one.

Doors translate the family in one table (``tracker/api/http/problems.py``); no rule knows HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One member of the input that is at fault.

    ``pointer`` is an RFC 6901 JSON Pointer into the body (``/citations/0/evidence``), or the bare
    name of a query parameter; ``detail`` says what would be right.
    """

    pointer: str
    detail: str


class Refusal(Exception):
    """The tracker says no. Never raised itself; each subclass is one named reason."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"
    remedy: ClassVar[str] = "Read the detail."

    def __init__(
        self,
        detail: str,
        *,
        fields: Iterable[FieldError] = (),
        missing: Iterable[str] = (),
        wait: int | None = None,
        not_before: datetime | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.wait = wait
        self.not_before = not_before
        self.fields = tuple(fields)
        self.missing = tuple(missing)


class BadJson(Refusal):
    code = "bad-json"
    title = "The body is not JSON that can be read"
    remedy = "Send one JSON object in UTF-8, each member once, no deeper than a few dozen levels."


class InvalidInput(Refusal):
    code = "invalid-input"
    title = "The input is not valid"
    remedy = "Mend each member named in `errors` and send the request again."

    @classmethod
    def at(cls, pointer: str, detail: str) -> InvalidInput:
        """The refusal of one member: ``InvalidInput.at("/slug", "must be …")``."""
        return cls(detail, fields=[FieldError(pointer, detail)])


class NotFound(Refusal):
    code = "not-found"
    title = "There is no such thing here"
    remedy = "Check the id; what you may not see is answered in the same way."


class Withdrawn(Refusal):
    code = "withdrawn"
    title = "This was published once and has been withdrawn"
    remedy = "The detail gives the reason. Remove your copy or mark it as withdrawn."


class Redacted(Withdrawn):
    code = "redacted"
    title = "The content of this was destroyed"
    remedy = "The detail gives the reason. Destroy your copy."


class NotAgreed(Refusal):
    code = "not-agreed"
    title = "Those whom it speaks of did not agree to this"
    remedy = "The detail says what is missing. Ask them; what they do not agree to is not done."


class NotRedactable(Refusal):
    code = "not-redactable"
    title = "This is not destroyed as it stands"
    remedy = "The detail says what has to be done first."


class LegallyHeld(Refusal):
    code = "legally-held"
    title = "It is held for a court or an inquiry"
    remedy = "Nothing that is held is destroyed. It may be sealed; whoever placed the hold may let go of it."


class SealingUnavailable(Refusal):
    code = "sealing-unavailable"
    title = "The keys of sealed fields are not at hand"
    remedy = "Nothing was recorded. Tell the operators, who find what to do under `tracker sealing check`."


class WrongKind(Refusal):
    code = "wrong-kind"
    title = "The id names a thing of another kind"
    remedy = "Use an id whose prefix is the one asked for."


class WrongProcess(Refusal):
    code = "wrong-process"
    title = "The id names a thing of another process"
    remedy = "Things that belong together belong to one process."


class SlugTaken(Refusal):
    code = "slug-taken"
    title = "That short name is taken"
    remedy = "Choose another slug or reference."


class UnknownState(Refusal):
    code = "unknown-state"
    title = "That track has no such state"
    remedy = "Use a state of that track; `docs/tracks.md` lists them."


class UnknownTrack(Refusal):
    code = "unknown-track"
    title = "That kind of subject has no such track"
    remedy = "Use a track of that kind of subject; `docs/tracks.md` lists them."


class ForbiddenMove(Refusal):
    code = "forbidden-move"
    title = "That move makes no sense"
    remedy = (
        "To say that a status still holds, send it with `confirms: true`; to mend a mistake, send `corrects`."
    )


class WrongAssessor(Refusal):
    code = "wrong-assessor"
    title = "That assessor does not hold this track"
    remedy = "Leave `assessor` out to answer as the lead organization of the process."


class NoReply(Refusal):
    code = "no-reply"
    title = "That takes no reply of this organization"
    remedy = "Reply to an approved verdict of another organization, on a track that any assessor may answer."


class DemandsNotMet(Refusal):
    code = "demands-not-met"
    title = "The state demands more than was given"
    remedy = "Supply what `missing` names."


class SelfApproval(Refusal):
    code = "self-approval"
    title = "Nobody decides on their own act"
    remedy = "Ask somebody else who may approve."


class ImportRefused(Refusal):
    code = "import-refused"
    title = "A row of the import is refused, so nothing was recorded"
    remedy = "Mend the rows named in `errors`; with `dry_run` the answer reports on every row."


class OwnEvidence(Refusal):
    code = "own-evidence"
    title = "Evidence is never verified by its submitter"
    remedy = "Ask somebody else of the desk to review it."


class AlreadyDecided(Refusal):
    code = "already-decided"
    title = "This proposal has been decided already"
    remedy = "Read its decision; propose anew if you disagree."


class AlreadyDone(Refusal):
    code = "already-done"
    title = "This has been done already"
    remedy = "Read the current state of the thing; nothing is left to do."


class TooEarly(Refusal):
    code = "too-early"
    title = "What was proposed has not rested long enough"
    remedy = "Look at it once more, and approve it from the instant in `not_before`. It can be returned at any time."


class NotPublished(Refusal):
    code = "not-published"
    title = "Something that this names is not public yet"
    remedy = "Publish what `missing` names first."


class StaleEdit(Refusal):
    code = "stale-edit"
    title = "Somebody changed this after you read it"
    remedy = "Read it again and apply your change to what it says now."


class NotPermitted(Refusal):
    code = "not-permitted"
    title = "Your roles do not allow this"
    remedy = "Ask an admin for the role that the detail names."


class NotAuthenticated(Refusal):
    code = "not-authenticated"
    title = "A valid key is needed"
    remedy = "Send `Authorization: Bearer trk_…` with a key that is neither expired nor revoked."


class WrongPassword(Refusal):
    code = "wrong-password"
    title = "The name and the password do not go together"
    remedy = "Check both; what is wrong with them is not said."


class TooManyAttempts(Refusal):
    code = "too-many-attempts"
    title = "Too many wrong passwords came from where you are"
    remedy = "Wait as long as the detail says. Others who use this account are not held up by it."


class TooManyRequests(Refusal):
    code = "too-many-requests"
    title = "This key sends more requests than it may"
    remedy = "Wait the seconds in `Retry-After`, and a random one or two."


class TooManyAtOnce(Refusal):
    code = "too-many-at-once"
    title = "Too many of your requests are still being worked on"
    remedy = (
        "Let one of them end, then send this again. An upload or a download counts for as long as it lasts."
    )


class IdempotencyKeyReused(Refusal):
    code = "idempotency-key-reused"
    title = "That Idempotency-Key was sent with another request"
    remedy = "Make a new key for each act; send the same one only with the same request."


class InFlight(Refusal):
    code = "in-flight"
    title = "The first request with that Idempotency-Key is still being worked on"
    remedy = "Send the same again after the seconds in `Retry-After`, to get the answer of the first."


class Busy(Refusal):
    code = "busy"
    title = "The tracker is too busy to answer in time"
    remedy = "Nothing was recorded. Send the same again after the seconds in `Retry-After`."


class Unexpected(Refusal):
    code = "unexpected"
    title = "Something went wrong on our side"
    remedy = "Nothing was recorded. Try again; if it stays, tell the operators the request id that the detail names."


@contextmanager
def prefix_fields(pointer: str) -> Iterator[None]:
    """Say of what is refused inside the block that it stands below this member of the body."""
    try:
        yield
    except Refusal as refusal:
        fields = [FieldError(pointer + field.pointer, field.detail) for field in refusal.fields]
        raise type(refusal)(
            refusal.detail,
            fields=fields,
            missing=refusal.missing,
            wait=refusal.wait,
            not_before=refusal.not_before,
        ) from None
