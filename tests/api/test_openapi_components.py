"""What is done to the document after it is declared loses nothing: shared parts stand for what they replace, answers
are open and requests closed, examples stand with their bodies, and the text says what the values say.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import yaml

from tests.contract.client import whole
from tracker.api.openapi import components

NOT_FOUND = {"description": "Refused: `not-found`.", components.NAME: "NotFound"}
LIMIT = {"in": "query", "name": "limit", "schema": {"type": "integer"}}


def an_id(prefix: str) -> dict[str, Any]:
    return {"in": "path", "name": "id", "schema": {"type": "string", "pattern": f"^{prefix}_[0-9]{{2}}$"}}


def operation(name: str, *parameters: Any, **responses: Any) -> dict[str, Any]:
    return deepcopy({"operationId": name, "parameters": parameters, "responses": responses})


def document(*operations: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    paths = {f"/v1/things_{place}": {"get": one} for place, one in enumerate(operations)}
    return {"paths": paths, "components": {"schemas": schemas}}


def test_what_stands_in_two_places_becomes_a_component_and_what_stands_in_one_does_not() -> None:
    def make(missing: dict[str, Any]) -> dict[str, Any]:
        refused = {"404": missing, "409": {"description": "Refused: `x`."}}
        return document(
            operation("a", LIMIT, an_id("com"), **{"404": missing}),
            operation("b", LIMIT, an_id("prc"), **refused),
        )

    made, plain = make(NOT_FOUND), make({"description": NOT_FOUND["description"]})
    before = [whole(one, plain) for one in components.list_operations(plain)]
    components.share_components(made)
    assert made["components"]["parameters"] == {"limit": LIMIT}
    assert made["components"]["responses"] == {"NotFound": {"description": NOT_FOUND["description"]}}
    assert made["paths"]["/v1/things_1"]["get"]["responses"]["409"] == {"description": "Refused: `x`."}
    assert [whole(one, made) for one in components.list_operations(made)] == before


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ([an_id("com"), an_id("prc")], ["id_com", "id_prc"]),
        ([an_id("(?:com|rec)")], ["id_com_rec"]),
        ([LIMIT, {**LIMIT, "schema": {"type": "string"}}], ["limit_of_things_0", "limit_of_things_2"]),
    ],
)
def test_parts_that_differ_get_names_that_differ(said: list[dict[str, Any]], names: list[str]) -> None:
    made = document(*(operation(f"{place}{again}", one) for place, one in enumerate(said) for again in "ab"))
    components.share_components(made)
    assert list(made["components"]["parameters"]) == names


def test_an_answer_has_the_name_that_was_declared_for_it() -> None:
    made = document(*(operation(one, **{"409": {**NOT_FOUND, components.NAME: "Taken"}}) for one in "ab"))
    components.share_components(made)
    assert made["components"]["responses"] == {"Taken": {"description": NOT_FOUND["description"]}}


def test_a_shape_that_is_answered_is_open_and_one_that_is_sent_stays_closed() -> None:
    inner = {"properties": {}, "additionalProperties": False}
    sent = {"properties": {"inner": {"$ref": "#/components/schemas/Inner"}}, "additionalProperties": False}
    made = document(operation("a"), In=sent, Inner=dict(inner), Out=dict(inner))
    made["paths"]["/v1/things_0"]["get"]["requestBody"] = {
        "content": {"x": {"schema": {"$ref": "#/components/schemas/In"}}}
    }
    components.open_answers(made)
    open_ones = [
        name for name, one in made["components"]["schemas"].items() if "additionalProperties" not in one
    ]
    assert open_ones == ["Out"]


def test_an_example_stands_with_the_body_that_was_sent_and_with_the_one_that_was_answered() -> None:
    known = operation("a", **{"200": {"content": {"application/json": {}}}})
    known["requestBody"] = {"content": {"application/json": {}}}
    made = document(known, operation("b"))
    answer = {"status": 200, "content_type": "application/json", "body": {"id": 1}}
    components.show_examples(made, {"a": {"request": {"body": {"x": 2}}, "answer": answer}})
    one = made["paths"]["/v1/things_0"]["get"]
    assert one["requestBody"]["content"]["application/json"]["examples"]["sent"]["value"] == {"x": 2}
    shown = one["responses"]["200"]["content"]["application/json"]["examples"]
    assert shown == {"answered": {"value": {"id": 1}}}


def test_the_text_says_what_the_values_say_without_anchors() -> None:
    again = {"type": "string", "description": "x" * 200, "enum": ["no", "null", "1", "2026-11-23"]}
    value = {"a": again, "b": again, "c": [], "d": {}, "e": [[1, None], {"k": True}], "ü": "a\nb"}
    text = components.dump_yaml(value)
    assert yaml.safe_load(text) == value
    assert "&id" not in text


def test_without_a_folder_of_examples_the_document_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(components, "_EXAMPLES", (tmp_path / "nowhere",))
    assert components.load_examples() == {}
