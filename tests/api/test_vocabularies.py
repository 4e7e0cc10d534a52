"""Vocabularies, the state table and crosswalks over HTTP; and a process in the words of another scheme."""

from __future__ import annotations

import pytest

from tests.api.factories import Stage
from tracker.domain.tracks import TRACKS
from tracker.domain.vocabularies.catalogue import VOCABULARIES
from tracker.domain.vocabularies.crosswalks import SCHEMES


def test_every_vocabulary_is_listed_and_answers(one_stage: Stage) -> None:
    listed = one_stage.get("/v1/public/vocabularies", by=None)["items"]
    assert [one["name"] for one in listed] == list(VOCABULARIES)
    for one in listed:
        found = one_stage.get(one["document"], by=None)
        assert found["name"] == one["name"]
        assert [term["code"] for term in found["terms"]] == [
            term.code for term in VOCABULARIES[one["name"]].terms
        ]
        assert set(found["terms"][0]) == {"code", "label", "definition", "source", "deprecated"}


def test_a_code_says_itself_in_each_language_of_the_pages(one_stage: Stage) -> None:
    terms = one_stage.get("/v1/public/vocabularies/implementation", by=None)["terms"]
    assert next(one["label"] for one in terms if one["code"] == "implemented") == {
        "en": "Implemented",
        "ar": "نُفّذت",
        "fr": "Mise en œuvre",
    }
    dates = one_stage.get("/v1/public/vocabularies/deadline_type", by=None)["terms"]
    assert all(set(one["label"]) == {"en", "ar", "fr"} for one in dates)


def test_the_state_table_is_served_whole(one_stage: Stage) -> None:
    served = {one["code"]: one for one in one_stage.get("/v1/public/tracks", by=None)["items"]}
    assert list(served) == list(TRACKS)
    for code, track in TRACKS.items():
        one = served[code]
        assert [state["code"] for state in one["states"]] == list(track.codes)
        assert one["initial"] == track.initial
        refused = {(move["from"], move["to"]) for move in one["not_allowed"]}
        every = {(before, after) for before in track.codes for after in track.codes if before != after}
        assert every - refused == set(track.moves)
    [done] = [one for one in served["implementation"]["states"] if one["code"] == "implemented"]
    assert done["demands"]["lead"] == {
        **{"items": 2, "verified": 2, "organizations": 2},
        **{"not_addressee": True, "from_issuer": False, "own_act": False},
    }
    assert done["demands"]["others"]["items"] == 1


def test_every_crosswalk_is_listed_and_answers(one_stage: Stage) -> None:
    listed = one_stage.get("/v1/public/crosswalks", by=None)["items"]
    assert [one["scheme"] for one in listed] == list(SCHEMES)
    for one in listed:
        found = one_stage.get(f"/v1/public/crosswalks/{one['scheme']}", by=None)
        assert [cell["state"] for cell in found["cells"]] == list(TRACKS["implementation"].codes)
        assert (found["version"], found["track"]) == ("1", "implementation")


@pytest.mark.parametrize("path", ["vocabularies/none", "crosswalks/none", "vocabularies/org_1"])
def test_what_is_not_served_is_not_there(one_stage: Stage, path: str) -> None:
    assert one_stage.send("GET", f"/v1/public/{path}", by=None).status_code == 404


def test_a_process_is_read_in_the_words_of_another_scheme(stage: Stage) -> None:
    world = stage.world
    item, other = world.item(), world.item(publisher_id=world.daily)
    done, stalled = world.recommendation("R2"), world.recommendation("R3")
    world.answer(done, "implementation", "implemented", cites=(item, other))
    world.answer(done, "implementation", "stalled", assessor=world.watchdog)
    world.answer(stalled, "implementation", "stalled")
    world.recommendation("R4", publish=False)
    said = stage.get("/v1/public/processes/{process}/standing?scheme=ogp", by=None)
    assert (said["scheme"], said["version"], said["total"]) == ("ogp", "1", 3)
    first, second, third = said["items"]
    assert (first["lead"]["state"], first["lead"]["label"], first["lead"]["lossy"]) == (
        "not_assessed",
        None,
        False,
    )
    assert (second["lead"]["label"], second["lead"]["lossy"]) == ("Complete", False)
    assert [(one["assessor"]["slug"], one["label"], one["lossy"]) for one in second["others"]] == [
        ("watchdog", "Limited", True)
    ]
    assert (third["lead"]["state"], third["lead"]["label"], third["lead"]["lossy"]) == (
        "stalled",
        "Limited",
        True,
    )
    counts = {one["label"]: one["count"] for one in said["counts"]}
    assert counts == {
        None: 1,
        "No Evidence Available": 0,
        "Not Started": 0,
        "Limited": 1,
        "Substantial": 0,
        "Complete": 1,
    }


@pytest.mark.parametrize("query", ["", "?scheme=none", "?scheme=ogp&more=1"])
def test_a_scheme_that_is_not_known_is_refused(one_stage: Stage, query: str) -> None:
    answer = one_stage.send("GET", "/v1/public/processes/{process}/standing" + query, by=None)
    assert answer.status_code == 422


def test_of_a_process_that_is_not_public_nothing_is_said(stage: Stage) -> None:
    path = "/v1/public/processes/{draft}/standing?scheme=ogp"
    assert stage.send("GET", path, by=None).status_code == 404
    stage.withdraw(stage.world.process)
    assert stage.send("GET", path.replace("draft", "process"), by=None).status_code == 410
