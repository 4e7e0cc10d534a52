"""JSON read strictly: what is ambiguous, too deep or no JSON at all is refused, never guessed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from tracker.domain import text
from tracker.domain.errors import BadJson, FieldError, TooManyValues
from tracker.domain.sentences import Sentence, sentence

_DEPTH: Final = 32
_BODY: Final = sentence("the body")
#: The most values of one body: several times what the largest honest one holds.
VALUES: Final = 20_000
#: The most characters in the name of a member.
NAME: Final = 100
#: What begins a text in UTF-16.
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: A text of JSON, whatever stands in it.
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def parse_json(raw: bytes, what: Sentence = _BODY, most: int = VALUES) -> Any:
    """The value. `BadJson` says what is wrong with ``what``, and where; `TooManyValues` that it holds more than
    ``most`` values, which is found out before any of them is made."""
    decoded = decode_json(raw, what)
    if not decoded.strip():
        raise BadJson(sentence("%(what)s is empty; send JSON", what=what))
    if count_values(decoded) > most:
        raise TooManyValues(sentence("%(what)s holds more than %(most)s values", what=what, most=most))
    try:
        value = json.loads(decoded, object_pairs_hook=_refuse_twice, parse_constant=_no_constant)
    except RecursionError:
        raise BadJson(sentence("%(what)s is nested too deeply", what=what)) from None
    except json.JSONDecodeError as error:
        raise BadJson(_tell_place(error, what, several="\n" in decoded)) from None
    except ValueError:  # Python's own limit, for such a number takes long to read
        raise BadJson(sentence("%(what)s holds a number of too many digits", what=what)) from None
    _check_depth(value, what)
    return value


def _tell_place(error: json.JSONDecodeError, what: Sentence, *, several: bool) -> Sentence:
    """Where JSON ends to be JSON: by the line too, where there are ``several``."""
    if not several:
        return sentence("%(what)s is not JSON (column %(column)s)", what=what, column=error.colno)
    return sentence(
        "%(what)s is not JSON (line %(line)s, column %(column)s)",
        what=what,
        line=error.lineno,
        column=error.colno,
    )


def decode_json(raw: bytes, what: Sentence) -> str:
    """The text of these bytes, which is UTF-8 without a NUL."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = sentence("%(what)s is not UTF-8 (byte %(byte)s)", what=what, byte=error.start)
        raise BadJson(_name_encoding(raw, place)) from None
    if "\x00" in decoded:
        raise BadJson(sentence("%(what)s holds a NUL character; send UTF-8", what=what))
    return decoded


def _name_encoding(raw: bytes, detail: Sentence) -> Sentence:
    """The same with the other encoding that the first bytes name."""
    return (
        sentence("%(detail)s; it begins as UTF-16 does", detail=detail) if raw.startswith(_UTF_16) else detail
    )


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
            raise BadJson(sentence("the name of a member is longer than %(most)s characters", most=NAME))
        if fault := text.find_fault(name, lines=False):
            raise BadJson(sentence("in the name of a member: %(fault)s", fault=fault))
        if name in twice:
            twice = _Twice(twice)
            twice.again = name
        twice[name] = value
    return twice


def _no_constant(name: str) -> NoReturn:
    raise BadJson(sentence("%(what)s is not JSON", what=name))


def _check_depth(value: Any, what: Sentence) -> None:
    """Refuse what is nested too deeply or holds a member twice, level by level, without recursion of our own."""
    level: list[tuple[_Path, Any]] = [((), value)] if isinstance(value, (dict, list)) else []
    for _ in range(_DEPTH):
        for path, node in level:
            if isinstance(node, _Twice):
                fields = [FieldError(_pointer((path, node.again)), sentence("give it once"))]
                twice = sentence("the member %(name)s stands there twice", name=repr(node.again))
                raise BadJson(twice, fields=fields)
        level = [
            ((path, name), inner)
            for path, one in level
            for name, inner in (one.items() if isinstance(one, dict) else enumerate(one))
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise BadJson(sentence("%(what)s is nested more than %(depth)s levels deep", what=what, depth=_DEPTH))


#: Where a value stands: the path of what holds it, and its name or place there. A pointer is only made of it for a
#: fault, because the pointers of all values are longer than the body.
_Path = tuple[Any, ...]


def _pointer(path: _Path) -> str:
    steps = []
    while path:
        path, name = path
        steps.append(escape_pointer_step(name))
    return "".join(reversed(steps))
