"""Lists of the record: narrowed by what people at a desk ask, in an order that stays; a watchdog sees its own. And any
subject by its id: itself, its history, whether it is public, where it stood by what had been recorded.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from tests.api.factories import Stage
from tests.api.test_bad_input import CHANGE, EVIDENCE
from tests.conftest import Clock
from tracker.actions.operations import rebuild
from tracker.actions.support.record_index import list_sorts
from tracker.database import list_index
from tracker.domain.partial_days import parse_day

#: A list -> whether the one thing of the stage is in it.
FOUND = {
    "/v1/recommendations?publication=published": True,
    "/v1/recommendations?publication=draft": False,
    "/v1/recommendations?reference=R1&type=vetting&process={process}": True,
    "/v1/recommendations?reference=r1": False,
    "/v1/recommendations?issuer={watchdog}": True,
    "/v1/recommendations?addressee={government}": True,
    "/v1/recommendations?addressee={press}": False,
    "/v1/deadlines?owner={committee}": True,
    "/v1/evidence?protection=public&verification=verified&mine=true": True,
    "/v1/evidence?verification=unreviewed": False,
    "/v1/evidence?publisher={press}": True,
}


@pytest.mark.parametrize("path", FOUND)
def test_a_list_of_the_record_is_narrowed_by_what_things_are_filed_under(one_stage: Stage, path: str) -> None:
    assert bool(one_stage.pages(path)) == FOUND[path]


def test_what_is_mine_is_what_i_submitted(one_stage: Stage) -> None:
    assert one_stage.pages("/v1/evidence?mine=true", by="approver") == []


def test_a_list_of_the_record_is_in_the_order_of_creation_or_as_asked(stage: Stage, clock: Clock) -> None:
    for reference in ("R10", "R2"):
        clock.move(hours=1)
        stage.world.recommendation(reference, tags=[{"scheme": "sdg", "code": "16.6"}])
    for sort, order in (
        ("", ["R1", "R10", "R2"]),
        ("&sort=-created_at", ["R2", "R10", "R1"]),
        ("&sort=reference", ["R1", "R2", "R10"]),
    ):
        found = stage.pages(f"/v1/recommendations?limit=1{sort}")
        assert [one["reference"] for one in found] == order
    assert len(stage.pages("/v1/recommendations?tag=sdg:16.6&limit=1")) == 2
    assert stage.send("GET", "/v1/recommendations?sort=due_on").status_code == 422


def test_status_changes_are_listed_as_a_desk_asks(stage: Stage, clock: Clock) -> None:
    first = stage.post("/v1/status-changes", CHANGE)["id"]
    clock.move(hours=1)
    second = stage.post("/v1/status-changes", CHANGE)["id"]
    mine = "/v1/status-changes?proposed_by=me&decision=proposed&limit=1"
    assert [one["id"] for one in stage.pages(mine)] == [first, second]
    assert [one["id"] for one in stage.pages(f"{mine}&sort=-created_at")] == [second, first]
    assert stage.pages(mine, by="approver") == []
    history = stage.pages("/v1/subjects/{recommendation}/history?limit=1")
    assert [one["id"] for one in history] == [second, first]


def test_a_list_of_the_record_is_narrowed_and_sorted_by_the_day(stage: Stage) -> None:
    for known in ("2011", "2025-03", "2025-03-09"):
        stage.world.recommendation(f"P{known}", issued_on=parse_day(known))
    for query, found in (
        ("issued_from=2025-03&issued_to=2025-03-08", ["P2025-03"]),
        ("issued_to=2011-06", ["P2011"]),
        ("issued_from=2025-02-04&sort=issued_on", ["P2025-03", "P2025-03-09"]),
        ("sort=-issued_on", ["P2025-03-09", "P2025-03", "R1", "P2011"]),
        ("issued_from=2026", []),
    ):
        told = [one["reference"] for one in stage.pages(f"/v1/recommendations?limit=1&{query}")]
        assert told == found, query


@pytest.mark.parametrize("sort", list_sorts("evidence"))
def test_the_pages_of_ones_own_items_do_not_tell_how_many_there_are_of_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(list_index, "WALK", 2)
    list_index._end.cache_clear()

    def read_pages() -> list[list[str]]:
        path, pages = f"/v1/evidence?limit=1&sort={sort}&published_from=2020", []
        while path:
            page = stage.get(path, by="watcher")
            pages.append([item["id"] for item in page["items"]])
            path = page["next"]
        return pages

    try:
        for day in ("2025-03-02", "2025-03-30"):
            stage.post("/v1/evidence", {**EVIDENCE, "published_on": day}, by="watcher")
        alone = read_pages()
        for day in range(3, 9):
            stage.world.item(published_on=date(2025, 3, day), state=None)
        assert read_pages() == alone
    finally:
        list_index._end.cache_clear()


def test_a_corrected_day_is_found_where_it_is_now(stage: Stage) -> None:
    asked = "/v1/recommendations?issued_from=2025-03&issued_to=2025-03"
    public = "/v1/public/recommendations?issued_from=2025-03&issued_to=2025-03"
    assert stage.pages(asked) == stage.pages(public, by=None) == []
    stage.patch("/v1/recommendations/{recommendation}", {"issued_on": "2025"})
    assert len(stage.pages(asked)) == len(stage.pages(public, by=None)) == 1


def test_status_changes_are_found_by_the_days_on_which_they_may_have_taken_effect(stage: Stage) -> None:
    told = {}
    days: tuple[tuple[str, dict[str, str]], ...] = (
        ("2025-06-01", {}),
        ("2025-03-20", {"not_before": "2025-03-02", "state": "stalled"}),
        ("2026-01-05", {"state": "stalled"}),
    )
    for day, more in days:
        change = stage.post("/v1/status-changes", {**CHANGE, "effective_on": day, **more})["id"]
        stage.decide(change)
        told[change] = day
    first, second, third = told
    path = "/v1/status-changes?subject={recommendation}&limit=1"
    for query, found in (
        ("effective_from=2025-06&effective_to=2025-06", [first]),
        ("effective_to=2025-03-02", [second]),
        ("effective_from=2025-03-20&effective_to=2025", [first, second]),
        ("sort=effective_on", [second, first, third]),
        ("sort=-effective_on&effective_from=2025-06-01", [third, first]),
        ("effective_to=2025-03-01", []),
    ):
        listed = [one["id"] for one in stage.pages(f"{path}&{query}")]
        assert (listed if "sort" in query else set(listed)) == (found if "sort" in query else set(found)), (
            query
        )
        if "sort" not in query:
            acts = stage.get(f"/v1/public/changes?{query}", by=None)["items"]
            assert [
                one["change"]["id"] for one in acts if one["subject"] == stage.ids["recommendation"]
            ] == found
    wrong = stage.send("GET", "/v1/public/changes?effective_from=2026&effective_to=2025", by=None)
    assert wrong.json["errors"][0]["pointer"] == "effective_to"


def test_acts_are_followed_by_their_days_page_by_page_and_a_withdrawn_thing_tells_none(stage: Stage) -> None:
    for day in ("2025-06-01", "2025-06-02"):
        state = "not_started" if day.endswith("1") else "stalled"
        stage.decide(stage.post("/v1/status-changes", {**CHANGE, "state": state, "effective_on": day})["id"])
    asked, path = (
        stage.ids["recommendation"],
        "/v1/public/changes?effective_from=2025-06&effective_to=2025-06",
    )
    following, seen = f"{path}&limit=1", []
    for _ in range(4):
        page = stage.get(following, by=None)
        seen += [(one["subject"], one["change"]["effective_on"]) for one in page["items"]]
        following = page["next"]
    assert [day for subject, day in seen if subject == asked] == ["2025-06-01", "2025-06-02"]
    stage.withdraw(asked)
    assert asked not in [one["subject"] for one in stage.get(path, by=None)["items"]]


def test_what_was_done_to_what_lists_find_is_found_and_mended(stage: Stage) -> None:
    world, things = stage.world, ("{recommendation}", "{evidence}")
    asked, item = (stage.fill(one) for one in things)
    for statement in (
        f"DELETE FROM record_facet WHERE id = '{asked}' AND facet = 'type'",  # noqa: S608  # our own ids
        f"UPDATE record_facet SET id = 'rec_stranger' WHERE id = '{item}' AND facet = 'watchdog'",  # noqa: S608
    ):
        with world.act(world.editor) as act:
            world.session.connection().execute(text(statement))
            act.audit("revise", asked)
    with world.act(world.editor) as act:
        found = rebuild.check_public_side(act)
        assert [finding.split(":")[0] for finding in found] == [asked, item, "rec_stranger"]
    with world.act(world.editor) as act:
        rebuild.rebuild_public_side(act)
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_any_subject_is_read_by_its_id_with_its_kind(one_stage: Stage) -> None:
    for kind in ("committee", "deadline", "recommendation", "evidence"):
        own = one_stage.get(f"/v1/{kind}{'' if kind == 'evidence' else 's'}/{{{kind}}}")
        assert one_stage.get(f"/v1/subjects/{{{kind}}}") == {**own, "kind": kind}
    said = one_stage.get("/v1/subjects/{committee}/publication")
    assert (said["id"], said["publication"]) == (one_stage.ids["committee"], "published")


def test_what_a_committee_has_many_of_is_read_page_by_page(stage: Stage) -> None:
    for number in range(1, 4):
        mandate = {"instrument": f"Decree {number}", "adopted_on": "2025-03-09"}
        stage.add("/v1/committees/{committee}/mandates", mandate)
        stage.add("/v1/committees/{committee}/members", {"name": f"Judge {number}"})
    mandates = stage.pages("/v1/committees/{committee}/mandates?limit=2")
    assert [one["number"] for one in mandates] == [1, 2, 3]
    members = stage.pages("/v1/committees/{committee}/members?limit=2")
    assert [one["name"] for one in members] == ["Judge 1", "Judge 2", "Judge 3"]


def test_where_a_subject_stood_by_what_had_been_recorded(stage: Stage, clock: Clock) -> None:
    before = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    stage.world.answer(
        stage.ids["recommendation"], "implementation", "stalled", effective_on=date(2025, 5, 1)
    )
    path = "/v1/subjects/{recommendation}/standing"
    states = [
        next(one for one in stage.get(at)["answers"] if one["track"] == "implementation")["lead"]["state"]
        for at in (path, f"{path}?known_at={before}")
    ]
    assert states == ["stalled", "not_assessed"]
