"""Lists hold their contract whatever the day: a filter finds what the documents themselves say, on the day they were
written, years later without a write, and as of any day; a page may be short, and only null ends a list.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.api.factories import Stage
from tests.conftest import Clock, make_app
from tests.draws import draws
from tests.public.assertions import dump
from tests.public.random_acts import run
from tests.public.test_any_acts import prepare
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.database import list_index
from tracker.domain.partial_days import parse_day
from tracker.public import counts, list_pages, lists, past_lists
from tracker.public.content.allow_list import PLURALS
from tracker.public.feeds import status
from tracker.public.filters import DAYS as DAYS_OF
from tracker.public.filters import FILTERS, list_sorts, name_span
from tracker.schemas.kinds import SHAPES
from tracker.store.database import db

Doc = dict[str, Any]
Test = Callable[[Doc], bool]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def leads(one: Doc) -> list[Doc]:
    return [answer["lead"] for answer in one["standing"]]


def recorded(answer: Doc) -> list[Doc]:
    """What the lead says itself: of each addressee, where each has an answer."""
    return [row for row in answer.get("by_addressee", ()) if row["asked"]] or [answer["lead"]]


def state(one: Doc, track: str, assessor: str | None, addressee: str | None) -> set[str]:
    answer = next(answer for answer in one["standing"] if answer["track"] == track)
    if track == "response":
        named = {row["addressee"]["id"]: row["state"] for row in recorded(answer) if row["addressee"]}
        return {answer["lead"]["state"], *named.values()} if addressee is None else {named.get(addressee, "")}
    if assessor is None:
        return {answer["lead"]["state"]}
    rows = [row for row in (answer["lead"], *answer["others"]) if row["change"] is not None]
    return {row["state"] for row in rows if row["assessor"]["id"] == assessor}


def answered(one: Doc) -> set[str]:
    rows = [row for answer in one["standing"] for row in (*recorded(answer), *answer["others"])]
    return {row["assessor"]["id"] for row in rows if row["change"] is not None}


def overdue(one: Doc) -> bool:
    return bool(one["timing"]["days_overdue"] if one["kind"] == "deadline" else one["overdue"])


#: What the members of a document say to a filter: written by hand, apart from what documents are filed under.
TOLD: dict[str, Callable[[Doc], Any]] = {
    "overdue": overdue,
    "due_soon": lambda one: one["timing"]["state"] == "due_soon",
    "silent": lambda one: bool(one["silence"]),
    "stale": lambda one: any(row["stale"] for row in leads(one)),
    "parts_diverge": lambda one: one["parts"]["diverges"],
}
MEMBERS: dict[str, Callable[[Doc], set[str]]] = {
    "basis": lambda one: {row["basis"] for answer in one["standing"] for row in recorded(answer)} - {None},
    "diverges": lambda one: {answer["track"] for answer in one["standing"] if answer["diverges"]},
    "assessor": answered,
    "addressee": lambda one: {said["organization"]["id"] for said in one["addressees"]},
    "issuer": lambda one: {said["id"] for said in one["issuers"]},
    "repeats": lambda one: {said["id"] for said in one["repeats"]},
    "successor_of": lambda one: {said["id"] for said in one["successor_of"]},
    "tag": lambda one: {f"{said['scheme']}:{said['code']}" for said in one["tags"]},
}


def fits_span(one: Doc, kind: str, name: str, value: str) -> bool:
    """Whether the day of a document, or any of the days that it may mean, fits one end of a span."""
    said = one[DAYS_OF[kind]]
    if said is None:
        return False
    if name.endswith("_from"):
        return str(said)[: len(value)] >= value[: len(str(said))]
    return str(said)[: len(value)] <= value[: len(str(said))]


def holds(one: Doc, query: dict[str, str]) -> bool:
    for name, value in query.items():
        if name.endswith(("_from", "_to")):
            fits = fits_span(one, one["kind"], name, value)
        elif name in TOLD:
            fits = TOLD[name](one) == (value == "true")
        elif name == "assessor" and query.keys() & {answer["track"] for answer in one["standing"]}:
            fits = True  # then the state is that of this assessor
        elif name in MEMBERS:
            fits = value in MEMBERS[name](one)
        elif name in {answer["track"] for answer in one.get("standing", ())}:
            fits = value in state(one, name, query.get("assessor"), query.get("addressee"))
        else:
            said = one[name]
            fits = (said["id"] if isinstance(said, dict) else said) == value
        if not fits:
            return False
    return True


@pytest.fixture(scope="module")
def full(stage_template: tuple[Path, Stage], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A world in which much was done at random, and things that turn: dates ahead, tags, a report nobody published."""
    path = tmp_path_factory.mktemp("lists") / "tracker.db"
    shutil.copy(stage_template[0], path)
    clock, draw = Clock(), Random(7)
    app = make_app(f"sqlite:///{path}", clock, Random(20250309).randbytes)
    with app.app_context():
        made = stage_template[1]
        world = made.world.again(db.session(), clock, Random(20250310).randbytes)
        stage = made.again(app, app.test_client(), world)
        prepare(world)
        steps = ("answer", "propose", "set_deadline", "record", "verify", "submit")
        run(world, [(draw.choice(steps), draw.randrange(2**20)) for _ in range(60)])
        asked = world.recommendation("T1", tags=[{"scheme": "sdg", "code": "16.6"}])
        for known in ("2011", "2025", "2025-03", "2025-03-31", "2026-01"):
            world.recommendation(f"P{known}", issued_on=parse_day(known))
            world.item(published_on=parse_day(known))
            world.make_committee(f"b{known}", established_on=parse_day(known))
        for days in (10, 30, 400):
            set_on = clock().date()
            world.deadline(owner_id=asked, set_on=set_on, rule=f"{days} days", type="implementation_due")
        world.report("kept back", delivered=clock().date() - timedelta(days=40))
        yield stage
        db.session.remove()
        db.engine.dispose()


