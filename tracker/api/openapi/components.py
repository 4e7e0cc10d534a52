"""The OpenAPI document as people and programs read it: nothing said twice, answers open to growth, examples in place.

Plain values in, plain values out: this module knows no endpoint, so whatever the declarations come to say passes
through it in the same way.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

Value = dict[str, Any]

#: Beside the package in a checkout, inside of it where it was installed from a wheel.
_EXAMPLES: Final = (
    Path(__file__).resolve().parents[3] / "openapi" / "examples",
    Path(__file__).resolve().parents[2] / "examples",
)
#: A row of values that fits on one line of this length is written on one line.
_LINE: Final = 96
_SCHEMAS: Final = "#/components/schemas/"


def list_operations(document: Mapping[str, Any]) -> Iterator[Value]:
    for path in document["paths"].values():
        yield from path.values()


def describe_operations(document: Value) -> None:
    """A parameter of a query that says nothing of itself and has no list of codes narrows the list by that member."""
    for operation in list_operations(document):
        for one in operation["parameters"]:
            if one["in"] == "query" and "enum" not in one["schema"]:
                one.setdefault("description", f"Only those with this `{one['name']}`.")


def share_components(document: Value) -> None:
    """Put parameters, answers and headers that stand in several places among the components, and point at them."""
    for operation in list_operations(document):
        for answer in operation["responses"].values():
            _share(document, "headers", answer.get("headers", {}))
    answers = [operation["responses"] for operation in list_operations(document)]
    parameters = [dict(enumerate(operation["parameters"])) for operation in list_operations(document)]
    _often(document, "responses", answers)
    _often(document, "parameters", parameters)
    for operation, shared in zip(list_operations(document), parameters, strict=True):
        operation["parameters"] = list(shared.values())


def _share(document: Value, section: str, found: Value) -> None:
    """Headers are few and the same wherever they stand: each becomes a component under its own name."""
    kept = document["components"].setdefault(section, {})
    for name, said in found.items():
        if kept.setdefault(name, said) == said:
            found[name] = {"$ref": f"#/components/{section}/{name}"}


def _often(document: Value, section: str, places: list[dict[Any, Any]]) -> None:
    """What is written alike in two places or more becomes a component."""
    often = Counter(_key(said) for place in places for said in place.values())
    names: dict[str, str] = {}
    kept: Value = {}
    for place in places:
        for where, said in place.items():
            key = _key(said)
            if often[key] < 2:
                continue
            if key not in names:
                names[key] = _free(_name(where, said), kept)
                kept[names[key]] = said
            place[where] = {"$ref": f"#/components/{section}/{names[key]}"}
    if kept:
        document["components"][section] = dict(sorted(kept.items()))


def _key(said: Any) -> str:
    return json.dumps(said, sort_keys=True)


def _name(where: Any, said: Mapping[str, Any]) -> str:
    """`AlreadyDoneOrNotPublished`, `NotModified`, `limit`, `id_prc`."""
    if "in" in said:
        prefixes = re.match(r"\^(?:\(\?:)?([a-z|]+)\)?_\[", said["schema"].get("pattern", ""))
        ids = f"_{prefixes.group(1).replace('|', '_')}" if prefixes else ""
        return str(said["name"]) + ids
    codes = re.findall(r"`([a-z-]+)`", said["description"])
    if not codes:
        return "NotModified" if where == "304" else f"Status{where}"
    return "Or".join("".join(word.capitalize() for word in code.split("-")) for code in codes)


def _free(name: str, kept: Mapping[str, Any]) -> str:
    """This name, or the next one that is free: the same parameter may mean another list of values elsewhere."""
    number = 2
    found = name
    while found in kept:
        found, number = f"{name}_{number}", number + 1
    return found


def open_answers(document: Value) -> None:
    """A shape that is only ever answered may gain members; one that is sent takes none that it does not know."""
    schemas = document["components"]["schemas"]
    waiting = [
        operation["requestBody"] for operation in list_operations(document) if "requestBody" in operation
    ]
    sent: set[str] = set()
    while waiting:
        for name in set(list_references(waiting.pop())) - sent:
            sent.add(name)
            waiting.append(schemas[name])
    for name, shape in schemas.items():
        if name not in sent and shape.get("additionalProperties") is False:
            del shape["additionalProperties"]


def list_references(value: Any) -> Iterator[str]:
    """The names of the shapes that stand in a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref" and isinstance(inner, str) and inner.startswith(_SCHEMAS):
                yield inner.removeprefix(_SCHEMAS)
            else:
                yield from list_references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_references(inner)


def load_examples() -> dict[str, Value]:
    """What was asked and answered, by operation, as `make examples` wrote it."""
    folder = next((one for one in _EXAMPLES if one.is_dir()), None)
    if folder is None:
        return {}
    read = (yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in sorted(folder.glob("*.yaml")))
    return {one["operation"]: one for one in read}


def show_examples(document: Value, known: Mapping[str, Value]) -> None:
    """Put each example where its body stands."""
    for operation in list_operations(document):
        one = known.get(operation["operationId"])
        if one is None:
            continue
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["examples"] = {"sent": {"value": one["request"]["body"]}}
        answer = operation["responses"].get(str(one["answer"]["status"]), {})
        for media_type, content in answer.get("content", {}).items():
            if media_type == one["answer"].get("content_type"):
                content["examples"] = {"answered": {"value": one["answer"]["body"]}}


class _Dumper(yaml.SafeDumper):
    """YAML with short values on one line, and no anchors: some readers cannot follow them."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        return _fit(super().represent_sequence(tag, sequence, flow_style))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        return _fit(super().represent_mapping(tag, mapping, flow_style))


_Node = TypeVar("_Node", yaml.SequenceNode, yaml.MappingNode)


def _fit(node: _Node) -> _Node:
    """The node, on one line where it fits there."""
    inner = [part for one in node.value for part in (one if isinstance(one, tuple) else (one,))]
    flat = all(isinstance(part, yaml.ScalarNode) or part.flow_style for part in inner)
    node.flow_style = flat and _length(node) <= _LINE
    return node


def _length(node: Any) -> int:
    """About how many characters a value takes on one line."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value) + 4
    return sum(_length(part) for one in node.value for part in (one if isinstance(one, tuple) else (one,)))


def dump_yaml(value: Any) -> str:
    written: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return written
