"""Every vocabulary that the code uses, as it is served: codes, labels, definitions, sources.

The codes are those of the modules that use them, so that what is served, what is accepted and what the database
takes are one list. A code is never taken away or given another meaning: it becomes `deprecated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from tracker.domain import (
    consent,
    deadlines,
    evidence,
    protection,
    publication,
    redaction,
    silence,
    states,
)
from tracker.domain.basis import BASES, STANCES
from tracker.domain.measures import MEASURES
from tracker.domain.tracks import ADEQUACY, SUBJECTS, TRACKS
from tracker.domain.vocabularies import arabic_labels, codes, meanings, themes
from tracker.domain.vocabularies.meanings import ADMIRALTY, BERKELEY, Meanings


@dataclass(frozen=True, slots=True)
class Term:
    """One code. ``label`` maps languages to words; ``source`` is what the notion was drawn from, None if ours."""

    code: str
    label: Mapping[str, str]
    definition: str
    source: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    name: str
    title: str
    terms: tuple[Term, ...]


def _labelled(labels: Mapping[str, str], meanings: Meanings) -> tuple[Term, ...]:
    return tuple(Term(code, {"en": label}, *meanings[code]) for code, label in labels.items())


def _plain(listed: Iterable[str], source: str | None, **meanings: str) -> tuple[Term, ...]:
    """Codes whose label is the code itself, in words. Each has a definition, and no definition is without its code."""
    known = tuple(listed)
    if set(known) != set(meanings):
        raise ValueError(f"defined is {sorted(meanings)}, and there is {sorted(known)}")
    return tuple(Term(code, {"en": _words(code)}, meanings[code], source) for code in known)


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _of_states() -> Iterator[Vocabulary]:
    """The states of every track; those of adequacy once, for its criteria share them."""
    for family, track in {track.code.partition(".")[0]: track for track in TRACKS.values()}.items():
        yield Vocabulary(
            family,
            "How a criterion of adequacy is met" if family == "adequacy" else track.question,
            tuple(
                Term(
                    state.code,
                    {"en": state.label, "ar": arabic_labels.STATES[family][state.code]},
                    state.meaning,
                    track.source,
                )
                for state in track.states
            ),
        )


_RELIABLE: Final = (
    ("Completely reliable", "What came from it was right whenever it could be checked."),
    ("Usually reliable", "What came from it was right most of the time."),
    ("Fairly reliable", "What came from it was right now and then."),
    ("Not usually reliable", "What came from it was rarely right."),
    ("Unreliable", "What came from it was wrong."),
    ("Cannot be judged", "Nothing came from it before that could be checked."),
)
_CREDIBLE: Final = (
    ("Confirmed", "Other sources, independent of it, say the same."),
    ("Probably true", "It agrees with most of what is known."),
    ("Possibly true", "It agrees with some of what is known."),
    ("Doubtful", "It could be, and nothing that is known agrees with it."),
    ("Improbable", "What is known speaks against it."),
    ("Cannot be judged", "There is nothing to hold it against."),
)

#: name -> (title, terms), for what is not the state of a track.
_LISTS: Final[Mapping[str, tuple[str, tuple[Term, ...]]]] = {
    "organization_type": (
        "What an organization is",
        _labelled(codes.ORGANIZATION_TYPE, meanings.ORGANIZATION_TYPE),
    ),
    "body_type": ("What a committee is", _labelled(codes.BODY_TYPE, meanings.BODY_TYPE)),
    "resource_type": (
        "Means that a committee needs",
        _labelled(codes.RESOURCE_TYPE, meanings.RESOURCE_TYPE),
    ),
    "deadline_type": ("What falls due", _labelled(codes.DEADLINE_TYPE, meanings.DEADLINE_TYPE)),
    "deadline_basis": ("What makes a date bind", _labelled(codes.DEADLINE_BASIS, meanings.DEADLINE_BASIS)),
    "recommendation_type": (
        "What is asked for",
        _labelled(codes.RECOMMENDATION_TYPE, meanings.RECOMMENDATION_TYPE),
    ),
    "evidence_type": (
        "What an item of evidence is",
        _labelled(codes.EVIDENCE_TYPE, meanings.EVIDENCE_TYPE),
    ),
    "indicator_type": (
        "What an indicator counts",
        tuple(Term(one.code, one.title, one.meaning, one.source) for one in MEASURES.values()),
    ),
    "sdg": (
        "Sustainable Development Goals",
        tuple(
            Term(code, label, f"Goal {code} of the 2030 Agenda.", themes.AGENDA)
            for code, label in themes.GOALS.items()
        ),
    ),
    "adequacy_criterion": (
        "What makes an inquiry adequate",
        tuple(Term(code, {"en": _words(code)}, question) for code, question in ADEQUACY.items()),
    ),
    "addressee_role": (
        "What is asked of an addressee",
        _plain(
            codes.ADDRESSEE_ROLE,
            None,
            primary="It has to act.",
            supporting="It has to help.",
            oversight="It has to watch that it is done.",
        ),
    ),
    "member_left": (
        "Why a member left a committee",
        _plain(
            codes.MEMBER_LEFT,
            None,
            resigned="Of their own will, before the end of their term.",
            removed="The one who appointed them ended it.",
            recused="Because of a conflict of interest.",
            term_ended="The term or the work was over.",
            moved_on="For another office or post.",
            incapacitated="Illness, detention or the like kept them from it.",
            died="They died in office.",
            other="For another reason, told in words.",
        ),
    ),
    "duty_to_publish": (
        "Whether a mandate binds the body to publish its report",
        _plain(
            codes.DUTY_TO_PUBLISH,
            None,
            yes="The mandate says that the report is published.",
            no="The mandate says that it is not, or leaves it to somebody.",
            not_stated="The mandate is silent.",
        ),
    ),
    "report_type": (
        "What a report is to its author",
        _plain(
            codes.REPORT_TYPE,
            None,
            final="Its last word: what a final report and its publication are due for.",
            interim="What it found so far.",
            other="Any other report.",
        ),
    ),
    "figure": (
        "What an amount says",
        _plain(
            codes.FIGURE,
            None,
            needed="That much is needed.",
            pledged="That much was promised.",
            delivered="That much arrived.",
            counted="Somebody counted so many, or says so: people, places, testimonies.",
        ),
    ),
    "subject_kind": (
        "What a status can be about",
        _plain(
            SUBJECTS,
            None,
            committee="A body that inquires.",
            report="What a committee or an organization found, in writing.",
            resource="Means that a committee needs.",
            deadline="A date by which something is owed.",
            recommendation="What somebody asked somebody to do.",
            indicator="What is counted over time, by each assessor.",
            evidence="An item that shows something.",
        ),
    ),
    "act": (
        "What a status change does",
        _plain(
            states.ACTS,
            None,
            move="It says that the status is another one.",
            confirmation="It says that the status still holds.",
            correction="It mends an earlier status change.",
            reply="Another organization answers a verdict; it moves nothing and stands beside it.",
        ),
    ),
    "silence": (
        "Why something counts as silence",
        _plain(
            silence.BECAUSE,
            None,
            past_due="An answer to a recommendation was due, the day has passed, and none is recorded.",
            no_due_day="No day was set for an answer; the lead looked, and there is none.",
            not_published="A report of a committee is there, and its full text is not public.",
        ),
    ),
    "basis": (
        "What a status stands on now",
        _plain(
            BASES,
            None,
            supported="All that its state demands is there.",
            unevidenced="Nothing was cited that supports it. Its state demands nothing.",
            weakened="It lost an item, or no longer has all that its state demands.",
            contested="An item that it rests on is disputed, or a verified one contradicts it.",
            unsupported="Every item that supported it is refuted or withdrawn.",
        ),
    ),
    "stance": (
        "What a cited item does for a status",
        _plain(
            STANCES,
            None,
            supports="It shows that it is so.",
            contradicts="It shows that it is not so.",
            context="It helps to understand.",
        ),
    ),
    "publication": (
        "What the public may see of a thing",
        _plain(
            publication.STATES,
            None,
            draft="Nothing yet.",
            published="What its public shape says.",
            withdrawn="A tombstone with the reason.",
        ),
    ),
    "timing": (
        "Where a date stands on a day; computed, never recorded",
        _plain(
            get_args(deadlines.State),
            None,
            on_time="It is ahead, or it was met in time.",
            due_soon="It is a few days ahead.",
            overdue="It has passed, and what was owed is still owed.",
            long_overdue="It passed long ago, and what was owed is still owed.",
            met_late="What was owed came after the day.",
            suspended="Its clock stands still.",
            waiting="It is counted from an event that is still to come.",
        ),
    ),
    "protection": (
        "Who may know of an item",
        _plain(
            protection.PROTECTION,
            None,
            public="Anybody, once it is published.",
            partner="The desk and the organizations that are named.",
            confidential="The desk.",
            sealed="Custodians; that it exists is secret too.",
        ),
    ),
    "protection_act": (
        "How an act on the protection of an item ended",
        _plain(
            protection.PROTECTION_ACTS,
            None,
            raised="One person raised it, or shared it with fewer, at once.",
            lowered="Another person let it be lowered, or shared with more, as one had proposed.",
            returned="Another person returned what one had proposed.",
            retracted="What one had proposed was taken back, or somebody raised it instead.",
        ),
    ),
    "consent_basis": (
        "On what ground an item is held",
        _plain(
            consent.CONSENT,
            BERKELEY,
            informed_consent="The person it is about, or who gave it, agreed and knew to what.",
            public_interest_open_source="Anybody could have it, and the public has an interest in it.",
            official_publication="An authority published it.",
        ),
    ),
    "consent_purpose": (
        "What consent allows",
        _plain(
            consent.PURPOSES,
            BERKELEY,
            internal_use="That the desk works with it.",
            share_with_inquiry="That an inquiry gets it.",
            share_with_courts="That a court gets it.",
            publish_anonymised="That it is published, and nobody in it can be known.",
            publish_attributed="That it is published with who said it.",
        ),
    ),
    "redaction_reason": (
        "Why content was destroyed",
        _plain(
            redaction.REDACTION,
            None,
            witness_safety="Somebody would be in danger.",
            court_order="A court ordered it.",
            data_subject_request="A person it is about asked for it.",
            consent_withdrawn="The person who agreed does so no longer.",
            minor="It is about a child.",
            third_party_privacy="It tells of somebody who has nothing to do with it.",
            legal_hold="The law forbids to keep it.",
            error="It was a mistake.",
            spam="It was no evidence.",
        ),
    ),
    "acquired_from": (
        "Where an item was had from",
        _plain(
            evidence.ACQUIRED_FROM,
            BERKELEY,
            own_staff="From somebody of one's own.",
            partner="From an organization that one works with.",
            public_source="From where anybody can have it.",
            confidential_source="From a source that must not be named.",
            official="From an authority.",
        ),
    ),
    "capture_method": (
        "How an item was captured",
        _plain(
            evidence.CAPTURE,
            BERKELEY,
            submitted_file="It was handed in as a file.",
            web_archive="The page was archived with all that it is made of.",
            screenshot="What was on a screen was pictured.",
            api="It was read through the interface of a service.",
            interview="Somebody told it.",
            other="None of the others.",
        ),
    ),
    "generation": (
        "How far an item is from what came first",
        _plain(
            evidence.GENERATION,
            BERKELEY,
            original="It is what came first.",
            copy="It is the same bytes or the same picture again.",
            derivative="It was made out of another one.",
        ),
    ),
    "edited": (
        "Whether an item was edited",
        _plain(evidence.EDITED, BERKELEY, yes="It was.", no="It was not.", unknown="Nobody can tell."),
    ),
    "content_warning": (
        "What to be warned of before looking",
        _plain(
            evidence.WARNINGS,
            BERKELEY,
            graphic="Wounds, death or violence are to be seen.",
            minors="Children are to be seen or named.",
            sexual_violence="Sexual violence is to be seen or told.",
            personal_information="It tells who somebody is, or where.",
            deceptive="It is made to deceive, and kept as evidence of that.",
        ),
    ),
    "analysis": (
        "What came of one of the three analyses: of the source, of the technique, of the content",
        _plain(
            evidence.ANALYSIS,
            BERKELEY,
            not_done="Nobody has made it.",
            passed="Nothing speaks against the item.",
            failed="Something speaks against the item.",
            inconclusive="It can be read either way.",
        ),
    ),
    "source_reliability": (
        "How reliable a source is; read by the desk alone",
        tuple(
            Term(code, {"en": label}, says, ADMIRALTY)
            for code, (label, says) in zip(evidence.RELIABILITY, _RELIABLE, strict=True)
        ),
    ),
    "content_credibility": (
        "How credible a content is, no matter who says it",
        tuple(
            Term(code, {"en": label}, says, ADMIRALTY)
            for code, (label, says) in zip(evidence.CREDIBILITY, _CREDIBLE, strict=True)
        ),
    ),
    "precision": (
        "How exactly a day is known",
        _plain(
            evidence.PRECISION,
            None,
            day="To the day.",
            month="To the month.",
            year="To the year.",
            approximate="Roughly.",
        ),
    ),
}

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    **{name: Vocabulary(name, title, terms) for name, (title, terms) in _LISTS.items()},
    **{one.name: one for one in _of_states()},
}
