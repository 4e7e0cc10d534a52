"""No client is broken unannounced: what `openapi/baseline.yaml` promised holds in the document of today, save for the
operations that CHANGELOG.md names under `### Breaking`. The comparison itself is shown to catch each kind of breach.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.breaking import allowed, breaking
from tests.contract.client import committed

HOUSE = Path(__file__).resolve().parents[2]
BASELINE = HOUSE / "openapi" / "baseline.yaml"
Doc = dict[str, Any]
Edit = Callable[[Doc], object]

DOCUMENT: Doc = {
    "paths": {
        "/things": {
            "post": {
                "operationId": "create_thing",
                "security": [],
                "parameters": [{"$ref": "#/components/parameters/limit"}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}},
                },
                "responses": {"201": {"$ref": "#/components/responses/Made"}},
            }
        }
    },
    "components": {
        "parameters": {
            "limit": {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 200}}
        },
        "responses": {
            "Made": {
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}},
            }
        },
        "schemas": {
            "In": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 10},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "label": {"$ref": "#/components/schemas/Label"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["name"],
                "additionalProperties": False,
            },
            "Label": {"type": "object", "properties": {"text": {"type": "string"}}},
            "Out": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "on": {"type": "string", "format": "date"},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "parent": {"anyOf": [{"$ref": "#/components/schemas/Out"}, {"type": "null"}]},
                },
                "required": ["id", "kind"],
            },
        },
    },
}
ANY = {"type": "string"}


def post(document: Doc) -> Doc:
    found: Doc = document["paths"]["/things"]["post"]
    return found


def given(document: Doc) -> Doc:
    found: Doc = document["components"]["schemas"]["In"]
    return found


def answered(document: Doc) -> Doc:
    found: Doc = document["components"]["schemas"]["Out"]
    return found


def member(shape: Doc, name: str, **said: Any) -> None:
    shape["properties"].setdefault(name, {}).update(said)


BREACHES: dict[str, Edit] = {
    "a path is removed": lambda d: d["paths"].clear(),
    "a method is removed": lambda d: d["paths"]["/things"].clear(),
    "an operation is renamed": lambda d: post(d).update(operationId="make_thing"),
    "a key is asked for": lambda d: post(d).update(security=[{"key": []}]),
    "a parameter is removed": lambda d: post(d)["parameters"].clear(),
    "a parameter becomes required": lambda d: d["components"]["parameters"]["limit"].update(required=True),
    "a required parameter is added": lambda d: post(d)["parameters"].append(
        {"in": "query", "name": "x", "required": True, "schema": ANY}
    ),
    "a bound is lowered": lambda d: d["components"]["parameters"]["limit"]["schema"].update(maximum=100),
    "a bound is raised": lambda d: member(given(d), "name", minLength=1),
    "the body is removed": lambda d: post(d).pop("requestBody"),
    "a media type is no longer read": lambda d: post(d)["requestBody"]["content"].clear(),
    "a member is no longer taken": lambda d: given(d)["properties"].pop("kind"),
    "a member becomes required": lambda d: given(d)["required"].append("kind"),
    "a required member is added": lambda d: (
        member(given(d), "new", **ANY),
        given(d)["required"].append("new"),
    ),
    "a code is no longer taken": lambda d: member(given(d), "kind", enum=["a"]),
    "a list of codes is put on": lambda d: member(given(d), "name", enum=["a"]),
    "a pattern is put on": lambda d: member(given(d), "name", pattern="^a"),
    "a format is put on": lambda d: member(given(d), "name", format="date"),
    "another type is taken": lambda d: member(given(d), "name", type="integer"),
    "the type of an item changes": lambda d: given(d)["properties"]["tags"].update(items={"type": "integer"}),
    "a nested shape is closed": lambda d: d["components"]["schemas"]["Label"].update(
        additionalProperties=False
    ),
    "a nested member is removed": lambda d: d["components"]["schemas"]["Label"]["properties"].clear(),
    "an answer is removed": lambda d: post(d)["responses"].clear(),
    "an answer gets another status": lambda d: post(d).update(responses={"200": post(d)["responses"]["201"]}),
    "a header is removed": lambda d: d["components"]["responses"]["Made"]["headers"].clear(),
    "another media type is answered": lambda d: d["components"]["responses"]["Made"].update(content={}),
    "a member is no longer answered": lambda d: answered(d)["properties"].pop("kind"),
    "a member may be left out": lambda d: answered(d)["required"].remove("kind"),
    "a member may be null": lambda d: member(answered(d), "id", type=["string", "null"]),
    "a member has another type": lambda d: member(answered(d), "id", type="integer"),
    "a member has any type": lambda d: answered(d)["properties"].update(id={}),
    "a member loses its format": lambda d: answered(d)["properties"]["on"].pop("format"),
    "an alternative is added": lambda d: answered(d)["properties"]["parent"]["anyOf"].append(ANY),
}
HARMLESS: dict[str, Edit] = {
    "nothing": lambda d: None,
    "a path is added": lambda d: d["paths"].update({"/more": {}}),
    "an optional parameter is added": lambda d: post(d)["parameters"].append(
        {"in": "query", "name": "x", "schema": ANY}
    ),
    "a bound is loosened": lambda d: member(given(d), "name", maxLength=20),
    "an optional member is taken": lambda d: member(given(d), "new", **ANY),
    "a member is no longer required": lambda d: given(d)["required"].clear(),
    "a code more is taken": lambda d: member(given(d), "kind", enum=["a", "b", "c"]),
    "null is taken too": lambda d: member(given(d), "name", type=["string", "null"]),
    "an alternative more is taken": lambda d: given(d)["properties"].update(
        label={"anyOf": [{"$ref": "#/components/schemas/Label"}, {"type": "null"}]}
    ),
    "a member is added to an answer": lambda d: member(answered(d), "new", **ANY),
    "a member is always there now": lambda d: answered(d)["required"].append("on"),
    "a code may be answered that is new": lambda d: member(answered(d), "kind", enum=["a", "b", "c"]),
    "an answer is spelt out": lambda d: post(d)["responses"].update(
        {"201": d["components"]["responses"]["Made"]}
    ),
    "an alternative is no longer answered": lambda d: answered(d)["properties"].update(
        parent={"$ref": "#/components/schemas/Out"}
    ),
    "a refusal is added": lambda d: post(d)["responses"].update({"409": {"description": "No."}}),
}


def edited(edit: Edit) -> Doc:
    made = copy.deepcopy(DOCUMENT)
    edit(made)
    return made


@pytest.mark.parametrize("edit", BREACHES.values(), ids=BREACHES.keys())
def test_what_breaks_a_client_is_seen_and_names_the_operation(edit: Edit) -> None:
    found = breaking(DOCUMENT, edited(edit))
    assert {one.operation for one in found} == {"create_thing"}


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_breaks_nobody_passes(edit: Edit) -> None:
    assert breaking(DOCUMENT, edited(edit)) == []


def test_a_changelog_allows_what_it_names_under_breaking_of_the_next_release_only() -> None:
    changelog = """# Changelog
## [Unreleased]

### Breaking
- `create_thing` takes a `kind` now; so does
  `revise_thing`.

### Added
- `list_things`.

## [0.1.0]
### Breaking
- `old_thing`.
"""
    assert allowed(changelog) == {"create_thing", "kind", "revise_thing"}
    assert allowed("# Changelog\n\n## [Unreleased]\n\n### Added\n- `x`\n") == set()


def test_the_document_breaks_nobody_unannounced() -> None:
    baseline = yaml.load(BASELINE.read_text("utf-8"), yaml.CSafeLoader)
    announced = allowed((HOUSE / "CHANGELOG.md").read_text("utf-8"))
    unannounced = [one for one in breaking(baseline, committed()) if one.operation not in announced]
    assert unannounced == [], "name the operation in CHANGELOG.md, [Unreleased], `### Breaking`"


def test_the_baseline_is_a_document_of_this_api() -> None:
    baseline = yaml.load(BASELINE.read_text("utf-8"), yaml.CSafeLoader)
    assert len(baseline["paths"]) > 40
    assert baseline["info"]["title"] == committed()["info"]["title"]
