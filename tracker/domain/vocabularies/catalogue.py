"""Every vocabulary that the code uses, as it is served: codes, labels, definitions, sources.

The codes are those of the modules that use them, so that what is served, what is accepted and what the database
takes are one list. A code is never taken away or given another meaning: it becomes `deprecated`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from tracker.domain import deadlines, publication, silence, states
from tracker.domain.basis import BASES, STANCES
from tracker.domain.measures import MEASURES
from tracker.domain.tracks import ADEQUACY, SUBJECTS, TRACKS
from tracker.domain.vocabularies import arabic_labels, codes, meanings, themes
from tracker.domain.vocabularies.evidence_lists import EVIDENCE
from tracker.domain.vocabularies.terms import Term, Vocabulary, label_terms, make_terms, put_in_words


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


#: name -> (title, terms), for what is neither the state of a track nor of evidence alone.
_LISTS: Final[Mapping[str, tuple[str, tuple[Term, ...]]]] = {
    "organization_type": (
        "What an organization is",
        label_terms(codes.ORGANIZATION_TYPE, meanings.ORGANIZATION_TYPE),
    ),
    "body_type": ("What a committee is", label_terms(codes.BODY_TYPE, meanings.BODY_TYPE)),
    "resource_type": (
        "Means that a committee needs",
        label_terms(codes.RESOURCE_TYPE, meanings.RESOURCE_TYPE),
    ),
    "deadline_type": ("What falls due", label_terms(codes.DEADLINE_TYPE, meanings.DEADLINE_TYPE)),
    "deadline_basis": ("What makes a date bind", label_terms(codes.DEADLINE_BASIS, meanings.DEADLINE_BASIS)),
    "recommendation_type": (
        "What is asked for",
        label_terms(codes.RECOMMENDATION_TYPE, meanings.RECOMMENDATION_TYPE),
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
        tuple(Term(code, {"en": put_in_words(code)}, question) for code, question in ADEQUACY.items()),
    ),
    "addressee_role": (
        "What is asked of an addressee",
        make_terms(
            codes.ADDRESSEE_ROLE,
            None,
            primary="It has to act.",
            supporting="It has to help.",
            oversight="It has to watch that it is done.",
        ),
    ),
    "member_left": (
        "Why a member left a committee",
        make_terms(
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
        make_terms(
            codes.DUTY_TO_PUBLISH,
            None,
            yes="The mandate says that the report is published.",
            no="The mandate says that it is not, or leaves it to somebody.",
            not_stated="The mandate is silent.",
        ),
    ),
    "report_type": (
        "What a report is to its author",
        make_terms(
            codes.REPORT_TYPE,
            None,
            final="Its last word: what a final report and its publication are due for.",
            interim="What it found so far.",
            other="Any other report.",
        ),
    ),
    "figure": (
        "What an amount says",
        make_terms(
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
        make_terms(
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
        make_terms(
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
        make_terms(
            silence.BECAUSE,
            None,
            past_due="An answer to a recommendation was due, the day has passed, and none is recorded.",
            no_due_day="No day was set for an answer; the lead looked, and there is none.",
            not_published="A report of a committee is there, and its full text is not public.",
        ),
    ),
    "basis": (
        "What a status stands on now",
        make_terms(
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
        make_terms(
            STANCES,
            None,
            supports="It shows that it is so.",
            contradicts="It shows that it is not so.",
            context="It helps to understand.",
        ),
    ),
    "publication": (
        "What the public may see of a thing",
        make_terms(
            publication.STATES,
            None,
            draft="Nothing yet.",
            published="What its public shape says.",
            withdrawn="A tombstone with the reason.",
        ),
    ),
    "timing": (
        "Where a date stands on a day; computed, never recorded",
        make_terms(
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
}

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    **{name: Vocabulary(name, title, terms) for name, (title, terms) in {**_LISTS, **EVIDENCE}.items()},
    **{one.name: one for one in _of_states()},
}
