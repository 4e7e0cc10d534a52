"""Lists: one way to page through all of them, by keyset, with signed cursors and no totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields
from sqlalchemy import Select, tuple_

from tracker.api import cursors
from tracker.api.endpoint import Call
from tracker.schemas.fields import Digits, Strict, Text

DEFAULT: Final = 50
MOST: Final = 200


class PageQuery(Strict):
    """Where to go on, and how many at most."""

    limit = Digits(
        1, MOST, load_default=DEFAULT, metadata={"description": f"1 to {MOST}; {DEFAULT} where left out."}
    )
    after = Text(2000, metadata={"description": "The cursor that `next` gave."})


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The shape of a page of such items."""
    shape: type[Schema] = Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(
                required=True,
                allow_none=True,
                metadata={"description": "The address of the next page, null on the last."},
            ),
        },
        name=name,
    )
    return shape


def filters(query: Mapping[str, Any]) -> dict[str, str]:
    """What of a query narrows the list.

    Marshmallow loads `adequacy.time` as a member of `adequacy`; here the name is whole again.
    """
    found: dict[str, str] = {}
    for name, value in query.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif name not in ("limit", "after", "as_of", "known_at"):
            found[name] = value
    return found


def purpose(query: Mapping[str, Any]) -> str:
    """What a cursor is good for: this address with these filters."""
    return request.path + "?" + urlencode(sorted(filters(query).items()))


def start(call: Call) -> tuple[Any, ...] | None:
    """The key after which the page begins."""
    return cursors.read(call.context.settings.secret_key, purpose(call.query), call.query.get("after"))


def following(call: Call, key: Sequence[Any] | None) -> str | None:
    """The address of the page that follows, as a path of this server; None where nothing does."""
    if key is None:
        return None
    cursor = cursors.sign(call.context.settings.secret_key, purpose(call.query), key)
    asked = {**filters(call.query), "limit": call.query["limit"], "after": cursor}
    return f"{request.path}?{urlencode(asked)}"


def page(call: Call, query: Select[Any], *key: Any) -> dict[str, Any]:
    """A page of rows of the record, in the order of these columns."""
    after, limit = start(call), call.query["limit"]
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    rows = list(call.session.scalars(query.order_by(*key).limit(limit + 1)).unique())
    last = [getattr(rows[limit - 1], column.key) for column in key] if len(rows) > limit else None
    return {"items": rows[:limit], "next": following(call, last)}
