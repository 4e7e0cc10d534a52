"""Two spellings of one word are one, in every script; nothing that is typed is an error; a snippet shows the place."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import search
from tracker.domain.errors import InvalidInput
from tracker.domain.search import (
    WORD,
    WORDS,
    Term,
    fold_words,
    list_index_words,
    make_snippet,
    parse_terms,
)
from tracker.domain.search_entries import TEXT, make_entry

SAME = {
    "case": ("VETTING", "vetting"),
    "French diacritics": ("Enquête", "enquete"),
    "a ligature": ("cœur", "coeur"),
    "letters that Unicode does not take apart": ("Ærø Łódź", "aero lodz"),
    "a Turkish capital": ("İSTANBUL", "istanbul"),
    "harakat": ("مُحَاسَبَة", "محاسبة"),
    "tatweel": ("عـدالة", "عدالة"),
    "the forms of alef": ("أحمد إيمان آثار ٱسم", "احمد ايمان اثار اسم"),
    "alef maqsura": ("مستشفى", "مستشفي"),
    "ta marbuta": ("العدالة", "عداله"),
    "the article": ("الساحل", "ساحل"),
    "the article behind a letter": ("والساحل بالساحل للساحل", "ساحل ساحل ساحل"),
    "Persian and Kurdish letters": ("کوردی", "كوردي"),
    "Arabic digits": ("٢٠٢٥", "2025"),
    "presentation forms": ("\ufef5", "لا"),
    "a soft hyphen": ("account\u00adability", "accountability"),
    "full width": ("ＵＮ", "un"),
}


@pytest.mark.parametrize("what", SAME)
def test_two_spellings_of_one_word_are_one(what: str) -> None:
    one, other = SAME[what]
    assert fold_words(one) == fold_words(other) != []


def test_a_short_word_keeps_what_looks_like_an_article() -> None:
    assert fold_words("الله") == ["الله"]


def test_signs_part_words_and_are_none() -> None:
    assert fold_words("O'Brien's follow-up: (C-2), 30%!") == [
        "o",
        "brien",
        "s",
        "follow",
        "up",
        "c",
        "2",
        "30",
    ]
    assert fold_words("\u064b \u0301 \u200c") == []


@given(st.text(max_size=60))
def test_any_text_gives_words_that_both_engines_take_for_words(text: str) -> None:
    for word in fold_words(text):
        assert word
        assert not set(word) & set(" '\"\\*:()&|!<>^-\t\n{}")
        assert "\x00" not in word
        assert all(letter.isalnum() or ord(letter) > 127 for letter in word)


@given(st.text(max_size=60))
def test_folding_what_is_folded_changes_no_word_but_an_article(text: str) -> None:
    for word in fold_words(text):
        assert len(fold_words(word)) <= 1


def test_the_last_word_and_every_starred_one_is_a_beginning() -> None:
    assert parse_terms("vet* the forc") == (Term("vet", True), Term("the", False), Term("forc", True))
    assert parse_terms("O'Brien Brien") == (Term("obrien", False), Term("brien", True))


def test_a_beginning_finds_what_begins_so_and_a_word_only_itself() -> None:
    assert Term("vet", True).finds("vetting")
    assert Term("vet", False).finds("vet")
    assert not Term("vet", False).finds("vetting")


@pytest.mark.parametrize(
    "query", ["", "*", '"', "- : ( ) ^", "***", "NEAR", "AND OR NOT", "names:", '"a" -b']
)
def test_nothing_that_is_typed_means_anything_but_its_words(query: str) -> None:
    assert [term.word for term in parse_terms(query)] == fold_words(query)


def test_more_words_than_are_looked_for_are_refused_not_dropped() -> None:
    assert len(parse_terms(" ".join(f"w{n}" for n in range(WORDS)))) == WORDS
    with pytest.raises(InvalidInput) as caught:
        parse_terms(" ".join(f"w{n}" for n in range(WORDS + 1)))
    assert [field.pointer for field in caught.value.fields] == ["q"]


CONTENT = {
    "slug": "hrw",
    "name": "Human Rights Watch",
    "names": {"ar": "هيومن رايتس ووتش"},
    "aliases": [{"name": "HRW", "language": "en", "note": None}],
    "website": "https://example.org",
    "note": "Of New York.",
    "members": [{"name": "A Judge", "aliases": ["Judge A"], "role": "chair", "from_on": "2025-03-09"}],
    "lead": "org_1",
    "tags": [{"scheme": "sdg", "code": "16.3", "label": "Rule of law"}],
}


def test_a_thing_is_found_by_all_that_it_is_called_and_by_its_texts() -> None:
    found = make_entry("org_1", "organization", None, CONTENT)
    assert found.title == "Human Rights Watch"
    assert found.names.split("\n") == ["Human Rights Watch", "hrw", "هيومن رايتس ووتش", "HRW"]
    for said in ("A Judge", "Judge A", "chair", "Of New York.", "Rule of law", "16.3"):
        assert said in found.text
    for unsaid in ("sdg", "example.org", "org_1", "2025-03-09"):
        assert unsaid not in found.names + found.text


def test_a_thing_without_a_name_is_called_by_its_reference() -> None:
    assert make_entry("rec_1", "recommendation", "prc_1", {"reference": "C2"}).title == "C2"
    assert make_entry("rec_1", "recommendation", "prc_1", {}).title == ""


@pytest.mark.parametrize("letter", ["a", "\ufdfa", "و", "a'", "é\u200c"])
def test_a_text_of_one_long_word_takes_no_longer_than_another(letter: str) -> None:
    began = time.process_time()
    list_index_words(letter * 20_000)
    assert (
        time.process_time() - began < 2
    )  # looked through from each letter on, it took four; it takes a tenth


def test_of_the_marks_upon_one_letter_no_more_are_sorted_than_a_word_can_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths, normalize = [], unicodedata.normalize

    def note(form: Any, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", note)
    assert list_index_words("a" + "\u0301\u0323" * 10_000) == {"a"}
    assert 0 < max(lengths) < 1_000


def test_of_a_long_run_of_letters_nothing_is_kept_in_memory() -> None:
    before = search._part_words.cache_info().currsize
    long = "é\u2003" * WORD
    assert list_index_words(long) == list_index_words("é " * WORD)
    assert search._part_words.cache_info().currsize <= before + 1  # of the short one


def test_no_more_of_a_text_is_kept_than_is_looked_through() -> None:
    assert len(make_entry("rec_1", "recommendation", None, {"title": "x", "text": "y " * TEXT}).text) == TEXT


def test_a_snippet_is_one_line_around_the_first_word_that_was_found() -> None:
    text = "one two\n" * 40 + "Vetting of the forces " + "three four " * 60
    shown = make_snippet([text], parse_terms("vetting"))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "Vetting of the forces" in shown
    assert "\n" not in shown
    assert len(shown) <= 245


def test_a_snippet_of_a_short_text_is_the_text_and_of_another_word_its_beginning() -> None:
    assert make_snippet(["Vet the forces."], parse_terms("forces")) == "Vet the forces."
    assert make_snippet(["Vet the forces."], parse_terms("nowhere")) == "Vet the forces."
    assert make_snippet([""], parse_terms("x")) == ""
    assert make_snippet(["a " * 60 + "Vet the forces."], parse_terms("forces")).endswith("Vet the forces.")
    assert len(make_snippet(["x" * 900], parse_terms("y"))) == 241


def test_a_snippet_shows_the_name_that_was_found_where_the_text_has_no_such_word() -> None:
    texts = ("Vet the forces.", "اللجنة الوطنية للتحقيق")
    assert make_snippet(texts, parse_terms("لجنة")) == texts[1]
    assert make_snippet(texts, parse_terms("forces")) == texts[0]
    assert make_snippet(texts, parse_terms("nowhere")) == texts[0]


#: What is written -> what finds it.
FOUND_BY = {
    "في حلب وحماة ودمشق، لوزارة العدل وبمحكمة، عبد الكريم": [
        *("حلب", "حماة", "دمشق", "وزارة العدل", "محكمة", "عبدالكريم", "عبد الكريم", "ودمشق"),
    ],
    "إلى اللجنة وللجنة كتاب": ["اللجنة", "لجنة", "كتاب", "الكتاب"],
    "للجنة": ["اللجنة", "لجنة", "للجنة", "وللجنة", "الجنة"],
    "وَلِلَّجنة": ["اللجنة", "لجنة"],
    "للوزارة": ["وزارة", "الوزارة", "للوزارة"],
    "عبدالكريم": ["عبد الكريم", "عبدالكريم", "كريم", "الكريم"],
    "وعبدالله ولعبد الرحمن": ["عبد الله", "عبدالله", "عبدالرحمن", "عبد الرحمن"],
    "ولأبي بكر وأبوالحسن": ["أبو بكر", "ابوبكر", "أبو الحسن"],
    "Abd al-Karim Haddad": ["Abdelkarim", "Abdulkarim", "Abd el Karim", "abd al-karim", "karim"],
    "Abdelkarim": ["Abd al-Karim", "Abdalkarim", "Abd ul-Karim", "Karim"],
    "فدمشق وبدمشق": ["دمشق", "بدمشق"],
    "Abdul Karim": ["Abd al-Karim", "Abdelkarim", "Abdul-Karim"],
    "Abd al-Karim": ["Abdul Karim", "Abdel Karim"],
    "قال أبو الحسن": ["أبوالحسن", "ابو الحسن", "أبي الحسن", "الحسن"],
    "أبوالحسن": ["أبو الحسن", "الحسن"],
    "Abu al-Hassan": ["Aboulhassan", "Abou Hassan", "Abul Hassan", "Abu l-Hassan"],
    "Aboulhassan": ["Abu al-Hassan", "Abu Hassan", "Hassan"],
    "Ahmad al-Masri": ["elmasri", "Almasri", "al Masri", "el-Masri", "masri"],
    "Abd al-Rahman as-Salim": ["Abdurrahman", "Abd ar-Rahman", "Abderrahman", "al-Salim", "as-Salim"],
    "Abdurrahman": ["Abd al-Rahman", "Abd ar-Rahman", "Rahman"],
    "Nour ed-Din Zenki": ["Noureddin", "Nour Eddine", "Nour al-Din", "Noureldine", "Nour Zenki"],
    "Salahuddin": ["Salah Eddin", "Salah al-Din", "Salah ad-Din", "salah"],
    "نور الدين": ["نورالدين", "نور الدين", "نور"],
    "ونور الدين وبصلاح الدين": ["نورالدين", "صلاحالدين", "نور الدين"],
    "Nour Eddine, Salah Uddin": ["Nour ed-Din", "Noureddin", "Salah al-Din", "Salahaddin"],
    "Abd Elkarim, Abou Elhassan": ["Abdelkarim", "Abd al-Karim", "Karim", "Abu al-Hassan", "Hassan"],
    "صلاحالدين": ["صلاح الدين", "صلاح"],
    "Hay’at Tahrir ash-Sham": ["Hayat Tahrir", "Hay'at Tahrir al-Sham", "hay at", "Hay‘at"],
    "Darʿa, Sa‘d": ["Dara", "Dar'a", "Sad"],
    "O'Brien's": ["O'Brien", "OBrien", "brien"],
    "مسؤولية الشؤون": ["مسئولية", "شئون", "مسؤولية"],
    "مسئول": ["مسؤول"],
    "ومسؤولو الأمن وبشؤون البلدية": ["مسئولو", "شئون", "مسؤولو"],
}


@pytest.mark.parametrize(
    ("text", "query"), [(text, query) for text, found in FOUND_BY.items() for query in found]
)
def test_a_word_is_found_bare_and_joined_and_a_name_however_it_is_joined(text: str, query: str) -> None:
    words = list_index_words(text)
    assert all(any(term.finds(word) for word in words) for term in parse_terms(query)), words


@pytest.mark.parametrize(
    ("text", "query"),
    [
        *(("ولد", "لد"), ("بيت", "يت"), ("abdomen", "omen"), ("bell", "ell")),
        *(("although", "though"), ("abundant", "ndant"), ("أبواب", "اب")),
        *(("at the end", "al"), ("they dine", "el"), ("Aberdeen", "aber")),
    ],
)
def test_a_short_word_loses_no_letter(text: str, query: str) -> None:
    assert query not in list_index_words(text)
