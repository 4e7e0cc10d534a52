"""Lists: one way to page through all of them, by keyset, with sealed cursors and no totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields
from sqlalchemy import Date, Select, bindparam, tuple_

from tracker.api.http.endpoint import Call
from tracker.domain.canonical import format_instant
from tracker.domain.ids import WITH_SLUG
from tracker.domain.sentences import sentence
from tracker.http import cursors
from tracker.public.filters import Filter, name_span
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import Code, Country, Digits, Id, IdOrSlug, Strict, Text, reference, slug
from tracker.schemas.thing_names import NamesTold
from tracker.store.base import UtcInstant

DEFAULT: Final = 50
MOST: Final = 200


class PageQuery(Strict):
    """Where to go on, and how many at most."""

    limit = Digits(
        MOST,
        load_default=DEFAULT,
        metadata={"description": f"1 to {MOST}, {DEFAULT} where left out. A page may be shorter."},
    )
    after = Text(2000, metadata={"description": "The cursor that `next` gave."})


def make_page_schema(item: type[Schema], name: str, *, named: bool = False) -> type[Schema]:
    """The shape of a page of such items; ``named``: with what the things are called that they name."""
    shape: type[Schema] = Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(
                required=True,
                allow_none=True,
                metadata={
                    "description": "The address of the next page. Null, and nothing else, ends a list: a page may be"
                    " shorter than asked."
                },
            ),
            **({"names": NamesTold(required=True)} if named else {}),
        },
        name=name,
    )
    return shape


def make_parameter(criterion: Filter, *, public: bool = False) -> fields.Field[Any]:
    """A filter as a parameter of a query. A ``public`` list takes a short name, too, of what has one."""
    metadata = {} if criterion.says is None else {"description": criterion.says}
    if public and criterion.names and criterion.names[0] in WITH_SLUG:
        return IdOrSlug(*criterion.names, metadata=metadata)
    if criterion.names:
        field: fields.Field[Any] = Id(*criterion.names, sought=True)
        field.metadata = {**field.metadata, **metadata}
        return field
    if criterion.codes:
        return Code(criterion.codes, metadata=metadata)
    return _FORMS[criterion.name](metadata=metadata)


def make_span_parameters(member: str) -> dict[str, fields.Field[Any]]:
    """The first and the last day of a span in which a day has to lie, as parameters of a query."""
    first, last = name_span(member)
    return {
        name: PartialDay(
            metadata={
                "description": f"`{member}` may lie on that day or {way}: a day, a month (`2025-03`) or a year."
                " What is known to the month or the year is found where any day of it fits."
            }
        )
        for name, way in ((first, "later"), (last, "earlier"))
    }


#: The form of a value that is neither an id nor one of a list of codes, by the name of the filter.
_FORMS: Final[Mapping[str, Callable[..., fields.Field[Any]]]] = {
    "country": partial(Country, folded=True),
    "reference": reference,
    "slug": slug,
    "series": partial(Text, 26, pattern="^[0-9a-z]{26}$", form=sentence("a series as answers give it")),
    "tag": partial(Text, 121, pattern="^[a-z0-9-]+:.+$", form=sentence("a tag as scheme:code")),
}


#: Parameters that say which page is meant, and not what the list is made of.
_PLACE: Final = ("limit", "after")
#: Parameters that narrow nothing.
_MANNER: Final = (*_PLACE, "sort", "as_of", "known_at")


def read_filters(query: Mapping[str, Any]) -> dict[str, str]:
    """What makes a list what it is, as it stands in the address.

    Marshmallow loads `adequacy.time` as a member of `adequacy`; here the name is whole again.
    """
    values: dict[str, str] = {}
    for name, value in query.items():
        if isinstance(value, Mapping):
            values |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif isinstance(value, datetime):
            values[name] = format_instant(value)
        elif name not in _PLACE:
            values[name] = str(value)
    return values


def list_given_filters(query: Mapping[str, Any]) -> dict[str, str]:
    """What of a query narrows the list."""
    return {name: value for name, value in read_filters(query).items() if name not in _MANNER}


def name_cursor(query: Mapping[str, Any]) -> str:
    """What a cursor is good for: this address with these filters, in this order."""
    return request.path + "?" + urlencode(sorted(read_filters(query).items()))


def read_cursor(call: Call) -> tuple[Any, ...] | None:
    """The key after which the page begins."""
    return cursors.read_cursor(
        call.context.settings.secret_key, name_cursor(call.query), call.query.get("after")
    )


def make_cursor(call: Call, key: Sequence[Any] | None) -> str | None:
    """The address of the page that follows, as a path of this server; None where nothing does."""
    if key is None:
        return None
    cursor = cursors.sign_cursor(call.context.settings.secret_key, name_cursor(call.query), key)
    return f"{request.path}?{urlencode({**read_filters(call.query), 'limit': call.query['limit'], 'after': cursor})}"


def read_page(call: Call, query: Select[Any], *key: Any, newest: bool = False) -> dict[str, Any]:
    """A page of rows of the record, in the order of these columns, or newest first."""
    after, limit = read_cursor(call), call.query["limit"]
    if after is not None:
        place = tuple_(*(_read_key(column, value) for column, value in zip(key, after, strict=True)))
        query = query.where(tuple_(*key) < place if newest else tuple_(*key) > place)
    order = [column.desc() for column in key] if newest else key
    rows = list(call.session.scalars(query.order_by(*order).limit(limit + 1)).unique())
    last = [_to_plain(getattr(rows[limit - 1], column.key)) for column in key] if len(rows) > limit else None
    return {"items": rows[:limit], "next": make_cursor(call, last)}


def _to_plain(value: Any) -> Any:
    """A value as a cursor carries it."""
    return value.isoformat() if isinstance(value, date) else value


def _read_key(column: Any, value: Any) -> Any:
    """The same value back, as this column compares it."""
    if isinstance(column.type, UtcInstant):
        value = datetime.fromisoformat(value)
    elif isinstance(column.type, Date):
        value = date.fromisoformat(value)
    return bindparam(None, value, column.type)
