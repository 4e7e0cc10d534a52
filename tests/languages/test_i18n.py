"""Every text is translated, in every form of its number, with every part in its place; days and names keep order."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from markupsafe import Markup

from tests.web.messages import TRANSLATED, list_messages, read_catalogue
from tracker.languages.i18n import choose_language, direction_of, find_locale, get_language

#: What a template says or decides.
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_every_text_and_no_other(language: str) -> None:
    found = {
        (one.context, tuple(one.id) if isinstance(one.id, list | tuple) else one.id)
        for one in read_catalogue(language)
        if one.id
    }
    assert found == set(list_messages(language)), (
        "run `python -m tests.web.messages`, and translate what is empty"
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_with_its_parts_in_every_form_of_a_number(language: str) -> None:
    catalogue = read_catalogue(language)
    for one in catalogue:
        if not one.id:
            continue
        assert not one.fuzzy, one.id
        texts = [one.string] if isinstance(one.string, str) else list(one.string)
        assert isinstance(one.id, str) or len(texts) == catalogue.num_plurals, one.id
        wanted = parts_of(one.id if isinstance(one.id, str) else one.id[1])
        for text in texts:
            assert text.strip(), one.id
            # "One day" and "two days" need no number in Arabic.
            assert wanted - {"num"} <= parts_of(text) <= wanted, (one.id, text)
            assert "<" not in text, one.id


def parts_of(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def list_texts(language: str) -> list[str]:
    written = [one.string for one in read_catalogue(language) if one.id]
    return [text for one in written for text in ([one] if isinstance(one, str) else one)]


def test_french_signs_stay_with_their_words() -> None:
    """A line that breaks before a colon, or inside of quotation marks, reads as a mistake."""
    loose = re.compile(r" [;:!?»]|« ")
    assert [text for text in list_texts("fr") if loose.search(text)] == []


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("ar", ["منظمة تقود", "مراقب ", "مراقباً", "استمارة", "كلمة سر", "حافظ آخر", "مضمون", "ًا", " و %("]),
        (
            "fr",
            [
                "observateur %",
                "observatrice",
                "verdict",
                "appréciation",
                "chef de file",
                "opérateur",
                "ouvrable",
            ],
        ),
    ],
)
def test_one_thing_has_one_word(language: str, other: list[str]) -> None:
    """Another word for what the glossary names, or another spelling, makes two things of one."""
    texts = list_texts(language)
    assert [(word, text) for word in other for text in texts if word in text] == []


def test_a_day_in_figures_keeps_its_order_among_arabic_words() -> None:
    """From right to left, 2025-04-09 would be shown as 09-04-2025, and typed so."""
    days = [day for text in list_texts("ar") for day in re.findall(r".?\d{4}-\d{2}\S*", text)]
    assert len(days) > 5
    assert [day for day in days if not re.fullmatch(r"\u2066[^\u2069]+\u2069\W*", day)] == []


def test_arabic_has_six_forms_of_a_number() -> None:
    arabic = get_language("ar")
    said = {
        number: arabic.say_number("%(num)s day overdue", "%(num)s days overdue", number).striptags()
        for number in (0, 1, 2, 3, 11, 100)
    }
    assert said == {
        0: "متأخر 0 يوم",
        1: "متأخر يوماً واحداً",
        2: "متأخر يومين",
        3: "متأخر 3 أيام",
        11: "متأخر 11 يوماً",
        100: "متأخر 100 يوم",
    }


def test_days_months_and_years_are_written_as_their_language_and_country_do() -> None:
    english, arabic, french = (get_language(code) for code in ("en", "ar", "fr"))
    assert [one.day("2025-04-09") for one in (english, french)] == ["9 April 2025", "9 avril 2025"]
    assert arabic.day("2025-04-09") == "9 أبريل 2025"
    assert arabic.in_country("SY").day(date(2025, 4, 9)) == "9 نيسان 2025"
    assert arabic.in_country("CA").day("2025-04") == "أبريل 2025"
    assert english.in_country("SY") is english
    assert [one.day("2011") for one in (english, arabic, french)] == ["2011"] * 3
    assert english.number(1383) == "1,383"


def test_a_part_of_a_sentence_is_escaped_and_isolated() -> None:
    english = get_language("en")
    said = english.say("addressed to %(who)s", who="<b>حكومة</b>")
    assert said == "addressed to <bdi>&lt;b&gt;حكومة&lt;/b&gt;</bdi>"
    assert english.say("addressed to %(who)s", who=Markup("<a>x</a>")) == "addressed to <a>x</a>"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, "en"), ("", "en"), ("ar", "ar"), ("AR-sy", "ar"), ("fr;q=0.1,ar;q=0.9", "ar"), ("de,es", "en"),
        ("fr;q=0,ar;q=0.1", "ar"), ("fr;q=x,ar;q=0.1", "ar"), ("fr;q=7,ar;q=0.1", "ar"), ("*", "en"),
        (",".join(["de"] * 40 + ["ar"]), "en"),
    ],
)  # fmt: skip
def test_the_language_that_a_reader_likes_best_is_chosen(accepted: str | None, chosen: str) -> None:
    assert choose_language(accepted) == chosen


def test_the_direction_of_a_text_follows_from_its_language_where_that_is_known() -> None:
    said = [direction_of(tag) for tag in ("ar", "ckb", "he", "en", "pt-BR", "qqq", None)]
    assert said == ["rtl", "rtl", "rtl", "ltr", "ltr", "auto", "auto"]
    assert find_locale("not a tag") is None
    assert get_language("fr").language_name("ar") == "arabe"
    assert get_language("fr").language_name("qqq") == "qqq"
    assert get_language("ar").country_name("SY") == "سوريا"
    assert get_language("en").country_name("QQ") == "QQ"


def test_no_template_has_a_comma_or_a_colon_of_one_language_between_what_it_shows() -> None:
    """Arabic has a comma of its own, French a space before a colon: a template takes both from the language."""
    folder = files("tracker.web").joinpath("templates")
    texts = {
        str(path): _EXPRESSION.sub("§", path.read_text("utf-8"))
        for path in Path(str(folder)).rglob("*.html")
        if path.parent.name != "docs"  # the reference of the interface is English
    }
    assert len(texts) > 100
    assert [path for path, text in texts.items() if re.search(r"[§>][,:] ?[§<]", text)] == []
    signs = [(get_language(code).comma, get_language(code).colon) for code in ("en", "ar", "fr")]
    assert signs == [(", ", ": "), ("، ", ": "), (", ", "\u00a0: ")]
