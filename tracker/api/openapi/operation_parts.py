"""The pieces of an operation that no endpoint declares: finished documents, which are answered before the REST door."""

from __future__ import annotations

from typing import Any, Final

from tracker.api.openapi.components import NAME
from tracker.api.openapi.responses import FOUND, describe_refusal

_HOLDS: Final = " Public: takes no key, and says the same to everybody."


def describe_parameter(
    name: str, where: str, description: str, *, required: bool = False, **schema: Any
) -> dict[str, Any]:
    return {
        "in": where,
        "name": name,
        "required": required or where == "path",
        "description": description,
        "schema": schema,
    }


def describe_operation(
    name: str,
    tag: str,
    summary: str,
    description: str,
    content: dict[str, Any],
    parameters: tuple[dict[str, Any], ...],
    **refusals: tuple[str, ...],
) -> dict[str, Any]:
    etag = {"ETag": {"description": "Strong entity tag.", "schema": {"type": "string"}}}
    refused_as = {status.lstrip("_"): codes for status, codes in refusals.items()}
    return {
        "operationId": name,
        "summary": summary,
        "description": description + _HOLDS,
        "tags": [tag],
        "security": [],
        "parameters": [dict(one) for one in parameters],
        "responses": {
            "200": {"description": FOUND, NAME: name, "headers": etag, "content": content},
            "304": {"description": "What you have is still right.", NAME: "NotModifiedInPublic"},
            **{
                status: describe_refusal(int(status), codes, {})
                for status, codes in sorted(refused_as.items())
            },
        },
    }


def describe_content(media_type: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {media_type: {"schema": schema, "examples": {"answered": {"value": example}}}}
