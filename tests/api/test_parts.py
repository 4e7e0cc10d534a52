"""A part is added to a draft at once. To what is public it is proposed, for a reason, and another person decides."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import MANDATE

MEMBER = {"name": "A. Judge", "role": "chair", "from_on": "2025-03"}
FIGURE = {"figure": "counted", "of": "people killed", "about": "1500", "as_of": "2025-04-03", "source": "S1"}
#: path -> what is added, and the member that holds it in the public document.
PARTS: dict[str, tuple[dict[str, Any], str]] = {
    "committees/{committee}/members": (MEMBER, "members"),
    "committees/{committee}/mandates": (MANDATE, "mandates"),
    "committees/{committee}/figures": (FIGURE, "figures"),
    "resources/{means}/figures": ({**FIGURE, "figure": "needed"}, "figures"),
    **{
        f"{path}/figures": (FIGURE, "figures")
        for path in ("processes/{process}", "reports/{report}", "recommendations/{recommendation}")
    },
}
EACH = pytest.mark.parametrize("path", PARTS)


@pytest.fixture
def public(stage: Stage) -> Stage:
    means = {"process": "{process}", "committee": "{committee}", "type": "budget", "title": "Money"}
    stage.ids["means"] = stage.post("/v1/resources", means)["id"]
    stage.publish(stage.ids["means"])
    stage.ids["report"] = stage.world.report()
    return stage


def told(stage: Stage, path: str) -> list[Any]:
    thing = path.rpartition("/")[0]
    found: list[Any] = stage.get(f"/v1/public/{thing}", by=None)[PARTS[path][1]]
    return found


def propose(stage: Stage, path: str, **more: Any) -> Any:
    return stage.send("POST", f"/v1/{path}", {**PARTS[path][0], **more})


@EACH
def test_nobody_adds_to_what_is_public_alone(public: Stage, path: str) -> None:
    before = told(public, path)
    refused = propose(public, path)
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/reason"])
    waits = propose(public, path, reason="It was left out.")
    assert (waits.status_code, waits.json["kind"]) == (202, "revision"), waits.data
    assert told(public, path) == before
    assert propose(public, path, reason="And another.").status_code == 409
    public.post(f"{waits.headers['Location']}/decision", {"decision": "approve"}, by="approver", status=200)
    after = told(public, path)
    assert (len(after), after[: len(before)]) == (len(before) + 1, before)
    history = public.get("/v1/public/changes?limit=200", by=None)["items"]
    assert history[-1]["reason"] == "It was left out."


def test_parts_wait_side_by_side_and_each_stands_by_itself(public: Stage) -> None:
    """Five members are appointed on one day: some are approved, in any order, and one is not."""
    path = "committees/{committee}/members"
    waits = [propose(public, path, name=f"Judge {number}", reason="x") for number in range(5)]
    assert [one.status_code for one in waits] == [202] * 5
    queue = public.get("/v1/queue?kind=revision", by="approver")["items"]
    assert {one["proposal"] for one in queue} == {one.json["id"] for one in waits}
    for number, decision in ((3, "approve"), (0, "approve"), (1, "return"), (4, "approve")):
        body = {"decision": decision, "note": "Not she."}
        public.post(f"{waits[number].headers['Location']}/decision", body, by="approver", status=200)
    assert [one["name"] for one in told(public, path)[-3:]] == ["Judge 3", "Judge 0", "Judge 4"]


def test_a_list_that_was_edited_does_not_overwrite_a_part_that_was_added_since(public: Stage) -> None:
    path = "committees/{committee}"
    public.add(f"/v1/{path}/members", {"name": "B. Judge"})
    empty = {"members": [], "reason": "All left."}
    edited = public.send("PATCH", f"/v1/{path}", empty, headers={"If-Match": "*"})
    added = propose(public, f"{path}/members", reason="x")
    for answer, status in ((added, 200), (edited, 409)):
        body = {"decision": "approve"}
        public.post(f"{answer.headers['Location']}/decision", body, by="approver", status=status)
    assert [one["name"] for one in told(public, f"{path}/members")] == ["B. Judge", "A. Judge"]


def test_what_was_there_keeps_its_id_and_its_words(public: Stage) -> None:
    path = "committees/{committee}/mandates"
    for number in (1, 2):
        waits = propose(
            public, path, reason="It was left out.", instrument=f"Decree {number}", note="As printed."
        )
        public.post(
            f"{waits.headers['Location']}/decision", {"decision": "approve"}, by="approver", status=200
        )
        kept = public.get(f"/v1/{path}")["items"]
        if number == 1:
            before = kept
    assert kept[:1] == before
    assert [one["number"] for one in kept] == [1, 2]


def test_to_a_draft_it_is_added_at_once_and_needs_no_reason(stage: Stage) -> None:
    body = {"process": "{process}", "reference": "x", "name": "X", "body_type": "presidential_committee"}
    path = f"/v1/committees/{stage.post('/v1/committees', body)['id']}"
    assert stage.post(f"{path}/members", MEMBER, status=200)["members"][0]["name"] == "A. Judge"
    assert stage.post(f"{path}/mandates", MANDATE)["number"] == 1
    assert stage.post(f"{path}/figures", FIGURE, status=200)["figures"][0]["about"] == "1500.00"
