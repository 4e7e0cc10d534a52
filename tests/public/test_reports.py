"""A report is a subject: what became of it is said on its track, and all else follows from the word of the lead.

The dates that wait for it, the silence of its committee, the scoreboard and what a day in the past tells cannot but
agree with the track, whatever is corrected, published or withdrawn.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Clock
from tests.public.assertions import agrees
from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.actions import statuses
from tracker.actions.support import work_queue
from tracker.domain import errors
from tracker.store.reports import Report
from tracker.store.work_queue import OpenWork

DELIVERED, PUBLISHED = date(2025, 7, 13), date(2026, 2, 1)


def say(world: World, report: str, state: str, on: date, **more: Any) -> Any:
    cites = () if state in ("awaited", "withheld") else (world.item(),)
    return world.answer(report, "release", state, effective_on=on, cites=cites, **more)


def silence(world: World, as_of: date | None = None) -> list[tuple[str, int]]:
    told = then(world, "committee", world.committee, as_of=as_of)["silence"]
    return [(one["since"], one["days"]) for one in told]


def met(world: World, due: str, as_of: date | None = None) -> tuple[str, str | None]:
    told = then(world, "deadline", due, as_of=as_of)
    return told["timing"]["state"], told["met_by_fact_on"]


@pytest.fixture
def due(world: World) -> str:
    return world.deadline(rule=None, due_on=date(2025, 7, 10))


def test_where_no_report_says_so_the_stage_of_the_committee_meets_its_date(world: World, due: str) -> None:
    for state, on in (("reported", DELIVERED), ("dissolved", PUBLISHED)):
        item = world.item()
        world.answer(world.committee, "stage", state, effective_on=on, cites=(item,))
    assert met(world, due) == ("met_late", "2025-07-13")
    assert met(world, due, date(2025, 7, 12)) == ("overdue", None)
    world.report(delivered=date(2025, 7, 9))
    assert met(world, due) == ("on_time", "2025-07-09")
    assert agrees(world)


def test_what_is_published_months_later_is_silent_no_more_and_the_history_keeps_both(
    world: World, client: FlaskClient
) -> None:
    report = world.report(delivered=DELIVERED)
    assert silence(world) == [("2025-07-13", 498)]
    say(world, report, "published", PUBLISHED)
    assert silence(world) == []
    board = client.get(f"/v1/public/processes/{world.process}/scoreboard").json
    assert board["silence"] == []
    assert silence(world, date(2025, 7, 12)) == []
    assert silence(world, date(2026, 1, 31)) == [("2025-07-13", 202)]
    told = then(world, "report", report)
    assert [one["to"] for one in told["history"]] == ["published", "delivered"]
    assert (told["delivered_on"], told["published_on"]) == ("2025-07-13", "2026-02-01")
    before = then(world, "report", report, as_of=date(2026, 1, 31))
    assert (before["delivered_on"], before["published_on"]) == ("2025-07-13", None)
    assert agrees(world)


def test_what_was_known_before_it_was_recorded_is_still_silent(world: World, clock: Clock, due: str) -> None:
    report = world.report()
    before = clock()
    clock.move(hours=1)
    say(world, report, "delivered", DELIVERED)
    between = clock()
    clock.move(hours=1)
    say(world, report, "published", PUBLISHED)
    told = [then(world, "committee", world.committee, known_at=at) for at in (before, between, clock())]
    assert [len(one["silence"]) for one in told] == [0, 1, 0]
    assert [one["reports"][0]["release"] for one in told] == ["awaited", "delivered", "published"]
    known = [then(world, "deadline", due, known_at=at)["met_by_fact_on"] for at in (before, between)]
    assert known == [None, "2025-07-13"]


@pytest.mark.parametrize("state", ["announced", "published_in_part", "withheld"])
def test_nothing_but_its_full_text_ends_the_silence(world: World, state: str) -> None:
    report = world.report(delivered=DELIVERED)
    say(world, report, state, date(2025, 8, 1))
    assert silence(world)[0][0] == "2025-07-13"


def test_a_committee_lists_its_reports_by_their_short_names(world: World) -> None:
    second, first = world.report("r10", type="interim"), world.report("r2", delivered=DELIVERED)
    world.report("hidden", publish=False, delivered=DELIVERED)
    world.report("theirs", committee_id=None, issuer_id=world.press)
    told = then(world, "committee", world.committee)["reports"]
    assert [(one["id"], one["type"], one["release"], one["delivered_on"]) for one in told] == [
        (first, "final", "delivered", "2025-07-13"),
        (second, "interim", "awaited", None),
    ]


def test_readings_that_contradict_each_other_stand_side_by_side(world: World, client: FlaskClient) -> None:
    report = world.report(delivered=DELIVERED)
    say(world, report, "published_in_part", date(2025, 7, 20), assessor=world.press)
    say(world, report, "awaited", date(2025, 7, 13), assessor=world.watchdog, confirms=True)
    (release,) = then(world, "report", report)["standing"]
    assert release["lead"]["state"] == "delivered"
    assert {(one["assessor"]["slug"], one["state"]) for one in release["others"]} == {
        ("press", "published_in_part"),
        ("watchdog", "awaited"),
    }
    assert release["diverges"]
    asked = f"/v1/public/reports?diverges=release&committee={world.committee}&release=delivered"
    assert [one["id"] for one in client.get(asked).json["items"]] == [report]
    asked = f"/v1/public/reports/count?assessor={world.press}&release=published_in_part"
    assert client.get(asked).json["count"] == 1
    assert silence(world)[0][0] == "2025-07-13"  # by the word of the lead alone
    for day in ("", "?as_of=2025-07-20"):
        board = client.get(f"/v1/public/processes/{world.process}/scoreboard{day}").json
        assert board["diverging"] == [{"id": report, "track": "release"}]
        assert board["reports"]["tracks"]["release"]["states"]["delivered"] == 1


def test_the_date_that_waits_for_it_is_met_on_the_day_of_the_fact(world: World, due: str) -> None:
    assert met(world, due)[0] == "long_overdue"
    report = world.report()
    publication = world.deadline(type="publication_due", rule=None, due_on=date(2025, 12, 1))
    interim = world.deadline(type="interim_report_due", rule=None, due_on=date(2025, 12, 1))
    say(world, report, "delivered", DELIVERED)
    assert met(world, due) == ("met_late", "2025-07-13")
    assert met(world, due, date(2025, 7, 12)) == ("overdue", None)
    assert met(world, publication)[1] is None
    say(world, report, "published", PUBLISHED)
    assert met(world, publication) == ("met_late", "2026-02-01")
    assert met(world, publication, date(2026, 1, 31)) == ("overdue", None)
    assert met(world, interim)[1] is None
    owed = then(world, "committee", world.committee)["overdue"]
    assert [one["id"] for one in owed] == [interim]
    assert agrees(world)


def test_a_date_that_is_set_later_is_met_from_the_start(world: World) -> None:
    world.report(delivered=DELIVERED)
    assert met(world, world.deadline(rule=None, due_on=date(2025, 7, 20))) == ("on_time", "2025-07-13")


def test_a_corrected_status_leaves_the_date_owed_again_in_the_queue_too(world: World, due: str) -> None:
    report = world.report()
    wrong = say(world, report, "delivered", DELIVERED)
    assert waiting(world, due) == []
    say(world, report, "awaited", DELIVERED, corrects=wrong.id)
    assert met(world, due)[0] == "long_overdue"
    assert silence(world) == []
    assert waiting(world, due) == ["overdue"]
    assert agrees(world)
    with world.act(world.editor) as act:
        assert work_queue.find_differences(act.session, world.clock()) == []


def waiting(world: World, due: str) -> list[str]:
    """What waits about a date, by the queue."""
    query = select(OpenWork.kind).where(OpenWork.subject_id == due)
    return list(world.session.scalars(query))


def test_what_others_than_the_lead_say_meets_no_date(world: World, due: str) -> None:
    say(world, world.report(), "delivered", DELIVERED, assessor=world.press)
    assert met(world, due)[1] is None


def test_a_draft_is_seen_by_nobody_and_meets_a_date_for_the_desk_alone(
    world: World, client: FlaskClient, due: str
) -> None:
    before = then(world, "committee", world.committee), then(world, "deadline", due)
    report = world.report(publish=False, delivered=DELIVERED)
    assert (then(world, "committee", world.committee), then(world, "deadline", due)) == before
    assert client.get(f"/v1/public/reports/{report}").status_code == 404
    assert client.get("/v1/public/reports").json["items"] == []
    assert waiting(world, due) == []
    world.publish(report)
    assert met(world, due) == ("met_late", "2025-07-13")
    assert silence(world)[0][0] == "2025-07-13"


def test_a_withdrawn_report_meets_nothing_and_leaves_a_tombstone(
    world: World, client: FlaskClient, due: str
) -> None:
    report = world.report(delivered=DELIVERED)
    world.withdraw(report, "It is another committee's.")
    assert client.get(f"/v1/public/reports/{report}").json["detail"] == "It is another committee's."
    assert (silence(world), then(world, "committee", world.committee)["reports"]) == ([], [])
    assert met(world, due)[1] is None
    assert waiting(world, due) == ["overdue"]
    assert agrees(world)


def test_another_title_or_type_reaches_what_shows_it(world: World, due: str) -> None:
    report = world.report(delivered=DELIVERED)
    asked = world.recommendation("C1", report_id=report, issuer_id=None, committee_id=world.committee)
    revise(world, report, {"title": "The last word", "type": "interim"})
    (listed,) = then(world, "committee", world.committee)["reports"]
    assert (listed["title"], listed["type"]) == ("The last word", "interim")
    assert then(world, "committee", world.committee)["silence"][0]["report"]["name"] == "The last word"
    assert then(world, "recommendation", asked)["report"]["id"] == report
    assert met(world, due)[1] is None
    assert waiting(world, due) == ["overdue"]


def revise(world: World, report: str, changes: dict[str, Any]) -> None:
    row = world.session.get_one(Report, report)
    with world.act(world.editor) as act:
        revise_record(act, report, "report", changes, row.version)


def test_a_report_begins_on_the_day_it_bears_or_when_it_is_first_said_to_be_there(world: World) -> None:
    bears = world.report("bears", dated_on=date(2025, 7, 1), delivered=DELIVERED)
    there = world.report("there")
    say(world, there, "awaited", date(2025, 4, 1), confirms=True)
    say(world, there, "announced", date(2025, 7, 5), assessor=world.press)
    say(world, there, "delivered", DELIVERED)
    later = world.report("later", dated_on=date(2025, 7, 20), delivered=DELIVERED)
    unknown = world.report("unknown")
    for report, first in (
        (later, DELIVERED),
        (bears, date(2025, 7, 1)),
        (there, date(2025, 7, 5)),
        (unknown, date(2026, 11, 23)),
    ):
        assert then(world, "report", report, as_of=first)["id"] == report
        with pytest.raises(errors.NotFound, match="had not begun"):
            then(world, "report", report, as_of=date.fromordinal(first.toordinal() - 1))
    listed = then(world, "committee", world.committee, as_of=date(2025, 7, 4))["reports"]
    assert [one["reference"] for one in listed] == ["bears"]


def test_a_committee_of_which_nobody_says_when_it_began_is_there_with_its_first_report(world: World) -> None:
    body = world.make_committee("old", established_on=None)
    world.report("of it", committee_id=body, delivered=DELIVERED)
    assert then(world, "committee", body, as_of=DELIVERED)["reports"][0]["delivered_on"] == "2025-07-13"
    with pytest.raises(errors.NotFound):
        then(world, "committee", body, as_of=date(2025, 7, 12))
    assert agrees(world)


def test_by_the_word_of_one_assessor_publication_does_not_come_before_delivery(world: World) -> None:
    report = world.report(delivered=DELIVERED)
    with pytest.raises(errors.InvalidInput, match="would lie before 'delivered', on 2025-07-13"):
        say(world, report, "published", date(2025, 7, 1))
    world.session.rollback()
    say(world, report, "published", date(2025, 7, 1), assessor=world.press)
    late = world.report("late", published=PUBLISHED)
    say(world, late, "withheld", date(2026, 3, 1))
    with pytest.raises(errors.InvalidInput, match="'published' on 2026-02-01 would lie before 'delivered'"):
        say(world, late, "delivered", date(2026, 4, 1))


def test_an_interval_leaves_room_for_both(world: World) -> None:
    report = world.report(delivered=DELIVERED)
    say(world, report, "published", date(2025, 7, 31), not_before=date(2025, 7, 1))
    assert then(world, "report", report)["published_on"] == "2025-07"


def test_what_is_wrong_is_corrected_before_the_day_that_does_not_fit(world: World) -> None:
    report = world.report()
    wrong = say(world, report, "delivered", date(2025, 9, 1))
    waits = world.propose(
        report, "release", "published", effective_on=date(2025, 9, 2), cites=(world.item(),)
    )
    say(world, report, "delivered", date(2025, 10, 1), corrects=wrong.id)
    with pytest.raises(errors.InvalidInput, match="would lie before"), world.act(world.approver) as act:
        statuses.approve_status_change(act, waits.id)


def test_two_who_say_that_it_was_published_on_different_days_diverge_on_both_sides(
    world: World, client: FlaskClient
) -> None:
    report = world.report(delivered=DELIVERED)
    say(world, report, "published", PUBLISHED)
    say(world, report, "published", date(2026, 2, 9), assessor=world.watchdog)

    def diverging(query: str = "") -> list[str]:
        board = client.get(f"/v1/public/processes/{world.process}/scoreboard{query}").json
        return [one["id"] for one in board["diverging"]]

    assert then(world, "report", report)["standing"][0]["diverges"] is True
    assert diverging() == diverging("?as_of=2026-03-01") == [report]
    assert diverging("?as_of=2026-02-01") == []
    assert agrees(world)
