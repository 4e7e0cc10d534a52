"""A test client that holds every answer against the committed OpenAPI document.

A status, a media type, a member or a problem that the document does not declare fails the test that met it,
whatever else that test is about.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

COMMITTED = Path(__file__).resolve().parents[2] / "openapi" / "tracker-v1.yaml"
PROBLEM = "application/problem+json"
LINES = "application/x-ndjson"
_FORMATS = FormatChecker(("date",))


@_FORMATS.checks("date-time", ValueError)
def _instant(value: object) -> bool:
    return not isinstance(value, str) or (value.endswith("Z") and bool(datetime.fromisoformat(value)))


@cache
def committed() -> dict[str, Any]:
    """The document as it stands in the repository."""
    loaded: dict[str, Any] = yaml.load(COMMITTED.read_text("utf-8"), yaml.CSafeLoader)
    return loaded


@cache
def components() -> dict[str, Any]:
    """The shapes, each closed: a reader is told that members may be added, and a test that none was by accident."""
    shapes = json.loads(json.dumps(committed()["components"]["schemas"]))
    for shape in shapes.values():
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return {"schemas": shapes}


@cache
def validator(schema: str) -> Draft202012Validator:
    """Of a schema, written as JSON."""
    whole = {**json.loads(schema), "components": components()}
    return Draft202012Validator(whole, format_checker=_FORMATS)


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    found = []
    for path, operations in committed()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        found.append((re.compile(pattern), operations))
    return found


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The declared operation of a request, or None where there is none."""
    wanted = "get" if method == "HEAD" else method.lower()
    for place, (pattern, operations) in enumerate(_paths()):
        if pattern.fullmatch(path) and wanted in operations:
            return _operation(place, wanted)
    return None


@cache
def _operation(place: int, method: str) -> dict[str, Any]:
    return whole(_paths()[place][1][method])


def there(value: Any, document: dict[str, Any] | None = None) -> Any:
    """What a reference points at; any other value as it is."""
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    found: Any = document or committed()
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def whole(declared: dict[str, Any], document: dict[str, Any] | None = None) -> dict[str, Any]:
    """An operation with its shared parameters, answers and headers in their places."""
    responses = {status: dict(there(said, document)) for status, said in declared["responses"].items()}
    for said in responses.values():
        if "headers" in said:
            said["headers"] = {name: there(one, document) for name, one in said["headers"].items()}
    parameters = [there(one, document) for one in declared.get("parameters", [])]
    return {**declared, "parameters": parameters, "responses": responses}


def faults(value: object, schema: str | dict[str, Any]) -> list[str]:
    """What of a value is not as the document says, by a schema or by a reference to one."""
    said = {"$ref": schema} if isinstance(schema, str) else schema
    found = validator(json.dumps(said)).iter_errors(value)
    return [f"{error.json_path}: {error.message[:300]}" for error in found]


def hold(response: TestResponse) -> None:
    """Fail where an answer is not one that the document declares."""
    method, path = response.request.method, response.request.path
    if path.startswith(("/log/", "/openapi.")):
        return
    where = f"{method} {path} answered {response.status_code}"
    if method == "OPTIONS" and response.status_code == 204:
        return  # a preflight, which is a browser's business and stands in no document
    assert "Set-Cookie" not in response.headers, where
    declared = operation(method, path)
    if declared is None and (response.content_type or "").startswith(("text/html", "text/markdown")):
        return  # a page, which people read; the document is of what programs read
    if declared is None:
        assert response.status_code in (404, 405), f"{where}, and no such operation is declared"
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        codes = {"not-found", "method-not-allowed"}
    else:
        status = str(response.status_code)
        assert status in declared["responses"], f"{where}, which is not declared"
        content = declared["responses"][status].get("content", {})
        codes = set(re.findall("`([a-z-]+)`", declared["responses"][status]["description"]))
    if method == "HEAD" or not content:
        assert response.data == b"", where
        return
    media_type = response.content_type.partition("; charset=utf-8")[0]
    assert media_type in content, f"{where} as {response.content_type}"
    if "Content-Encoding" in response.headers:
        return  # packed; the same bytes are held where they come plain
    schema = content[media_type]["schema"]
    if response.content_type == LINES:
        wrong = [fault for line in response.data.splitlines() for fault in faults(json.loads(line), schema)]
        assert wrong == [], f"{where}: {wrong}"
        return
    if schema.get("format") == "binary":
        assert response.headers["Content-Disposition"].startswith("attachment;"), where
        return
    if schema.get("type") == "string":
        assert response.data.decode("utf-8"), where
        return
    body = json.loads(response.data)
    wrong = faults(body, schema)
    assert wrong == [], f"{where}: {wrong}"
    if response.content_type == PROBLEM:
        code = body["type"].removeprefix("/problems/")
        assert code in codes, f"{where} for {code}, which is not declared: {body}"
        assert body["status"] == response.status_code, where


class PlainClient(FlaskClient):
    """A client whose requests have a context of their own, as a server gives them: else they would share the session of
    the test. For tests that send thousands of requests and compare the answers with each other.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


class ContractClient(PlainClient):
    """The client of every test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        hold(response)
        return response
