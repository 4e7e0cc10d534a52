"""Questions about an item over HTTP: desk and submitter read and answer them, no answer names a person, and no public
answer changes by one byte.
"""

from __future__ import annotations

import pytest

from tests.api.factories import Stage
from tests.conftest import Clock

PUBLIC = (
    "evidence/{item}",
    "evidence/{item}/history",
    "evidence",
    "changes",
    "processes/{process}/scoreboard",
)


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.ids["item"] = stage.world.item(watchdog_id=stage.world.watchdog)
    return stage


def ask(stage: Stage, by: str = "editor", text: str = "Where was it filmed?") -> str:
    return str(stage.post("/v1/evidence/{item}/questions", {"text": text}, by=by)["id"])


def test_desk_and_submitter_read_what_they_asked_each_other_newest_first(stage: Stage, clock: Clock) -> None:
    first = ask(stage)
    clock.move(hours=1)
    second = ask(stage, "watcher", "When do you look at it?")
    stage.post(f"/v1/questions/{first}/answer", {"text": "On the roof."}, by="watcher", status=200)
    for by in ("editor", "approver", "watcher"):
        found = stage.pages("/v1/evidence/{item}/questions?limit=1", by=by)
        assert [(one["id"], one["asked_by"], one["answer"], one["answered_by"]) for one in found] == [
            (second, stage.world.watchdog, None, None),
            (first, "desk", "On the roof.", stage.world.watchdog),
        ]
        assert stage.get(f"/v1/questions/{first}", by=by) == found[1]
        assert "per_" not in str(found)


def test_no_public_answer_changes_by_a_question_or_its_answer(stage: Stage) -> None:
    def public() -> list[object]:
        answers = [stage.send("GET", f"/v1/public/{path}", by=None) for path in PUBLIC]
        assert [one.status_code for one in answers] == [200] * len(PUBLIC)
        return [(one.data, one.headers.get("ETag")) for one in answers]

    before = public()
    asked = ask(stage)
    stage.post(f"/v1/questions/{asked}/answer", {"text": "On the roof."}, by="watcher", status=200)
    taken_back = ask(stage, "watcher")
    stage.post(f"/v1/questions/{taken_back}/retraction", {}, by="watcher", status=200)
    assert public() == before
    assert stage.send("GET", f"/v1/public/questions/{asked}", by=None).status_code == 404


def test_an_empty_question_is_refused_by_its_member(stage: Stage) -> None:
    answer = stage.send("POST", "/v1/evidence/{item}/questions", {"text": " "}, by="editor")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/text")
