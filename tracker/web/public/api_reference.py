"""The interface, operation by operation: the contract as pages that anybody can read without a tool."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from tracker.languages.i18n import mark
from tracker.web.public.guides import render_line
from tracker.web.public.refusals import Missing

Contract = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


def list_tags(contract: Contract) -> list[tuple[str, Markup, int]]:
    """What operations are about: the name, what it says, and how many there are."""
    descriptions = {one["name"]: one.get("description", "") for one in contract.get("tags", ())}
    numbers: dict[str, int] = {}
    for _path, _method, operation in _walk_operations(contract):
        numbers[operation["tags"][0]] = numbers.get(operation["tags"][0], 0) + 1
    return [(name, render_line(descriptions.get(name, "")), number) for name, number in numbers.items()]


def _walk_operations(contract: Contract) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in contract["paths"].items():
        yield from ((path, method, item[method]) for method in _METHODS if method in item)


def list_operations(contract: Contract, tag: str) -> list[dict[str, Any]]:
    """The operations about something. `Missing` where nothing is about it."""
    operations = [
        _show_operation(contract, path, method, operation)
        for path, method, operation in _walk_operations(contract)
        if operation["tags"][0] == tag
    ]
    if not operations:
        raise Missing(mark("No operation is about “%(name)s”."), name=tag[:80])
    return operations


def _show_operation(
    contract: Contract, path: str, method: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": render_line(operation.get("description", "")),
        "parameters": [_show_parameter(_resolve(contract, one)) for one in operation.get("parameters", ())],
        "bodies": [
            (kind, find_name(one.get("schema", {})), _find_example(one)) for kind, one in body.items()
        ],
        "answers": [
            _show_answer(contract, status, one) for status, one in sorted(operation["responses"].items())
        ],
    }


def _resolve(contract: Contract, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference refers to."""
    resolved: Any = given
    while "$ref" in resolved:
        place: Any = contract
        for step in resolved["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        resolved = place
    return dict(resolved)


def _show_parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": parameter.get("required", False),
        "type": describe_type(parameter.get("schema", {})),
        "description": render_line(parameter.get("description", "")),
    }


def _show_answer(contract: Contract, status: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer = _resolve(contract, given)
    contents = answer.get("content", {})
    return {
        "status": status,
        "description": render_line(answer.get("description", "")),
        "schemas": [name for one in contents.values() for name in list_names(one.get("schema", {}))],
        "kinds": list(contents),
    }


def _find_example(content: Mapping[str, Any]) -> str | None:
    """What was sent in a test, as it was sent."""
    for example in content.get("examples", {}).values():
        return json.dumps(example["value"], indent=2, ensure_ascii=False)
    return None


def find_name(schema: Mapping[str, Any]) -> str | None:
    """The name of a schema that is a reference."""
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def list_names(schema: Mapping[str, Any]) -> list[str]:
    """The named schemas that an answer may have."""
    own = find_name(schema)
    return [own] if own else [name for one in schema.get("anyOf", ()) for name in list_names(one)]


def read_schema(contract: Contract, name: str) -> dict[str, Any]:
    """A shape with its members. `Missing` where there is none of that name."""
    schema = contract["components"]["schemas"].get(name)
    if schema is None:
        raise Missing(mark("There is no shape “%(name)s”."), name=name[:80])
    required = set(schema.get("required", ()))
    members = [
        {
            "name": member,
            "required": member in required,
            "type": describe_type(one),
            "schemas": _list_inner(one),
            "description": render_line(one.get("description", "")),
        }
        for member, one in schema.get("properties", {}).items()
    ]
    return {"name": name, "description": render_line(schema.get("description", "")), "members": members}


def _list_inner(schema: Mapping[str, Any]) -> list[str]:
    """The named schemas that a member is made of."""
    return list_names(schema) + list_names(schema.get("items", {}))


def describe_type(schema: Mapping[str, Any]) -> str:
    """What a value is, in a few words."""
    if (name := find_name(schema)) is not None:
        return name
    if "enum" in schema:
        shown = [json.dumps(one) if one is None else str(one) for one in schema["enum"]]
        return " · ".join(shown)
    if "anyOf" in schema:
        return " or ".join(describe_type(one) for one in schema["anyOf"])
    kinds = schema.get("type", "any value")
    described = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "items" in schema:
        return f"{described} of {describe_type(schema['items'])}"
    return f"{described}, {schema['format']}" if "format" in schema else described
