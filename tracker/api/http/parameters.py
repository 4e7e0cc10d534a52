"""What the parameters of an address name: things of the kinds that can be there, by their id or their short name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from tracker.api.http.endpoint import Call, Endpoint
from tracker.domain import ids
from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.sent_values import quote_value
from tracker.domain.text import is_slug, with_article
from tracker.public import queries
from tracker.schemas.fields import IdOrSlug


def require_kinds(endpoint: Endpoint, parameters: Mapping[str, str]) -> None:
    """`NotFound` where a parameter of the path names nothing that can be there."""
    for name, value in parameters.items():
        if name in endpoint.choices:
            if value not in endpoint.choices[name]:
                known = ", ".join(endpoint.choices[name])
                raise NotFound(f"there is no {quote_value(value)} here; there are: {known}")
        elif ids.kind_of(value) not in endpoint.kinds(name) and not (
            endpoint.takes_slug(name) and is_slug(value)
        ):
            raise NotFound(f"there is no {endpoint.names[name]} {quote_value(value)}{_tell_kind(value)}")


def _tell_kind(value: str) -> str:
    """What an id names that stands where another kind belongs, by its prefix."""
    kind = ids.kind_of(value)
    return "" if kind is None else f"; that is the id of {with_article(kind)}"


def find_by_slug(endpoint: Endpoint, call: Call, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters, with the id in the place of a short name."""
    return {
        name: queries.find_by_slug(call.public, endpoint.names[name], value)
        if endpoint.takes_slug(name) and is_slug(value)
        else value
        for name, value in parameters.items()
    }


def find_filters_by_slug(call: Call, shape: Schema | None) -> dict[str, Any]:
    """The query, with the id in the place of each short name. `InvalidInput` where nothing public has that name."""
    filters = dict(call.query)
    for name, field in ({} if shape is None else shape.fields).items():
        if isinstance(field, IdOrSlug) and is_slug(value := filters.get(name, "")):
            try:
                filters[name] = queries.find_by_slug(call.public, field.kinds[0], value)
            except NotFound as refusal:
                raise InvalidInput.at(name, refusal.detail) from None
    return filters
