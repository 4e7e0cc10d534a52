"""The family of refusals: every way in which the tracker says no.

A refusal has a stable ``code`` (the last part of its problem type on the wire), a fixed ``title``,
and says in ``detail`` what is wrong and what would be right. ``fields`` points at the members of
the input that are at fault; ``missing`` names, for a rule of the domain, what would satisfy it, and
``demands`` says the same of evidence as data;
``wait`` is after how many seconds the same may be tried again, where that alone may help, and
``not_before`` the instant, where a rule of the domain sets one.

What the service refuses whatever was asked stands in `tracker.domain.service_errors`. Doors translate the family in one
table (``tracker/http/refusals.py``); no rule knows HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final

from tracker.domain.demands import Demand
from tracker.domain.sentences import Sentence, sentence_number


@dataclass(frozen=True, slots=True)
class FieldError:
    """One member of the input that is at fault.

    ``pointer`` is an RFC 6901 JSON Pointer into the body (``/citations/0/evidence``), or the bare
    name of a query parameter; ``detail`` says what would be right. ``value`` repeats what was sent: doors add it.
    """

    pointer: str
    detail: str
    value: Any = None


#: The most faults that one refusal names, and how many bytes they take together.
MOST: Final = 50
_MOST_BYTES: Final = 30_000
#: The most characters of a pointer, and of a detail.
_POINTER: Final = 200
_DETAIL: Final = 800


def shorten_fields(text: str, most: int = _DETAIL) -> str:
    """The text, cut off where it is longer than this. What is cut off is said in English."""
    return text if len(text) <= most else text[: most - 1] + "…"


def limited(faults: Sequence[FieldError], most: int = MOST) -> list[FieldError]:
    """At most so many of these faults, each of bounded length; the last says how many more there are."""
    shown: list[FieldError] = []
    left = _MOST_BYTES
    for fault in faults:
        entry = _shorten_fault(fault)
        left -= len(f"{entry.pointer}{entry.detail}".encode())
        if left < 0 or len(shown) == most:
            break
        shown.append(entry)
    if len(shown) == len(faults):
        return shown
    if len(shown) == most:
        shown.pop()
    return [*shown, FieldError("", _say_more(len(faults) - len(shown)))]


def _say_more(number: int) -> Sentence:
    return sentence_number("%(num)s more are not valid", "%(num)s more are not valid", number)


def _shorten_fault(fault: FieldError) -> FieldError:
    return replace(
        fault, pointer=shorten_fields(fault.pointer, _POINTER), detail=shorten_fields(fault.detail)
    )


class Refusal(Exception):
    """The tracker says no. Never raised itself; each subclass is one named reason.

    What it says is short, whatever it speaks of and whichever door tells it: a detail may repeat what was sent.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"
    remedy: ClassVar[str] = "Read the detail."

    def __init__(
        self,
        detail: str,
        *,
        fields: Iterable[FieldError] = (),
        missing: Iterable[str] = (),
        demands: Iterable[Demand] = (),
        wait: int | None = None,
        not_before: datetime | None = None,
    ) -> None:
        self.detail = shorten_fields(detail)
        super().__init__(self.detail)
        self.wait = wait
        self.not_before = not_before
        self.fields = tuple(map(_shorten_fault, fields))
        self.missing = tuple(missing)
        self.demands = tuple(demands)


class BadJson(Refusal):
    code = "bad-json"
    title = "The body is not valid JSON"
    remedy = "Send one JSON object in UTF-8, each member once, no deeper than a few dozen levels."


class TooManyValues(Refusal):
    code = "too-many-values"
    title = "The body holds more values than are read"
    remedy = "Send less at a time; the detail says how many values are read."


class InvalidInput(Refusal):
    code = "invalid-input"
    title = "The input is not valid"
    remedy = "Correct each member named in `errors` and send the request again."

    @classmethod
    def at(cls, pointer: str, detail: str) -> InvalidInput:
        """The refusal of one member: ``InvalidInput.at("/slug", "must be …")``."""
        return cls(detail, fields=[FieldError(pointer, detail)])


class NotFound(Refusal):
    code = "not-found"
    title = "There is no such thing here"
    remedy = "Check the id. Things that you may not see are answered in the same way."


class Withdrawn(Refusal):
    code = "withdrawn"
    title = "This was published and has been withdrawn"
    remedy = "The detail gives the reason. Remove your copy or mark it as withdrawn."


