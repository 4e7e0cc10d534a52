"""What of a new OpenAPI document would break a client that was written against an older one.

What is sent may be loosened, what is answered may be tightened or gain members; the other way round breaks somebody.
Only what this project's documents use is compared; references are followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.contract.client import there

Value = dict[str, Any]
#: Where this grows, less is taken; where it shrinks, less is taken.
_FLOORS: Final = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
_CEILINGS: Final = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")


class Change(str):
    """What breaks, in words; ``operation`` is whose client it breaks."""

    operation: str

    def __new__(cls, operation: str, text: str) -> Change:
        made = super().__new__(cls, f"{operation}: {text}")
        made.operation = operation
        return made


def breaking(old: Value, new: Value) -> list[Change]:
    """Every change that breaks somebody, by operation."""
    found: list[Change] = []
    for path, operations in old["paths"].items():
        for method, before in operations.items():
            after = new["paths"].get(path, {}).get(method)
            name = before["operationId"]
            if after is None:
                found.append(Change(name, f"{method.upper()} {path} is gone"))
            else:
                found += (Change(name, said) for said in dict.fromkeys(_operation(before, after, old, new)))
    return found


def _operation(before: Value, after: Value, old: Value, new: Value) -> Iterator[str]:
    if before["operationId"] != after["operationId"]:
        yield f"is called {after['operationId']} now"
    if not before.get("security") and after.get("security"):
        yield "takes a key now"
    yield from _parameters(before, after, old, new)
    yield from _bodies(before, after, old, new)
    yield from _answers(before, after, old, new)


def _parameters(before: Value, after: Value, old: Value, new: Value) -> Iterator[str]:
    had, has = (
        {
            (one["in"], one["name"]): one
            for one in (there(said, document) for said in of.get("parameters", []))
        }
        for of, document in ((before, old), (after, new))
    )
    for key, one in had.items():
        where = f"parameter {key[1]}"
        if key not in has:
            yield f"{where} is gone"
            continue
        if has[key].get("required") and not one.get("required"):
            yield f"{where} is required now"
        yield from Shapes(old, new, sent=True).compare(one["schema"], has[key]["schema"], where)
    for key, one in has.items():
        if key not in had and one.get("required"):
            yield f"parameter {key[1]} is new and required"


def _bodies(before: Value, after: Value, old: Value, new: Value) -> Iterator[str]:
    had, has = before.get("requestBody"), after.get("requestBody")
    if had is None and has is not None and has.get("required"):
        yield "a body is required now"
    if had is None:
        return
    if has is None:
        yield "the body is gone"
        return
    if has.get("required") and not had.get("required"):
        yield "the body is required now"
    yield from _contents(had, has, "body", Shapes(old, new, sent=True))


def _answers(before: Value, after: Value, old: Value, new: Value) -> Iterator[str]:
    for status, said in before["responses"].items():
        if not status.startswith("2"):
            continue  # a refusal is a problem document, whichever it is
        if status not in after["responses"]:
            yield f"answer {status} is gone"
            continue
        had, has = there(said, old), there(after["responses"][status], new)
        for header in had.get("headers", {}):
            if header not in has.get("headers", {}):
                yield f"answer {status}: header {header} is gone"
        yield from _contents(had, has, f"answer {status}", Shapes(old, new, sent=False))


def _contents(had: Value, has: Value, where: str, shapes: Shapes) -> Iterator[str]:
    for media_type, content in had.get("content", {}).items():
        now = has.get("content", {}).get(media_type)
        if now is None:
            yield f"{where}: {media_type} is gone"
        else:
            yield from shapes.compare(content["schema"], now["schema"], where)


class Shapes:
    """Compares two schemas: of what is sent (``sent``), or of what is answered."""

    def __init__(self, old: Value, new: Value, *, sent: bool) -> None:
        self.old, self.new, self.sent = old, new, sent
        self.seen: set[tuple[str, str]] = set()

    def compare(self, before: Value, after: Value, where: str) -> Iterator[str]:
        pair = (str(before.get("$ref", id(before))), str(after.get("$ref", id(after))))
        if pair in self.seen:
            return
        self.seen.add(pair)
        before, after = there(before, self.old), there(after, self.new)
        if "anyOf" in before or "anyOf" in after:
            yield from self._alternatives(before.get("anyOf", [before]), after.get("anyOf", [after]), where)
            return
        yield from self._types(before, after, where)
        yield from self._values(before, after, where)
        yield from self._members(before, after, where)
        for name in ("items", "additionalProperties"):
            had, has = before.get(name), after.get(name)
            if isinstance(had, dict) and isinstance(has, dict):
                yield from self.compare(had, has, f"{where}[]")
        if self.sent and before.get("additionalProperties") is not False is after.get("additionalProperties"):
            yield f"{where}: other members are refused now"

    def _types(self, before: Value, after: Value, where: str) -> Iterator[str]:
        had, has = _types(before), _types(after)
        lost = (had or {"anything"}) - has if self.sent else has - had
        if has and (had or self.sent) and lost:
            yield f"{where}: the type was {_row(had)} and is {_row(has)}"
        elif had and not has and not self.sent:
            yield f"{where}: the type was {_row(had)} and is left open"
        if before.get("format") != after.get("format") and "format" in (after if self.sent else before):
            yield f"{where}: the format was {before.get('format')} and is {after.get('format')}"

    def _values(self, before: Value, after: Value, where: str) -> Iterator[str]:
        """Of what is answered, a new code may come: the promise in `openapi/README.md` says so."""
        if not self.sent:
            return
        if "enum" in after:
            lost = [code for code in before.get("enum", ["anything"]) if code not in after["enum"]]
            if lost:
                yield f"{where}: {_row(lost)} is refused now"
        if "pattern" in after and after["pattern"] != before.get("pattern"):
            yield f"{where}: the pattern has changed"
        for name in _FLOORS:
            if after.get(name, float("-inf")) > before.get(name, float("-inf")):
                yield f"{where}: {name} was raised"
        for name in _CEILINGS:
            if after.get(name, float("inf")) < before.get(name, float("inf")):
                yield f"{where}: {name} was lowered"

    def _members(self, before: Value, after: Value, where: str) -> Iterator[str]:
        had, has = before.get("properties", {}), after.get("properties", {})
        must, required = set(before.get("required", ())), set(after.get("required", ()))
        for name, shape in had.items():
            if name in has:
                yield from self.compare(shape, has[name], f"{where}.{name}")
            else:
                yield f"{where}.{name} is gone"
        for name in sorted(required - must if self.sent else (must - required) & has.keys()):
            yield f"{where}.{name} is {'required' if self.sent else 'no longer always there'}"

    def _alternatives(self, had: list[Value], has: list[Value], where: str) -> Iterator[str]:
        """Whatever was taken is taken still by one of them; whatever is answered was answered before by one."""
        if len(had) == len(has):
            for before, after in zip(had, has, strict=True):
                yield from self.compare(before, after, where)
        elif self.sent and not all(any(self._fits(one, other) for other in has) for one in had):
            yield f"{where}: one of the alternatives is refused now"
        elif not self.sent and not all(any(self._fits(one, other) for one in had) for other in has):
            yield f"{where}: one of the alternatives is new"

    def _fits(self, before: Value, after: Value) -> bool:
        trial = Shapes(self.old, self.new, sent=self.sent)
        trial.seen = set(self.seen)  # a shape may stand inside of itself
        return not any(trial.compare(before, after, ""))


def _types(schema: Value) -> set[str]:
    said = schema.get("type", [])
    found = {said} if isinstance(said, str) else set(said)
    return found | {"integer"} if "number" in found else found


def _row(values: Any) -> str:
    return ", ".join(sorted(map(str, values))) or "open"


def allowed(changelog: str) -> set[str]:
    """The operations that `### Breaking` of what is not yet released names, each as `code`."""
    unreleased = changelog.partition("\n## [Unreleased]\n")[2].partition("\n## [")[0]
    section = unreleased.partition("\n### Breaking\n")[2].partition("\n### ")[0]
    return set(section.split("`")[1::2])
