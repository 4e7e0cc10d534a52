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


@dataclass(slots=True)
class ImportMap:
    """``columns`` maps a column to a member, dotted where nested; ``constants`` a member to what every row says."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
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
    plan = ImportMap()
    for given in maps:
        if given.endswith((".yaml", ".yml")) and "=" not in given:
            _add_file(plan, Path(given))
            continue
        column, sign, member = given.rpartition("=")
        if not sign or column in plan.columns:
            raise click.BadParameter(
                f"{given!r} must read COLUMN=MEMBER, each column once", param_hint="--map"
            )
        plan.columns[column] = member
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
    columns, constants = said.pop("columns", {}), said.pop("constants", {})
    forms = said.pop("date_formats", [])
    single = {name: said.pop(name) for name in _SINGLE if name in said}
    if (
        not isinstance(columns, dict)
        or not isinstance(constants, dict)
        or not isinstance(forms, list)
        or said
    ):
        raise _refuse_map(path)
    texts = [*columns, *columns.values(), *constants, *constants.values(), *single.values(), *forms]
    if not all(isinstance(text, str) and text for text in texts):
        raise _refuse_map(path)
    plan.columns.update(columns)
    plan.constants.update(constants)
    plan.date_formats += forms
    for name, text in single.items():
        setattr(plan, name, text)


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
        f"{path} holds columns, constants, {', '.join(_SINGLE)} and date_formats, and nothing else;"
        " put numbers in quotes",
        param_hint="--map",
    )
