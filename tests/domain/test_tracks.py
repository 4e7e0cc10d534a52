"""The state table says what the field says: every pair of states of every track, for every act.

What is expected here is written down anew from the rules of the field, never read off the table: the states and
who holds them; that almost every move is allowed; the few arrows that are nonsense, one by one; and what each
state demands of the lead and of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from tracker.domain import tracks
from tracker.domain.errors import ForbiddenMove, UnknownState, UnknownTrack
from tracker.domain.states import ACTS, ONE_FROM_ANOTHER, Act, Need
from tracker.domain.tracks import TRACKS, check_move

CRITERIA = (
    *("mandate", "authority", "independence", "impartiality", "expertise", "resources", "time", "promptness"),
    *("transparency", "victim_participation", "witness_protection", "report_publication"),
)
ADEQUACY = ("committee", "any", "no_information met partly_met not_met")

#: track -> its subject, who holds it, its states with the initial one first.
TABLE = {
    "stage": ("committee", "lead", "announced constituted working reported published dissolved lapsed"),
    **{f"adequacy.{criterion}": ADEQUACY for criterion in CRITERIA},
    "release": ("report", "any", "awaited delivered announced published_in_part published withheld"),
    "delivery": ("resource", "any", "not_disclosed needed pledged partly_delivered delivered withheld"),
    "outcome": ("deadline", "lead", "pending met missed extended waived suspended brought_forward"),
    "response": (
        "recommendation",
        "lead",
        "awaiting under_consideration accepted accepted_in_part accepted_in_principle noted rejected not_addressed",
    ),
    "reminder": (
        "recommendation",
        "lead",
        "not_asked asked reminded reminded_in_public silence_recorded",
    ),
    "implementation": (
        "recommendation",
        "any",
        "not_assessed no_evidence not_started committed underway stalled partly_implemented implemented regressed "
        "not_implemented",
    ),
    "closure": (
        "recommendation",
        "lead",
        "open closed_implemented closed_not_implemented closed_by_issuer superseded no_longer_applicable",
    ),
    "specificity": (
        "recommendation",
        "any",
        "not_rated minimal continuing considering general specific",
    ),
    "priority": ("recommendation", "any", "not_rated low medium high"),
    "procedure": (
        "indicator",
        "any",
        "no_information not_begun prepared in_progress suspended completed abandoned",
    ),
    "verification": (
        "evidence",
        "desk",
        "unreviewed in_review partly_verified verified corroborated unverifiable disputed refuted withdrawn",
    ),
}

#: Every arrow between two different states that is nonsense. Whatever is not here is allowed.
NONSENSE = {
    # What is there is not awaited; what was published is more than handed over or announced.
    "release": "delivered>awaited announced>awaited published_in_part>awaited published>awaited withheld>awaited "
    "published_in_part>delivered published_in_part>announced published>delivered published>announced",
    # What was delivered or failed to come is done; an extended date keeps its place as the baseline. Nothing is missed
    # while a clock stands still.
    "outcome": "met>pending missed>pending extended>pending met>suspended extended>suspended suspended>missed "
    "brought_forward>pending brought_forward>suspended",
    # An answer can change, but it cannot become silence.
    "response": "under_consideration>awaiting accepted>awaiting accepted_in_part>awaiting "
    "accepted_in_principle>awaiting noted>awaiting rejected>awaiting not_addressed>awaiting",
    # Whom a letter reached was asked; nobody is silent who was not.
    "reminder": "asked>not_asked reminded>not_asked reminded_in_public>not_asked silence_recorded>not_asked "
    "reminded>asked reminded_in_public>asked silence_recorded>asked not_asked>silence_recorded",
    # Nothing goes back to not_assessed; only what had been done can be undone.
    "implementation": "no_evidence>not_assessed not_started>not_assessed committed>not_assessed "
    "underway>not_assessed stalled>not_assessed partly_implemented>not_assessed implemented>not_assessed "
    "regressed>not_assessed not_implemented>not_assessed "
    "not_started>regressed committed>regressed not_implemented>regressed",
    # What somebody has looked at stays looked at; what its submitter took back stays taken back.
    # Whoever has rated it does not take that back, but rates it otherwise.
    "specificity": "minimal>not_rated continuing>not_rated considering>not_rated general>not_rated "
    "specific>not_rated",
    "priority": "low>not_rated medium>not_rated high>not_rated",
    # What was begun was begun.
    "procedure": "prepared>not_begun in_progress>not_begun suspended>not_begun completed>not_begun "
    "abandoned>not_begun",
    "verification": "in_review>unreviewed partly_verified>unreviewed verified>unreviewed corroborated>unreviewed "
    "unverifiable>unreviewed disputed>unreviewed refuted>unreviewed withdrawn>unreviewed "
    "withdrawn>in_review withdrawn>partly_verified withdrawn>verified withdrawn>corroborated "
    "withdrawn>unverifiable withdrawn>disputed withdrawn>refuted",
}

ONE, ONE_VERIFIED = Need(items=1), Need(items=1, verified=1)
ONE_INDEPENDENT = Need(items=1, verified=1, not_addressee=True)
TWO_INDEPENDENT = Need(items=2, verified=2, organizations=2, not_addressee=True)
OR_OWN_ACT = Need(items=2, verified=2, organizations=2, not_addressee=True, own_act=True)

#: States of a report in which it is there, by the word of whoever says so.
RELEASED = tuple(f"release.{state}" for state in ("delivered", "announced", "published_in_part", "published"))

#: What the lead must bring. For every state that is not here a reason is enough.
OF_THE_LEAD = {
    **dict.fromkeys(("stage.constituted", "stage.working", "stage.reported", "stage.dissolved"), ONE),
    "stage.published": ONE_VERIFIED,
    **{f"adequacy.{criterion}.met": ONE_VERIFIED for criterion in CRITERIA},
    **{f"adequacy.{criterion}.partly_met": ONE for criterion in CRITERIA},
    **dict.fromkeys(RELEASED, ONE),
    **dict.fromkeys(("delivery.pledged", "delivery.partly_delivered"), ONE),
    "delivery.delivered": ONE_VERIFIED,
    "outcome.met": ONE_VERIFIED,
    **dict.fromkeys(
        ("outcome.extended", "outcome.waived", "outcome.suspended", "outcome.brought_forward"), ONE
    ),
    **dict.fromkeys(("response.under_consideration", "response.accepted", "response.accepted_in_part"), ONE),
    **dict.fromkeys(("response.accepted_in_principle", "response.noted", "response.rejected"), ONE),
    **dict.fromkeys(("implementation.committed", "implementation.underway"), ONE),
    "implementation.partly_implemented": ONE_INDEPENDENT,
    "implementation.implemented": TWO_INDEPENDENT,
    "implementation.regressed": OR_OWN_ACT,
    "closure.closed_implemented": TWO_INDEPENDENT,
    "closure.closed_by_issuer": Need(items=1, from_issuer=True),
    **dict.fromkeys(("procedure.prepared", "procedure.in_progress"), ONE),
    "procedure.completed": ONE_VERIFIED,
    "verification.corroborated": ONE_FROM_ANOTHER,
}
#: Whoever else claims progress brings one item; for the rest a reason is enough.
OF_OTHERS = dict.fromkeys(
    (
        *(f"adequacy.{criterion}.{state}" for criterion in CRITERIA for state in ("met", "partly_met")),
        *RELEASED,
        *(f"delivery.{state}" for state in ("pledged", "partly_delivered", "delivered")),
        *(f"implementation.{state}" for state in ("committed", "underway", "partly_implemented")),
        *(f"implementation.{state}" for state in ("implemented", "regressed")),
        *(f"procedure.{state}" for state in ("prepared", "in_progress", "completed")),
    ),
    ONE,
)


def may(code: str, act: Act, before: str, after: str) -> bool:
    """The rule, told once more in plain words."""
    if act == "confirmation":  # says that it still holds: the same state, and one that takes looking
        return before == after not in ("not_assessed", "not_rated", "not_asked", "unreviewed")
    if act == "reply":  # stands beside what an assessor said; what only the lead or the desk says takes none
        return before == after and TABLE[code][1] == "any"
    if before == after:  # a move leads somewhere else; a correction may lead back to what stood before
        return act == "correction"
    return f"{before}>{after}" not in NONSENSE.get(code, "").split()


def refused(code: str, act: Act, before: str, after: str) -> bool:
    try:
        check_move(TRACKS[code], before, after, act)
    except ForbiddenMove:
        return True
    return False


def every_pair() -> Iterator[tuple[str, str, str]]:
    for code, (_subject, _holder, states) in TABLE.items():
        for before, after in product(states.split(), repeat=2):
            yield code, before, after


def test_the_table_has_these_tracks_with_these_states_held_by_these():
    found = {code: (one.subject, one.holder, " ".join(one.codes)) for code, one in TRACKS.items()}

    assert found == TABLE
    assert {code: one.initial for code, one in TRACKS.items()} == {
        code: states.split()[0] for code, (_subject, _holder, states) in TABLE.items()
    }


@pytest.mark.parametrize("act", ACTS)
def test_every_pair_of_states_of_every_track_is_allowed_or_refused_as_the_field_says(act):
    wrong = [
        (code, before, after)
        for code, before, after in every_pair()
        if refused(code, act, before, after) is may(code, act, before, after)
    ]

    assert wrong == []


def test_almost_every_move_is_allowed():
    moves = [(code, before, after) for code, before, after in every_pair() if before != after]
    refusals = [one for one in moves if not may(one[0], "move", *one[1:])]

    assert sum(len(arrows.split()) for arrows in NONSENSE.values()) == len(refusals) == 72
    assert len(moves) == 640


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("implementation", "implemented", "regressed"),  # powers of arrest are lost
        ("implementation", "regressed", "implemented"),  # and given back
        ("implementation", "stalled", "not_started"),
        ("implementation", "not_assessed", "regressed"),  # a first look finds it undone
        ("implementation", "no_evidence", "regressed"),  # unknown is not "nothing was done"
        ("closure", "closed_implemented", "open"),  # reopened
        ("outcome", "missed", "met"),  # it came after all, late
        ("outcome", "missed", "extended"),  # the extension came after the day had passed
        ("outcome", "waived", "pending"),  # the waiver was taken back
        ("outcome", "missed", "suspended"),  # a court stayed the decree after its day had passed
        ("adequacy.time", "met", "no_information"),  # the source fell, and nobody can tell any longer
        ("delivery", "delivered", "withheld"),  # taken back
        ("stage", "dissolved", "working"),  # called together again
        ("verification", "verified", "disputed"),
    ],
)
def test_what_really_happened_somewhere_can_be_recorded(code, before, after):
    check_move(TRACKS[code], before, after, "move")


def test_a_refusal_says_what_would_be_right():
    implementation = TRACKS["implementation"]
    with pytest.raises(ForbiddenMove, match="stands at 'stalled' already; send `confirms: true`"):
        check_move(implementation, "stalled", "stalled", "move")
    with pytest.raises(ForbiddenMove, match="'implemented' cannot be confirmed, only proposed as a move"):
        check_move(implementation, "stalled", "implemented", "confirmation")
    with pytest.raises(ForbiddenMove, match="there is nothing to confirm"):
        check_move(implementation, "not_assessed", "not_assessed", "confirmation")
    with pytest.raises(ForbiddenMove, match="cannot go from 'committed' to 'regressed'"):
        check_move(implementation, "committed", "regressed", "move")


@pytest.mark.parametrize("act", ACTS)
def test_a_state_of_another_track_is_unknown_and_the_refusal_lists_the_right_ones(act):
    with pytest.raises(UnknownState, match="outcome has no state 'implemented'; it has pending, met, missed"):
        check_move(TRACKS["outcome"], "pending", "implemented", act)


@pytest.mark.parametrize(
    ("code", "subject"), [("outcome", "recommendation"), ("mood", "deadline"), ("", "process")]
)
def test_a_track_of_another_kind_of_subject_is_unknown(code, subject):
    with pytest.raises(UnknownTrack, match=f"a {subject} has no track '{code}'; it has"):
        tracks.get_track(code, subject)


def test_each_track_is_found_under_its_own_kind_of_subject_only():
    for code, (subject, _holder, _states) in TABLE.items():
        assert tracks.get_track(code, subject) is TRACKS[code]
        for other in set(tracks.SUBJECTS) - {subject}:
            with pytest.raises(UnknownTrack):
                tracks.get_track(code, other)


def test_the_tracks_of_a_subject_come_in_the_order_of_the_table():
    for subject in tracks.SUBJECTS:
        assert [one.code for one in tracks.list_tracks_of(subject)] == [
            code for code, row in TABLE.items() if row[0] == subject
        ]
    assert tracks.list_tracks_of("process") == ()


def test_each_state_demands_what_rule_one_says():
    states = {f"{track.code}.{state.code}": state for track in TRACKS.values() for state in track.states}

    assert {name: state.need for name, state in states.items() if state.need != Need()} == OF_THE_LEAD
    assert {name: state.others for name, state in states.items() if state.others != Need()} == OF_OTHERS


def test_absence_leaves_no_document_so_a_reason_is_enough_for_it():
    for name in (
        "outcome.missed",
        *(f"implementation.{s}" for s in ("stalled", "no_evidence", "not_started")),
    ):
        code, state = name.rsplit(".", 1)
        assert TRACKS[code].state(state).need == TRACKS[code].state(state).others == Need()


def test_nobody_is_asked_for_more_than_the_lead():
    for track in TRACKS.values():
        for state in track.states:
            others = replace(state.others, own_act=state.need.own_act)
            assert state.need.raised_by(others) == state.need


def test_every_state_has_a_label_and_a_meaning_of_its_own():
    for track in TRACKS.values():
        assert len({state.code for state in track.states}) == len(track.states)
        assert len({state.label for state in track.states}) == len(track.states)
        assert all(state.label and state.meaning.endswith(".") for state in track.states)
        assert track.question.endswith("?")


def test_an_item_carries_a_status_by_its_verification():
    codes = set(TABLE["verification"][2].split())

    assert sorted(tracks.VERIFIED) == ["corroborated", "verified"]
    assert sorted(tracks.FALLEN) == ["refuted", "withdrawn"]
    assert {tracks.DISPUTED, *tracks.VERIFIED, *tracks.FALLEN} <= codes


def test_two_states_of_implementation_say_that_nothing_is_known():
    assert sorted(tracks.UNKNOWN) == ["no_evidence", "not_assessed"]
