"""The vocabularies of evidence: what an item is, where it came from, what is known of it, and who may know of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.domain import consent, evidence, protection, redaction
from tracker.domain.vocabularies import codes, meanings
from tracker.domain.vocabularies.meanings import ADMIRALTY, BERKELEY
from tracker.domain.vocabularies.terms import Term, label_terms, make_terms

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

#: name -> (title, terms)
EVIDENCE: Final[Mapping[str, tuple[str, tuple[Term, ...]]]] = {
    "evidence_type": (
        "What an item of evidence is",
        label_terms(codes.EVIDENCE_TYPE, meanings.EVIDENCE_TYPE),
    ),
    "protection": (
        "Who may know of an item",
        make_terms(
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
        make_terms(
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
        make_terms(
            consent.CONSENT,
            BERKELEY,
            informed_consent="The person it is about, or who gave it, agreed and knew to what.",
            public_interest_open_source="Anybody could have it, and the public has an interest in it.",
            official_publication="An authority published it.",
        ),
    ),
    "consent_purpose": (
        "What consent allows",
        make_terms(
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
        make_terms(
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
        make_terms(
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
        make_terms(
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
        make_terms(
            evidence.GENERATION,
            BERKELEY,
            original="It is what came first.",
            copy="It is the same bytes or the same picture again.",
            derivative="It was made out of another one.",
        ),
    ),
    "edited": (
        "Whether an item was edited",
        make_terms(evidence.EDITED, BERKELEY, yes="It was.", no="It was not.", unknown="Nobody can tell."),
    ),
    "content_warning": (
        "What to be warned of before looking",
        make_terms(
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
        make_terms(
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
        make_terms(
            evidence.PRECISION,
            None,
            day="To the day.",
            month="To the month.",
            year="To the year.",
            approximate="Roughly.",
        ),
    ),
}
