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
def test_what_an_operation_does_is_said_beyond_its_summary(name: str) -> None:
    """A handler says it in its docstring; the answer says what it is."""
    _path, _method, one = OPERATIONS[name]
    said = [one["description"], *(answer["description"] for answer in one["responses"].values())]
    assert [words for words in said if words.startswith(one["summary"])] == []


def test_the_groups_hold_every_tag_once_in_their_order() -> None:
    grouped = [tag for group in DOCUMENT["x-tagGroups"] for tag in group["tags"]]
    assert grouped == [tag["name"] for tag in DOCUMENT["tags"]]


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
            for example in (there(one) for one in content["examples"].values()):
                schema = {**content["schema"], "components": DOCUMENT["components"]}
                assert list(Draft202012Validator(schema).iter_errors(example["value"])) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_says_what_it_is(name: str) -> None:
    assert [said["name"] for said in OPERATIONS[name][2]["parameters"] if not said.get("description")] == []


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_member_of_a_shape_says_what_it_is(name: str) -> None:
    members = DOCUMENT["components"]["schemas"][name].get("properties", {})
    assert [member for member, said in members.items() if not said.get("description", "").endswith(".")] == []


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_shape_says_what_it_is(name: str) -> None:
    assert re.fullmatch(r"[A-Z`].*\.", DOCUMENT["components"]["schemas"][name]["description"])


def test_no_component_is_numbered() -> None:
    sections = DOCUMENT["components"].values()
    assert [name for held in sections for name in held if re.search(r"_[0-9]+$", name)] == []


def answered(kind: str) -> set[str]:
    """The shapes that stand in bodies (`requestBody`) or in answers (`responses`), at any depth."""
    waiting: list[Any] = [one[kind] for _path, _method, one in OPERATIONS.values() if kind in one]
    names: set[str] = set()
    while waiting:
        for _where, one in every_mapping(waiting.pop()):
            reference = one.get("$ref")
            name = str(reference).rpartition("/")[2]
            if isinstance(reference, str) and name not in names:
                names.add(name)
                waiting.append(there(one))
    return names & DOCUMENT["components"]["schemas"].keys()


def test_what_is_answered_names_no_closed_list_of_codes_and_is_no_shape_that_is_sent() -> None:
    answers, bodies = answered("responses"), answered("requestBody")
    assert answers & bodies == set()
    closed = [
        (name, where)
        for name in answers
        for where, one in every_mapping(DOCUMENT["components"]["schemas"][name])
        if "enum" in one
    ]
    assert closed == []


def test_no_bound_of_length_stands_beside_a_list_of_codes() -> None:
    both = [where for where, one in every_mapping(DOCUMENT) if "enum" in one and "maxLength" in one]
    assert both == []


def test_every_refusal_shows_an_example_of_itself() -> None:
    kinds = {code: one for code, one in DOCUMENT["components"]["examples"].items() if code != "dry-run"}
    schema = {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]}
    for code, example in kinds.items():
        assert list(Draft202012Validator(schema).iter_errors(example["value"])) == []
        assert example["value"]["type"] == f"/problems/{code}"
    for name, (_path, _method, one) in OPERATIONS.items():
        for status, said in one["responses"].items():
            if status[0] in "45":
                assert said["content"]["application/problem+json"]["examples"].keys() <= kinds.keys(), name


def test_words_are_put_together_as_english_has_them() -> None:
    told = [one[key] for _p, _m, one in OPERATIONS.values() for key in ("summary", "description")]
    assert [one for one in told if re.search(r"\b[Aa] (?:evidence|[aeio])|\ban? evidence", one)] == []
    assert [tag for tag in DOCUMENT["tags"] if tag["description"].startswith("Endpoints for")] == []


def test_what_was_made_says_where_it_is() -> None:
    for _path, _method, one in OPERATIONS.values():
        for said in one["responses"].values():
            if "`Location`" in one["description"] and said["description"] and "201" in one["responses"]:
                assert "Location" in one["responses"]["201"]["headers"]
