"""What is refused can be said in every language: each title, and each text of floors that people at the desk meet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tracker.app  # noqa: F401  # it imports every refusal there is
from tests.web.messages import TRACKER, TRANSLATED
from tracker.api.http.problems import list_refusals
from tracker.domain.sentences import sentence, sentence_number
from tracker.languages.i18n import get_language

#: The floors whose refusals are sentences. What is left speaks to programs and operators, in English.
FLOORS = ("domain", "schemas", "actions", "store", "tables", "database", "files", "outgoing", "web/desk")
#: A process of its own reads a PDF; what it says of one that cannot be read does not leave it.
APART = {"files/formats/pdf_reader.py"}
REFUSALS = {kind.__name__ for kind in list_refusals()}
#: What makes a refusal, besides its class -> which argument is its text.
MAKERS = {"FieldError": 1, "ValidationError": 0}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_title_of_a_refusal_is_translated(code: str) -> None:
    titles = {kind.title for kind in list_refusals()}
    assert len(titles) > 60
    say = get_language(code).say
    assert [title for title in titles if say(title) == title] == []


def test_what_is_refused_on_these_floors_is_a_sentence() -> None:
    paths = sorted(path for floor in FLOORS for path in (TRACKER / floor).rglob("*.py"))
    texts = [f"{path.relative_to(TRACKER)}:{line}" for path in paths for line in list_texts(path)]
    assert {text.partition(":")[0] for text in texts} == APART, texts


def list_texts(path: Path) -> Iterator[int]:
    """The lines on which a refusal is given a text that is no sentence."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and (place := find_place(call.func)) is not None:
            given = call.args[place : place + 1]
            yield from (one.lineno for one in given if isinstance(one, ast.Constant | ast.JoinedStr))


def find_place(called: ast.expr) -> int | None:
    """Which argument of a call is the text of a refusal; None where it makes none."""
    if isinstance(called, ast.Attribute) and called.attr == "at":
        return 1 if name_of(called.value) in REFUSALS else None
    return MAKERS.get(name_of(called), 0 if name_of(called) in REFUSALS else None)


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_a_part_of_a_sentence_is_kept_apart_and_a_sentence_in_it_is_said_too() -> None:
    inner = sentence("must be a list")
    made = sentence("%(detail)s (here: %(value)s)", detail=inner, value="<b>x</b>")
    assert made == "must be a list (here: <b>x</b>)"
    arabic = get_language("ar").tell(made)
    assert arabic == "يجب أن تكون قائمة (هنا: <bdi>&lt;b&gt;x&lt;/b&gt;</bdi>)"


def test_a_sentence_takes_the_form_of_its_number() -> None:
    made = {
        number: sentence_number("%(num)s more are not valid", "%(num)s more are not valid", number)
        for number in (1, 2, 3)
    }
    assert {number: get_language("ar").tell(one).striptags() for number, one in made.items()} == {
        1: "وعنصر آخر غير صالح",
        2: "وعنصران آخران غير صالحين",
        3: "و3 عناصر أخرى غير صالحة",
    }
