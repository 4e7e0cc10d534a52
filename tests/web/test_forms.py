"""Forms: what people type becomes what REST reads, and what is wrong stands beside its field."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.domain.errors import FieldError, InvalidInput, StaleEdit
from tracker.schemas.day_fields import Day, Moment
from tracker.schemas.fields import Code, Strict, Text, Truth, Whole
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.web.filled_forms import FilledForm
from tracker.web.forms import TOKEN, Field, Form, read_pairs


class Part(Strict):
    name = Text(20, required=True)
    day = Day()


class Shape(Strict):
    title = Text(40, required=True)
    text = Text(500, lines=True, allow_none=True)
    type = Code(("a", "b"), allow_none=True)
    urgent = Truth()
    number = Whole(1, 9)
    day = Day()
    at = Moment()
    tags = list_of(Code(("x", "y", "z")), 3)
    names = list_of(Text(10), 5)
    parts = list_of_shapes(Part, 3)
    password = Text(40, metadata={"format": "password"})


NAMES = (
    *(
        "title",
        "text",
        "type",
        "urgent",
        "number",
        "day",
        "at",
        "tags",
        "names",
        "parts/*/name",
        "parts/*/day",
    ),
    "password",
)
FORM = Form(Shape, *(Field(name, name.upper()) for name in NAMES), button="Save")
EDIT = Form(Shape, *(Field(name, name.upper()) for name in NAMES), button="Save", edits=True)


def load(form: Form, **typed: str | list[str]) -> dict[str, Any]:
    pairs = [
        (name.replace("__", "/"), value)
        for name, given in typed.items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    return form.load(form.drop_empty_rows(form.keep_known(pairs)))


def test_days_and_numbers_are_typed_in_the_digits_of_any_keyboard() -> None:
    read = load(FORM, title="العدد ٣", number="٣", day="\u200f٢٠٢٥-٠٣-٠٩\u200f")
    assert (read["title"], read["number"], str(read["day"])) == ("العدد ٣", 3, "2025-03-09")


def test_each_member_has_the_field_that_its_shape_asks_for() -> None:
    kinds = [FORM.kind_of(name) for name in NAMES]
    assert kinds == [
        *(
            "text",
            "textarea",
            "select",
            "checkbox",
            "number",
            "date",
            "datetime-local",
            "checkboxes",
            "lines",
        ),
        *("text", "date", "password"),
    ]
    assert FORM.is_long
    assert FORM.is_listed


def test_what_is_typed_is_read_as_rest_reads_it() -> None:
    found = load(
        FORM,
        title=" A title ",
        text="Two\r\nlines",
        type="a",
        urgent="on",
        number="3",
        day="2025-03-09",
        tags=["x", "z"],
        names="Amal\n\n Badr ",
        parts__0__name="One",
        parts__0__day="2025-03-09",
        parts__1__name="",
        parts__1__day="",
        parts__2__name="Two",
        unknown="x",
    )
    assert str(found.pop("day")) == "2025-03-09"
    assert [(one["name"], str(one.get("day"))) for one in found.pop("parts")] == [
        ("One", "2025-03-09"),
        ("Two", "None"),
    ]
    assert found == {
        "title": "A title",
        "text": "Two\nlines",
        "type": "a",
        "urgent": True,
        "number": 3,
        "tags": ["x", "z"],
        "names": ["Amal", "Badr"],
    }


def test_what_is_empty_is_left_out_and_taken_away_in_an_edit() -> None:
    assert load(FORM, title="A", text="", type="") == {"title": "A", "urgent": False}
    emptied = {"title": "A", "text": None, "urgent": False, "tags": [], "parts": []}
    assert load(EDIT, title="A", text=" ", number="") == emptied  # of boxes and rows a browser sends nothing
    assert load(EDIT, title="A", text=" ", names="") == {**emptied, "names": []}


def test_faults_stand_beside_their_field_and_what_has_none_stands_on_top() -> None:
    typed = FORM.drop_empty_rows(
        FORM.keep_known([("title", ""), ("number", "many"), ("parts/1/name", ""), ("parts/3/day", "soon")])
    )
    assert "parts/0/day" in typed
    with pytest.raises(InvalidInput) as caught:
        FORM.load(typed)
    filled = FilledForm(FORM, typed, caught.value)
    said = {id: detail for id, _about, _place, detail in filled.faults}
    assert said["field-title"] == "is required"
    assert said["field-number"].startswith("must be a whole number from ")
    assert said["field-parts-0-name"] == "is required"
    beside = {one.place: one.faults for one in filled.inputs if one.faults}
    assert set(beside) == {"title", "number", "parts/0/name", "parts/0/day"}
    assert {one.place: one.value for one in filled.inputs}["number"] == "many"
    faults = [("/other", "is odd"), ("/parts", "takes less"), ("", "is wrong")]
    elsewhere = InvalidInput("no", fields=[FieldError(*one) for one in faults])
    said_of = [(id, place, detail) for id, _about, place, detail in FilledForm(FORM, {}, elsewhere).faults]
    parts = ("field-parts-0-name", "parts", "takes less")
    assert said_of == [("", "other", "is odd"), parts, ("", "", "is wrong")]


def test_values_stand_in_their_fields_and_lists_have_an_empty_row() -> None:
    typed = FORM.write(
        {
            "title": "A",
            "urgent": False,
            "number": 3,
            "tags": ["x"],
            "names": ["Amal", "Badr"],
            "parts": [{"name": "One", "day": None}],
            "type": None,
        }
    )
    assert typed == {
        "title": ["A"],
        "urgent": [""],
        "number": ["3"],
        "tags": ["x"],
        "names": ["Amal\nBadr"],
        "parts/0/name": ["One"],
    }
    filled = FilledForm(FORM, typed, choices={"title": [("A", "The A")]})
    rows = [[one.place for one in row] for row in filled.rows if len(row) > 1]
    assert rows == [["parts/0/name", "parts/0/day"], ["parts/1/name", "parts/1/day"]]
    inputs = {one.place: one for one in filled.inputs}
    assert (inputs["title"].kind, list(inputs["title"].choices)) == ("select", [("A", "The A")])
    assert [code for code, _called in inputs["tags"].choices] == ["x", "y", "z"]
    assert (inputs["title"].required, inputs["parts/1/name"].required) == (True, False)
    assert inputs["title"].longest == 40
    full = FORM.write({"parts": [{"name": "One"}] * 3})
    assert sum(len(row) > 1 for row in FilledForm(FORM, full).rows) == 3, "no row beyond those that are read"


def test_a_stale_edit_shows_both_texts_where_they_differ_and_no_password() -> None:
    mine = {"title": ["Mine"], "number": ["3"], "day": [""], "password": ["secret"]}
    theirs = {"title": ["Theirs"], "number": ["3"], "text": ["New"]}
    filled = FilledForm(FORM, mine, StaleEdit("it changed"), theirs=theirs)
    said = [(one.place, one.value, other.value) for one, other in filled.differences]
    assert said == [("title", "Mine", "Theirs"), ("text", "", "New")]
    assert FilledForm(FORM, mine).differences == []


def test_fields_of_the_form_itself_are_read_apart_and_secrets_are_known() -> None:
    assert read_pairs([(TOKEN, "t"), ("title", "x")]) == {TOKEN: "t"}
    assert [name for name in (TOKEN, "password", "title", "parts/0/name") if FORM.is_secret(name)] == [
        TOKEN,
        "password",
    ]


def test_what_may_wait_stands_behind_a_step_until_something_stands_in_it() -> None:
    form = Form(
        Shape,
        Field("title", "Title"),
        Field("text", "Text", rest=True),
        Field("type", "Type", rest=True),
        Field("parts/*/name", "Name"),
        button="Save",
    )

    def list_places(filled: FilledForm) -> list[list[str]]:
        return [[one.place for row in rows for one in row] for rows in filled.parted_rows]

    assert list_places(FilledForm(form, {})) == [["title", "parts/0/name"], ["text", "type"]]
    typed = {"text": ["So it is."], "parts/0/name": ["A"]}
    assert list_places(FilledForm(form, typed)) == [
        ["title", "text", "parts/0/name"],
        ["type", "parts/1/name"],
    ]
    refusal = InvalidInput("", fields=[FieldError("/type", "is none")])
    assert list_places(FilledForm(form, {}, refusal))[1] == ["text"]
    assert list_places(FilledForm(form, {}, needed=("text",)))[1] == ["type"]
