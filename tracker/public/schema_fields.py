"""Fields of finished documents that several shapes have, and the name of another thing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, fields

from tracker.public.content.fields import Named, NamedList


def text_field(**kwargs: Any) -> fields.String:
    return fields.String(required=True, **kwargs)


def optional_text(**kwargs: Any) -> fields.String:
    return fields.String(required=True, allow_none=True, **kwargs)


def instant_field(
    *, maybe: bool = False, metadata: Mapping[str, str] = MappingProxyType({})
) -> fields.String:
    """An instant, kept in a document as the text that it is shown as."""
    return fields.String(required=True, allow_none=maybe, metadata={"format": "date-time", **metadata})


def day_field() -> fields.Date:
    return fields.Date(required=True, allow_none=True)


class Name(Schema):
    """Another thing: its id, and its public name and short name. A withdrawn organization keeps its name, without a
    short name."""

    id = text_field()
    name = optional_text()
    slug = optional_text()


def make_shape(name: str, content: type[Schema], members: Mapping[str, Any]) -> type[Schema]:
    """A content shape as documents show it: what names another thing carries its name, and more stands beside it."""
    named: dict[str, Any] = {
        member: fields.Nested(Name, required=True, allow_none=True)
        for member, one in content().fields.items()
        if isinstance(one, Named) and member != "corrects"
    }
    named |= {
        member: fields.List(fields.Nested(Name), required=True)
        for member, one in content().fields.items()
        if isinstance(one, NamedList)
    }
    return type(name, (content,), {**named, **members})
