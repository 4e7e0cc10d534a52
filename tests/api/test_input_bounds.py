"""No body costs more than its size warrants: what is too much is refused before it is loaded, in a short answer.

What is counted is work: how many values are made, how many elements of a list are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from tests.api.factories import Stage
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import strict_json
from tracker.domain.errors import MOST, BadJson, FieldError, TooManyValues, limited
from tracker.http.requests import MOST_PARAMETERS
from tracker.schemas.list_fields import Several, Table

SHORT = 50_000


def huge(member: str, entry: str, times: int) -> bytes:
    return f'{{"{member}":[{",".join([entry] * times)}]}}'.encode()


@pytest.mark.parametrize(
    ("path", "body", "by"),
    [
        ("/v1/status-changes", huge("citations", "{}", 300_000), "watchdog"),
        ("/v1/keys", huge("scope", '"a"', 240_000), "watchdog"),
        ("/v1/evidence", huge("content_warnings", '"a"', 240_000), "watchdog"),
        ("/v1/keys", json.dumps({f"m{n}": 1 for n in range(75_000)}).encode(), "watchdog"),
        ("/v1/keys", json.dumps({f"m{n}": 1 for n in range(15_000)}).encode(), "watchdog"),
        ("/v1/imports", json.dumps({"kind": "organization", "rows": [{}] * 90_000}).encode(), "editor"),
        (
            "/v1/imports",
            json.dumps({"kind": "organization", "rows": [{"x": [0]}] * 1_000}).encode(),
            "editor",
        ),
    ],
    ids=["citations", "scope", "warnings", "85,000 members", "15,000 members", "rows", "faulty rows"],
)
def test_a_huge_body_is_refused_in_a_short_answer(one_stage: Stage, path: str, body: bytes, by: str) -> None:
    if by not in one_stage.world.keys:
        one_stage.world.person(by, by, organization=one_stage.world.watchdog)
    answer = one_stage.send("POST", path, body, by=by)
    if path == "/v1/imports" and answer.status_code == 200:  # a dry run reports on each of its rows
        assert len(answer.data) < 1_000 * 400
        return
    assert answer.status_code in (413, 422), answer.data[:300]
    assert len(answer.data) < SHORT
    assert len(answer.get_json().get("errors", [])) <= MOST


def bodies() -> Iterator[tuple[Endpoint, str, Several]]:
    """Every list that is a member of a body."""
    for one in ENDPOINTS:
        for name, field in one.body().fields.items() if one.body is not None else ():
            if isinstance(field, Several):
                yield one, field.data_key or name, field


@pytest.mark.parametrize(
    ("one", "name", "most"),
    [pytest.param(one, name, field.most, id=f"{one.operation} {name}") for one, name, field in bodies()],
)
def test_no_element_of_a_list_that_is_too_long_is_read(
    one: Endpoint, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = one.body()  # type: ignore[misc]
    field = next(of for of, it in shape.fields.items() if (it.data_key or of) == name)
    read: list[Any] = []
    monkeypatch.setattr(
        shape.fields[field].inner, "deserialize", lambda value, **_more: read.append(value) or {}
    )
    faults = shape.validate({name: [{}] * (most + 1)})
    assert f"not {most + 1}" in str(faults[name])
    assert read == []
    shape.validate({name: [{}] * most})
    assert len(read) == most


def reachable(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    """The field, and what stands in it at any depth."""
    yield field
    if isinstance(field, fields.Nested):
        for inner in field.schema.fields.values():
            yield from reachable(inner)
    elif isinstance(field, fields.List):
        yield from reachable(field.inner)
    elif isinstance(field, fields.Dict):
        for of in (field.key_field, field.value_field):
            if of is not None:
                yield from reachable(of)


SENT = [
    pytest.param(shape, id=shape.__name__)
    for shape in dict.fromkeys(
        of for one in ENDPOINTS for of in (one.body, one.form, one.query) if of is not None
    )
]


@pytest.mark.parametrize("shape", SENT)
def test_no_list_and_no_table_is_sent_without_a_bound(shape: type[Schema]) -> None:
    for name, field in shape().fields.items():
        for inner in reachable(field):
            if isinstance(inner, fields.List):
                assert isinstance(inner, Several), name
                assert 1 <= inner.most <= 2_000, name
            elif isinstance(inner, fields.Dict) and (shape.__name__, name) != ("ImportIn", "rows"):
                assert isinstance(inner, Table), name
                assert 1 <= inner.most <= 100, name


def test_values_are_counted_before_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(json, "loads", lambda text, **_more: made.append(text) or [])
    strict_json.parse_json(b"[1, 2, 3]", most=4)
    assert len(made) == 1
    with pytest.raises(TooManyValues, match="more than 4 values"):
        strict_json.parse_json(b"[1, 2, 3, 4]", most=4)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("text", "values"),
    [("1", 1), ('"a,[{\\",["', 1), ("[1, [2], {}]", 5), ('{"a,b": "{", "c": [1,2]}', 5), ('"a\nb,"', 1)],
)
def test_what_stands_in_a_text_counts_for_nothing(text: str, values: int) -> None:
    assert strict_json.count_values(text) == values + text.count("{}")


def test_a_long_text_of_commas_is_one_value(one_stage: Stage) -> None:
    body = {"slug": "new", "name": ",[{" * 10, "type": "media", "contact": "," * 300}
    assert one_stage.send("POST", "/v1/organizations", body).status_code == 201


def test_the_pointer_of_a_member_given_twice_is_made_for_that_one_alone() -> None:
    with pytest.raises(BadJson) as refused:
        strict_json.parse_json(b'{"a": [[], {"b/c": {"d": 1, "d": 2}}]}')
    assert [one.pointer for one in refused.value.fields] == ["/a/1/b~1c/d"]


def test_the_name_of_a_member_is_bounded() -> None:
    with pytest.raises(BadJson, match="longer than 100"):
        strict_json.parse_json(json.dumps({"n" * 101: 1}).encode())


def test_the_last_of_many_faults_says_how_many_more_there_are(one_stage: Stage) -> None:
    said = one_stage.send("POST", "/v1/keys", {f"m{n}": 1 for n in range(120)}).get_json()
    assert len(said["errors"]) == MOST
    assert said["errors"][-1] == {"pointer": "", "detail": f"{120 - MOST + 1} more are not valid"}


def test_faults_are_short_however_long_what_they_speak_of_is() -> None:
    shown = limited([FieldError("/é" * 500, "ü" * 5_000)] * 60)
    assert len(json.dumps([[one.pointer, one.detail] for one in shown], ensure_ascii=False).encode()) < SHORT
    assert limited([FieldError("/a", "b")] * MOST) == [FieldError("/a", "b")] * MOST


def test_a_query_of_too_many_parameters_is_refused_at_once(one_stage: Stage) -> None:
    query = "&".join(f"p{n}=%FF" for n in range(MOST_PARAMETERS + 1))
    answer = one_stage.send("GET", f"/v1/public/processes?{query}", by=None)
    assert answer.status_code == 422
    assert len(answer.data) < 500
