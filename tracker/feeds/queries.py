"""What the queries of feeds say: each name at most once. What else stands in them was added by others on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

from tracker.domain.errors import InvalidInput
from tracker.domain.sent_values import quote_value, refuse_parameter


def read_query(query: str, names: Collection[str]) -> dict[str, str]:
    """The values of these names."""
    asked: dict[str, str] = {}
    if not query:
        return asked
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in names and name in asked:
            both = f"{quote_value(asked[name])} and {quote_value(value)}"
            raise InvalidInput.at(name, f"{name} stands there twice, as {both}; give it once")
        if name in names:
            asked[name] = value
    return asked


def read_place(query: Mapping[str, str]) -> int | None:
    """The place before which a page of changes begins."""
    place = query.get("before")
    if place is None:
        return None
    if re.fullmatch(r"[1-9][0-9]*", place, re.ASCII) is None:
        raise refuse_parameter("before", place, "a number, as the address of the next page gives it")
    return int(place[:18])


def read_document(query: Mapping[str, str]) -> str | None:
    """The document after which a page of the status feed begins."""
    page = query.get("page")
    if page is not None and re.fullmatch(r"[a-z]{3}_[0-9a-z]{26}", page, re.ASCII) is None:
        raise refuse_parameter("page", page, "the id of a document, as `next` gives it")
    return page
