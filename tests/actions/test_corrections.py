"""A mistake is mended by a new change that says what it corrects; nothing approved is edited or deleted (rule 3)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import standings, statuses
from tracker.actions.operations import rebuild
from tracker.domain import errors
from tracker.public import queries


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


def lead(world: World, asked: str) -> dict[str, Any]:
    found = standings.read_standing(world.session, asked, world.clock(), None)["answers"]
    said: dict[str, Any] = next(one for one in found if one["track"] == "implementation")["lead"]
    return said


def document(world: World, asked: str) -> dict[str, Any]:
    body = queries.find_document(world.session.connection(), "recommendation", asked, world.clock()).body
    said: dict[str, Any] = json.loads(body)
    return said


def test_a_correction_puts_something_else_in_the_place_of_a_mistake(world: World, asked: str) -> None:
    wrong = world.answer(asked, "implementation", "not_started")
    right = world.answer(
        asked, "implementation", "stalled", corrects=wrong.id, effective_on=date(2025, 5, 20)
    )
    assert (right.act, right.from_state) == ("correction", "not_assessed")
    found = lead(world, asked)
    assert (found["state"], found["since"]) == ("stalled", date(2025, 5, 20))


def test_a_correction_can_take_a_mistake_back_altogether(world: World, asked: str) -> None:
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 5, 1))
    wrong = world.answer(asked, "implementation", "stalled")
    world.answer(asked, "implementation", "not_started", corrects=wrong.id)
    assert lead(world, asked)["state"] == "not_started"


def test_what_was_first_said_of_a_subject_can_be_annulled(world: World, asked: str) -> None:
    wrong = world.answer(asked, "implementation", "not_started")
    world.answer(asked, "implementation", "not_assessed", corrects=wrong.id)
    assert lead(world, asked)["state"] == "not_assessed"


def test_what_was_wrong_says_which_act_corrects_it_wherever_it_stands(
    world: World, asked: str, client: FlaskClient, clock: Clock
) -> None:
    item = world.item()
    world.answer(asked, "implementation", "stalled", cites=(item,))
    [wrong] = document(world, asked)["history"]
    clock.move(hours=1)
    before = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    world.answer(asked, "implementation", "underway", corrects=wrong["id"], cites=(item,))
    right, then = document(world, asked)["history"]
    assert (right["corrected_by"], then["corrected_by"]) == (None, right["event"])
    shown = {act["id"]: client.get(f"/v1/public/events/{act['event']}").json for act in (right, then)}
    assert [act["corrected_by"] for act in shown.values()] == [None, right["event"]]
    path = f"/v1/public/recommendations/{asked}?as_of=2026-11-01"
    assert client.get(path).json["history"][1]["corrected_by"] == right["event"]
    assert client.get(f"{path}&known_at={before}").json["history"][0]["corrected_by"] is None
    link = f'<a class="note" href="/en/acts/{right["event"]}">It was corrected later.</a>'
    pages = (
        f"acts/{wrong['event']}",
        "coast",
        "coast/changes",
        f"coast/evidence/{item}",
        "coast/recommendations/C1",
    )
    for page in pages:
        assert client.get(f"/en/{page}").text.count(link) == 1, page
    assert client.get("/en/coast/dossier").text.count("It was corrected later.") == 1
    at = shown[right["id"]]["at"]
    marked = [
        (one["_tracker"]["id"], one["content_text"].partition("\n")[0], one["date_modified"])
        for one in client.get("/feeds/coast/changes.json").json["items"]
        if "corrected later" in one["content_text"]
    ]
    assert marked == [(wrong["event"], "It was corrected later.", at)]
    assert link not in client.get(f"/en/acts/{right['event']}").text


def test_both_stay_in_the_history_and_in_public(world: World, asked: str) -> None:
    wrong = world.answer(asked, "implementation", "not_started")
    right = world.answer(asked, "implementation", "stalled", corrects=wrong.id)
    history = document(world, asked)["history"]
    assert [(one["id"], one["corrects"]) for one in history] == [(right.id, wrong.id), (wrong.id, None)]


def test_a_mistake_is_corrected_once(world: World, asked: str) -> None:
    wrong = world.answer(asked, "implementation", "not_started")
    waiting = world.propose(asked, "implementation", "no_evidence", corrects=wrong.id)
    right = world.answer(asked, "implementation", "stalled", corrects=wrong.id)
    with refused(world, errors.AlreadyDone):
        world.propose(asked, "implementation", "not_implemented", corrects=wrong.id)
    with refused(world, errors.AlreadyDone), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)
    world.answer(asked, "implementation", "not_implemented", corrects=right.id)
    assert lead(world, asked)["state"] == "not_implemented"


def test_only_an_approved_change_of_the_same_line_is_corrected(world: World, asked: str) -> None:
    other = world.answer(asked, "implementation", "not_started", proposer=world.watcher)
    waiting = world.propose(asked, "implementation", "not_started")
    for corrected in (other.id, waiting.id, "chg_" + "0" * 26):
        with refused(world, errors.InvalidInput, "/corrects"):
            world.propose(asked, "implementation", "stalled", corrects=corrected)


def test_a_correction_confirms_nothing(world: World, asked: str) -> None:
    wrong = world.answer(asked, "implementation", "not_started")
    with refused(world, errors.InvalidInput, "/confirms"):
        world.propose(asked, "implementation", "stalled", corrects=wrong.id, confirms=True)


def test_a_correction_needs_the_evidence_that_its_state_demands(world: World, asked: str) -> None:
    item = world.item()
    wrong = world.answer(asked, "implementation", "underway", cites=(item,))
    with refused(world, errors.DemandsNotMet):
        world.propose(asked, "implementation", "committed", corrects=wrong.id)


def test_an_answer_that_repeated_a_mistake_stands_on_less_when_it_is_taken_back(
    world: World, asked: str
) -> None:
    """It brought nothing of its own: without what it repeated it lacks what its state demands."""
    item = world.item()
    wrong = world.answer(asked, "implementation", "underway", cites=(item,))
    repeated = world.answer(asked, "implementation", "underway", confirms=True, effective_on=date(2025, 9, 1))
    assert lead(world, asked)["basis"] == "supported"
    world.answer(asked, "implementation", "not_started", corrects=wrong.id)
    assert (lead(world, asked)["change"], lead(world, asked)["basis"]) == (repeated.id, "weakened")
    assert document(world, asked)["history"][1]["basis"] == "weakened"
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_an_answer_gains_what_is_put_before_it(world: World, asked: str) -> None:
    """Two organizations are needed; a second item comes with an answer of an earlier day."""
    one, two = world.item(), world.item(publisher_id=world.daily)
    world.answer(asked, "implementation", "implemented", cites=(one, two))
    world.verify(two, "refuted", effective_on=date(2025, 6, 2))
    assert document(world, asked)["history"][0]["basis"] == "weakened"
    three = world.item(publisher_id=world.watchdog, title="A third")
    world.answer(asked, "implementation", "implemented", cites=(one, three), effective_on=date(2025, 5, 1))
    assert document(world, asked)["history"][1]["basis"] == "weakened"  # it still lost an item
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
