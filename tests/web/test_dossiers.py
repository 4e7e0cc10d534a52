"""A dossier says what the pages say, with numbered evidence; its address makes the same bytes again; and no text of the
record becomes markup, in Markdown either.
"""

from __future__ import annotations

import base64
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from tests.conftest import Clock
from tests.revising import revise_record
from tests.web.scenes import Scenes
from tests.web.test_hostile import LINK, Hostile
from tests.web.test_pages import text_of
from tests.world import World
from tracker.languages.i18n import LANGUAGES, get_language, isolate
from tracker.languages.texts import Text
from tracker.public.events import find_last_place
from tracker.public.tables import log
from tracker.tlog import tree
from tracker.web.public import reading
from tracker.web.public.dossier import edition as editions
from tracker.web.public.dossier import findings
from tracker.web.public.dossier.blocks import Heading, Items, Link, Paragraph, Quote, Section, Table
from tracker.web.public.dossier.edition import SECTIONS
from tracker.web.public.dossier.markdown import write_dossier

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_address(page: str) -> str:
    """The address that makes a dossier again, without the host."""
    return unescape(re.findall(r'href="http://127\.0\.0\.1:8000(/en/coast/dossier\?[^"]+)"', page)[-1])


def test_it_tells_what_was_due_who_says_what_and_on_which_evidence(
    scenes: Scenes, browser: FlaskClient
) -> None:
    assert 'href="/en/coast/dossier"' in browser.get("/en/coast").get_data(as_text=True)
    as_page = text_of(browser.get("/en/coast/dossier"))
    answer = browser.get("/en/coast/dossier.md")
    assert answer.content_type == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Language"] == "en"
    as_text = answer.get_data(as_text=True)
    for sentence in (
        "Inquiry was to report by 8 April 2025.",
        "Came on 13 July 2025, 3 days late · 93 days later than first set",
        "Desk looked at 1 of 2 recommendations and finds 0 implemented.",
        "Its full text is still not public, 498 days later.",
        "Watchdog: Vet the forces is now under way",
    ):
        assert sentence in as_page, sentence
        assert sentence in as_text, sentence
    assert "Watchdog: Under way since 1 September 2025 Because it is so. Supports: [1]" in as_page
    assert "Watchdog: **Under way** since 1 September 2025" in as_text
    assert "A report. Published by: Press" in as_page
    assert (
        f"1. [A report](<http://127.0.0.1:8000/en/coast/evidence/{scenes.item}>). Published by: Press"
        in as_text
    )
    size = find_last_place(scenes.world.session.connection())
    assert base64.b64encode(log.root(scenes.world.session.connection(), size)).decode() in as_page
    assert f"checkpoint={size}" in as_text
    assert size > 20
    assert log.root(scenes.world.session.connection(), 0) == tree.EMPTY_ROOT


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_are_chosen_and_stand_in_their_order(
    scenes: Scenes, browser: FlaskClient, language: str
) -> None:
    whole = browser.get(f"/{language}/coast/dossier").get_data(as_text=True)
    assert re.findall(r'<h2 id="(\w+)"', whole) == [*SECTIONS, "evidence", "colophon"]
    asked = f"/{language}/coast/dossier?sections=silence&sections=reports,silence"
    some = browser.get(asked).get_data(as_text=True)
    assert re.findall(r'<h2 id="(\w+)"', some) == ["reports", "silence", "evidence", "colophon"]
    assert some.count(" checked>") == 2
    assert "sections=reports%2Csilence" in some


def test_what_changed_between_two_days_is_told_and_no_more(scenes: Scenes, browser: FlaskClient) -> None:
    asked = "/en/coast/dossier?sections=changes&since=2025-08-01&as_of=2025-08-31"
    page = text_of(browser.get(asked))
    assert "What took effect from 1 August 2025 to 31 August 2025" in page
    assert "Desk: Vet the forces is now stalled" in page
    assert "under way" not in page
    assert "extended" not in page


def test_its_address_gives_the_same_bytes_whatever_is_done_later(
    scenes: Scenes, browser: FlaskClient, clock: Clock
) -> None:
    world = scenes.world
    pinned = read_address(browser.get("/en/coast/dossier").get_data(as_text=True))
    first, as_text = browser.get(pinned).data, browser.get(pinned.replace("dossier?", "dossier.md?")).data
    clock.move(days=40)
    world.answer(scenes.vetting, "implementation", "underway", cites=(scenes.item,))
    world.answer(world.committee, "adequacy.time", "partly_met", cites=(scenes.item,))
    world.recommendation("R3", title="Asked for later")
    with world.act(world.editor) as act:
        revise_record(
            act, scenes.item, "evidence", {"title": "Another title", "reason": "It was wrong."}, None
        )
        revise_record(
            act, world.watchdog, "organization", {"name": "New Name", "reason": "It was wrong."}, None
        )
        revise_record(act, world.process, "process", {"title": "New title", "reason": "It was wrong."}, None)
    now = browser.get("/en/coast/dossier").get_data(as_text=True)
    assert "Asked for later" in now
    assert "Another title" in now
    assert "New Name" in now
    assert "New title" in now
    assert browser.get(pinned).data == first
    assert browser.get(pinned.replace("dossier?", "dossier.md?")).data == as_text
    world.withdraw(scenes.vetting, "It named a witness.")
    assert b"<bdi>R1</bdi>" in first
    assert b"<bdi>R1</bdi>" not in browser.get(pinned).data


