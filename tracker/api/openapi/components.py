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

from tracker.schemas.trials import DRY_RUN

try:
    from yaml import (
        CSafeDumper as SafeDumper,
    )  # the same bytes in half the time, where PyYAML was built with libyaml
except ImportError:
    from yaml import SafeDumper  # type: ignore[assignment]

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
    """A parameter of a query that says nothing of itself narrows the list by that member."""
    for operation in list_operations(document):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                parameter.setdefault("description", f"Only those with this `{parameter['name']}`.")


#: Where a declaration says under which name it stands among the components.
NAME: Final = "x-component"


def share_components(document: Value) -> None:
    """Put parameters, answers and headers that stand in several places among the components, and point at them."""
    for path, of in document["paths"].items():
        for operation in of.values():
            for answer in operation["responses"].values():
                _share(document, "headers", answer.get("headers", {}))
            for parameter in operation["parameters"]:
                parameter.setdefault(NAME, _parameter_name(parameter))
                parameter[_PATH] = path
    answers = [operation["responses"] for operation in list_operations(document)]
    parameters = [dict(enumerate(operation["parameters"])) for operation in list_operations(document)]
    _often(document, "responses", answers)
    _often(document, "parameters", parameters)
    for operation, shared in zip(list_operations(document), parameters, strict=True):
        operation["parameters"] = list(shared.values())


#: On the way only: the path at which a parameter stands first, by which two of one name are told apart.
_PATH: Final = "x-path"


def _share(document: Value, section: str, value: Value) -> None:
    """Headers are few and the same wherever they stand: each becomes a component under its own name."""
    kept = document["components"].setdefault(section, {})
    for name, shared in value.items():
        if kept.setdefault(name, shared) == shared:
            value[name] = {"$ref": f"#/components/{section}/{name}"}


def _often(document: Value, section: str, places: list[dict[Any, Any]]) -> None:
    """What is written alike in two places or more becomes a component under the name that it was given. Parameters of
    one name that take different values carry the collection beside it; nothing is ever numbered."""
    often = Counter(_key(said) for place in places for said in place.values())
    named: dict[str, dict[str, Value]] = {}
    for place in places:
        for value in place.values():
            if often[_key(value)] > 1:
                named.setdefault(value.get(NAME, ""), {}).setdefault(_key(value), value)
    names = {
        key: name if len(of) == 1 else f"{name}_of_{_collection(said[_PATH])}"
        for name, of in named.items()
        for key, said in of.items()
    }
    if len(set(names.values())) < len(names):
        raise ValueError(f"two {section} share a name: {Counter(names.values()).most_common(3)}")
    kept = {names[key]: said for of in named.values() for key, said in of.items()}
    for place in places:
        for where, value in place.items():
            if (name := names.get(_key(value))) is not None:
                place[where] = {"$ref": f"#/components/{section}/{name}"}
            else:
                place[where] = _bare(value)
    if kept:
        document["components"][section] = {name: _bare(said) for name, said in sorted(kept.items())}


def _bare(value: Any) -> Any:
    return {name: inner for name, inner in value.items() if name not in (NAME, _PATH)}


def _key(value: Any) -> str:
    return json.dumps({name: inner for name, inner in value.items() if name != _PATH}, sort_keys=True)


def _parameter_name(parameter: Mapping[str, Any]) -> str:
    """`limit`, `id_prc`."""
    prefixes = re.match(r"\^(?:\(\?:)?([a-z|]+)\)?_\[", parameter["schema"].get("pattern", ""))
    return str(parameter["name"]) + (f"_{prefixes.group(1).replace('|', '_')}" if prefixes else "")


def _collection(path: str) -> str:
    """`/v1/public/processes/{id}` is about `public_processes`."""
    return "_".join(part.replace("-", "_") for part in path.split("/")[2:] if part and "{" not in part)


def open_answers(document: Value) -> None:
    """A shape that is only ever answered may gain members and codes; one that is sent takes what it knows, no more."""
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
        if name in sent:
            continue
        if shape.get("additionalProperties") is False:
            del shape["additionalProperties"]
        for member in shape.get("properties", {}).values():
            _open_codes(member)


def _open_codes(member: Value) -> None:
    """Codes that are answered are those of today: they stand in the description, and more may come. One that never
    changes is a constant, by which shapes are told apart."""
    codes = member.pop("enum", None)
    for inner in (member.get("items"), *member.get("anyOf", ())):
        if isinstance(inner, dict):
            codes = inner.pop("enum", codes)
    if codes is None:
        return
    if len(codes) == 1:
        member["const"] = codes[0]
        return
    known = ", ".join(f"`{code}`" for code in codes if code is not None)
    description = member.get("description", "")
    member["description"] = f"{description} Codes of today, to which more may come: {known}.".strip()


def unbound_codes(value: Any) -> None:
    """Beside a list of codes no bound of length stands: the codes say it, and some generators stumble over both."""
    if isinstance(value, dict):
        if "enum" in value:
            value.pop("minLength", None)
            value.pop("maxLength", None)
        for inner in value.values():
            unbound_codes(inner)
    elif isinstance(value, list):
        for inner in value:
            unbound_codes(inner)


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
    """Put each example where its body stands; that of a dry run, which all acts have, once."""
    if example := known.get("dry_run"):
        document["components"]["examples"]["dry-run"] = {"value": example["answer"]["body"]}
    for operation in list_operations(document):
        example = known.get(operation["operationId"])
        if example is None:
            continue
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["examples"] = {"sent": {"value": example["request"]["body"]}}
        if waits := operation["responses"].get("202"):
            proposal = known["get_proposal"]["answer"]["body"]
            waits["content"]["application/json"]["examples"] = {"answered": {"value": proposal}}
        if tried := operation["responses"].get("200", {}).get("content", {}).get(DRY_RUN):
            tried["examples"] = {"tried": {"$ref": "#/components/examples/dry-run"}}
        answer = operation["responses"].get(str(example["answer"]["status"]), {})
        for media_type, content in answer.get("content", {}).items():
            if media_type == example["answer"].get("content_type"):
                content["examples"] = {"answered": {"value": example["answer"]["body"]}}


class _Dumper(SafeDumper):
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
