"""Each collection over HTTP: create, read, list, edit, publish, read in public. Parts are added, edits are merged,
pages visit everything once, and what has not changed is not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.factories import Stage
from tests.api.test_bad_input import (
    COMMITTEE,
    DEADLINE,
    EVIDENCE,
    MANDATE,
    ORGANIZATION,
    PROCESS,
    RECOMMENDATION,
    REPORT,
    RESOURCE,
)
from tests.draws import draws


@dataclass(frozen=True)
class Kind:
    """A kind of thing: where it is, what makes one, and one edit of it that the public sees."""

    plural: str
    body: dict[str, Any]
    member: str
    value: Any
    clears: str | None = None


KINDS = [
    Kind("processes", {**PROCESS, "place": "The coast"}, "title", "Renamed", "place"),
    Kind("organizations", {**ORGANIZATION, "website": "https://example.org/"}, "name", "Renamed", "website"),
    Kind("committees", {**COMMITTEE, "instrument": "Decree 3"}, "name", "Renamed", "instrument"),
    Kind("resources", {**RESOURCE, "unit": "USD"}, "title", "More money", "unit"),
    Kind("deadlines", {**DEADLINE, "rule": "30 days", "note": "A note."}, "title", "Renamed", "note"),
    Kind("recommendations", {**RECOMMENDATION, "note": "A note."}, "text", "Two\nlines.", "note"),
    Kind("reports", {**REPORT, "language": "ar"}, "title", "Renamed", "language"),
    Kind("evidence", {**EVIDENCE, "protection": "public", "rights": "Theirs"}, "title", "Renamed", "rights"),
]
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)


@EACH
def test_what_is_created_is_read_listed_edited_published_and_public(stage: Stage, kind: Kind) -> None:
    created = stage.send("POST", f"/v1/{kind.plural}", kind.body)
    assert created.status_code == 201, created.data
    made = created.json
    assert made is not None
    path = f"/v1/{kind.plural}/{made['id']}"
    assert created.headers["Location"] == path
    assert made["publication"] == "draft"
    for member, value in stage.fill(kind.body).items():
        filled = {"weekend_changes": [], "worked_days": [], **value} if member == "calendar" else value
        assert made[member] == filled, member
    assert stage.get(path) == made
    assert made in stage.pages(f"/v1/{kind.plural}?limit=2")

    edited = stage.patch(path, {kind.member: kind.value})
    assert edited[kind.member] == kind.value
    assert edited["version"] == made["version"] + 1
    assert stage.send("GET", f"/v1/public/{kind.plural}/{made['id']}", by=None).status_code == 404

    assert stage.publish(made["id"])["publication"] == "published"
    public = stage.get(f"/v1/public/{kind.plural}/{made['id']}", by=None)
    assert public[kind.member] == kind.value
    listed = {one["id"] for one in stage.pages(f"/v1/public/{kind.plural}?limit=2", by=None)}
    assert made["id"] in listed

    stage.patch(path, {kind.member: "Renamed again"})
    assert stage.get(f"/v1/public/{kind.plural}/{made['id']}", by=None)[kind.member] == "Renamed again"
    history = stage.pages(f"/v1/public/{kind.plural}/{made['id']}/history?limit=1", by=None)
    assert [act["kind"] for act in history] == ["subject.revised", "subject.published"]


@EACH
def test_null_clears_a_member_and_what_is_left_out_stays(stage: Stage, kind: Kind) -> None:
    made = stage.post(f"/v1/{kind.plural}", kind.body)
    assert kind.clears is not None
    assert made[kind.clears] is not None
    edited = stage.patch(f"/v1/{kind.plural}/{made['id']}", {kind.clears: None})
    assert edited == {**made, kind.clears: None, "version": made["version"] + 1}


@EACH
def test_an_edit_is_taken_once_and_the_second_of_two_is_stale(stage: Stage, kind: Kind) -> None:
    created = stage.send("POST", f"/v1/{kind.plural}", kind.body)
    tag, path = created.headers["ETag"], created.headers["Location"]
    assert stage.send("GET", path).headers["ETag"] == tag
    body = {kind.member: kind.value}
    first = stage.send("PATCH", path, body, headers={"If-Match": tag})
    second = stage.send("PATCH", path, body, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"] != tag
    assert stage.send("PATCH", path, body, headers={"If-Match": first.headers["ETag"]}).status_code == 200


@EACH
def test_a_patch_may_also_come_as_plain_json(stage: Stage, kind: Kind) -> None:
    created = stage.send("POST", f"/v1/{kind.plural}", kind.body)
    edited = stage.send(
        "PATCH",
        created.headers["Location"],
        {kind.member: kind.value},
        headers={"If-Match": created.headers["ETag"]},
        content_type="application/json",
    )
    assert edited.status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/processes/{process}", "/v1/processes", "/v1/subjects/{committee}/standing"]
)
def test_what_is_unchanged_in_the_working_record_is_not_sent_again(stage: Stage, path: str) -> None:
    first = stage.send("GET", path)
    assert first.headers["Cache-Control"] == "no-store"
    tag = first.headers["ETag"]
    for sent in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = stage.send("GET", path, headers={"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert stage.send("GET", path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_head_is_a_read_without_its_body(stage: Stage) -> None:
    for path, by in (("/v1/processes/{process}", "editor"), ("/v1/public/processes/{process}", None)):
        read, head = stage.send("GET", path, by=by), stage.send("HEAD", path, by=by)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == read.headers["ETag"]


def test_mandates_are_added_and_none_overwrites_another(stage: Stage) -> None:
    path = "/v1/committees/{committee}"
    said = stage.add(f"{path}/mandates", {**MANDATE, "tasks": ["Find out."], "duty_to_publish": "no"})
    [first] = said["mandates"]
    said = stage.add(
        f"{path}/mandates", {**MANDATE, "instrument": "Decree 4", "scope": {"place": "The coast"}}
    )
    assert said["mandates"][0] == first
    assert [one["number"] for one in said["mandates"]] == [1, 2]
    public = stage.get("/v1/public/committees/{committee}", by=None)["mandates"]
    assert [one["instrument"] for one in public] == ["Decree 3", "Decree 4"]


def test_members_are_recorded_once(stage: Stage) -> None:
    path = "/v1/committees/{committee}"
    member = {"name": "A", "role": "Chair", "from_on": "2025-03-09", "to_on": None}
    said = stage.add(f"{path}/members", member)
    assert said["members"][0].items() >= member.items()
    again = stage.send("POST", f"{path}/members", {**member, "reason": "Once more."})
    assert again.status_code == 409
    assert again.json is not None
    assert again.json["type"].endswith("/already-done")
    public = stage.get("/v1/public/committees/{committee}", by=None)
    assert public["members"][0]["role"] == "Chair"


def test_figures_keep_their_amount_to_the_cent_and_nothing_means_not_disclosed(stage: Stage) -> None:
    means = stage.post("/v1/resources", RESOURCE)
    path = f"/v1/resources/{means['id']}/figures"
    stage.publish(means["id"])
    for figure, amount in (("needed", "1200000.50"), ("pledged", None)):
        body = {"figure": figure, "amount": amount, "as_of": "2025-04-03", "source": "The ministry"}
        said = stage.add(path, body)
    assert [one["amount"] for one in said["figures"]] == ["1200000.50", None]
    public = stage.get(f"/v1/public/resources/{means['id']}", by=None)
    assert [one["amount"] for one in public["figures"]] == ["1200000.50", None]


def test_an_organization_becomes_a_watchdog(stage: Stage) -> None:
    said = stage.post("/v1/organizations/{press}/watchdog", {"since": "2025-01-01", "conflicts": "None."})
    assert said == {
        "organization": stage.ids["press"],
        "standing": "registered",
        "since": "2025-01-01",
        "conflicts": "None.",
        "history": [],
    }


def test_a_watchdog_submits_for_itself(stage: Stage) -> None:
    made = stage.post("/v1/evidence", EVIDENCE, by="watcher")
    assert made["watchdog"] == stage.ids["watchdog"]
    assert made["protection"] == "confidential"
    other = stage.send("POST", "/v1/evidence", {**EVIDENCE, "watchdog": "{press}"}, by="watcher")
    assert other.status_code == 403


def test_the_contact_of_an_organization_is_never_public(stage: Stage) -> None:
    made = stage.post("/v1/organizations", {**ORGANIZATION, "contact": "somebody at the desk"})
    assert made["contact"] == "somebody at the desk"
    stage.publish(made["id"])
    assert b"somebody" not in stage.send("GET", f"/v1/public/organizations/{made['id']}", by=None).data


def test_a_deadline_explains_how_it_was_counted(stage: Stage) -> None:
    made = stage.post("/v1/deadlines", {**DEADLINE, "rule": "30 days"})
    assert made["due_on"] == stage.get("/v1/deadlines/{deadline}")["due_on"]
    assert made["reckoning"]["sentence"]


@pytest.mark.parametrize("half", ["/v1/", "/v1/public/"])
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=4))
@settings(max_examples=draws(6), derandomize=True)
def test_pages_of_any_size_visit_every_item_once_and_in_order(
    one_stage: Stage, half: str, sizes: list[int]
) -> None:
    by = "editor" if half == "/v1/" else None
    whole = [one["id"] for one in one_stage.pages(f"{half}organizations?limit=200", by=by)]
    visited: list[str] = []
    following: str | None = f"{half}organizations?limit={sizes[0]}"
    turn = 0
    while following is not None:
        page = one_stage.get(following, by=by)
        assert len(page["items"]) <= sizes[turn % len(sizes)]
        visited += [one["id"] for one in page["items"]]
        turn += 1
        following = page["next"]
        if following is not None:  # a reader may change its mind about the size; the cursor holds
            before = sizes[(turn - 1) % len(sizes)]
            following = following.replace(f"limit={before}&", f"limit={sizes[turn % len(sizes)]}&")
    assert visited == whole
    assert len(set(visited)) == len(visited) >= 6


def test_a_list_is_narrowed_to_a_process(stage: Stage) -> None:
    mine = stage.get("/v1/committees?process={process}")["items"]
    theirs = stage.get("/v1/committees?process={draft}")["items"]
    assert [one["id"] for one in mine] == [stage.ids["committee"]]
    assert [one["id"] for one in theirs] == [stage.ids["stranger"]]


@pytest.mark.parametrize(
    ("printed", "query"),
    [("12(a)", "12"), ("84/12", "84 12"), ("13 bis", "13 bis"), ("التوصية ١٢", "توصية 12")],
)
def test_a_number_is_kept_shown_and_found_as_it_is_printed(stage: Stage, printed: str, query: str) -> None:
    path = "/v1/recommendations/{recommendation}"
    stage.patch(path, {"printed_number": printed})
    assert stage.get(path)["printed_number"] == printed
    assert stage.get("/v1/public/recommendations/{recommendation}", by=None)["printed_number"] == printed
    found = stage.get(f"/v1/public/search?q={query}&kind=recommendation", by=None)["items"]
    assert [one["id"] for one in found] == [stage.ids["recommendation"]]
