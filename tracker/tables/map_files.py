"""Map files: what one says of the columns of a table, and the maps that come with the tracker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from tracker.domain.errors import InvalidInput
from tracker.domain.text import compose_label
from tracker.schemas.fields import LINE
from tracker.tables.import_plan import SINGLE, Facts, ImportMap, Use

_ENDINGS: Final = (".yaml", ".yml")
_SHIPPED: Final = files("tracker.tables").joinpath("maps")
#: The maps that come with the tracker, by the name of what they read.
SHIPPED: Final = tuple(
    sorted(one.name.removesuffix(".yaml") for one in _SHIPPED.iterdir() if one.name.endswith(".yaml"))
)
_OF_MAP: Final = (
    *("columns", "constants", "changes", "new_organizations", "date_formats", "identified_by"),
    *SINGLE,
)
#: How YAML tags a text, and the sign that takes over another mapping.
_TEXT: Final = "tag:yaml.org,2002:str"
_MERGED: Final = "tag:yaml.org,2002:merge"
_OF_COLUMN: Final = ("member", "separator", "values", "beginning", "pattern", "after")
_OF_CHANGE: Final = ("columns", "constants", "needs")


def is_map(given: str) -> bool:
    """Whether this names a map, and not a column."""
    return given in SHIPPED or (given.endswith(_ENDINGS) and "=" not in given)


def read_map(given: str) -> ImportMap:
    """The map of a file, or the one of this name that comes with the tracker."""
    if given in SHIPPED:
        return _make_plan(_parse(_SHIPPED.joinpath(f"{given}.yaml").read_text("utf-8"), given), given)
    path = Path(given)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise _refuse(
            f"there is no file {path}; maps that come with the tracker: {', '.join(SHIPPED)}"
        ) from None
    except OSError as error:
        raise _refuse(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise _refuse(f"{path} is not UTF-8 (byte {error.start})") from None
    return _make_plan(_parse(text, given), given)


def _refuse(detail: str) -> InvalidInput:
    return InvalidInput.at("/map", detail)


def _parse(text: str, name: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # it is a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f", line {mark.line + 1}" if mark is not None else ""
        if isinstance(error, _RepeatedName):
            raise _refuse(
                f"{name}{at}: {error.problem}; a column that has several uses takes a list"
            ) from None
        raise _refuse(f"{name} is no YAML{at}") from None


class _RepeatedName(yaml.constructor.ConstructorError):
    """A mapping names something twice, of which YAML keeps the last."""


class _Loader(yaml.SafeLoader):
    """Names are read as they are written: `No`, `On` and `007` are columns, and no truth values or numbers."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGED:
                continue
            if key.value in names:
                raise _RepeatedName(None, None, f"{key.value!r} stands there twice", key.start_mark)
            names.add(key.value)
            key.tag = _TEXT
        return super().construct_mapping(node, deep)


def _make_plan(content: Any, name: str) -> ImportMap:
    _require_members(content, _OF_MAP, name)
    forms = _list_texts(content.get("date_formats", []), f"{name}, date_formats")
    apart = _list_texts(content.get("identified_by", []), f"{name}, identified_by")
    plan = ImportMap(
        columns=_read_columns(content.get("columns", {}), f"{name}, columns"),
        constants=_read_texts(content.get("constants", {}), f"{name}, constants"),
        changes=[],
        new_organizations=_read_texts(content.get("new_organizations", {}), f"{name}, new_organizations"),
        date_formats=forms,
        identified_by=list(map(compose_label, apart)),
    )
    changes = content.get("changes", [])
    if not isinstance(changes, list):
        raise _refuse(f"{name}, changes: must be a list")
    for place, change in enumerate(changes, 1):
        at = f"{name}, change {place}"
        _require_members(change, _OF_CHANGE, at)
        columns = _read_columns(change.get("columns", {}), f"{at}, columns")
        needs = _list_texts(change.get("needs", []), f"{at}, needs")
        constants = _read_texts(change.get("constants", {}), f"{at}, constants")
        plan.changes.append(Facts(columns, constants, ("effective_on", *needs)))
    for member in SINGLE:
        if member in content:
            setattr(plan, member, _read_text(content[member], f"{name}, {member}"))
    return plan


def _require_members(content: Any, known: tuple[str, ...], at: str) -> None:
    if not isinstance(content, dict):
        raise _refuse(f"{at}: must have members, of: {', '.join(known)}")
    for name in content:
        if name not in known:
            raise _refuse(f"{at}: there is no {name!r}; there are: {', '.join(known)}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _read_text(value: Any, at: str) -> str:
    if not _is_text(value):
        raise _refuse(f"{at}: must be a text, not {value!r}; put numbers, dates, yes and no in quotes")
    return str(value)


def _list_texts(value: Any, at: str) -> list[str]:
    if not isinstance(value, list) or not all(_is_text(one) for one in value):
        raise _refuse(f"{at}: must be a list of texts")
    return value


def _read_texts(content: Any, at: str) -> dict[str, str]:
    if not isinstance(content, dict):
        raise _refuse(f"{at}: must have members")
    return {_read_text(name, at): _read_text(value, f"{at}, {name}") for name, value in content.items()}


def _read_columns(value: Any, at: str) -> dict[str, list[Use]]:
    if not isinstance(value, dict):
        raise _refuse(f"{at}: must name columns")
    return {
        compose_label(_read_text(name, at)): _list_uses(given, f"{at}, {name}")
        for name, given in value.items()
    }


def _list_uses(given: Any, at: str) -> list[Use]:
    """One use of a column, or several."""
    if isinstance(given, list):
        return [use for one in given for use in _list_uses(one, at)]
    if _is_text(given):
        return [Use(given)]
    _require_members(given, _OF_COLUMN, at)
    texts = {
        name: _read_text(given[name], f"{at}, {name}")
        for name in ("separator", "pattern", "after")
        if name in given
    }
    return [
        Use(
            _read_text(given.get("member"), f"{at}, member"),
            values=_read_values(given["values"], f"{at}, values") if "values" in given else None,
            beginning=_read_beginning(given, at),
            pattern=_compile(texts.pop("pattern"), at) if "pattern" in texts else None,
            **texts,
        )
    ]


def _read_values(content: Any, at: str) -> dict[str, str]:
    """What the words of a column are here; a word is known however its spaces and accents were typed."""
    return {compose_label(name): value for name, value in _read_texts(content, at).items()}


def _read_beginning(given: Mapping[str, Any], at: str) -> int | None:
    most = given.get("beginning")
    if most is not None and (type(most) is not int or not 0 < most <= LINE):
        raise _refuse(f"{at}, beginning: must be a number of letters from 1 to {LINE}")
    return most


def _compile(pattern: str, at: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise _refuse(f"{at}, pattern: is no regular expression: {error}") from None
