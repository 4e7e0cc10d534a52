"""An addressee who has not answered is asked by a letter: drafted from the facts, sent by a person, and recorded as a
public act that there is no answer yet.
"""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def read_letter(browser: Browser, path: str) -> str:
    """The words of the letter, without its markup."""
    shown = browser.read(path)
    assert shown.status_code == 200
    (found,) = re.findall(r'<div class="letter"[^>]*>(.*?)</div>', shown.text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found))


def find_nothing(world: World, thing: str, day: date) -> None:
    """Record that the lead looked for the answer of the government on a day and found none."""
    more = {"addressee": world.government, "effective_on": day, "confirms": True}
    world.answer(thing, "response", "awaiting", **more)


def test_the_letter_is_made_of_what_everybody_may_read(browser: Browser, world: World) -> None:
    thing = world.recommendation("C1")
    text = read_letter(browser, f"/things/{thing}/letter")
    for fact in (
        "To Government",
        "On 3 February 2025, Watchdog made this recommendation to you, number C1 of Coast: Recommendation C1",
        "“Vet the forces.”",
        "Please tell us whether you accept it",
        "/en/coast/recommendations/C1",
        "For Desk",
    ):
        assert fact in text
    assert "none" not in text


def test_it_gets_plainer_each_time_it_was_recorded_that_there_is_no_answer(
    browser: Browser, world: World
) -> None:
    thing = world.recommendation("C1")
    path = f"/things/{thing}/letter"
    find_nothing(world, thing, date(2026, 5, 1))
    assert "We looked for your answer on 1 May 2026 and found none." in read_letter(browser, path)
    find_nothing(world, thing, date(2026, 6, 1))
    assert "This reminder is public." in read_letter(browser, path)
    find_nothing(world, thing, date(2026, 7, 1))
    shown = browser.read(path).text
    assert "recorded <bdi>3</bdi> times that there is no answer" in shown
    assert (
        f"/en/desk/subjects/{thing}/propose?track=response&amp;state=awaiting&amp;addressee={world.government}"
        in shown
    )
    assert "Please tell us" in read_letter(browser, f"{path}?step=asked")


def test_another_addressee_has_a_letter_of_its_own(browser: Browser, world: World) -> None:
    both = [{"organization_id": world.government}, {"organization_id": world.ministry, "role": "supporting"}]
    thing = world.recommendation("C1", addressees=both)
    find_nothing(world, thing, date(2026, 5, 1))
    assert "found none" in read_letter(browser, f"/things/{thing}/letter")
    other = read_letter(browser, f"/things/{thing}/letter?addressee={world.ministry}")
    assert "To Ministry" in other
    assert "found none" not in other
    assert browser.read(f"/things/{thing}/letter?addressee={world.press}").status_code == 404


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr")])
def test_it_is_written_in_the_language_of_its_reader(
    browser: Browser, world: World, language: str, direction: str
) -> None:
    path = f"/things/{world.recommendation('C1')}/letter?lang={language}"
    assert f'<div class="letter" lang="{language}" dir="{direction}">' in browser.read(path).text
    assert "Please" not in read_letter(browser, path)


def test_a_draft_has_no_letter_and_neither_has_what_another_desk_works_on(
    browser: Browser, world: World
) -> None:
    assert browser.read(f"/things/{world.recommendation('C2', publish=False)}/letter").status_code == 404
    assert browser.read(f"/things/{world.recommendation('C3', addressees=[])}/letter").status_code == 404


def test_whom_to_ask_again_leads_to_the_letter(browser: Browser, world: World) -> None:
    thing = world.recommendation("C1")
    find_nothing(world, thing, date(2026, 5, 1))
    link = f'href="/en/desk/things/{thing}/letter?addressee={world.government}"'
    assert link in browser.read("/silence").text
