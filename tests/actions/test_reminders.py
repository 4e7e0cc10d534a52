"""The ladder of reminders of a process: what is due waits in the queue, a step that was taken is a public act, and an
answer ends it. Record and public side say the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import agrees
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import statuses
from tracker.actions.support import work_queue_pages
from tracker.domain.errors import ForbiddenMove, InvalidInput
from tracker.store.viewer import Viewer

LADDER = [
    {"step": "asked", "after_days": 10},
    {"step": "reminded", "after_days": 30},
    {"step": "silence_recorded", "after_days": 20},
]


@pytest.fixture
def process(world: World) -> str:
    """A process with a ladder, in which things are asked."""
    world.process = world.make_process("ladder", reminders=LADDER)
    return world.process


def take(world: World, asked: str, step: str, day: date, **more: Any) -> str:
    return world.answer(asked, "reminder", step, effective_on=day, **more).id


def due(world: World) -> list[tuple[str, str, str]]:
    """What the queue of an editor says is due: of what, with whom, and which step."""
    viewer = Viewer(world.session, world.editor)
    rows, _last = work_queue_pages.read_page(viewer, world.clock(), {"kind": "reminder"}, None, 50)
    return sorted((row["subject_id"], row["assessor_id"], row["state"]) for row in rows)


def reminders(world: World, asked: str, as_of: date | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = then(world, "recommendation", asked, as_of=as_of)["reminders"]
    return found


def test_what_is_due_waits_for_each_addressee_and_the_public_side_says_the_same(
    process: str, world: World
) -> None:
    both = [{"organization_id": world.government}, {"organization_id": world.ministry, "role": "supporting"}]
    asked = world.recommendation("C1", addressees=both)
    assert due(world) == sorted((asked, who, "asked") for who in (world.government, world.ministry))
    take(world, asked, "asked", date(2025, 3, 1), addressee=world.government)
    take(world, asked, "reminded", date(2026, 11, 20), addressee=world.government)
    assert due(world) == [(asked, world.ministry, "asked")]  # the next step lies ahead
    government, ministry = reminders(world, asked)
    assert (government["step"], government["on"], government["number"], government["of"]) == (
        "reminded",
        "2026-11-20",
        2,
        3,
    )
    assert government["next"] == {"step": "silence_recorded", "due_on": "2026-12-10"}
    assert (ministry["step"], ministry["next"]) == (None, {"step": "asked", "due_on": "2025-02-13"})
    assert reminders(world, asked, date(2025, 4, 1))[0]["next"] == {
        "step": "reminded",
        "due_on": "2025-03-31",
    }
    (silence,) = then(world, "recommendation", asked)["silence"]
    assert (silence["confirmed_on"], [who["id"] for who in silence["addressees"]]) == (
        "2026-11-20",
        [world.government],
    )
    assert agrees(world)


def test_it_waits_from_the_day_on_which_it_is_due(process: str, world: World, clock: Clock) -> None:
    asked = world.recommendation("C1")
    take(world, asked, "asked", date(2026, 11, 1))
    assert due(world) == []
    clock.move(days=8)
    assert due(world) == [(asked, world.government, "reminded")]
    take(world, asked, "reminded", date(2026, 12, 1))
    clock.move(days=20)
    assert due(world) == [(asked, world.government, "silence_recorded")]
    take(world, asked, "silence_recorded", date(2026, 12, 21))
    assert due(world) == []


def test_an_answer_ends_it_and_a_step_that_is_taken_back_was_none(process: str, world: World) -> None:
    asked = world.recommendation("C1")
    mistaken = take(world, asked, "reminded", date(2025, 5, 1))
    take(world, asked, "asked", date(2025, 5, 1), corrects=mistaken)
    assert due(world) == [(asked, world.government, "reminded")]
    world.answer(asked, "response", "rejected", cites=(world.item(),), effective_on=date(2025, 6, 1))
    assert due(world) == []
    assert [(one["step"], one["next"]) for one in reminders(world, asked)] == [("asked", None)]
    with pytest.raises(ForbiddenMove, match="answered on 2025-06-01") as refused:
        take(world, asked, "reminded", date(2025, 7, 1))
    assert refused.value.fields[0].pointer == "/effective_on"
    assert agrees(world)


def test_silence_is_recorded_when_its_day_has_come_and_of_those_who_were_asked(
    process: str, world: World
) -> None:
    asked = world.recommendation("C1")
    with pytest.raises(ForbiddenMove, match="cannot go from 'not_asked' to 'silence_recorded'"):
        take(world, asked, "silence_recorded", date(2025, 7, 1))
    take(world, asked, "reminded", date(2025, 6, 1))
    with pytest.raises(ForbiddenMove, match="from 2025-06-21 on"):
        take(world, asked, "silence_recorded", date(2025, 6, 20))
    waiting = world.propose(asked, "reminder", "silence_recorded", effective_on=date(2025, 6, 21))
    world.propose(
        asked, "reminder", "silence_recorded", effective_on=date(2025, 6, 21)
    )  # it may follow that one
    world.answer(asked, "response", "rejected", cites=(world.item(),), effective_on=date(2025, 6, 2))
    with pytest.raises(ForbiddenMove, match="answered on 2025-06-02"), world.act(world.approver) as act:
        statuses.approve_status_change(act, waiting.id)
    with pytest.raises(InvalidInput, match="name an addressee first"):
        take(world, world.recommendation("C2", addressees=[]), "asked", date(2025, 7, 1))


def test_a_date_by_which_an_answer_is_due_comes_before_a_reminder(process: str, world: World) -> None:
    asked = world.recommendation("C1")
    take(world, asked, "asked", date(2025, 3, 1))
    assert due(world) == [(asked, world.government, "reminded")]
    owed = {"owner_id": asked, "type": "government_response_due", "rule": None, "set_on": date(2025, 4, 3)}
    date_set = world.deadline(**owed, due_on=date(2027, 1, 1))
    assert due(world) == []
    assert reminders(world, asked)[0]["next"] == {"step": "reminded", "due_on": "2027-01-02"}
    world.answer(date_set, "outcome", "waived", cites=(world.item(),), effective_on=date(2025, 11, 1))
    assert reminders(world, asked)[0]["next"] is None
    world.withdraw(date_set)
    assert due(world) == [(asked, world.government, "reminded")]
    assert agrees(world)


def test_a_feed_says_in_a_sentence_who_asked_whom(process: str, world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    first = take(world, asked, "asked", date(2025, 3, 1))
    take(world, asked, "asked", date(2025, 3, 2), corrects=first)
    take(world, asked, "reminded", date(2025, 5, 1))
    told = client.get("/feeds/ladder/changes.json").get_json()["items"]
    assert [one["title"] for one in told[:3]] == [
        "Desk reminded Government to answer: Recommendation C1",
        "Desk: the request to Government to answer Recommendation C1 is corrected to asked",
        "Desk asked Government to answer: Recommendation C1",
    ]
    page = client.get("/en/ladder/recommendations/C1").text
    assert "(step <bdi>2</bdi> of <bdi>3</bdi>)" in page
    assert "Next: <bdi>Silence recorded</bdi>, due from <bdi>21 May 2025</bdi> on." in page


def test_a_ladder_that_changes_reaches_all_that_was_asked(
    process: str, world: World, client: FlaskClient
) -> None:
    asked = world.recommendation("C1")
    address = f"/v1/processes/{process}"
    version = client.get(address, headers=world.headers("editor")).headers["ETag"]
    sent = {
        "reminders": [{"step": "reminded", "after_days": 7}],
        "reason": "Agreed.",
        "revision": "correction",
    }
    headers = {**world.headers("editor"), "If-Match": version}
    assert client.patch(address, json={**sent, "reminders": LADDER[::-1]}, headers=headers).status_code == 422
    assert client.patch(address, json=sent, headers=headers).status_code == 202
    world.decide(process, kind="revision")
    assert due(world) == [(asked, world.government, "reminded")]
    assert reminders(world, asked)[0]["next"] == {"step": "reminded", "due_on": "2025-02-10"}
    assert agrees(world)
