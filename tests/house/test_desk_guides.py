"""The guide of the desk, in English and Arabic: both say the same under the same headings, name the same commands and
the same words of the screens, and show the same screens in their own language.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.web.messages import read_catalogue
from tracker.languages.i18n import LANGUAGES

DOCS = Path(__file__).resolve().parents[2] / "docs"
ENGLISH, ARABIC = ((DOCS / name).read_text("utf-8") for name in ("desk.md", "desk.ar.md"))
_WORDS = re.compile(r"\*\*([^*]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)]+)\)")
_PICTURE = re.compile(r"!\[[^\]]+\]\(pictures/([a-z]+)-(en|ar)\.png\)")
#: The pictures together may have so many, each so many bytes.
MOST_PICTURES, MOST_BYTES = 8, 60_000


def split(page: str) -> list[str]:
    """A page by its headings, of one level below the first."""
    return re.split(r"^## ", page, flags=re.M)


def words_of(text: str) -> list[str]:
    return [" ".join(words.split()) for words in _WORDS.findall(text)]


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    return {one.id: one.string for one in read_catalogue("ar") if isinstance(one.id, str)}


def test_the_words_of_the_screens_are_those_that_the_screens_have(translated: dict[str, str]) -> None:
    assert len(words_of(ENGLISH)) > 60
    assert [words for words in words_of(ENGLISH) if words not in translated] == []
    for english, arabic in zip(split(ENGLISH), split(ARABIC), strict=True):
        wanted = Counter(translated[words] for words in words_of(english))
        assert Counter(words_of(arabic)) == wanted, english.partition("\n")[0]


def test_both_name_the_same_commands_and_numbers_and_lead_to_the_same_pages() -> None:
    for english, arabic in zip(split(ENGLISH), split(ARABIC), strict=True):
        heading = english.partition("\n")[0]
        assert Counter(_CODE.findall(arabic)) == Counter(_CODE.findall(english)), heading
        leads = [Counter(_LINK.findall(text)) for text in (english, arabic)]
        same = [
            Counter(re.sub(r"-(en|ar)\.png", "", link) for link in found if "desk" not in link)
            for found in leads
        ]
        assert same[0] == same[1], heading
        assert english.count("\n- ") == arabic.count("\n- "), heading
        assert len(re.findall(r"\n\d\. ", english)) == len(re.findall(r"\n\d\. ", arabic)), heading
        assert Counter(re.findall(r"\d[\d,]+", arabic)) == Counter(re.findall(r"\d[\d,]+", english)), heading


def test_its_pictures_are_small_and_each_is_shown_in_its_language() -> None:
    shown = {language: _PICTURE.findall(page) for language, page in (("en", ENGLISH), ("ar", ARABIC))}
    assert {language for found in shown.values() for _name, language in found} <= set(LANGUAGES)
    assert [name for name, _en in shown["en"]] == [name for name, _ar in shown["ar"]]
    for language, found in shown.items():
        assert {said for _name, said in found} == {language}
    named = {f"{name}-{language}.png" for found in shown.values() for name, language in found}
    files = {path.name: path for path in (DOCS / "pictures").iterdir()}
    assert files.keys() == named
    assert len(files) <= MOST_PICTURES
    for path in files.values():
        assert path.stat().st_size <= MOST_BYTES, path.name
        with Image.open(path) as picture:
            assert (picture.format, picture.mode) == ("PNG", "P"), path.name
