"""The document is as linters for OpenAPI want it: every name resolves and is used, every operation can be named, told
apart and tried out, every parameter says what it is, and every example is what its schema says.

`make redocly` asks another linter, which needs node and therefore stands outside of the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contract.client import committed, there, whole

DOCUMENT = committed()
OPERATIONS = {
    one["operationId"]: (path, method, whole(one))
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
}
SECTIONS = ("schemas", "responses", "parameters", "headers", "securitySchemes")


def every_mapping(value: Any, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of the document with its place; what stands in an example is nobody's business here."""
    if isinstance(value, dict):
        yield where, value
        for name, inner in value.items():
            if name != "examples":
                yield from every_mapping(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from every_mapping(inner, f"{where}/{place}")


REFERENCES = {one["$ref"] for _where, one in every_mapping(DOCUMENT) if isinstance(one.get("$ref"), str)}


def test_every_reference_leads_somewhere() -> None:
    assert all(isinstance(there({"$ref": one}), dict) for one in REFERENCES)


@pytest.mark.parametrize("section", SECTIONS)
def test_no_component_is_left_unused(section: str) -> None:
    held = DOCUMENT["components"][section]
    if section == "securitySchemes":
        used = {
            name for _path, _method, one in OPERATIONS.values() for said in one["security"] for name in said
        }
    else:
        used = {one.rpartition("/")[2] for one in REFERENCES if one.startswith(f"#/components/{section}/")}
    assert sorted(held.keys() - used) == []


def test_the_document_says_whose_it_is_and_where_it_is_served() -> None:
    assert DOCUMENT["info"].keys() >= {"title", "version", "description", "license"}
    assert [server["url"] for server in DOCUMENT["servers"]] == ["/"]


def test_every_tag_is_described_and_used_and_none_stands_there_twice() -> None:
    tags = [tag["name"] for tag in DOCUMENT["tags"]]
    assert len(tags) == len(set(tags))
    assert all(tag["description"].strip().endswith(".") for tag in DOCUMENT["tags"])
    assert set(tags) == {tag for _path, _method, one in OPERATIONS.values() for tag in one["tags"]}


def test_no_two_paths_differ_only_in_the_names_of_their_parameters() -> None:
    shapes = [re.sub(r"{\w+}", "{}", path) for path in DOCUMENT["paths"]]
    assert sorted(set(shapes)) == sorted(shapes)
    assert [path for path in DOCUMENT["paths"] if path != "/" and path.endswith("/")] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_named_and_told_in_words(name: str) -> None:
    path, _method, one = OPERATIONS[name]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert len(one["summary"]) >= 10
    assert not one["summary"].endswith(".")
    assert one["description"].strip().endswith(".")
    parameters = [(said["in"], said["name"]) for said in one["parameters"]]
    assert len(parameters) == len(set(parameters))
    assert {name for where, name in parameters if where == "path"} == set(re.findall(r"{(\w+)}", path))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_how_it_ends_well_and_how_it_refuses(name: str) -> None:
    responses = OPERATIONS[name][2]["responses"]
    assert [status for status in responses if status.startswith("2")]
    assert [status for status in responses if status.startswith("4")]
    assert all(said["description"].strip().endswith(".") for said in responses.values())


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_shows_an_example_of_what_is_sent_and_answered(name: str) -> None:
    one = OPERATIONS[name][2]
    # A part of a file (206) is no other example than the whole of it.
    good = [said for status, said in one["responses"].items() if status.startswith("2") and status != "206"]
    shown = [*good, *([one["requestBody"]] if "requestBody" in one else [])]
    for said in shown:
        for media_type, content in said.get("content", {}).items():
            assert content.get("examples"), (
                f"{media_type}; a new operation gets a line in tests/contract/scenario_steps.py"
            )
            for example in content["examples"].values():
                schema = {**content["schema"], "components": DOCUMENT["components"]}
                assert list(Draft202012Validator(schema).iter_errors(example["value"])) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_that_is_no_plain_filter_says_what_it_is(name: str) -> None:
    """A list of codes speaks for itself; anything else needs a word."""
    silent = [
        said["name"]
        for said in OPERATIONS[name][2]["parameters"]
        if not said.get("description") and "enum" not in said["schema"]
    ]
    assert silent == []
