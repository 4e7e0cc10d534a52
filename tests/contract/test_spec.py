"""`openapi/tracker-v1.yaml` is what the code declares, is valid, and tells a stranger everything: who may call each
endpoint, how it may refuse, which states there are, and that nothing unknown is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.contract.client import COMMITTED, PROBLEM, committed, faults, whole
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.api.openapi import document, feed_operations
from tracker.api.openapi.responses import list_refusals
from tracker.domain.partial_days import PATTERN
from tracker.domain.people import PERMISSIONS, PUBLIC, ROLES
from tracker.domain.tracks import TRACKS, list_tracks_of
from tracker.http.refusals import STATUS

SHAPES: dict[str, dict[str, Any]] = committed()["components"]["schemas"]
#: How a member that holds a day or an instant is called.
DAYS = ("_on", "_from", "_to")
NO_DAYS = {"reports_to", "replies_to", "acquired_from", "derived_from"}


def operation(one: Endpoint) -> dict[str, Any]:
    return whole(committed()["paths"][one.path][one.method.lower()])


def test_the_committed_document_is_the_one_that_the_code_declares() -> None:
    assert COMMITTED.read_text("utf-8") == document.serve_document("yaml").decode(), "run `make spec`"


def test_the_document_is_valid_openapi() -> None:
    validate(committed())
    assert committed()["openapi"].startswith("3.1")


def test_every_declared_endpoint_is_in_the_document_and_nothing_else_is() -> None:
    written = {(path, method.upper()) for path, of in committed()["paths"].items() for method in of}
    feeds = {(path, "GET") for path in feed_operations.operations()}
    assert written == {(one.path, one.method) for one in ENDPOINTS} | feeds


def test_every_endpoint_has_a_name_a_summary_and_one_known_tag() -> None:
    for one in ENDPOINTS:
        said = operation(one)
        assert said["operationId"] == one.operation
        assert said["summary"], one.operation
        assert len(said["tags"]) == 1, one.operation
        assert said["tags"][0] in {tag["name"] for tag in committed()["tags"]}, one.operation


def test_every_endpoint_says_who_may_call_it() -> None:
    for one in ENDPOINTS:
        said = operation(one)
        if one.permission == PUBLIC:
            assert said["security"] == [], one.operation
            assert "Public" in said["description"], one.operation
            continue
        assert said["security"] == [{"key": []}], one.operation
        assert f"`{one.permission}`" in said["description"], one.operation
        assert PERMISSIONS[one.permission] in said["description"], one.operation
        for role, may in ROLES.items():
            assert (role in said["description"].rpartition("(")[2]) == (one.permission in may), one.operation


def test_every_refusal_of_an_endpoint_is_declared_with_its_status() -> None:
    for one in ENDPOINTS:
        responses = operation(one)["responses"]
        for refusal in list_refusals(one):
            said = responses[str(STATUS[refusal])]
            assert f"`{refusal.code}`" in said["description"], one.operation
            content = said["content"][PROBLEM]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, one.operation
            assert content["examples"][refusal.code], one.operation


def test_operation_names_are_unique() -> None:
    names = [one.operation for one in ENDPOINTS]
    assert sorted(set(names)) == sorted(names)


def test_the_states_that_can_be_proposed_are_those_of_the_state_table() -> None:
    members = SHAPES["StatusChangeIn"]["properties"]
    assert members["track"]["enum"] == list(TRACKS)
    assert set(members["state"]["enum"]) == {code for track in TRACKS.values() for code in track.codes}
    for track in TRACKS.values():
        assert f"`{track.code}`: {', '.join(track.codes)}" in members["state"]["description"]


@pytest.mark.parametrize(
    "kind", ["committee", "resource", "deadline", "recommendation", "indicator", "evidence"]
)
def test_the_states_that_are_answered_are_those_of_the_state_table(kind: str) -> None:
    tracks = list_tracks_of(kind)
    answers = SHAPES[f"{kind.title()}Answers"]["properties"]
    row = SHAPES[answers["lead"]["$ref"].rpartition("/")[2]]["properties"]
    for member, codes in (
        (answers["track"], [track.code for track in tracks]),
        (row["state"], [code for track in tracks for code in track.codes]),
    ):
        assert "enum" not in member
        assert all(f"`{code}`" in member["description"] or member.get("const") == code for code in codes)


@pytest.mark.parametrize(
    "kind", ["committee", "resource", "deadline", "recommendation", "indicator", "evidence"]
)
def test_public_lists_can_be_narrowed_by_every_track_of_their_kind(kind: str) -> None:
    plural = "evidence" if kind == "evidence" else f"{kind}s"
    parameters = whole(committed()["paths"][f"/v1/public/{plural}"]["get"])["parameters"]
    found = {one["name"]: one["schema"].get("enum") for one in parameters}
    for track in list_tracks_of(kind):
        assert found[track.code] == list(track.codes)


def inputs() -> Iterator[str]:
    """The shapes of bodies, and those that stand inside of them."""
    waiting = [one.body.__name__ for one in ENDPOINTS if one.body is not None]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [found.rpartition("/")[2] for found in references(SHAPES[name])]
    yield from sorted(seen)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_an_input_takes_no_member_that_it_does_not_know() -> None:
    assert [name for name in inputs() if SHAPES[name]["additionalProperties"] is not False] == []


def is_day(shape: Any) -> bool:
    return shape.get("format") == "date" or shape.get("pattern") == PATTERN


def test_a_day_and_an_instant_say_their_format() -> None:
    bare = [
        (name, member)
        for name, one in SHAPES.items()
        for member, shape in one.get("properties", {}).items()
        if (member.endswith(DAYS) and member not in NO_DAYS and not is_day(shape))
        or ((member.endswith("_at") or member == "at") and shape.get("format") != "date-time")
    ]
    assert bare == []


def test_every_edit_takes_the_version_it_was_made_on() -> None:
    for one in ENDPOINTS:
        headers = [p for p in operation(one)["parameters"] if p.get("in") == "header"]
        required = [header["name"] for header in headers if header["required"]]
        assert required == (["If-Match"] if one.method == "PATCH" else [])


def test_an_answer_with_a_member_that_is_not_declared_is_noticed() -> None:
    told = {"type": "/problems/x", "title": "x", "status": 400, "detail": "x", "instance": "/"}
    assert faults(told, "#/components/schemas/Problem") == []
    assert faults({**told, "secret": 1}, "#/components/schemas/Problem") != []
    assert faults({**told, "status": "400"}, "#/components/schemas/Problem") != []