def test_however_an_edition_is_asked_for_its_links_are_the_same(scenes: Scenes, browser: FlaskClient) -> None:
    """Pages are kept by what is asked, and given to all who ask it."""
    size = find_last_place(scenes.world.session.connection())
    asked = browser.get(f"/en/coast/dossier?as_of=2025-09-09&checkpoint={size}&sections=summary").text
    assert (
        f'href="http://127.0.0.1:8000/fr/coast/dossier?sections=summary&amp;checkpoint={size}&amp;as_of='
        in asked
    )


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("sections=summary,people", "“people” is nothing that “sections” can be here."),
        ("checkpoint=0", "“0” is nothing that “checkpoint” can be here."),
        ("checkpoint=99999", "“99999” is nothing that “checkpoint” can be here."),
        ("checkpoint=x", "“x” is nothing that “checkpoint” can be here."),
        ("since=yesterday", "“yesterday” is no day."),
        ("known_at=2025-01-01", "It takes: sections, since, checkpoint, as_of."),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name(
    world: World, browser: FlaskClient, asked: str, says: str
) -> None:
    for form in ("", ".md"):
        answer = browser.get(f"/en/coast/dossier{form}?{asked}")
        assert (answer.status_code, answer.content_type) == (422, "text/html; charset=utf-8")
        assert says in text_of(answer)


def test_a_large_process_is_counted_where_it_is_not_told(
    scenes: Scenes, browser: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "MOST_RECOMMENDED", 1)
    monkeypatch.setattr(findings, "MOST_DIFFERING", 0)
    monkeypatch.setattr(findings, "MOST_RESOURCES", 0)
    monkeypatch.setattr(findings, "MOST_COMMITTEES", 0)
    scenes.world.resource(scenes.world.committee)
    clock.move(seconds=1)
    monkeypatch.setattr(editions, "MOST_CITED", 1)
    monkeypatch.setattr(editions, "MOST_KNOWN", 3)
    monkeypatch.setattr(reading, "MOST_KNOWN", 3)
    page = browser.get("/en/coast/dossier").get_data(as_text=True)
    shown = text_of(browser.get("/en/coast/dossier"))
    assert "1 more is counted here and not told: a dossier tells the first 1 one by one." in shown
    assert "Mark the graves" not in shown
    assert "Only the first 0 are told here. The whole record" in shown
    assert "1 more is not listed here. Disagreements" in shown
    assert "1 more is counted here and not told: a dossier tells the first 0 one by one." in shown
    assert page.count('id="evidence-') == 1
    assert "The address gives the same text only until the next act in the process: keep this file." in shown
    pinned = read_address(page)
    assert browser.get(pinned).status_code == 200
    clock.move(seconds=1)
    scenes.world.recommendation("R3")
    assert "Leave out “checkpoint”, or use the file that was made then." in text_of(browser.get(pinned))


def list_inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def test_no_text_becomes_markup_in_markdown(hostile: Hostile, browser: FlaskClient) -> None:
    for language in ("en", "ar"):
        tokens = PARSER.parse(browser.get(f"/{language}/hostile/dossier.md").get_data(as_text=True))
        inline = list_inline(tokens)
        assert {one.type for one in tokens if one.type.startswith(("html", "fence", "hr"))} == set()
        assert {one.type for one in inline} == {
            "text",
            "strong_open",
            "strong_close",
            "link_open",
            "link_close",
        }
        leads = {str(one.attrs["href"]) for one in inline if one.type == "link_open"}
        evil = LINK.replace("'><script>", "'%3E%3Cscript%3E")
        assert evil in leads
        assert all(address.startswith("http://127.0.0.1:8000/") for address in leads - {evil})
        words = "".join(one.content for one in inline if one.type == "text")
        assert words.count("<script>alert(1)</script>") > 20


@given(st.text(st.sampled_from("ab1 .)-+=#>*_`~[](){}!<>|\\&;:@$^/w\n\t\u2028\u202eبx"), max_size=24))
def test_whatever_a_text_is_it_is_read_as_itself(text: str) -> None:
    line = [isolate(text), Markup(": "), Link("https://a.example/(x)|<y>\n", isolate(text))]
    blocks = [
        Heading(line), Paragraph(line), Quote(Text(f"a\n\n{text}", None)), Items([line, line]),
        Table(Markup("x"), [Markup("{}").format(text)] * 2, [[line, line]]),
    ]  # fmt: skip
    written = write_dossier(
        Markup("{}").format(f"a{text}"), [Section("x", Markup("b"), blocks)], get_language("en")
    )
    tokens = PARSER.parse(written.decode())
    kinds = [one.type for one in tokens if one.type.endswith("_open") and one.type != "paragraph_open"]
    assert kinds[:4] == ["heading_open", "heading_open", "heading_open", "blockquote_open"]
    assert kinds[4:7] == ["bullet_list_open", "list_item_open", "list_item_open"]
    assert kinds.count("td_open") == 2
    wanted = " ".join(f"{text}: {text}".split())
    cells = [
        "".join(one.content for one in token.children or ()) for token in tokens if token.type == "inline"
    ]
    assert " ".join(cells[2].split()) == wanted
    assert [" ".join(cell.split()) for cell in cells[-2:]] == [wanted] * 2
    assert {one.type for one in list_inline(tokens)} <= {"text", "link_open", "link_close"}
