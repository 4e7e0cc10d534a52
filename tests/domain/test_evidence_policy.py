"""A process may demand more evidence than the state table, never less; and only of the lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import InvalidInput
from tracker.domain.evidence_policy import STALE_AFTER_DAYS, Policy
from tracker.domain.states import Need
from tracker.domain.tracks import TRACKS

NAMES = [f"{track.code}.{code}" for track in TRACKS.values() for code in track.codes]
counts = st.integers(0, 20)
demands = st.dictionaries(
    st.sampled_from(NAMES),
    st.fixed_dictionaries(
        {"items": counts},
        optional={
            "verified": counts,
            "organizations": counts,
            "not_addressee": st.booleans(),
            "own_act": st.booleans(),
        },
    ),
    max_size=5,
)


def all_needs(policy: Policy, *, lead: bool) -> dict[str, Need]:
    return {name: policy.need(*name.rsplit(".", 1), lead=lead) for name in NAMES}


@given(demands)
def test_a_policy_demands_at_least_what_the_table_does_and_at_least_what_it_says(value):
    table, found = all_needs(Policy(), lead=True), all_needs(Policy.from_json(value), lead=True)

    for name in NAMES:
        wanted = Need(**{"own_act": True, **value.get(name, {})})
        assert found[name] == table[name].raised_by(wanted)
        assert found[name].raised_by(table[name]) == found[name]


@given(demands)
def test_others_are_asked_for_what_the_table_asks_of_them_whatever_the_process_demands(value):
    assert all_needs(Policy.from_json(value), lead=False) == all_needs(Policy(), lead=False)


def test_a_state_can_demand_more():
    policy = Policy.from_json({"implementation.underway": {"items": 2, "verified": 1}})

    assert policy.need("implementation", "underway", lead=True) == Need(items=2, verified=1)
    assert policy.need("implementation", "underway", lead=False) == Need(items=1)


def test_a_criterion_of_adequacy_is_named_with_both_of_its_dots():
    policy = Policy.from_json({"adequacy.time.not_met": {"items": 1}})

    assert policy.need("adequacy.time", "not_met", lead=True) == Need(items=1)
    assert policy.need("adequacy.mandate", "not_met", lead=True) == Need()


def test_asking_for_less_changes_nothing():
    policy = Policy.from_json(
        {"implementation.implemented": {"items": 0, "verified": 0, "not_addressee": False}}
    )

    assert policy.need("implementation", "implemented", lead=True) == Need(2, 2, 2, not_addressee=True)


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("implementation", "implementation"),
        ("implementation.finished", "implementation.finished"),
        ("mood.good", "mood.good"),
        ("implemented", "implemented"),
        ("adequacy.met", "adequacy.met"),
        ("a/b~c", "a~1b~0c"),
        ("", ""),
    ],
)
def test_what_is_no_track_and_state_is_refused_by_name(name, pointer):
    with pytest.raises(InvalidInput) as refusal:
        Policy.from_json({name: {"items": 1}})
    assert [field.pointer for field in refusal.value.fields] == [f"/evidence_policy/{pointer}"]


@pytest.mark.parametrize("wanted", [None, 2, [], {}, "two"])
def test_a_demand_is_an_object_that_asks_for_something(wanted):
    with pytest.raises(
        InvalidInput, match="items, verified, organizations, not_addressee, own_act"
    ) as refusal:
        Policy.from_json({"outcome.met": wanted})
    assert refusal.value.fields[0].pointer == "/evidence_policy/outcome.met"


@pytest.mark.parametrize(
    ("member", "value", "right"),
    [
        ("items", -1, "must be a whole number, 0 to 20"),
        ("items", 21, "must be a whole number, 0 to 20"),
        ("items", True, "must be a whole number, 0 to 20"),
        ("verified", 1.0, "must be a whole number, 0 to 20"),
        ("organizations", "2", "must be a whole number, 0 to 20"),
        ("not_addressee", 1, "must be true or false"),
        ("itmes", 2, "must be one of items, verified, organizations, not_addressee, own_act"),
        ("a/b", 2, "must be one of items, verified, organizations, not_addressee, own_act"),
    ],
)
def test_each_wrong_member_of_a_demand_is_named_with_what_would_be_right(member, value, right):
    with pytest.raises(InvalidInput) as refusal:
        Policy.from_json({"outcome.met": {"items": 1, member: value}})
    (field,) = refusal.value.fields
    assert field.pointer == "/evidence_policy/outcome.met/" + member.replace("/", "~1")
    assert field.detail == right


def test_all_wrong_members_are_named_at_once():
    with pytest.raises(InvalidInput) as refusal:
        Policy.from_json({"outcome.met": {"items": -1, "verified": 99, "not_addressee": None}})
    assert len(refusal.value.fields) == 3


def test_a_status_goes_stale_after_half_a_year_unless_the_process_says_otherwise():
    assert STALE_AFTER_DAYS == 180
