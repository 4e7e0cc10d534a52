"""JSON read strictly: what is ambiguous, too deep or no JSON at all is refused, never guessed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from tracker.domain import text
from tracker.domain.errors import BadJson, FieldError, TooManyValues

_DEPTH: Final = 32
#: The most values of one body: several times what the largest honest one holds.
VALUES: Final = 20_000
#: The most characters in the name of a member.
NAME: Final = 100
#: What begins a text in UTF-16.
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: A text of JSON, whatever stands in it.
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def parse_json(raw: bytes, what: str = "the body", most: int = VALUES) -> Any:
    """The value. `BadJson` says what is wrong with ``what``, and where; `TooManyValues` that it holds more than
    ``most`` values, which is found out before any of them is made."""
    decoded = decode_json(raw, what)
    if not decoded.strip():
        raise BadJson(f"{what} is empty; send JSON")
    if count_values(decoded) > most:
        raise TooManyValues(f"{what} holds more than {most} values")
    try:
        value = json.loads(decoded, object_pairs_hook=_refuse_twice, parse_constant=_no_constant)
    except RecursionError:
        raise BadJson(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in decoded else ""
        raise BadJson(f"{what} is not JSON ({line}column {error.colno})") from None
    except ValueError:  # Python's own limit, for such a number takes long to read
        raise BadJson(f"{what} holds a number of too many digits") from None
    _check_depth(value, what)
    return value


def decode_json(raw: bytes, what: str) -> str:
    """The text of these bytes, which is UTF-8 without a NUL."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"{what} is not UTF-8 (byte {error.start}){_name_encoding(raw)}") from None
    if "\x00" in decoded:
        raise BadJson(f"{what} holds a NUL character; send UTF-8")
    return decoded


def _name_encoding(raw: bytes) -> str:
    """The other encoding that the first bytes name."""
    return "; it begins as UTF-16 does" if raw.startswith(_UTF_16) else ""


def count_values(decoded: str) -> int:
    """At most how many values stand in this JSON: each but the first follows a bracket that opens, or a comma."""
    bare = _STRING.sub("", decoded)
    return 1 + bare.count(",") + bare.count("[") + bare.count("{")


def escape_pointer_step(name: object) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


class _Twice(dict[str, Any]):
    """An object in which a member stands twice."""

    again: str


def _refuse_twice(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    twice: dict[str, Any] = {}
    for name, value in pairs:
        if len(name) > NAME:
            raise BadJson(f"the name of a member is longer than {NAME} characters")
        if fault := text.find_fault(name, lines=False):
            raise BadJson(f"in the name of a member: {fault}")
        if name in twice:
            twice = _Twice(twice)
            twice.again = name
        twice[name] = value
    return twice


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON")


def _check_depth(value: Any, what: str) -> None:
    """Refuse what is nested too deeply or holds a member twice, level by level, without recursion of our own."""
    level: list[tuple[_Path, Any]] = [((), value)] if isinstance(value, (dict, list)) else []
    for _ in range(_DEPTH):
        for path, node in level:
            if isinstance(node, _Twice):
                fields = [FieldError(_pointer((path, node.again)), "give it once")]
                raise BadJson(f"the member {node.again!r} stands there twice", fields=fields)
        level = [
            ((path, name), inner)
            for path, one in level
            for name, inner in (one.items() if isinstance(one, dict) else enumerate(one))
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise BadJson(f"{what} is nested more than {_DEPTH} levels deep")


#: Where a value stands: the path of what holds it, and its name or place there. A pointer is only made of it for a
#: fault, because the pointers of all values are longer than the body.
_Path = tuple[Any, ...]


def _pointer(path: _Path) -> str:
    steps = []
    while path:
        path, name = path
        steps.append(escape_pointer_step(name))
    return "".join(reversed(steps))
