"""The public half over HTTP: anonymous, cacheable, the same for everybody; as of any day; a cursor that
neither skips nor repeats; and of what was withdrawn only a tombstone.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.factories import Stage
from tests.api.test_bad_input import CHANGE
from tests.conftest import Clock
from tests.draws import draws

PUBLIC = [
    "/v1/public",
    "/v1/public/processes",
    "/v1/public/processes/{process}",
    "/v1/public/processes/{process}/history",
    "/v1/public/processes/{process}/scoreboard",
    "/v1/public/organizations/{government}",
    "/v1/public/committees/{committee}",
    "/v1/public/deadlines/{deadline}",
    "/v1/public/recommendations/{recommendation}",
    "/v1/public/recommendations?process={process}&implementation=not_assessed",
    "/v1/public/evidence/{evidence}",
    "/v1/public/evidence/{evidence}/citations",
    "/v1/public/changes",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_answer_may_be_kept_and_is_not_sent_twice(one_stage: Stage, path: str) -> None:
    first = one_stage.send("GET", path, by=None)
    assert first.status_code == 200
    assert first.headers["Cache-Control"].startswith("public")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Vary"] == "Accept-Encoding"
    tag = first.headers["ETag"]
    for sent in (tag, f"W/{tag}", f'"x", {tag}'):
        again = one_stage.send("GET", path, by=None, headers={"If-None-Match": sent})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert one_stage.send("GET", path, by=None, headers={"If-None-Match": '"x"'}).data == first.data


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/v1/public/processes/{process}", "coast"),
        ("/v1/public/processes/{process}/history", "coast"),
        ("/v1/public/processes/{process}/scoreboard", "coast"),
        ("/v1/public/organizations/{government}", "government"),
        ("/v1/public/organizations/{government}/history", "government"),
    ],
)
def test_what_has_a_short_name_is_found_by_it(one_stage: Stage, path: str, slug: str) -> None:
    by_id = one_stage.get(path, by=None)
    short = re.sub(r"{\w+}", slug, path)
    assert one_stage.get(short, by=None) == by_id
    assert one_stage.send("GET", short.replace(slug, "nobody"), by=None).status_code == 404
    assert one_stage.send("GET", short.replace(slug, "No_body"), by=None).status_code == 404


def test_by_its_short_name_what_was_withdrawn_is_gone(stage: Stage) -> None:
    stage.post(
        "/v1/subjects/{process}/publication",
        {"publication": "withdrawn", "reason": "X."},
        by="approver",
        status=200,
    )
    assert stage.send("GET", "/v1/public/processes/coast", by=None).status_code == 410


def test_a_change_changes_the_tag(stage: Stage) -> None:
    path = "/v1/public/recommendations/{recommendation}"
    before = stage.send("GET", path, by=None).headers["ETag"]
    stage.patch("/v1/recommendations/{recommendation}", {"title": "Vet all of them"})
    answer = stage.send("GET", path, by=None, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["title"] == "Vet all of them"


def test_the_root_leads_to_every_process(stage: Stage) -> None:
    root = stage.get("/v1/public", by=None)
    [found] = root["processes"]
    assert found["slug"] == "coast"
    for address in (*found["feeds"].values(), *root["feeds"].values(), root["catalogue"]):
        assert stage.send("GET", address, by=None).status_code == 200, address
    for link in ("document", "scoreboard", "status_feed", "changes_feed"):
        assert stage.send("GET", found[link], by=None).status_code == 200, link


def test_what_was_withdrawn_is_gone_with_its_reason_and_leaves_the_lists(stage: Stage) -> None:
    stage.withdraw(stage.ids["recommendation"], "It named a witness.")
    for path in ("", "/history"):
        answer = stage.send("GET", "/v1/public/recommendations/{recommendation}" + path, by=None)
        assert answer.status_code == 410
        assert answer.json is not None
        assert answer.json["detail"] == "It named a witness."
    assert stage.pages("/v1/public/recommendations", by=None) == []
    then = "/v1/public/recommendations/{recommendation}?as_of=2026-01-01"
    assert stage.send("GET", then, by=None).status_code == 410


def test_known_at_answers_what_had_been_public_by_then(stage: Stage, clock: Clock) -> None:
    before = clock().isoformat().replace("+00:00", "Z")
    clock.move(hours=1)
    stage.patch("/v1/recommendations/{recommendation}", {"title": "Vet all of them"})
    path = "/v1/public/recommendations/{recommendation}"
    assert stage.get(path, by=None)["title"] == "Vet all of them"
    assert stage.get(f"{path}?known_at={before}", by=None)["title"] == "Recommendation R1"
    answer = stage.send("GET", f"{path}?known_at=2025-01-01T00:00:00Z", by=None)
    assert answer.status_code == 404


def test_lists_are_narrowed_by_what_things_are_filed_under(stage: Stage) -> None:
    base = "/v1/public/recommendations?"
    for query, there in (
        ("process={process}", True),
        ("process={draft}", False),
        ("issuer={watchdog}", True),
        ("issuer={press}", False),
        ("addressee={government}", True),
        ("type=vetting", True),
        ("type=reparation", False),
        ("implementation=not_assessed", True),
        ("implementation=implemented", False),
        ("process={process}&addressee={government}&closure=open", True),
    ):
        assert bool(stage.pages(base + query, by=None)) == there, query
    assert [one["id"] for one in stage.pages("/v1/public/deadlines?owner={committee}", by=None)] == [
        stage.ids["deadline"]
    ]


def test_lists_are_narrowed_by_a_track_whose_name_has_a_dot(stage: Stage) -> None:
    base = "/v1/public/committees?stage=announced&"
    assert [one["id"] for one in stage.pages(f"{base}adequacy.time=no_information&limit=1", by=None)] == [
        stage.ids["committee"]
    ]
    assert stage.pages(f"{base}adequacy.time=met", by=None) == []


def test_a_filter_is_kept_from_page_to_page(stage: Stage) -> None:
    for number in range(2, 6):
        stage.world.recommendation(f"R{number}", type="reparation" if number % 2 else "vetting")
    found = stage.pages("/v1/public/recommendations?type=vetting&limit=1", by=None)
    assert [one["reference"] for one in found] == ["R1", "R2", "R4"]


def test_the_scoreboard_counts_what_is_public(stage: Stage) -> None:
    path = "/v1/public/processes/{process}/scoreboard"
    before = stage.get(path, by=None)["recommendations"]
    stage.world.recommendation("R2", publish=False)
    assert stage.get(path, by=None)["recommendations"] == before
    stage.world.recommendation("R3")
    stage.decide(stage.post("/v1/status-changes", CHANGE)["id"])
    now = stage.get(path, by=None)["recommendations"]
    assert now["total"] == before["total"] + 1
    states = now["tracks"]["implementation"]["states"]
    assert (states["not_started"], states["not_assessed"]) == (1, 1)
    then = stage.get(f"{path}?as_of=2025-05-01", by=None)["recommendations"]["tracks"]["implementation"][
        "states"
    ]
    assert then.get("not_started", 0) == 0


def test_every_act_can_be_read_by_its_id_as_it_stands_in_the_list(stage: Stage) -> None:
    acts = stage.get("/v1/public/changes?limit=200", by=None)["items"]
    assert acts
    for act in acts:
        found = stage.get(f"/v1/public/events/{act['id']}", by=None)
        assert {name: found[name] for name in act} == act
        assert found.keys() - act == {"log", "entry", "disclosure", "salt", "redacted_by", "corrected_by"}
    assert stage.send("GET", "/v1/public/events/evt_" + "0" * 26, by=None).status_code == 404


def test_of_what_was_withdrawn_the_acts_stay_without_their_content(stage: Stage) -> None:
    stage.withdraw(stage.ids["recommendation"])
    acts = stage.get("/v1/public/changes?limit=200", by=None)["items"]
    mine = [act for act in acts if act["subject"] == stage.ids["recommendation"]]
    assert [act["kind"] for act in mine] == ["subject.published", "subject.withdrawn"]
    assert all("content" not in act for act in mine)


def test_citations_lead_from_an_item_to_what_it_supports(stage: Stage) -> None:
    body = {**CHANGE, "state": "underway", "citations": [{"evidence": "{evidence}", "stance": "supports"}]}
    change = stage.post("/v1/status-changes", body)["id"]
    stage.decide(change)
    [act] = stage.pages("/v1/public/evidence/{evidence}/citations", by=None)
    assert act["change"]["id"] == change


@given(sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5))
@settings(max_examples=draws(6), derandomize=True)
def test_a_cursor_over_all_acts_neither_skips_nor_repeats(one_stage: Stage, sizes: list[int]) -> None:
    whole = [act["id"] for act in one_stage.get("/v1/public/changes?limit=200", by=None)["items"]]
    read: list[str] = []
    following, turn = f"/v1/public/changes?limit={sizes[0]}", 0
    while True:
        page = one_stage.get(following, by=None)
        read += [act["id"] for act in page["items"]]
        if not page["items"]:
            break
        before, turn = sizes[turn % len(sizes)], turn + 1
        following = page["next"].replace(f"limit={before}&", f"limit={sizes[turn % len(sizes)]}&")
    assert read == whole
    assert len(set(read)) == len(read)


def test_whoever_has_read_everything_goes_on_from_there(stage: Stage) -> None:
    end = stage.get("/v1/public/changes?limit=200", by=None)["next"]
    assert stage.get(end, by=None)["items"] == []
    stage.decide(stage.post("/v1/status-changes", CHANGE)["id"])
    stage.patch("/v1/recommendations/{recommendation}", {"title": "Vet all of them"})
    assert [act["kind"] for act in stage.get(end, by=None)["items"]] == ["status.changed", "subject.revised"]


def test_acts_are_narrowed_to_a_process(stage: Stage) -> None:
    mine = stage.get("/v1/public/changes?process={process}&limit=200", by=None)["items"]
    assert mine
    assert {act["process"] for act in mine} == {stage.ids["process"]}


@pytest.mark.parametrize("path", ["/v1/public", "/v1"])
def test_a_process_and_an_organization_are_found_by_their_short_names(stage: Stage, path: str) -> None:
    by = None if path.endswith("public") else "editor"
    [process] = stage.get(f"{path}/processes?slug=coast", by=by)["items"]
    assert process["id"] == stage.world.process
    [press] = stage.get(f"{path}/organizations?slug=press", by=by)["items"]
    assert press["slug"] == "press"
    assert stage.get(f"{path}/processes?slug=harbour", by=by)["items"] == []
    assert stage.send("GET", f"{path}/processes?slug=Coast!", by=by).status_code == 422
