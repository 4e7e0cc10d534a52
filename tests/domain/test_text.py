"""A text shows what it says: whatever could make it show something else is refused by name, never dropped.
Slugs and references have one spelling each, and references sort as people count.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.text import (
    REFERENCE,
    REFERENCE_LENGTH,
    SLUG,
    SLUG_LENGTH,
    compose_label,
    find_fault,
    make_reference,
    make_slug,
    natural_sort_key,
    strip_cell,
    strip_word,
)


@pytest.mark.parametrize(
    ("letter", "kind"),
    [
        *((chr(code), "bidirectional control") for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
        *((chr(code), "control") for code in (*range(0x09), 0x0B, 0x0C, 0x0D, *range(0x0E, 0x20))),
        *((chr(code), "control") for code in range(0x7F, 0xA0)),
        *((chr(code), "unpaired surrogate") for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF)),
        *((chr(code), "line separator") for code in (0x2028, 0x2029)),
    ],
)
def test_a_character_that_hides_or_breaks_is_refused_with_its_name_and_place(letter, kind):
    for lines in (True, False):
        found = find_fault(f"ab{letter}c", lines=lines)
        assert found is not None
        assert found.startswith(kind)
        assert f"U+{ord(letter):04X} at position 2 is not allowed" in found


@pytest.mark.parametrize("letter", ["\n", "\t"])
def test_lines_and_tabs_stand_only_where_lines_may(letter):
    assert find_fault(f"a{letter}b", lines=True) is None
    assert (
        find_fault(f"a{letter}b", lines=False)
        == f"control character U+{ord(letter):04X} at position 1 is not allowed"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "اللجنة الوطنية المستقلة للتحقيق",
        "\u200fملف\u200f (PDF) \u200e2025\u061c",  # the marks that real right-to-left text needs
        "ועדת חקירה",
        "می\u200cخواهم",  # Persian needs the zero-width non-joiner
        "Kurdî: bêyî, şêr; français : « où »",
        "👩‍⚖️ and 漢字",
        "a\u00a0b",
    ],
)
def test_a_text_in_any_script_passes_as_it_is(text):
    assert find_fault(text, lines=False) is None


@given(st.text())
def test_what_passes_on_one_line_passes_on_many(text):
    if find_fault(text, lines=False) is None:
        assert find_fault(text, lines=True) is None
        assert "\x00" not in text
        text.encode()


@given(st.text(), st.sampled_from(["\u202e", "\x00", "\ud800", "\u2028"]), st.text())
def test_one_bad_character_anywhere_spoils_a_text(before, bad, after):
    assert find_fault(before + bad + after, lines=True) is not None


@pytest.mark.parametrize("value", ["coast", "syria-coast-2025", "7", "a-1-b"])
def test_a_slug_is_lower_case_words_joined_by_single_hyphens(value):
    assert re.search(SLUG, value)


@pytest.mark.parametrize("value", ["", "-a", "a-", "a--b", "A", "a_b", "a b", "é", "٣", "a/b"])
def test_whatever_else_is_no_slug(value):
    assert not re.fullmatch(SLUG, value)


@pytest.mark.parametrize("value", ["C2", "3.1", "Rec_7-b", "A"])
def test_a_reference_is_letters_and_digits_joined_by_dot_dash_or_underscore(value):
    assert re.search(REFERENCE, value)


@pytest.mark.parametrize("value", ["", ".1", "1.", "1..2", "a b", "a/b", "é", "٣"])
def test_whatever_else_is_no_reference(value):
    assert not re.fullmatch(REFERENCE, value)


def test_references_sort_as_people_count():
    told = ["1.9", "1.10", "2", "C1", "c2", "C10", "C10a", "C10b"]

    assert sorted(set(told), key=natural_sort_key) == told


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_in_a_reference_compare_as_numbers(one, other):
    assert (natural_sort_key(f"C{one}") < natural_sort_key(f"C{other}")) is (one < other)


@pytest.mark.parametrize(
    ("printed", "reference"),
    [
        ("1.2", "1.2"),
        ("002/24", "002-24"),
        ("R. 5", "R-5"),
        ("2(a)", "2-a"),
        ("«التوصية ١٢»", "12"),
        ("١٢/أ", "12-alef"),
        ("3 б)", "3-be"),
        ("Empfehlung №7", "Empfehlung-No7"),
        ("é-1", "e-1"),
        ("x" * 50, f"{'x' * 31}-77cf1206"),
        ("2\u00ad(a)", "2-a"),
        ("T\u00ad2\u200f", "T2"),
        ("—", None),
        ("توصية", None),
    ],
)
def test_a_reference_is_made_from_a_printed_number(printed: str, reference: str | None) -> None:
    assert make_reference(printed) == reference
    assert reference is None or re.fullmatch(REFERENCE, reference)


def test_long_numbers_that_begin_alike_get_two_references() -> None:
    begin = "A/HRC/55/12/Add.1, recommendation 138."
    made = {make_reference(f"{begin}{number}") for number in range(190, 210)}
    assert len(made) == 20
    assert all(re.fullmatch(REFERENCE, one) and len(one) <= REFERENCE_LENGTH for one in made if one)


def test_a_label_is_the_same_however_it_was_typed() -> None:
    assert compose_label(" Issued\u00a0\non\u200f ") == compose_label("Is\u00adsued  on") == "Issued on"
    assert compose_label("Enque\u0302te") == compose_label("Enquête")


def test_around_a_cell_space_is_left_out_and_around_a_word_marks_too() -> None:
    assert strip_cell("\u00a0\ufeff\n a\u00a0b\u200f \u3000") == "a\u00a0b\u200f"
    assert strip_cell("\x0ba\x1f") == "\x0ba\x1f", "a control character is no space"
    assert strip_word("\u202bvetting\u202c\u00ad ") == "vetting"


@given(st.text(min_size=1))
def test_a_slug_is_made_from_any_name(name: str) -> None:
    slug = make_slug(name)
    assert re.fullmatch(SLUG, slug)
    assert len(slug) <= SLUG_LENGTH


def test_two_names_of_another_script_get_two_slugs() -> None:
    assert make_slug("Ministère de la Justice") == "ministere-de-la-justice"
    assert make_slug("وزارة العدل") != make_slug("وزارة الداخلية")
    assert make_slug("UN وزارة").startswith("un-")
