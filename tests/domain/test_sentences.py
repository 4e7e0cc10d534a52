"""A sentence is its English text, and knows its words and parts until it is made into another text."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest
from marshmallow import Schema, ValidationError

from tracker.domain.errors import FieldError, InvalidInput, prefix_fields, shorten_fields
from tracker.domain.sentences import Label, Month, Sentence, join_choices, sentence, sentence_number
from tracker.schemas.fields import Code, Whole


def test_a_sentence_is_its_english_text_on_every_wire() -> None:
    made = sentence("must lie before %(day)s, in %(month)s", day=date(2025, 3, 9), month=Month(2025, 3))
    assert made == "must lie before 2025-03-09, in March 2025"
    assert json.dumps({"detail": made}) == '{"detail": "must lie before 2025-03-09, in March 2025"}'
    assert sentence("it is %(state)s", state=Label("publication", "published")) == "it is published"
    assert sentence("100 %%") == "100 %"
    assert [sentence_number("%(num)s day", "%(num)s days", number) for number in (1, 3)] == [
        "1 day",
        "3 days",
    ]


def test_a_copy_of_a_sentence_knows_its_parts() -> None:
    made = copy.deepcopy(sentence("not %(given)s", given="x"))
    assert isinstance(made, Sentence)
    assert (made, made.singular, dict(made.parts)) == ("not x", "not %(given)s", {"given": "x"})


def test_choices_are_joined_by_or() -> None:
    assert join_choices(["a"]) == "a"
    assert join_choices(["a", sentence("b"), "c"]) == "a or b or c"


def test_a_refusal_keeps_its_sentences_unless_they_are_cut_off() -> None:
    detail = sentence("not %(given)s", given="x")
    with pytest.raises(InvalidInput) as caught, prefix_fields("/part"):
        raise InvalidInput.at("/day", detail)
    assert caught.value.detail is detail
    assert caught.value.fields == (FieldError("/part/day", "not x"),)
    assert isinstance(caught.value.fields[0].detail, Sentence)
    cut = shorten_fields(sentence("not %(given)s", given="x" * 2000))
    assert (len(cut), isinstance(cut, Sentence)) == (800, False)


def test_what_a_shape_says_of_a_fault_stays_a_sentence_whatever_was_sent() -> None:
    shape = Schema.from_dict({"code": Code(["a", "b"]), "number": Whole(1, 9)})()
    with pytest.raises(ValidationError) as caught:
        shape.load({"code": "{0}", "number": 11})
    (code,), (number,) = caught.value.messages_dict["code"], caught.value.messages_dict["number"]
    assert (code, number) == ("must be one of a, b", "must be a whole number from 1 to 9")
    assert isinstance(code, Sentence)
    assert isinstance(number, Sentence)
