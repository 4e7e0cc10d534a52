"""As of a day in the past, what begins later is not there: in no document, list, count, search, scoreboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.actions.factories import keepers
from tests.conftest import Clock
from tests.draws import seeds
from tests.public.assertions import agrees, opened
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import proposals, redaction, revisions
from tracker.actions.support.lookup import MODELS
from tracker.domain.errors import NotFound
from tracker.domain.partial_days import PartialDay, parse_day
from tracker.public import events
from tracker.store.database import core_connection

FIRST = date(2025, 3, 1)
STATES = ("stalled", "not_started")


def as_known(draw: Random, day: date) -> PartialDay:
    """The day, or no more than its month."""
    return parse_day(str(day)[: draw.choice([len("2025-03"), len("2025-03-09")])])


def some_day(draw: Random) -> date:
    return FIRST + timedelta(days=draw.randrange(60))


def record_some(world: World, draw: Random, until: date) -> None:
    """Things that begin on random days; the same ones each time, without what is later than ``until``."""
    for number in range(6):
        issued, answered, state = some_day(draw), draw.randrange(20), draw.choice(STATES)
        set_on, left = issued + timedelta(days=draw.randrange(10)), draw.randrange(1, 30)
        issued_on = as_known(draw, issued)
        if issued_on.earliest > until:
            continue
        asked = world.recommendation(f"R{number}", issued_on=issued_on, title=f"Vetting {number}")
        if issued + timedelta(days=answered) <= until:
            world.answer(
                asked, "implementation", state, effective_on=issued + timedelta(days=answered), cites=()
            )
        if set_on <= until:
            due = {"rule": None, "due_on": set_on + timedelta(days=left), "type": "implementation_due"}
            world.deadline(owner_id=asked, set_on=set_on, **due)
    for number in range(3):
        established = as_known(draw, some_day(draw))
        delivered = established.earliest + timedelta(days=draw.randrange(30))
        published = delivered + timedelta(days=draw.randrange(30))
        if established.earliest <= until:
            body = world.make_committee(f"body {number}", established_on=established)
            if delivered <= until:
                later = published if published <= until else None
                world.report(f"of {number}", committee_id=body, delivered=delivered, published=later)


def numbers(client: FlaskClient, process: str, query: str = "") -> Any:
    """A scoreboard without the ids of this database."""
    found = client.get(f"/v1/public/processes/{process}/scoreboard{query}").json
    for one in found["silence"]:
        one["report"] = one["report"] and one["report"]["slug"]
    for name in ("overdue", "silence"):
        found[name] = sorted(
            (str({key: value for key, value in one.items() if key not in ("id", "deadline")}))
            for one in found[name]
        )
    for one in found["recommendations"]["by_assessor"]:
        one["assessor"] = one["assessor"]["slug"]
    return {**found, "diverging": len(found["diverging"])}


@contextmanager
def recorded(
    template: tuple[Path, World], folder: Path, seed: int, until: date
) -> Iterator[tuple[FlaskClient, World]]:
    """A record of its own, in which nothing later than a day was ever entered."""
    path = folder / "days.db"
    for old in folder.glob("days.db*"):
        old.unlink()
    shutil.copy(template[0], path)
    with opened(f"sqlite:///{path}", template[1], Clock(), Random(seed).randbytes) as (app, world):
        record_some(world, Random(seed), until)
        yield app.test_client(), world


@pytest.mark.parametrize("seed", seeds(1))
def test_a_day_in_the_past_is_told_as_if_later_facts_had_never_been_entered(
    world_template: tuple[Path, World], tmp_path: Path, seed: int
) -> None:
    days = [FIRST + timedelta(days=step) for step in (-1, 7, 23, 40)]
    with recorded(world_template, tmp_path, seed, date.max) as (client, world):
        told = {day: numbers(client, world.process, f"?as_of={day}") for day in days}
        for day in days:
            agree(client, world, day)
    for day in days:
        with recorded(world_template, tmp_path, seed, day) as (client, world):
            assert numbers(client, world.process, f"?as_of={day}") == told[day], day


def agree(client: FlaskClient, world: World, day: date, process: str | None = None) -> None:
    """Lists, counts, documents, search and scoreboard say the same of a day."""
    within = f"process={process or world.process}"
    board = numbers(client, process or world.process, f"?as_of={day}")
    for kind in ("recommendation", "deadline", "committee", "report"):
        path = f"/v1/public/{kind}s"
        listed = {one["id"] for one in pages(client, f"{path}?as_of={day}&{within}&limit=3")}
        every = {one["id"] for one in pages(client, f"{path}?{within}&limit=200")}
        assert len(listed) == board[f"{kind}s"]["total"]
        assert client.get(f"{path}/count?as_of={day}&{within}").json["count"] == len(listed)
        counted = client.get(f"{path}/count?as_of={day}&{within}&stale=false").json["count"]
        assert counted == len(listed)
        found = {one: client.get(f"{path}/{one}?as_of={day}").status_code for one in every}
        assert {one for one, status in found.items() if status == 200} == listed
        assert set(found.values()) <= {200, 404}
    hits = {one["id"] for one in pages(client, f"/v1/public/search?q=vetting&as_of={day}&{within}&limit=2")}
    assert hits == {one["id"] for one in pages(client, f"/v1/public/recommendations?as_of={day}&{within}")}
    states = board["recommendations"]["tracks"]["implementation"]["states"]
    for state in STATES:
        path = f"/v1/public/recommendations/count?as_of={day}&{within}&implementation={state}"
        assert client.get(path).json["count"] == states[state]


def pages(client: FlaskClient, path: str | None) -> list[Any]:
    found: list[Any] = []
    while path is not None:
        page = client.get(path).json
        found, path = found + page["items"], page["next"]
    return found


def test_a_part_begins_on_its_own_day_and_what_came_later_is_not_told(world: World) -> None:
    body = world.make_committee(
        "parts",
        members=[
            {"name": "A judge", "from_on": date(2025, 3, 9), "to_on": date(2025, 6, 30)},
            {"name": "Her successor", "from_on": date(2025, 7, 1)},
            {"name": "A clerk"},
        ],
    )
    means = world.resource(body, figures=[{"figure": "needed", "as_of": date(2025, 5, 1), "source": "S"}])
    for number, day in enumerate((date(2025, 3, 9), date(2025, 4, 10)), 1):
        world.add(body, "mandates", instrument=f"Decree {number}", adopted_on=day)

    world.report(committee_id=body, delivered=date(2025, 7, 13), published=date(2025, 9, 1))

    def of(day: date) -> tuple[Any, ...]:
        told = then(world, "committee", body, as_of=day)
        members = [(one["name"], one["to_on"]) for one in told["members"]]
        return members, len(told["mandates"]), [one["published_on"] for one in told["reports"]]

    judge, clerk = "A judge", ("A clerk", None)
    assert of(date(2025, 4, 9)) == ([(judge, None), clerk], 1, [])
    assert of(date(2025, 7, 13)) == (
        [(judge, "2025-06-30"), ("Her successor", None), clerk],
        2,
        [None],
    )
    assert of(date(2025, 9, 1))[2] == ["2025-09-01"]
    with pytest.raises(NotFound, match="had not begun on that day"):
        then(world, "committee", body, as_of=date(2025, 3, 8))
    with pytest.raises(NotFound):
        then(world, "resource", means, as_of=date(2025, 4, 30))
    assert len(then(world, "resource", means, as_of=date(2025, 5, 1))["figures"]) == 1


def test_what_began_in_a_month_or_a_year_is_there_from_the_first_day_of_it(world: World) -> None:
    members = [{"name": "A judge", "from_on": parse_day("2024"), "to_on": parse_day("2025-06")}]
    for known, first in (("2011", date(2011, 1, 1)), ("2024-05", date(2024, 5, 1))):
        body = world.make_committee(f"of {known}", established_on=parse_day(known), members=members)
        assert then(world, "committee", body, as_of=first)["established_on"] == known
        with pytest.raises(NotFound, match="had not begun on that day"):
            then(world, "committee", body, as_of=first - timedelta(days=1))
    for day, told in ((date(2025, 5, 31), None), (date(2025, 6, 1), "2025-06")):
        assert [one["to_on"] for one in then(world, "committee", body, as_of=day)["members"]] == [told]


@pytest.mark.parametrize(("zone", "day"), [("Asia/Damascus", 25), ("UTC", 24), ("America/Guatemala", 24)])
def test_what_gives_no_day_of_its_own_begins_on_the_day_of_its_publication_where_its_process_is(
    world: World, clock: Clock, client: FlaskClient, zone: str, day: int
) -> None:
    clock.move(
        hours=36 if day == 25 else 20
    )  # 21:00 of the 24th in UTC, which is the 25th in Damascus; or 5:00
    process = world.make_process("where", calendar={"time_zone": zone, "weekend": [], "holidays": []})
    if zone == "America/Guatemala":
        clock.move(hours=24)  # 5:00 of the 25th in UTC is still the 24th there
    body = world.make_committee("no day", process_id=process, established_on=None)
    first = date(2026, 11, day)
    for _today_and_later in range(2):
        agree(client, world, first, process)
        assert then(world, "committee", body, as_of=first)["reference"] == "no day"
        with pytest.raises(NotFound):
            then(world, "committee", body, as_of=first - timedelta(days=1))
        clock.move(days=3)
    assert then(world, "process", process, as_of=date(1950, 1, 1))["slug"] == "where"


def test_what_happens_to_a_thing_takes_none_of_the_days_away_on_which_it_was_public_here(
    world: World, clock: Clock, client: FlaskClient
) -> None:
    before = clock().date()
    body = world.make_committee("no day", established_on=None)
    means, awaited = world.resource(body), world.report("awaited", committee_id=body)
    clock.move(days=9)
    now = clock().date()
    world.add(body, "members", name="A judge", from_on=now)
    world.add(means, "figures", figure="needed", amount=3, as_of=now, source="S")
    item = world.item()
    delivered = world.answer(awaited, "release", "delivered", effective_on=now, cites=(item,))
    for day in (before, now - timedelta(days=1), now):
        agree(client, world, day)
        for kind, thing in (("committee", body), ("resource", means), ("report", awaited)):
            assert then(world, kind, thing, as_of=day)["id"] == thing
    early = before - timedelta(days=30)
    world.answer(awaited, "release", "delivered", effective_on=early, corrects=delivered.id, cites=(item,))
    assert then(world, "report", awaited, as_of=early)["id"] == awaited


def test_what_is_recorded_later_changes_nothing_of_a_day_as_it_was_known_before(
    world: World, clock: Clock, client: FlaskClient
) -> None:
    body, asked = world.make_committee("early"), world.recommendation("whole")
    due = world.deadline(owner_id=body)
    known = {"as_of": date(2026, 1, 1), "known_at": clock()}

    def read() -> Iterator[dict[str, Any]]:
        for kind, thing in (("committee", body), ("deadline", due), ("recommendation", asked)):
            told = then(world, kind, thing, **known)
            moment = f"known_at={known['known_at']:%Y-%m-%dT%H:%M:%SZ}&as_of={known['as_of']}"
            listed = {one["id"]: one for one in pages(client, f"/v1/public/{kind}s?{moment}")}
            assert listed[thing].items() <= told.items()
            yield told

    before = list(read())
    clock.move(days=2)
    world.recommendation("part", parent_id=asked, repeats=[asked])
    world.resource(body, committee_id=None, recommendation_id=asked)
    world.indicator("trials", recommendations=[asked])
    world.deadline(owner_id=asked, type="implementation_due")
    world.report("late", committee_id=body, delivered=date(2025, 4, 1))
    assert list(read()) == before


def test_the_history_of_a_past_day_ends_with_it(world: World) -> None:
    asked = world.recommendation("C1")
    for day in (date(2025, 3, 1), date(2025, 5, 1)):
        world.answer(asked, "implementation", "stalled", effective_on=day, confirms=day.month == 5)
    told = then(world, "recommendation", asked, as_of=date(2025, 4, 1))
    assert [one["effective_on"] for one in told["history"]] == ["2025-03-01"]


def test_why_a_member_left_and_who_came_after_is_told_from_the_day_on_which_it_left(world: World) -> None:
    left = {
        "name": "Amal",
        "from_on": date(2025, 3, 9),
        "to_on": date(2025, 4, 20),
        "left_because": "resigned",
        "left_note": "In protest.",
        "succeeded_by": "Basel",
        "conflicts": "A brother served in the unit.",
    }
    body = world.make_committee("body", members=[left, {"name": "Basel", "from_on": date(2025, 4, 25)}])

    def told(day: date) -> list[object]:
        first = then(world, "committee", body, as_of=day)["members"][0]
        return [first[name] for name in ("to_on", "left_because", "left_note", "succeeded_by", "conflicts")]

    conflicts = "A brother served in the unit."
    assert told(date(2025, 4, 20)) == ["2025-04-20", "resigned", "In protest.", "Basel", conflicts]
    assert told(date(2025, 4, 19)) == [None, None, None, None, conflicts]


def revised(world: World, thing: str, kind: str = "recommendation", **said: Any) -> None:
    with world.act(world.editor) as act:
        version = act.session.get_one(MODELS[kind], thing).version
        order = revisions.edit_thing(act, thing, kind, {"reason": "So it is.", **said}, version)
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, order.id, "approve")


def test_a_text_that_changed_with_the_world_is_told_from_its_day_on(world: World) -> None:
    asked = world.recommendation(
        "R1", issued_on=FIRST, title="Vet", text="Vet all.", note="Of the first list"
    )
    world.answer(asked, "implementation", "not_started", effective_on=FIRST + timedelta(days=5), cites=())
    later = FIRST + timedelta(days=10)
    revised(world, asked, text="Vet all officers.", title="Vet them", revision="update", since=later)
    revised(world, asked, title="Vetting", note="Of the second list")

    def told(day: date, **more: Any) -> list[Any]:
        found = then(world, "recommendation", asked, as_of=day, **more)
        [answer] = [one["lead"] for one in found["standing"] if one["track"] == "implementation"]
        return [*(found[name] for name in ("title", "text", "note")), answer["older_text"]]

    second = "Of the second list"
    assert told(later - timedelta(days=1)) == ["Vet", "Vet all.", second, False]
    assert told(later) == ["Vetting", "Vet all officers.", second, True]
    between = later - timedelta(days=3)
    revised(world, asked, text="Vet all men.", revision="update", since=between)
    assert told(between - timedelta(days=1))[1] == "Vet all."
    assert told(between)[1:] == ["Vet all men.", second, True]
    assert agrees(world)


def test_words_that_were_redacted_are_told_on_no_day(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("R1", issued_on=FIRST, text="Vet all, and Abu Ali first.")
    later = FIRST + timedelta(days=10)
    revised(world, asked, text="Vet all.", revision="update", since=later)
    [first] = [one.body["id"] for one in events.list_about(core_connection(world.session), asked)][:1]
    for keeper in keepers(world):
        with world.act(keeper) as act:
            redaction.redact_words(act, first, "third_party_privacy")
    assert then(world, "recommendation", asked, as_of=FIRST)["text"] == "Vet all."
    for word, found in (("abu", 0), ("vet", 1)):
        hits = client.get(f"/v1/public/search?q={word}&as_of={FIRST}&kind=recommendation").json["items"]
        assert len(hits) == found
    assert agrees(world)
