"""One thing, its texts in several languages: the original is marked, each translation says who made it, all of them are
searched, and it is counted once.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import DEADLINE, EVIDENCE, PROCESS, RECOMMENDATION, REPORT, RESOURCE

#: collection -> what makes one, and its texts in another language.
GIVEN: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "processes": ({**PROCESS, "languages": ["en", "ar"]}, {"title": "الساحل", "summary": "ما حدث في الساحل"}),
    "recommendations": (RECOMMENDATION, {"title": "التدقيق", "text": "يجب التدقيق في القوات"}),
    "evidence": (
        {**EVIDENCE, "protection": "public", "language": "en"},
        {"title": "تقرير", "description": "تقرير عن الساحل"},
    ),
    "resources": (RESOURCE, {"title": "المال"}),
    "reports": (REPORT, {"title": "التقرير النهائي"}),
    "deadlines": ({**DEADLINE, "rule": "30 days"}, {"title": "التقرير النهائي"}),
}
EACH = pytest.mark.parametrize("plural", GIVEN)


def make(stage: Stage, plural: str, *translations: dict[str, Any]) -> Any:
    return stage.post(f"/v1/{plural}", {**GIVEN[plural][0], "translations": list(translations)})


def problem(stage: Stage, plural: str, *translations: dict[str, Any]) -> dict[str, str]:
    refused = stage.send("POST", f"/v1/{plural}", {**GIVEN[plural][0], "translations": list(translations)})
    assert refused.status_code == 422, refused.data
    return {one["pointer"]: one["detail"] for one in refused.json["errors"]}


@EACH
def test_a_translation_is_shown_found_and_counted_with_its_original(stage: Stage, plural: str) -> None:
    texts = GIVEN[plural][1]
    count = f"/v1/public/{plural}/count"
    before = stage.get(count, by=None)["count"]
    made = make(
        stage,
        plural,
        {"language": "ar", "translator": "The desk", **texts},
        {"language": "fr", "title": "Titre"},
    )
    stage.publish(made["id"])
    rest = dict.fromkeys(texts, None)
    shown = [
        {"language": "ar", "translator": "The desk", **texts},
        {"language": "fr", "translator": None, **rest, "title": "Titre"},
    ]
    assert stage.get(f"/v1/{plural}/{made['id']}")["translations"] == shown
    told = stage.get(f"/v1/public/{plural}/{made['id']}", by=None)
    assert told["translations"] == shown
    assert told["title"] == GIVEN[plural][0]["title"]
    assert stage.get(count, by=None)["count"] == before + 1
    for words in (*texts.values(), "Titre"):
        for path, by in (("/v1/public/search", None), ("/v1/search", "editor")):
            hits = stage.get(f"{path}?q={words}", by=by)["items"]
            assert made["id"] in [hit["id"] for hit in hits], (path, words)


@EACH
def test_a_translation_says_something_in_another_language_once(stage: Stage, plural: str) -> None:
    texts = GIVEN[plural][1]
    told = problem(stage, plural, {"language": "ar"})
    assert told["/translations/0"] == f"translates nothing; give one of {', '.join(texts)}"
    twice = [{"language": "ar", **texts}, {"language": "ar", "title": "X"}]
    assert problem(stage, plural, *twice) == {"/translations/1/language": "stands here twice; give it once"}
    assert "/translations/0/name" in problem(stage, plural, {"language": "ar", "name": "X"})
    if plural in ("processes", "recommendations", "evidence"):
        own = problem(stage, plural, {"language": "en", "title": "X"})
        assert own == {"/translations/0/language": "is the language of the original, which is no translation"}


def test_a_translation_is_revised_by_two_people_and_not_into_the_original(stage: Stage) -> None:
    path = "/v1/recommendations/{recommendation}"
    told = stage.patch(path, {"translations": [{"language": "ar", "title": "التدقيق"}]})
    assert [one["title"] for one in told["translations"]] == ["التدقيق"]
    tag = stage.send("GET", path).headers["ETag"]
    edit = {"language": "ar", "reason": "It was Arabic."}
    refused = stage.send("PATCH", path, edit, headers={"If-Match": tag}).json["errors"]
    assert refused[0]["pointer"] == "/translations/0/language"
    cleared = stage.patch(path, {"language": "ar", "translations": []})
    assert cleared["translations"] == []


def test_an_extension_under_the_same_title_keeps_its_translations(stage: Stage) -> None:
    made = make(stage, "deadlines", {"language": "ar", "title": "التقرير النهائي"})
    stage.publish(made["id"])
    body: dict[str, Any] = {"set_on": "2025-04-10", "rule": "3 months", "reason": "More time."}
    body["citations"] = [{"evidence": "{evidence}", "stance": "supports"}]
    for title, kept in ((None, 1), ("A second report", 0)):
        named = {} if title is None else {"title": title}
        told = stage.post(f"/v1/deadlines/{made['id']}/extension", {**body, **named})
        assert len(told["deadline"]["translations"]) == kept
        change = told["change"]["id"]
        stage.decide(change, "retract", by="editor")


def test_a_date_in_the_place_of_another_brings_the_translations_of_its_own_title(stage: Stage) -> None:
    put_off = {"set_on": "2025-04-10", "due_on": "2025-07-10", "reason": "They asked for time."}
    own = {"title": "Final report, put off", "translations": [{"language": "ar", "title": "التقرير، مؤجلاً"}]}
    cited = {"citations": [{"evidence": "{evidence}", "stance": "supports"}]}
    made = stage.post("/v1/deadlines/{deadline}/extension", {**put_off, **own, **cited})
    assert [one["title"] for one in made["deadline"]["translations"]] == ["التقرير، مؤجلاً"]