def values(stage: Stage, one: Any) -> list[str]:
    if one.codes:
        return list(one.codes)
    ids = {
        "organization": [stage.world.lead, stage.world.watchdog, stage.world.government, stage.world.press],
        "committee": [stage.world.committee],
        "process": [stage.world.process],
    }
    if one.names:
        return [id for kind in one.names for id in ids.get(kind, [])]
    return {"tag": ["sdg:16.6", "sdg:1"], "country": ["SY"]}.get(
        one.name, ["vetting", "media_report", "final_report_due", "implementation_due", "watchdog"]
    )


DAYS = st.integers(-700, 900)
#: Days of the years around what was recorded, some of them known to the month or the year.
ANY_DAY = st.builds(
    lambda day, known: day.isoformat()[:known],
    st.dates(date(2024, 6, 1), date(2027, 6, 1)),
    st.sampled_from([len("2025"), len("2025-03"), len("2025-03-09")]),
)


@settings(
    max_examples=draws(15), derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), kind=st.sampled_from(sorted(FILTERS)), ahead=DAYS)
def test_a_filtered_list_is_the_list_filtered_by_its_own_members(
    full: Stage, data: st.DataObject, kind: str, ahead: int
) -> None:
    """Today, on a day to come without any write, and as of a day; sorted either way; and counted."""
    clock: Clock = full.world.clock  # type: ignore[assignment]  # the clock of a test
    alone = [one for one in FILTERS[kind] if one.name != "follow"]
    chosen = data.draw(st.lists(st.sampled_from(alone), max_size=2, unique_by=lambda one: one.name))
    query = {}
    for one in chosen:
        if known := values(full, one):
            query[one.name] = data.draw(st.sampled_from(known))
    assume(not query.get("due_soon") == query.get("overdue") == "true")  # refused: no date is both
    asked = dict(query)
    if kind in DAYS_OF and data.draw(st.booleans()):
        ends = sorted(data.draw(st.lists(ANY_DAY, min_size=2, max_size=2)))
        query |= dict(zip(name_span(DAYS_OF[kind]), ends, strict=True))
        for name in data.draw(st.sampled_from([(), *((one,) for one in name_span(DAYS_OF[kind]))])):
            del query[name]
        asked = dict(query)
    sort = data.draw(st.sampled_from(list(list_sorts(kind))))
    if data.draw(st.booleans()):
        asked["as_of"] = (NOW.date() + timedelta(days=ahead)).isoformat()
    clock.now = NOW if "as_of" in asked else NOW + timedelta(days=max(0, ahead))
    path = f"/v1/public/{PLURALS[kind]}"
    whole = {name: asked[name] for name in ("as_of",) if name in asked} | {"sort": sort, "limit": "200"}
    everything = full.pages(f"{path}?{urlencode(whole)}", by=None)
    size = str(data.draw(st.integers(4, 40)))
    found = full.pages(f"{path}?{urlencode({**asked, 'sort': sort, 'limit': size})}", by=None)
    assert found == [one for one in everything if holds(one, query)]
    if sort == "-changed":
        assert [one["changed_at"] for one in found] == sorted(
            (one["changed_at"] for one in found), reverse=True
        )
    if sort.removeprefix("-") == DAYS_OF.get(kind):
        days = [str(one[DAYS_OF[kind]] or "") for one in found]
        earliest = [day and parse_day(day).earliest.isoformat() for day in days]
        assert earliest == sorted(earliest, reverse=sort.startswith("-"))
    if "as_of" not in asked:
        number = full.get(f"{path}/count?{urlencode(query)}", by=None)["count"]
        assert number == len(found)