class Redacted(Withdrawn):
    code = "redacted"
    title = "The content of this was destroyed"
    remedy = "The detail gives the reason. Destroy your copy."


class NotAgreed(Refusal):
    code = "not-agreed"
    title = "The people in this evidence did not agree to this use"
    remedy = "The detail says which consent is missing. Ask them; without it this is not done."


class NotRedactable(Refusal):
    code = "not-redactable"
    title = "This cannot be redacted as it is"
    remedy = "The detail says what to do first."


class LegallyHeld(Refusal):
    code = "legally-held"
    title = "This item is under a legal hold"
    remedy = (
        "Nothing of it is destroyed or overwritten before the hold is released. It may be sealed meanwhile."
    )


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
    title = "This short name is taken"
    remedy = "Choose another slug or reference."


class UnknownState(Refusal):
    code = "unknown-state"
    title = "This track has no such state"
    remedy = "Use a state of that track; `docs/tracks.md` lists them."


class UnknownTrack(Refusal):
    code = "unknown-track"
    title = "This kind of subject has no such track"
    remedy = "Use a track of that kind of subject; `docs/tracks.md` lists them."


class ForbiddenMove(Refusal):
    code = "forbidden-move"
    title = "This move is not allowed"
    remedy = "To say that a status still holds, send `confirms: true`. To correct a mistake, send `corrects`."


class WrongAssessor(Refusal):
    code = "wrong-assessor"
    title = "This assessor cannot answer on this track"
    remedy = "Leave `assessor` out to answer as the lead organization of the process."


class NoReply(Refusal):
    code = "no-reply"
    title = "This organization cannot reply to this"
    remedy = "Reply to an approved verdict of another organization, on a track that any assessor may answer."


class NoQuestion(Refusal):
    code = "no-question"
    title = "This question cannot be asked or answered here"
    remedy = "The detail says who asks, who answers and what stands in the way."


class DemandsNotMet(Refusal):
    code = "demands-not-met"
    title = "The evidence is not enough for this state"
    remedy = "Supply what `missing` names."


class SelfApproval(Refusal):
    code = "self-approval"
    title = "You cannot decide on your own proposal"
    remedy = "Ask another person who may approve."


class ImportRefused(Refusal):
    code = "import-refused"
    title = "A row of the import is refused, so nothing was recorded"
    remedy = "Correct the rows named in `errors`. With `dry_run` the answer reports on every row."


class OwnEvidence(Refusal):
    code = "own-evidence"
    title = "You cannot verify evidence that you submitted"
    remedy = "Ask another person of the desk to review it."


class AlreadyDecided(Refusal):
    code = "already-decided"
    title = "This proposal is already decided"
    remedy = "Read its decision. If you disagree, make a new proposal."


class AlreadyDone(Refusal):
    code = "already-done"
    title = "This is already done"
    remedy = "Read the current state of the thing. There is nothing left to do."


class TooEarly(Refusal):
    code = "too-early"
    title = "It is too early to approve this"
    remedy = "You may approve it from the time in `not_before`. You may return it at any time."


class StaleProposal(Refusal):
    code = "stale-proposal"
    title = "Something on which this was proposed has changed since"
    remedy = (
        "Read what `errors` names, and decide again with its present version under `versions`; or return it."
    )


class NotPublished(Refusal):
    code = "not-published"
    title = "It names something that is not public yet"
    remedy = "Publish what `missing` names first."
    #: What that is called, by id: the door, which knows who asks, tells it.
    names: Mapping[str, Any] = {}


class StaleEdit(Refusal):
    code = "stale-edit"
    title = "This changed after you read it"
    remedy = "Read it again and apply your edit to the new version."


class NotPermitted(Refusal):
    code = "not-permitted"
    title = "Your roles do not allow this"
    remedy = "Ask an admin for the role that the detail names."


@contextmanager
def prefix_fields(pointer: str) -> Iterator[None]:
    """Say of what is refused inside the block that it stands below this member of the body."""
    try:
        yield
    except Refusal as refusal:
        fields = [replace(field, pointer=pointer + field.pointer) for field in refusal.fields]
        raise type(refusal)(
            refusal.detail,
            fields=fields,
            missing=refusal.missing,
            demands=refusal.demands,
            wait=refusal.wait,
            not_before=refusal.not_before,
        ) from None
