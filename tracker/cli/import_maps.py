"""How the columns of a table become members: what the call says and what a map file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
import yaml

from tracker.cli.date_formats import EXCEL, check_format
from tracker.cli.encodings import check_encoding
from tracker.schemas.fields import LINE


@dataclass(frozen=True, slots=True)
class Use:
    """What a column is used for: the member, dotted where nested; what stands between the pieces of a list in a cell;
    what its words are here (``values``); of how many letters at most its beginning is taken (``beginning``)."""

    member: str
    separator: str | None = None
    values: Mapping[str, str] | None = None
    beginning: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns and constants that say one fact of what a row is about: a dated status change."""

    columns: dict[str, list[Use]]
    constants: dict[str, str]


@dataclass(slots=True)
class ImportMap:
    """``columns`` maps a column to its uses; ``constants`` a member to what every row says; ``changes`` are the facts
    of a wide table, each in columns of its own; ``new_organizations`` maps the member that names an organization to
    the type of which it becomes where nobody is called so."""

    columns: dict[str, list[Use]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    changes: list[Facts] = field(default_factory=list)
    new_organizations: dict[str, str] = field(default_factory=dict)
    separator: str = ";"
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    date_formats: list[str] = field(default_factory=list)


#: How the table is read, and what a map file says of it besides: member -> what is wrong with its value, and why.
_SINGLE: Final = ("separator", "delimiter", "encoding", "sheet")


def make_map(
    maps: Sequence[str], constants: Sequence[str], date_formats: Sequence[str], said: Mapping[str, str | None]
) -> ImportMap:
    """The map of a file, then what the call says; the call has the last word."""
    plan, called = ImportMap(), dict[str, list[Use]]()
    for given in maps:
        if given.endswith((".yaml", ".yml")) and "=" not in given:
            _add_file(plan, Path(given))
            continue
        column, sign, member = given.rpartition("=")
        if not sign:
            raise click.BadParameter(f"{given!r} must read COLUMN=MEMBER", param_hint="--map")
        called.setdefault(column, []).append(Use(member))
    plan.columns.update(called)
    for given in constants:
        member, sign, constant = given.partition("=")
        if not sign:
            raise click.BadParameter(f"{given!r} must read MEMBER=TEXT", param_hint="--set")
        plan.constants[member] = constant
    plan.date_formats = list(date_formats) or plan.date_formats
    for name, text in said.items():
        if text is not None:
            setattr(plan, name, text)  # each is of the type that it has there
    _check_map(plan)
    return plan


def _check_map(plan: ImportMap) -> None:
    if plan.delimiter is not None and len(plan.delimiter) != 1:
        raise click.BadParameter("must be one character", param_hint="--delimiter")
    if not plan.separator:
        raise click.BadParameter("must be one character or more", param_hint="--separator")
    if plan.encoding is not None and not check_encoding(plan.encoding):
        raise click.BadParameter(f"there is no encoding {plan.encoding!r}", param_hint="--encoding")
    for form in plan.date_formats:
        if not check_format(form):
            raise click.BadParameter(
                f"{form!r} must say with YYYY, MM or MONTH, and DD how a day is written, as DD.MM.YYYY;"
                f" or be {' or '.join(EXCEL)}",
                param_hint="--date-format",
            )


def _add_file(plan: ImportMap, path: Path) -> None:
    """What a map file says; every member is optional."""
    said = _read_file(path)
    try:
        columns = _read_columns(said)
        changes = [Facts(_read_columns(one), one.pop("constants", {})) for one in said.get("changes", [])]
        unknown = [name for one in said.pop("changes", []) for name in one]
        constants, made = said.pop("constants", {}), said.pop("new_organizations", {})
        forms, single = said.pop("date_formats", []), {one: said.pop(one) for one in _SINGLE if one in said}
        texts: list[Any] = [
            *columns,
            *constants,
            *constants.values(),
            *made,
            *made.values(),
            *single.values(),
            *forms,
        ]
        texts += [text for one in changes for pair in one.constants.items() for text in pair]
    except (AttributeError, TypeError):
        raise _refuse_map(path) from None
    if (
        said
        or unknown
        or not isinstance(forms, list)
        or not all(isinstance(text, str) and text for text in texts)
    ):
        raise _refuse_map(path)
    plan.columns.update(columns)
    plan.constants.update(constants)
    plan.changes += changes
    plan.new_organizations.update(made)
    plan.date_formats += forms
    for name, text in single.items():
        setattr(plan, name, text)


def _read_columns(said: dict[str, Any]) -> dict[str, list[Use]]:
    columns = {name: _list_uses(given) for name, given in said.pop("columns", {}).items()}
    if not all(isinstance(name, str) and name for name in columns):
        raise TypeError
    return columns


def _list_uses(given: Any) -> list[Use]:
    """One use of a column, or several; `TypeError` where it is none."""
    if isinstance(given, list):
        return [use for one in given for use in _list_uses(one)]
    use = Use(given) if isinstance(given, str) else Use(**given)
    texts: list[Any] = [use.member, *(use.values or {}), *(use.values or {}).values(), use.separator or " "]
    if not all(isinstance(text, str) and text for text in texts):
        raise TypeError
    if use.beginning is not None and not 0 < use.beginning <= LINE:
        raise TypeError
    return [use]


def _read_file(path: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise click.BadParameter(f"there is no file {path}", param_hint="--map") from None
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be read: {error.strerror}", param_hint="--map") from None
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{path} is not UTF-8 (byte {error.start})", param_hint="--map") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f", line {mark.line + 1}" if mark is not None else ""
        raise click.BadParameter(f"{path} is no YAML{at}", param_hint="--map") from None
    if not isinstance(said, dict):
        raise _refuse_map(path)
    return said


def _refuse_map(path: Path) -> click.BadParameter:
    return click.BadParameter(
        f"{path} holds columns, constants, changes, new_organizations, date_formats, {', '.join(_SINGLE)}, and nothing"
        " else; a column has a member, or several, each with separator, values and beginning; put numbers in quotes",
        param_hint="--map",
    )
