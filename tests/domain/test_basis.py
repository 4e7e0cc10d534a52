"""What a status stands on: which items count towards a demand, and what is said when one falls (rules 1 and 4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain.basis import (
    Basis,
    Item,
    Parties,
    explain_items,
    find_basis,
    find_contradicting_items,
    find_missing_demands,
    list_demands,
)
from tracker.domain.states import Need
from tracker.domain.tracks import TRACKS

VERIFICATIONS = TRACKS["verification"].codes
TWO_INDEPENDENT = Need(items=2, verified=2, organizations=2, not_addressee=True)

items = st.builds(
    Item,
    evidence=st.sampled_from("abcdef"),
    stance=st.sampled_from(["supports", "contradicts", "context"]),
    verification=st.sampled_from(VERIFICATIONS),
    group=st.sampled_from(["press", "daily", "government"]),
)
# One item stands in one way and comes from one place, however often it is cited.
cited = st.lists(items, max_size=6, unique_by=lambda one: one.evidence)
needs = st.builds(
    Need, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans(), st.booleans()
)
addressees = st.builds(
    Parties,
    st.sampled_from([frozenset(), frozenset({"government"})]),
    st.sampled_from([frozenset(), frozenset({"press"})]),
)
GOVERNMENT = Parties(addressees=frozenset({"government"}))
RANK: dict[Basis, int] = {"supported": 0, "unevidenced": 0, "weakened": 1, "contested": 2, "unsupported": 3}


def item(name: str, verification: str = "verified", group: str = "press", stance: str = "supports") -> Item:
    return Item(name, stance, verification, group)  # type: ignore[arg-type]


@given(needs, cited, addressees)
def test_an_item_counts_for_all_or_is_said_why_not(need, found, addressed):
    why = explain_items(need, found, addressed)
    assert why.keys() == {one.evidence for one in found if one.stance == "supports"}
    for demand in list_demands(need, found, addressed):
        short = {None, "unverified"} if demand.code == "items" else {None}
        if demand.code != "organizations":
            assert demand.given == sum(1 for because in why.values() if because in short)
    for one in found:
        if why.get(one.evidence) == "from_addressee":
            assert need.not_addressee
            assert one.group in addressed.addressees
        if why.get(one.evidence) == "not_from_issuer":
            assert need.from_issuer
            assert one.group not in addressed.issuers


def test_two_items_that_show_the_same_count_once_and_the_verified_one_does():
    marks = frozenset({"digest"})
    alike = [replace(item("a", "unreviewed"), marks=marks), replace(item("b"), marks=marks)]
    assert explain_items(Need(items=1), alike) == {"a": "same_source", "b": None}


@given(needs, cited, addressees)
def test_a_demand_is_met_when_enough_items_that_stand_come_from_enough_places(need, found, addressed):
    counted = [
        one
        for one in found
        if one.stance == "supports"
        and one.verification not in ("refuted", "withdrawn", "disputed")
        and not (need.not_addressee and one.group in addressed.addressees)
        and not (need.from_issuer and one.group not in addressed.issuers)
    ]
    verified = [one for one in counted if one.verification in ("verified", "corroborated")]
    sources = {one.group for one in (verified if need.verified else counted)}
    enough = (len(counted), len(verified), len(sources)) >= (0, 0, 0) and all(
        had >= wanted
        for had, wanted in (
            (len(counted), need.items),
            (len(verified), need.verified),
            (len(sources), need.organizations),
        )
    )

    proved = need.own_act and any(
        one.stance == "supports"
        and one.verification in ("verified", "corroborated")
        and one.group in addressed.addressees
        for one in found
    )

    assert (find_missing_demands(need, found, addressed) == []) is (enough or proved)


@given(needs, cited, addressees, st.data())
def test_citing_an_item_twice_is_citing_it_once(need, found, addressed, data):
    assume(found)
    again = [*found, *data.draw(st.lists(st.sampled_from(found), max_size=4))]

    assert find_missing_demands(need, again, addressed) == find_missing_demands(need, found, addressed)
    assert find_basis(need, again, addressed) == find_basis(need, found, addressed)


@given(needs, needs, cited, addressees)
def test_demanding_more_never_accepts_what_was_refused_before(need, more, found, addressed):
    raised = need.raised_by(more)

    if find_missing_demands(need, found, addressed):
        assert find_missing_demands(raised, found, addressed)
    assert RANK[find_basis(raised, found, addressed)] >= RANK[find_basis(need, found, addressed)]


@given(needs, needs, needs)
def test_needs_add_up_in_any_order_and_to_themselves(one, two, three):
    assert one.raised_by(two) == two.raised_by(one)
    assert one.raised_by(two).raised_by(three) == one.raised_by(two.raised_by(three))
    assert one.raised_by(one) == one.raised_by(Need(own_act=True)) == one  # that is what demands nothing more


@given(needs, cited, addressees, st.sampled_from(["refuted", "withdrawn", "disputed"]), st.data())
def test_a_basis_never_gets_better_when_a_supporting_item_falls(need, found, addressed, verdict, data):
    fallen = item(
        "falls", data.draw(st.sampled_from(["unreviewed", "partly_verified", "verified", "corroborated"]))
    )
    found = [*found, fallen]
    after = [replace(one, verification=verdict) if one is fallen else one for one in found]

    assert RANK[find_basis(need, after, addressed)] >= RANK[find_basis(need, found, addressed)]
    assert find_basis(need, after, addressed) != "supported"


@given(needs, cited, addressees)
def test_context_says_nothing_for_or_against(need, found, addressed):
    without = [one for one in found if one.stance != "context"]

    assert find_basis(need, found, addressed) == find_basis(need, without, addressed)
    assert find_missing_demands(need, found, addressed) == find_missing_demands(need, without, addressed)


@pytest.mark.parametrize(
    ("cites", "expected"),
    [
        ([item("a"), item("b", group="daily")], "supported"),
        ([item("a", "corroborated"), item("b", group="daily")], "supported"),
        ([item("a"), item("b", group="daily"), item("c", "unreviewed", stance="contradicts")], "supported"),
        ([item("a"), item("b")], "weakened"),  # two items of one organization
        ([item("a"), item("b", "in_review", "daily")], "weakened"),
        ([item("a"), item("b", group="daily"), item("c", "refuted")], "weakened"),  # enough, but one was lost
        ([item("a", "refuted"), item("b", group="daily")], "weakened"),
        ([], "weakened"),  # never silently left standing on nothing
        ([item("a", "disputed"), item("b", group="daily")], "contested"),
        ([item("a"), item("b", group="daily"), item("c", stance="contradicts")], "contested"),
        ([item("a", "refuted"), item("b", "disputed")], "contested"),  # over weakened
        ([item("a", "refuted"), item("b", "withdrawn")], "unsupported"),
        ([item("a", "refuted"), item("c", stance="contradicts")], "unsupported"),  # over contested
    ],
)
def test_the_worst_that_can_be_said_of_the_evidence_is_the_basis(cites, expected):
    assert find_basis(TWO_INDEPENDENT, cites) == expected


def test_a_status_for_which_a_reason_is_enough_stands_without_evidence():
    assert find_basis(Need(), []) == "unevidenced"
    assert find_basis(Need(), [item("a", stance="context")]) == "unevidenced"
    assert find_basis(Need(), [item("a")]) == "supported"


def test_implemented_takes_two_verified_items_from_two_organizations_none_of_them_the_addressee():
    of_government = item("c", group="government")

    assert find_missing_demands(TWO_INDEPENDENT, [item("a"), of_government], GOVERNMENT) == [
        "supporting evidence items, not from an addressee: 2 needed, 1 given",
        "verified supporting evidence items, not from an addressee: 2 needed, 1 given",
        "independent organizations behind them, not from an addressee: 2 needed, 1 given",
    ]
    assert find_missing_demands(TWO_INDEPENDENT, [item("a"), of_government]) == []
    assert find_missing_demands(TWO_INDEPENDENT, [item("a"), item("a")]) != []


def test_organizations_are_counted_over_the_verified_items_where_those_are_demanded():
    cites = [item("a"), item("b", "in_review", "daily")]

    assert find_missing_demands(Need(verified=1, organizations=2), cites) == [
        "independent organizations behind them: 2 needed, 1 given"
    ]
    assert find_missing_demands(Need(organizations=2), cites) == []


@given(needs, cited, addressees)
def test_what_took_from_a_basis_is_named_and_where_nothing_did_its_demands_grew(need, found, addressed):
    named = find_contradicting_items(found)
    assert [one.evidence for one in named] == sorted({one.evidence for one in named})
    if named:
        assert find_basis(need, found, addressed) != "supported"
    else:
        grown = bool(find_missing_demands(need, found, addressed))
        sound = "supported" if any(one.stance == "supports" for one in found) else "unevidenced"
        assert find_basis(need, found, addressed) == ("weakened" if grown else sound)


def test_items_that_show_the_same_count_once_and_the_verified_one_of_them_counts():
    same = [
        Item(name, "supports", "verified", group, marks=frozenset({"address"}))
        for name, group in (("a", "press"), ("b", "daily"))
    ]

    assert find_missing_demands(TWO_INDEPENDENT, same) == [
        "supporting evidence items, not from an addressee: 2 needed, 1 given",
        "verified supporting evidence items, not from an addressee: 2 needed, 1 given",
        "independent organizations behind them, not from an addressee: 2 needed, 1 given",
    ]
    assert find_missing_demands(TWO_INDEPENDENT, [*same, item("c", group="daily")]) == []
    unseen = [replace(same[0], verification="in_review"), same[1]]
    assert find_missing_demands(Need(items=1, verified=1), unseen) == []


def test_members_of_one_coalition_and_the_coalition_itself_count_once():
    joint = frozenset({"archive"})
    press, daily = (Item(name, "supports", "verified", name, joint) for name in ("press", "daily"))
    archive, alone = item("archive", group="archive"), item("alone", group="alone")

    for two in ([press, daily], [press, archive]):
        assert find_missing_demands(TWO_INDEPENDENT, two) == [
            "independent organizations behind them, not from an addressee: 2 needed, 1 given"
        ]
    for two in ([press, alone], [press, replace(daily, coalitions=frozenset())]):
        assert find_missing_demands(TWO_INDEPENDENT, two) == []
    assert find_missing_demands(TWO_INDEPENDENT, [press, alone], Parties(joint)) != []


def test_an_addressees_own_act_against_its_interest_is_proof_enough_where_the_state_says_so():
    decree = item("decree", group="government")
    regressed = replace(TWO_INDEPENDENT, own_act=True)

    assert find_missing_demands(regressed, [decree], GOVERNMENT) == []
    assert find_missing_demands(regressed, [decree]) != []  # of whom nothing was asked
    assert find_missing_demands(TWO_INDEPENDENT, [decree], GOVERNMENT) != []
    assert find_missing_demands(regressed, [item("a"), item("b", group="daily")], GOVERNMENT) == []
    for wrong in (replace(decree, verification="in_review"), replace(decree, stance="context"), item("a")):
        assert find_missing_demands(regressed, [wrong], GOVERNMENT)[-1].startswith(
            "or, in place of all these"
        )


def test_only_the_issuers_own_word_closes_in_its_name():
    closed = Need(items=1, from_issuer=True)
    issued = Parties(issuers=frozenset({"press"}))

    assert find_missing_demands(closed, [item("a", "unreviewed")], issued) == []
    assert find_missing_demands(closed, [item("a", group="daily")], issued) == [
        "supporting evidence items, from the issuer: 1 needed, 0 given"
    ]


def test_what_a_reader_may_not_know_of_is_from_wherever_it_has_to_be():
    hidden = Item("a", "supports", "verified", "a", fits=True)

    assert find_missing_demands(Need(items=1, from_issuer=True), [hidden]) == []
    assert find_missing_demands(replace(TWO_INDEPENDENT, own_act=True), [hidden]) == []
    assert find_missing_demands(Need(items=1, not_addressee=True), [hidden], Parties(frozenset({"a"}))) == []
