"""THE state table: every track, its states, what each means and demands, and the arrows that are nonsense.

One data structure. From it come the check in code, the rows of the table `transition`, the enums in
the OpenAPI document, and `docs/tracks.md` with its diagrams. A new kind of status is a row here.

A **track** is one question about one kind of subject; an **assessor** answers it by status changes.
Statuses really do go backwards, so almost every arrow is allowed; the table names the few that are
not. To say that a status *still* holds is a *confirmation*, not a move.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Final

from tracker.domain.errors import ForbiddenMove, UnknownTrack
from tracker.domain.sentences import Label, sentence
from tracker.domain.states import (
    ONE,
    ONE_FROM_ANOTHER,
    ONE_FROM_ISSUER,
    ONE_INDEPENDENT,
    ONE_VERIFIED,
    TWO_INDEPENDENT,
    TWO_INDEPENDENT_OR_OWN_ACT,
    Act,
    Need,
    State,
    Track,
)
from tracker.domain.vocabularies.meanings import AUDIT, UPR_INFO


def _progress(code: str, label: str, meaning: str, need: Need) -> State:
    """A claim of progress: it takes at least one item."""
    return State(code, label, meaning, need, ONE)


def _never(before: str, after: str) -> frozenset[tuple[str, str]]:
    """The arrows from any of these states to any of those: nonsense. Codes are separated by spaces."""
    return frozenset(product(before.split(), after.split()))


ADEQUACY: Final[Mapping[str, str]] = {
    "mandate": "Are the terms of reference clear, public, neutral and wide enough?",
    "authority": "Does it have binding powers over officials, documents and places?",
    "independence": "Is it independent of those it looks into?",
    "impartiality": "Does it examine the acts of all sides without bias?",
    "expertise": "Can its members weigh the evidence?",
    "resources": "Are its human and material means sufficient and transparent?",
    "time": "Is its time frame realistic?",
    "promptness": "Did it begin without delay?",
    "transparency": "Are its process and progress open to scrutiny?",
    "victim_participation": "Are victims and families informed and heard?",
    "witness_protection": "Are those who testify safe from reprisals?",
    "report_publication": "Is its full report published and widely disseminated?",
}

_STAGE = Track(
    "stage",
    "committee",
    "How far has the committee come?",
    "lead",
    (
        State("announced", "Announced", "Somebody in office said that it will be set up."),
        State("constituted", "Constituted", "Its legal instrument and members exist.", ONE),
        State("working", "Working", "It is carrying out its mandate.", ONE),
        State(
            "reported",
            "Reported",
            "It handed its report to whom it answers; the public may not have it.",
            ONE,
        ),
        State("published", "Published", "Its full report is public.", ONE_VERIFIED),
        State("dissolved", "Dissolved", "It ended by a formal act.", ONE),
        State("lapsed", "Lapsed", "Its mandate ran out and nothing followed."),
    ),
)


def _adequacy(criterion: str, question: str) -> Track:
    return Track(
        f"adequacy.{criterion}",
        "committee",
        question,
        "any",
        (
            State("no_information", "No information", "Nobody has been able to tell."),
            _progress("met", "Met", "The criterion is met.", ONE_VERIFIED),
            _progress("partly_met", "Partly met", "The criterion is met in part.", ONE),
            State("not_met", "Not met", "The criterion is not met."),
        ),
    )


_RELEASE = Track(
    "release",
    "report",
    "Has it been handed over, and can the public read it?",
    "any",
    (
        State("awaited", "Awaited", "It has not been handed over."),
        _progress(
            "delivered", "Delivered", "It was handed to whom it was owed; the public may not have it.", ONE
        ),
        _progress(
            "announced",
            "Announced",
            "It was said in public that it is there, or what is in it; not its text.",
            ONE,
        ),
        _progress(
            "published_in_part", "Published in part", "A part or a summary of its text is public.", ONE
        ),
        _progress("published", "Published", "Its full text is public.", ONE),
        State("withheld", "Withheld", "Who has it keeps it from the public, or has taken it back."),
    ),
    # What is there is awaited no more, and what the public has read is more than handed over or announced.
    _never("delivered announced published_in_part published withheld", "awaited")
    | _never("published_in_part published", "delivered announced"),
    dated=True,
)

_DELIVERY = Track(
    "delivery",
    "resource",
    "Has the committee been given these means?",
    "any",
    (
        State("not_disclosed", "Not disclosed", "Nobody has said what there is."),
        State("needed", "Needed", "The committee or an assessor says that it is needed."),
        State("pledged", "Pledged", "Somebody promised it.", ONE, ONE),
        _progress("partly_delivered", "Partly delivered", "Some of it arrived.", ONE),
        _progress("delivered", "Delivered", "All of it arrived.", ONE_VERIFIED),
        State("withheld", "Withheld", "It was refused or taken back."),
    ),
)

_OUTCOME = Track(
    "outcome",
    "deadline",
    "What came of this date?",
    "lead",
    (
        State("pending", "Pending", "The date stands and nothing has been recorded."),
        State("met", "Met", "What was owed was delivered, on that day or later.", ONE_VERIFIED),
        State("missed", "Missed", "The day passed and what was owed did not come."),
        State("extended", "Extended", "A later date took its place.", ONE),
        State("waived", "Waived", "The organization that was owed it gave it up.", ONE),
        State("suspended", "Suspended", "The clock stands still, and nothing is overdue meanwhile.", ONE),
        State("brought_forward", "Brought forward", "An earlier date took its place.", ONE),
    ),
    # What came, or did not, is done; and a date that another replaced keeps its place (rule 8). A waiver can be taken
    # back, and a clock that stopped runs again; while it stands still nothing is missed.
    _never("met missed extended brought_forward", "pending")
    | _never("met extended brought_forward", "suspended")
    | _never("suspended", "missed"),
)

_RESPONSE = Track(
    "response",
    "recommendation",
    "What did the addressee say?",
    "lead",
    (
        State("awaiting", "Awaiting", "The addressee has not answered."),
        State(
            "under_consideration", "Under consideration", "The addressee says that it is looking at it.", ONE
        ),
        State("accepted", "Accepted", "The addressee accepts it.", ONE),
        State("accepted_in_part", "Accepted in part", "The addressee accepts some of it.", ONE),
        State(
            "accepted_in_principle",
            "Accepted in principle",
            "The addressee agrees without a commitment.",
            ONE,
        ),
        State("noted", "Noted", "The addressee took note and neither accepts nor rejects.", ONE),
        State("rejected", "Rejected", "The addressee refuses it.", ONE),
        State("not_addressed", "Not addressed", "The addressee answered and passed over this one."),
    ),
    # Once there is an answer it can change, but not become silence.
    _never(
        "under_consideration accepted accepted_in_part accepted_in_principle noted rejected not_addressed",
        "awaiting",
    ),
    per_addressee=True,
)

_REMINDER = Track(
    "reminder",
    "recommendation",
    "Was the addressee asked for its answer, and asked again?",
    "lead",
    (
        State("not_asked", "Not asked", "No request for its answer is on record."),
        State("asked", "Asked", "It was asked for its answer."),
        State("reminded", "Reminded", "It did not answer and was asked again."),
        State("reminded_in_public", "Reminded in public", "It was asked again, for everybody to read."),
        State(
            "silence_recorded", "Silence recorded", "It was asked and did not answer; that stays on record."
        ),
    ),
    # Whom a letter reached was asked, and nobody is silent who was not.
    _never("asked reminded reminded_in_public silence_recorded", "not_asked")
    | _never("reminded reminded_in_public silence_recorded", "asked")
    | _never("not_asked", "silence_recorded"),
    per_addressee=True,
    lasts=True,
)

_IMPLEMENTATION = Track(
    "implementation",
    "recommendation",
    "Has it been done?",
    "any",
    (
        State("not_assessed", "Not assessed", "This assessor has not looked yet."),
        State(
            "no_evidence",
            "No evidence",
            "Looked for, and nothing can be said: unknown, neither good nor bad.",
        ),
        State("not_started", "Not started", "Nothing has been done."),
        _progress(
            "committed", "Committed", "A plan, a budget or a law is promised; nothing is done yet.", ONE
        ),
        _progress("underway", "Under way", "Work on it has begun.", ONE),
        State("stalled", "Stalled", "Work began and has stopped, or the promise is not kept."),
        _progress("partly_implemented", "Partly implemented", "A part is done and holds.", ONE_INDEPENDENT),
        _progress("implemented", "Implemented", "Done, as it was asked.", TWO_INDEPENDENT),
        _progress("regressed", "Regressed", "What had been done was undone.", TWO_INDEPENDENT_OR_OWN_ACT),
        State("not_implemented", "Not implemented", "Found not done, with no prospect of it."),
    ),
    # Only what was done can be undone. Of `not_assessed` and `no_evidence` nothing is known, so from there it
    # may turn out to be so: a first look can find that an agency has lost the powers it once had.
    _never("not_started committed not_implemented", "regressed")
    | _never(
        "no_evidence not_started committed underway stalled partly_implemented implemented regressed"
        " not_implemented",
        "not_assessed",
    ),
)

_CLOSURE = Track(
    "closure",
    "recommendation",
    "Is it still followed?",
    "lead",
    (
        State("open", "Open", "It is followed."),
        State("closed_implemented", "Closed, implemented", "Done; no longer followed.", TWO_INDEPENDENT),
        State("closed_not_implemented", "Closed, not implemented", "Not done; no longer followed."),
        State(
            "closed_by_issuer",
            "Closed by the issuer",
            "The organization that issued it says that it no longer follows it; nobody else found it done.",
            ONE_FROM_ISSUER,
        ),
        State("superseded", "Superseded", "Another recommendation took its place."),
        State("no_longer_applicable", "No longer applicable", "What it asked for has lost its object."),
    ),
)

_SPECIFICITY: Final = Track(
    "specificity",
    "recommendation",
    "How precisely does it say what is to be done?",
    "any",
    (
        State("not_rated", "Not rated", "This assessor has not rated it."),
        State("minimal", "Minimal", "It asks to seek help or to share information, or it asks others."),
        State("continuing", "Continuing", "It asks to go on with what is being done."),
        State("considering", "Considering", "It asks to think about a change: to review, to consider."),
        State(
            "general", "General action", "It asks for action without saying which: to ensure, to strengthen."
        ),
        State("specific", "Specific action", "It asks for an action of which one can see that it is done."),
    ),
    _never("minimal continuing considering general specific", "not_rated"),
    lasts=True,
    source=UPR_INFO,
)

_PRIORITY: Final = Track(
    "priority",
    "recommendation",
    "How much depends on it?",
    "any",
    (
        State("not_rated", "Not rated", "This assessor has not rated it."),
        State("low", "Low", "It would make things better."),
        State("medium", "Medium", "Without it, harm is possible or much is lost."),
        State("high", "High", "It is needed at once: without it, grave harm is likely."),
    ),
    _never("low medium high", "not_rated"),
    lasts=True,
    source=AUDIT,
)

_PROCEDURE: Final = Track(
    "procedure",
    "indicator",
    "How far has the procedure come whose results are counted?",
    "any",
    (
        State("no_information", "No information", "Nobody has been able to tell."),
        State("not_begun", "Not begun", "Nothing has been done."),
        _progress(
            "prepared", "Prepared", "Its basis in law, a body or criteria exist; it has not begun.", ONE
        ),
        _progress("in_progress", "In progress", "It is being carried out.", ONE),
        State("suspended", "Suspended", "It was begun and stands still."),
        _progress("completed", "Completed", "It is over; appeals may be open.", ONE_VERIFIED),
        State("abandoned", "Abandoned", "It was given up before it was over."),
    ),
    _never("prepared in_progress suspended completed abandoned", "not_begun"),
)

_REVIEWED: Final = "in_review partly_verified verified corroborated unverifiable disputed refuted"

_VERIFICATION = Track(
    "verification",
    "evidence",
    "Is this evidence what it says it is?",
    "desk",
    (
        State("unreviewed", "Unreviewed", "Nobody has looked at it."),
        State("in_review", "In review", "The desk is looking at it."),
        State("partly_verified", "Partly verified", "Some of what it says has been checked."),
        State("verified", "Verified", "Its source and content have been checked."),
        State(
            "corroborated",
            "Corroborated",
            "Another organization, independently, shows the same.",
            ONE_FROM_ANOTHER,
        ),
        State("unverifiable", "Unverifiable", "It cannot be checked either way."),
        State("disputed", "Disputed", "Somebody gave a reason to doubt it."),
        State("refuted", "Refuted", "It has been shown to be wrong or false."),
        State("withdrawn", "Withdrawn", "Its submitter took it back."),
    ),
    _never(f"{_REVIEWED} withdrawn", "unreviewed") | _never("withdrawn", _REVIEWED),
)

TRACKS: Final[Mapping[str, Track]] = {
    track.code: track
    for track in (
        _STAGE,
        *(_adequacy(criterion, question) for criterion, question in ADEQUACY.items()),
        _RELEASE,
        _DELIVERY,
        _OUTCOME,
        _RESPONSE,
        _REMINDER,
        _IMPLEMENTATION,
        _CLOSURE,
        _SPECIFICITY,
        _PRIORITY,
        _PROCEDURE,
        _VERIFICATION,
    )
}
SUBJECTS: Final = ("committee", "report", "resource", "deadline", "recommendation", "indicator", "evidence")

#: States in which an evidence item carries a status, fully and at all.
VERIFIED: Final = frozenset({"verified", "corroborated"})
FALLEN: Final = frozenset({"refuted", "withdrawn"})
DISPUTED: Final = "disputed"

#: track -> states of the lead with which a subject has come to its end: nobody has to look at it again.
ENDED: Final[Mapping[str, frozenset[str]]] = {
    "stage": frozenset({"published", "dissolved", "lapsed"}),
    "release": frozenset({"published"}),
    "procedure": frozenset({"completed", "abandoned"}),
    "delivery": frozenset({"delivered"}),
    "outcome": frozenset({"met", "missed", "extended", "brought_forward", "waived"}),
    "closure": frozenset(
        {
            *("closed_implemented", "closed_not_implemented", "closed_by_issuer"),
            *("superseded", "no_longer_applicable"),
        }
    ),
}

#: Tracks on which it counts when a state was first reached: that of an answer, those of a report and of a committee.
FIRST_DAYS: Final = frozenset({"response", "release", "stage"})

#: On `implementation`: unknown, and so outside of every percentage (rule 6).
UNKNOWN: Final = frozenset({"not_assessed", "no_evidence"})

#: What says only that nobody has looked, or asked, and so cannot be confirmed. Where other tracks begin can be: that
#: means are still not disclosed, that an answer is still awaited, is found by looking.
UNLOOKED: Final = frozenset({"not_assessed", "not_rated", "not_asked", "unreviewed"})


@lru_cache(maxsize=64)
def list_tracks_of(kind: str) -> tuple[Track, ...]:
    """Every track of one kind of subject, in the order of the table."""
    return tuple(track for track in TRACKS.values() if track.subject == kind)


def get_track(code: str, subject: str) -> Track:
    """The track of that code; `UnknownTrack` where that kind of subject has none such."""
    track = TRACKS.get(code)
    if track is None or track.subject != subject:
        known = ", ".join(track.code for track in list_tracks_of(subject)) or "none"
        raise UnknownTrack(
            sentence(
                "a %(subject)s has no track %(code)s; it has %(known)s",
                subject=subject,
                code=repr(code),
                known=known,
            )
        )
    return track


def check_move(track: Track, before: str, after: str, act: Act) -> None:
    """Refuse an arrow that is nonsense (`ForbiddenMove`) and a state that does not exist (`UnknownState`).

    ``before`` is what stands without this act; for a correction, what stands without the change it corrects,
    so that a correction to ``before`` itself takes a mistake back.
    """
    track.state(after)
    family = track.code.partition(".")[0]
    if act == "reply":
        if before != after or track.holder != "any":
            raise ForbiddenMove(
                sentence("a reply stands beside a state that an assessor gave, and moves none")
            )
    elif act == "confirmation":
        _check_confirmation(track, before, after)
    elif before == after:
        if act == "move":
            raise ForbiddenMove(
                sentence(
                    "%(code)s stands at '%(before)s' already; send `confirms: true` to say that it still holds",
                    code=track.code,
                    before=Label(family, before),
                )
            )
    elif not track.allows(before, after):
        raise ForbiddenMove(
            sentence(
                "%(code)s cannot go from '%(before)s' to '%(after)s'",
                code=track.code,
                before=Label(family, before),
                after=Label(family, after),
            )
        )


def _check_confirmation(track: Track, before: str, after: str) -> None:
    family = track.code.partition(".")[0]
    if before != after:
        raise ForbiddenMove(
            sentence(
                "%(code)s stands at '%(before)s'; '%(after)s' cannot be confirmed, only proposed as a move",
                code=track.code,
                before=Label(family, before),
                after=Label(family, after),
            )
        )
    if after in UNLOOKED:
        raise ForbiddenMove(
            sentence(
                "'%(after)s' says that nobody has looked; there is nothing to confirm",
                after=Label(family, after),
            )
        )
