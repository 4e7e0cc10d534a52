"""The document is as linters for OpenAPI want it: every name resolves and is used, every operation can be named, told
apart and tried out, every parameter says what it is, and every example is what its schema says.

`make redocly` asks another linter, which needs node and therefore stands outside of the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

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


def test_no_component_is_left_unused() -> None:
    for section in SECTIONS:
        held = DOCUMENT["components"][section]
        if section == "securitySchemes":
            used = {
                name
                for _path, _method, one in OPERATIONS.values()
                for said in one["security"]
                for name in said
            }
        else:
            used = {
                one.rpartition("/")[2] for one in REFERENCES if one.startswith(f"#/components/{section}/")
            }
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


def test_an_operation_is_named_and_told_in_words() -> None:
    for name, (path, _method, one) in OPERATIONS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name), name
        assert len(one["summary"]) >= 10, name
        assert not one["summary"].endswith("."), name
        assert one["description"].strip().endswith("."), name
        parameters = [(said["in"], said["name"]) for said in one["parameters"]]
        assert len(parameters) == len(set(parameters)), name
        assert {name for where, name in parameters if where == "path"} == set(re.findall(r"{(\w+)}", path)), (
            name
        )


def test_what_an_operation_does_is_said_beyond_its_summary() -> None:
    """A handler says it in its docstring; the answer says what it is."""
    for name, (_path, _method, one) in OPERATIONS.items():
        said = [one["description"], *(answer["description"] for answer in one["responses"].values())]
        assert [words for words in said if words.startswith(one["summary"])] == [], name


def test_the_groups_hold_every_tag_once_in_their_order() -> None:
    grouped = [tag for group in DOCUMENT["x-tagGroups"] for tag in group["tags"]]
    assert grouped == [tag["name"] for tag in DOCUMENT["tags"]]


def test_an_operation_says_how_it_ends_well_and_how_it_refuses() -> None:
    for name, (_path, _method, one) in OPERATIONS.items():
        responses = one["responses"]
        assert [status for status in responses if status.startswith("2")], name
        assert [status for status in responses if status.startswith("4")], name
        assert all(said["description"].strip().endswith(".") for said in responses.values()), name


def test_an_operation_shows_an_example_of_what_is_sent_and_answered() -> None:
    for name, (_path, _method, one) in OPERATIONS.items():
        # A part of a file (206) is no other example than the whole of it.
        good = [
            said for status, said in one["responses"].items() if status.startswith("2") and status != "206"
        ]
        shown = [*good, *([one["requestBody"]] if "requestBody" in one else [])]
        for said in shown:
            for media_type, content in said.get("content", {}).items():
                assert content.get("examples"), (
                    f"{name}, {media_type}: a new operation gets a line in tests/contract/scenario_steps.py"
                )
                for example in (there(one) for one in content["examples"].values()):
                    schema = {**content["schema"], "components": DOCUMENT["components"]}
                    assert list(Draft202012Validator(schema).iter_errors(example["value"])) == [], name


def test_every_parameter_says_what_it_is() -> None:
    told = [(name, said) for name, (_path, _method, one) in OPERATIONS.items() for said in one["parameters"]]
    assert [(name, said["name"]) for name, said in told if not said.get("description")] == []


def test_every_shape_and_every_member_of_it_says_what_it_is() -> None:
    for name, shape in DOCUMENT["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z`].*\.", shape["description"]), name
        members = shape.get("properties", {}).items()
        bare = [member for member, said in members if not said.get("description", "").endswith(".")]
        assert bare == [], name


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