@pytest.mark.parametrize("sort", ["natural", "-changed", "issued_on", "-issued_on"])
def test_a_span_is_found_however_few_entries_a_page_looks_at(
    full: Stage, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    path = f"/v1/public/recommendations?issued_from=2025-03&issued_to=2026&sort={sort}"
    before = full.pages(path, by=None)
    assert {"P2025", "P2025-03", "P2025-03-31", "P2026-01"} <= {one["reference"] for one in before}
    assert "P2011" not in {one["reference"] for one in before}
    monkeypatch.setattr(list_index, "WALK", 2)
    list_index._end.cache_clear()
    try:
        assert full.pages(f"{path}&limit=1", by=None) == before
        assert full.get("/v1/public/recommendations/count?issued_from=2025-03&issued_to=2026", by=None) == {
            "count": len(before)
        }
    finally:
        list_index._end.cache_clear()


@pytest.mark.parametrize(
    "path", ["/v1/public/recommendations", "/v1/public/recommendations/count", "/v1/recommendations"]
)
def test_a_span_that_ends_before_it_begins_is_refused(full: Stage, path: str) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    refused = full.send("GET", f"{path}?issued_from=2025-04&issued_to=2025-03-31")
    told = "ends before issued_from, which is 2025-04"
    assert refused.json is not None
    assert refused.json["errors"] == [{"pointer": "issued_to", "detail": told, "value": "2025-03-31"}]
    assert full.send("GET", f"{path}?issued_from=2025-03&issued_to=2025-03-01").status_code == 200
    wrong = full.send("GET", f"{path}?issued_from=2025-02-30").json
    assert wrong is not None
    assert wrong["errors"][0]["detail"] == "there is no such day as 2025-02-30: February 2025 has 28 days"
    assert full.send("GET", f"{path}?due_from=2025").status_code == 422


def test_what_turned_is_found_right_however_much_it_is(full: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    full.world.clock.now = NOW + timedelta(days=500)  # type: ignore[attr-defined]  # the clock of a test
    path = "/v1/public/deadlines?overdue=true&limit=2"
    before = full.pages(path, by=None)
    assert before
    monkeypatch.setattr(lists, "MOST_TURNED", 0)
    assert full.pages(path, by=None) == before


def test_a_page_computes_few_documents_that_turned_and_says_where_to_go_on(
    full: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.world.clock.now = NOW + timedelta(days=500)  # type: ignore[attr-defined]  # the clock of a test
    feed = f"/feeds/{full.get('/v1/public/processes', by=None)['items'][0]['slug']}/status.json"
    paths = ("/v1/public/deadlines?sort=natural", "/v1/public/deadlines?sort=-changed")
    before = [full.pages(f"{path}&limit=50", by=None) for path in paths]
    assert all(len(found) > 2 for found in before)
    monkeypatch.setattr(lists, "COMPUTED", 1)
    for path, found in zip(paths, before, strict=True):
        assert len(full.get(f"{path}&limit=51", by=None)["items"]) < len(found)
        assert full.pages(f"{path}&limit=52", by=None) == found
    monkeypatch.setattr(status, "COMPUTED", 1)
    told, address = [], feed
    while address is not None:
        page = full.get(address, by=None)
        told += [one["id"] for one in page["deadlines"]]
        assert len(page["deadlines"]) <= len(before[0])
        address = page["next"] and page["next"][page["next"].index("/feeds/") :]
    assert sorted(told) == sorted(one["id"] for one in before[0])


def test_a_page_looks_at_so_many_candidates_and_says_where_to_go_on(
    full: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    monkeypatch.setattr(past_lists, "COMPUTED", 1)
    path = "/v1/public/recommendations?tag=sdg:16.6&as_of=2026-11-23&limit=1&known_at=2026-11-24T00:00:00Z"
    first = full.get(path, by=None)
    assert first["items"] == []
    assert first["next"] is not None
    assert [one["reference"] for one in full.pages(path, by=None)] == ["T1"]


def test_what_was_public_at_a_moment_is_counted_however_much_there_is(
    world: World, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = [world.recommendation(f"A{place}") for place in range(3)]
    moment = clock().isoformat()
    clock.move(hours=1)
    late = [world.recommendation(f"{name}{place}") for name in ("0", "B") for place in range(2)]
    for module in (counts, past_lists):
        monkeypatch.setattr(module, "COMPUTED", 1)
    path, asked = "/v1/public/recommendations", f"process={world.process}&known_at={quote(moment)}"
    for query in (asked, f"known_at={quote(moment)}"):
        assert client.get(f"{path}/count?{query}").get_json()["count"] == len(early)
    pages, page = [], f"{path}?{asked}"
    while page is not None:
        told = client.get(page).get_json()
        pages.append([one["id"] for one in told["items"]])
        page = told["next"]
    assert pages == [[one] for one in early]  # none is spent on what was not public
    assert client.get(f"{path}/count?{asked}&stale=true").status_code == 422
    world.withdraw(early[0])
    assert client.get(f"{path}/count?{asked}").get_json()["count"] == 2
    assert client.get(f"{path}/count?process={world.process}").get_json()["count"] == 2 + len(late)


def test_a_page_as_of_a_day_may_end_before_it_is_full(full: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    path = "/v1/public/recommendations?as_of=2026-11-01&implementation=not_assessed"
    before = full.pages(path, by=None)
    assert len(before) > 2
    monkeypatch.setattr(past_lists, "COMPUTED", 2)
    assert len(full.get(f"{path}&limit=40", by=None)["items"]) == 2
    assert full.pages(f"{path}&limit=41", by=None) == before
    monkeypatch.setattr(list_pages, "MOST_ACTS", 1)
    assert len(full.get(f"{path}&limit=44", by=None)["items"]) == 1
    assert full.pages(f"{path}&limit=45", by=None) == before
    known = "/v1/public/recommendations?known_at=2026-11-24T00:00:00Z"
    assert len(full.get(f"{known}&limit=46", by=None)["items"]) == 1
    assert len(full.pages(f"{known}&limit=47", by=None)) == len(
        full.pages("/v1/public/recommendations", by=None)
    )
    monkeypatch.setattr(past_lists, "MOST", 1)
    assert len(full.get(f"{path}&limit=42", by=None)["items"]) == 1
    assert full.pages(f"{path}&limit=43", by=None) == before


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ("tag=sdg:16.6&process={process}", "tag"),
        ("as_of=2026-11-01&tag=sdg:16.6", "tag"),
        ("as_of=2026-11-01&stale=true", "process"),
        ("silent=false", "silent"),
    ],
)
def test_a_count_that_would_look_at_too_many_is_refused_by_the_filter_that_finds_them(
    full: Stage, monkeypatch: pytest.MonkeyPatch, asked: str, pointer: str
) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    path = f"/v1/public/recommendations/count?{asked.format(process=full.world.process)}"
    assert full.send("GET", path).status_code == 200
    monkeypatch.setattr(counts, "COUNTED", 0)
    monkeypatch.setattr(counts, "LOOKED_UP", 0)
    refused = full.send("GET", path)
    assert refused.status_code == 422
    assert refused.json is not None
    told = "takes more than 0 things to look at; narrow the count, or read the scoreboard"
    [fault] = refused.json["errors"]
    assert (fault["pointer"], fault["detail"]) == (pointer, told)


@pytest.mark.parametrize("more", ["", "&implementation=stalled", "&implementation=not_assessed"])
@pytest.mark.parametrize("day", ["", "&as_of=2026-06-01", "&as_of=2027-03-01"])
def test_a_number_that_a_scoreboard_has_is_read_and_not_counted(
    full: Stage, monkeypatch: pytest.MonkeyPatch, more: str, day: str
) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    monkeypatch.setattr(counts, "COUNTED", 0)
    monkeypatch.setattr(counts, "LOOKED_UP", 0)
    asked = f"process={full.world.process}{more}{day}"
    found = full.pages(f"/v1/public/recommendations?{asked}", by=None)
    assert full.get(f"/v1/public/recommendations/count?{asked}", by=None) == {"count": len(found)}
    other = f"/v1/public/recommendations/count?process={full.world.lead.replace('org', 'prc')}"
    assert full.get(other, by=None) == {"count": 0}


def test_a_list_is_told_as_it_was_known(full: Stage) -> None:
    """What an edit changed since is asked as it was: nothing is narrowed by what is filed today."""
    clock: Clock = full.world.clock  # type: ignore[assignment]  # the clock of a test
    clock.now = NOW + timedelta(days=1)
    asked = full.world.recommendation("K1", type="vetting")
    known = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    full.patch(f"/v1/recommendations/{asked}", {"type": "reparation"})
    path = "/v1/public/recommendations?type=vetting"
    assert asked not in [one["id"] for one in full.pages(path, by=None)]
    assert asked in [one["id"] for one in full.pages(f"{path}&known_at={known}&limit=1", by=None)]
    assert full.pages("/v1/public/recommendations?known_at=2020-01-01T00:00:00Z", by=None) == []


def test_what_an_edit_may_change_is_marked_so() -> None:
    patches = {kind: SHAPES[kind].edited().fields.keys() for kind in FILTERS}
    names = {("recommendation", "addressee"): "addressees", ("recommendation", "tag"): "tags"}
    names |= {("recommendation", "part"): "parent", ("indicator", "recommendation"): "recommendations"}
    for kind, filters in FILTERS.items():
        for one in filters:
            if not one.moves:
                assert one.edited == (names.get((kind, one.name), one.name) in patches[kind]), (
                    kind,
                    one.name,
                )


def test_a_cursor_fits_the_order_and_the_day_it_was_made_for(full: Stage) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    following = full.get("/v1/public/recommendations?limit=1", by=None)["next"]
    for more in ("&sort=-changed", "&as_of=2026-01-01", "&type=vetting"):
        changed = following.replace("&sort=natural", "") + more
        assert full.send("GET", changed, by=None).status_code == 422, changed


def test_a_page_leads_to_the_next_in_its_header_too(full: Stage) -> None:
    full.world.clock.now = NOW  # type: ignore[attr-defined]  # the clock of a test
    answer = full.send("GET", "/v1/public/recommendations?limit=1", by=None)
    assert answer.json is not None
    assert answer.headers["Link"] == f'<{answer.json["next"]}>; rel="next"'
    private = full.send("GET", "/v1/recommendations?limit=1")
    assert private.json is not None
    assert private.headers["Link"] == f'<{private.json["next"]}>; rel="next"'
    assert "Link" not in full.send("GET", "/v1/public/processes", by=None).headers


def test_what_a_list_cannot_be_narrowed_or_sorted_by_is_refused(full: Stage) -> None:
    for query in ("overdue=yes", "tag=", "sort=changed", "silent=yes", "colour=red", "implementation=done"):
        assert full.send("GET", f"/v1/public/recommendations?{query}", by=None).status_code == 422, query
    refused = full.send("GET", "/v1/public/recommendations/count?limit=1", by=None)
    assert refused.status_code == 422


def test_a_refresh_writes_what_has_turned_and_a_second_one_nothing(world: World, clock: Clock) -> None:
    due = world.deadline(set_on=date(2026, 11, 20), rule="10 days")
    clock.move(days=40)
    world.session.rollback()
    with world.act(world.editor) as act:
        assert rebuild.refresh_expired(act, 200) == 2  # the deadline, and the committee that owes it
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
    before = dump(world.session)
    world.session.rollback()
    with world.act(world.editor) as act:
        assert rebuild.refresh_expired(act, 200) == 0
    assert dump(world.session) == before
    assert due
