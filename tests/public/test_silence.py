"""What was never answered is computed, shown, counted and found, on any day, and nobody has to write (rule 9)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Clock
from tests.public.assertions import agrees, dump
from tests.public.test_projection import then
from tests.world import World
from tracker.actions.support import work_queue_pages
from tracker.public import queries
from tracker.public.tables import document, facet
from tracker.store.viewer import Viewer

DUE = "government_response_due"


@pytest.fixture
def asked(world: World) -> str:
    return world.recommendation("C1")


def due(world: World, asked: str, on: date = date(2025, 10, 1), **more: Any) -> str:
    data = {"owner_id": asked, "type": DUE, "rule": None, "due_on": on, "set_on": date(2025, 4, 3)}
    return world.deadline(**{**data, **more})


def answer(world: World, asked: str, state: str, on: date, **more: Any) -> None:
    cites = () if state == "awaiting" else (world.item(),)
    world.answer(asked, "response", state, cites=cites, effective_on=on, **more)


def silence(world: World, asked: str, as_of: date | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = then(world, "recommendation", asked, as_of=as_of)["silence"]
    return found


def filed(world: World, thing: str) -> set[tuple[str, str]]:
    query = select(facet.c.facet, facet.c.value).where(facet.c.id == thing, facet.c.facet == "silent")
    return {tuple(row) for row in world.session.execute(query)}  # type: ignore[misc]  # rows of two


def stored(world: World, thing: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(
        world.session.scalar(select(document.c.brief).where(document.c.id == thing)) or b""
    )
    return body


def test_past_its_day_a_recommendation_without_an_answer_is_silent(world: World, asked: str) -> None:
    date_set = due(world, asked)
    assert silence(world, asked) == [
        {
            "because": "past_due",
            "deadline": date_set,
            "due_on": "2025-10-01",
            "since": "2025-10-02",
            "days": 417,
            "confirmed_on": None,
            "addressees": [{"id": world.government, "name": "Government", "slug": "government"}],
        }
    ]
    assert silence(world, asked, date(2025, 10, 1)) == []
    assert silence(world, asked, date(2025, 10, 2))[0]["days"] == 0
    assert filed(world, asked) == {("silent", "true")}
    assert agrees(world)


def test_where_no_day_was_set_it_takes_that_the_lead_looked(world: World, asked: str) -> None:
    assert silence(world, asked) == []
    assert filed(world, asked) == {("silent", "false")}
    answer(world, asked, "awaiting", date(2025, 9, 1), confirms=True)
    (found,) = silence(world, asked)
    assert (found["because"], found["due_on"], found["since"], found["confirmed_on"]) == (
        "no_due_day",
        None,
        "2025-02-03",
        "2025-09-01",
    )
    assert filed(world, asked) == {("silent", "true")}
    assert silence(world, asked, date(2025, 8, 31)) == []


def test_a_reminder_without_an_answer_shows(world: World, asked: str) -> None:
    due(world, asked)
    answer(
        world, asked, "awaiting", date(2026, 5, 3), confirms=True, reason="We reminded the ministry on 3 May."
    )
    assert silence(world, asked)[0]["confirmed_on"] == "2026-05-03"
    assert silence(world, asked, date(2026, 5, 2))[0]["confirmed_on"] is None


def test_an_answer_ends_the_silence_and_meets_the_date(world: World, asked: str) -> None:
    date_set = due(world, asked)
    answer(world, asked, "rejected", date(2025, 10, 11))
    assert silence(world, asked) == []
    assert filed(world, asked) == {("silent", "false")}
    assert silence(world, asked, date(2025, 10, 10))[0]["days"] == 8
    late = then(world, "deadline", date_set)
    assert (late["met_by_fact_on"], late["timing"]["state"], late["timing"]["days_late"]) == (
        "2025-10-11",
        "met_late",
        10,
    )
    before = then(world, "deadline", date_set, as_of=date(2025, 10, 10))
    assert (before["met_by_fact_on"], before["timing"]["days_overdue"]) == (None, 9)
    assert stored(world, date_set)["timing"]["state"] == "met_late"  # written by the act on the other thing
    assert agrees(world)


def test_who_answered_in_the_month_of_the_day_is_called_neither_late_nor_silent(
    world: World, asked: str
) -> None:
    date_set = due(world, asked)
    answer(world, asked, "rejected", date(2025, 10, 31), not_before=date(2025, 10, 1))
    within = then(world, "deadline", date_set, as_of=date(2025, 10, 15))
    assert (within["timing"]["state"], within["timing"]["days_late"]) == ("on_time", 0)
    assert silence(world, asked, date(2025, 10, 15)) == []
    told = then(world, "deadline", date_set)
    assert (told["met_not_before"], told["met_on"]) == ("2025-10-01", "2025-10-31")
    assert (told["timing"]["state"], told["timing"]["days_late"], told["timing"]["days_early"]) == (
        "on_time",
        0,
        0,
    )
    assert agrees(world)


def test_of_a_month_that_began_after_the_day_only_what_is_certain_is_late(world: World, asked: str) -> None:
    date_set = due(world, asked)
    answer(world, asked, "rejected", date(2025, 10, 31), not_before=date(2025, 10, 4))
    assert then(world, "deadline", date_set)["timing"]["days_late"] == 3
    before = then(world, "deadline", date_set, as_of=date(2025, 10, 3))
    assert (before["timing"]["days_overdue"], before["met_on"]) == (2, None)
    assert silence(world, asked, date(2025, 10, 3))[0]["days"] == 1
    assert agrees(world)


@pytest.mark.parametrize("state", ["superseded", "no_longer_applicable", "closed_not_implemented"])
def test_nobody_is_silent_about_what_is_closed(world: World, asked: str, state: str) -> None:
    date_set = due(world, asked)
    world.answer(asked, "closure", state, cites=(world.item(),), effective_on=date(2025, 11, 30))
    assert silence(world, asked, date(2025, 11, 29))[0]["deadline"] == date_set
    assert silence(world, asked) == []
    assert filed(world, asked) == {("silent", "false")}
    assert agrees(world)


def test_in_time_is_in_time_and_not_at_all_is_overdue(world: World, asked: str) -> None:
    early, never = due(world, asked), due(world, world.recommendation("C2"))
    answer(world, asked, "accepted", date(2025, 9, 30))
    assert then(world, "deadline", early)["timing"]["days_early"] == 1
    assert then(world, "deadline", never)["timing"]["state"] == "long_overdue"


def test_a_date_that_was_put_off_or_given_up_makes_no_silence(world: World, asked: str) -> None:
    first = due(world, asked)
    world.answer(first, "outcome", "waived", cites=(world.item(),), effective_on=date(2025, 11, 1))
    assert silence(world, asked) == []
    assert silence(world, asked, date(2025, 10, 31))[0]["deadline"] == first
    second = due(world, asked, date(2026, 1, 1))
    assert silence(world, asked)[0]["deadline"] == second
    world.withdraw(second)
    assert silence(world, asked) == []
    assert stored(world, asked)["silence"] == []
    assert agrees(world)


def test_other_dates_and_dates_of_others_say_nothing_of_an_answer(world: World, asked: str) -> None:
    due(world, asked, type="implementation_due")
    due(world, world.committee)
    due(world, asked, publish=False)
    assert silence(world, asked) == []
    of_the_committee = due(world, world.committee)
    assert then(world, "deadline", of_the_committee)["met_by_fact_on"] is None


def test_a_date_whose_recommendation_is_gone_says_no_more_of_it(world: World, asked: str) -> None:
    date_set = due(world, asked)
    answer(world, asked, "accepted", date(2025, 9, 30))
    world.withdraw(asked)
    assert then(world, "deadline", date_set)["met_by_fact_on"] is None
    assert agrees(world)


def test_nothing_is_overdue_of_what_was_withdrawn(world: World, asked: str, client: FlaskClient) -> None:
    date_set = due(world, asked)
    body = world.make_committee("twice")
    world.deadline(owner_id=body, type="review_date")

    def count() -> list[int]:
        path = "/v1/public/deadlines/count?overdue=true"
        listed = [client.get(f"{path}{day}").get_json()["count"] for day in ("", "&as_of=2026-01-01")]
        board = client.get(f"/v1/public/processes/{world.process}/scoreboard").get_json()
        entries, _next = work_queue_pages.read_page(
            Viewer(world.session, world.editor), world.clock(), {"kind": "overdue"}, None, 9
        )
        return [*listed, len(board["overdue"]), len(entries)]

    assert count() == [2, 2, 2, 2]
    world.withdraw(asked)
    assert then(world, "deadline", date_set)["timing"]["state"] is None
    assert count() == [1, 1, 1, 1]
    world.withdraw(body)
    assert count() == [0, 0, 0, 0]
    assert agrees(world)


def test_what_was_not_public_at_a_moment_was_not_known_then(world: World, asked: str, clock: Clock) -> None:
    before = clock()
    clock.move(days=1)
    date_set = due(world, asked)
    between = clock()
    clock.move(days=1)
    answer(world, asked, "accepted", date(2025, 9, 30))
    assert then(world, "recommendation", asked, known_at=before)["silence"] == []
    assert then(world, "recommendation", asked, known_at=between)["silence"][0]["deadline"] == date_set
    assert then(world, "deadline", date_set, known_at=between)["met_by_fact_on"] is None
    assert then(world, "deadline", date_set)["met_by_fact_on"] == "2025-09-30"


def test_it_begins_by_itself_at_midnight_of_its_process_and_grows_every_day(
    world: World, asked: str, clock: Clock, client: FlaskClient
) -> None:
    due(world, asked, date(2026, 11, 24))
    address = f"/v1/public/recommendations/{asked}"
    tag = client.get(address).headers["ETag"]
    assert filed(world, asked) == {("silent", "false")}
    before = dump(world.session)
    world.session.rollback()
    clock.move(hours=35, minutes=59)  # 23:59 in Damascus on the due day
    assert client.get(address).get_json()["silence"] == []
    for days in (0, 1):
        clock.move(minutes=1 if days == 0 else 24 * 60)
        answered = client.get(address)
        assert answered.get_json()["silence"][0]["days"] == days
        assert answered.headers["ETag"] != tag
    assert dump(world.session) == before
    world.session.rollback()
    assert agrees(world)


def test_the_scoreboard_and_the_feed_list_all_that_was_never_answered(
    world: World, asked: str, client: FlaskClient
) -> None:
    written = world.report("final", delivered=date(2025, 7, 13))
    due(world, asked)
    looked = world.recommendation("C2")
    answer(world, looked, "awaiting", date(2025, 9, 1), confirms=True)
    world.recommendation("C3")  # nobody has looked: it is no silence
    told = client.get("/feeds/coast/status.json").get_json()["scoreboard"]["silence"]
    assert told == client.get(f"/v1/public/processes/{world.process}/scoreboard").get_json()["silence"]
    assert [(one["kind"], one["id"], one["because"], one["since"]) for one in told] == [
        ("committee", world.committee, "not_published", "2025-07-13"),
        ("recommendation", asked, "past_due", "2025-10-02"),
        ("recommendation", looked, "no_due_day", "2025-02-03"),
    ]
    assert told[0]["report"] == {"id": written, "name": "The final report", "slug": "final"}
    assert filed(world, world.committee) == {("silent", "true")}
    then_told = client.get(f"/v1/public/processes/{world.process}/scoreboard?as_of=2025-10-01").get_json()
    assert [one["because"] for one in then_told["silence"]] == ["not_published", "no_due_day"]


def test_lists_show_it_as_the_document_does(world: World, asked: str) -> None:
    due(world, asked)
    (brief,) = queries.list_briefs(world.session.connection(), world.process, "recommendation", world.clock())
    assert brief["silence"] == silence(world, asked)
