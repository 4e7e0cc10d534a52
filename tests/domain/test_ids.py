"""An id names its kind, says nothing else, and survives being read aloud."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import ids
from tracker.domain.errors import WrongKind

kinds = st.sampled_from(list(ids.PREFIXES))
randomness = st.binary(min_size=16, max_size=16)


@given(kinds, randomness)
def test_an_id_names_its_kind_and_fits_its_pattern_and_no_other(kind, random):
    made = ids.make_id(kind, random)

    assert ids.kind_of(made) == kind
    assert [one for one in ids.PREFIXES if re.search(ids.make_pattern(one), made)] == [kind]
    assert len(made) == 30
    assert not set(made[4:]) & set("ilou")


@given(kinds, st.sets(kinds, min_size=1), randomness)
def test_a_pattern_of_several_kinds_takes_each_of_them_whole_and_no_other(kind, wanted, random):
    made = ids.make_id(kind, random)

    assert bool(re.search(ids.make_pattern(*wanted), made)) is (kind in wanted)
    assert not re.search(ids.make_pattern(*wanted), f"x{made}")
    assert not re.search(ids.make_pattern(*wanted), f"{made}0")


@given(kinds, randomness, randomness)
def test_ids_differ_exactly_where_their_randomness_does(kind, one, other):
    assert (ids.make_id(kind, one) == ids.make_id(kind, other)) is (one == other)


def test_all_128_bits_are_in_an_id():
    assert ids.make_id("key", bytes(16)) == "key_" + "0" * 26
    assert ids.make_id("key", b"\xff" * 16) == "key_7" + "z" * 25


@pytest.mark.parametrize("length", [0, 15, 17])
def test_too_little_or_too_much_randomness_is_a_mistake_of_the_caller(length):
    with pytest.raises(ValueError, match=f"needs 16 random bytes, not {length}"):
        ids.make_id("person", bytes(length))


GOOD = "rec_" + "0" * 26


@pytest.mark.parametrize(
    "value",
    [
        "",
        "rec",
        "rec_",
        GOOD[:-1],
        GOOD + "0",
        GOOD + "\n",
        " " + GOOD,
        GOOD.upper(),
        "xyz_" + "0" * 26,
        "rec-" + "0" * 26,
        "rec_" + "0" * 25 + "u",  # not a letter of the alphabet
        "rec_" + "0" * 25 + "٣",  # a digit, but not ours
        "rec_" + "0" * 25 + "K",  # the kelvin sign
    ],
)
def test_what_is_not_quite_an_id_is_none(value):
    assert ids.kind_of(value) is None
    with pytest.raises(WrongKind):
        ids.require_kind(value, "recommendation")


def test_an_id_of_a_wanted_kind_is_handed_back():
    assert ids.require_kind(GOOD, "committee", "recommendation") == GOOD


def test_an_id_of_another_kind_is_refused_with_the_prefix_that_would_be_right():
    with pytest.raises(
        WrongKind, match="not the id of a committee or a deadline; it would read com_… or ddl_…"
    ):
        ids.require_kind(GOOD, "committee", "deadline")


def test_a_refusal_echoes_no_more_than_an_id_is_long():
    with pytest.raises(WrongKind) as refusal:
        ids.require_kind("x" * 10_000, "person")
    assert len(refusal.value.detail) < 200


def test_prefixes_are_three_letters_and_name_one_kind_each():
    assert all(re.fullmatch("[a-z]{3}", prefix) for prefix in ids.PREFIXES.values())
    assert {prefix: kind for kind, prefix in ids.PREFIXES.items()} == ids.KINDS
    assert len(ids.KINDS) == len(ids.PREFIXES)


def test_kinds_are_named_in_a_sentence_with_and_without_an_article():
    kinds = ("evidence", "organization", "committee")
    assert str(ids.name_any(kinds)) == "an item of evidence or an organization or a committee"
    assert str(ids.name_kinds(kinds)) == "evidence or organization or committee"
    assert str(ids.name_kinds(["status change"])) == "status change"
