"""Every no has a name of its own, says what would be right, and points at the member that is at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tracker.domain import errors, publication
from tracker.domain.errors import FieldError, InvalidInput, NotFound, Refusal, prefix_fields


def family(parent: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for child in parent.__subclasses__():
        yield child
        yield from family(child)


FAMILY = sorted(
    {one for one in family() if one.__module__.startswith("tracker.domain.")}, key=lambda one: one.code
)


def test_every_refusal_has_a_code_a_title_and_a_remedy_of_its_own():
    assert publication.PublicationRefused in FAMILY
    assert errors.InvalidInput in FAMILY
    for what in ("code", "title", "remedy"):
        told = [vars(one)[what] for one in FAMILY]  # its own, not its parent's
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("refusal", FAMILY, ids=lambda one: one.code)
def test_a_code_is_the_name_in_kebab_case_and_its_texts_are_sentences(refusal):
    assert re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower() == refusal.code
    assert refusal.title[0].isupper()
    assert not refusal.title.endswith(".")
    assert refusal.remedy[0].isupper()
    assert refusal.remedy.endswith(".")


def test_a_refusal_carries_its_detail_its_fields_and_what_is_missing():
    refusal = NotFound("it is gone", fields=iter([FieldError("/a", "b")]), missing=iter(["an item"]))

    assert str(refusal) == refusal.detail == "it is gone"
    assert (refusal.fields, refusal.missing) == ((FieldError("/a", "b"),), ("an item",))
    assert (NotFound("x").fields, NotFound("x").missing) == ((), ())


def test_one_wrong_member_is_told_in_one_line():
    refusal = InvalidInput.at("/slug", "must be short")

    assert (refusal.detail, refusal.fields) == ("must be short", (FieldError("/slug", "must be short"),))


def test_a_refusal_inside_a_part_points_into_the_whole():
    with pytest.raises(InvalidInput) as refusal, prefix_fields("/calendar"), prefix_fields("/holidays"):
        raise InvalidInput.at("/0/on", "must be a day")

    assert refusal.value.fields == (FieldError("/calendar/holidays/0/on", "must be a day"),)
    assert refusal.value.__suppress_context__


def test_a_refusal_keeps_its_kind_and_what_is_missing_on_the_way_out():
    with pytest.raises(errors.DemandsNotMet) as refusal, prefix_fields("/status"):
        raise errors.DemandsNotMet("too little", missing=["one item"])

    assert (refusal.value.detail, refusal.value.missing) == ("too little", ("one item",))


def test_what_is_no_refusal_passes_untouched():
    with prefix_fields("/x"):
        pass
    with pytest.raises(ZeroDivisionError), prefix_fields("/x"):
        _ = 1 / 0
