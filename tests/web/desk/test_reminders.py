"""An addressee who has not answered is asked by a letter: drafted from the facts, sent by a person, and recorded as a
public act.
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


def take(world: World, thing: str, step: str, day: date) -> None:
    """Record a step with the government."""
    world.answer(thing, "reminder", step, addressee=world.government, effective_on=day)


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


def test_it_gets_plainer_with_each_step_and_says_what_follows(browser: Browser, world: World) -> None:
    steps = ("asked", "reminded", "reminded_in_public", "silence_recorded")
    world.process = world.make_process("ladder", reminders=[{"step": one, "after_days": 30} for one in steps])
    thing = world.recommendation("C1")
    path = f"/things/{thing}/letter"
    assert "If we have no answer by 23 December 2026, we will remind you." in read_letter(browser, path)
    assert f'href="/en/desk{path}?addressee={world.government}"' in browser.read("/queue?kind=reminder").text
    assert "Take the next step with an addressee" in browser.read("/").text
    take(world, thing, "asked", date(2026, 5, 1))
    text = read_letter(browser, path)
    assert "We asked you for your answer on 1 May 2026 and have none." in text
    assert "we will remind you in public" in text
    take(world, thing, "reminded", date(2026, 6, 1))
    assert "This reminder is public." in read_letter(browser, path)
    shown = browser.read(path).text
    assert "(step <bdi>2</bdi> of <bdi>4</bdi>)" in shown
    assert (
        f"/en/desk/subjects/{thing}/propose?track=reminder&amp;state=reminded_in_public"
        f"&amp;addressee={world.government}" in shown
    )
    assert "Please tell us" in read_letter(browser, f"{path}?step=asked")
    due = {"owner_id": thing, "type": "government_response_due", "rule": None, "set_on": date(2025, 4, 3)}
    world.deadline(**due, due_on=date(2027, 1, 10))
    text = read_letter(browser, path)
    assert "Your answer is due by 10 January 2027." in text
    assert "If we have no answer by 11 January 2027, we will record that you did not answer." in text


def test_without_a_ladder_the_letter_is_that_of_the_step_after_the_last(
    browser: Browser, world: World
) -> None:
    both = [{"organization_id": world.government}, {"organization_id": world.ministry, "role": "supporting"}]
    thing = world.recommendation("C1", addressees=both)
    take(world, thing, "asked", date(2026, 5, 1))
    assert "We asked you" in read_letter(browser, f"/things/{thing}/letter")
    other = read_letter(browser, f"/things/{thing}/letter?addressee={world.ministry}")
    assert "To Ministry" in other
    assert "We asked you" not in other
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
    take(world, thing, "reminded", date(2026, 5, 1))
    link = f'href="/en/desk/things/{thing}/letter?addressee={world.government}"'
    assert link in browser.read("/silence").text
