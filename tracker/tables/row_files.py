"""Files of rows: lines of JSON, and a list in JSON. Tables: `tracker.tables.table_files`; exports: `export_files`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tracker.actions.support.import_report import GivenRow
from tracker.domain import strict_json
from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.sentences import sentence
from tracker.schemas import sentences

_MARK: Final = b"\xef\xbb\xbf"
#: A file is the operator's own: it may hold more than a body that a stranger sends.
_MOST_VALUES: Final = 10_000_000
#: How long a value is told.
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, each with the place where it stands in the file, as a person counts.

    ``columns`` names for each row of a table, by the member, the column that it was read from; ``unread`` those that
    nothing was read from; ``notes`` says what was recognised of the file, ``new_organizations`` what becomes of those
    that nobody knows.
    """

    rows: list[GivenRow]
    columns: list[Mapping[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_organizations: dict[str, str] = field(default_factory=dict)

    def describe(self, row: int, fault: FieldError) -> str:
        """What is wrong with a row, what to do about it, and what stands in its cell where the words do not say it."""
        value = _find_value(self.rows[row].value, fault.pointer)
        detail = self._add_remedy(row, fault)
        if value is None or repr(value) in fault.detail:
            return detail
        return sentence("%(detail)s (here: %(value)s)", detail=detail, value=repr(value))

    def _add_remedy(self, row: int, fault: FieldError) -> str:
        """What is wrong, and what to do where no column of a table says what every row has to."""
        required = self.columns and fault.detail == sentences.REQUIRED
        if not required or self.name_column(row, fault.pointer) is not None:
            return fault.detail
        option = f"--set {_find_path(fault.pointer)}=…"
        return sentence(
            "%(detail)s; where no column says it, %(option)s says it of all rows",
            detail=fault.detail,
            option=option,
        )

    def name_column(self, row: int, pointer: str) -> str | None:
        """The column that a pointer into a row leads back to."""
        path = _find_path(pointer)
        columns = self.columns[row] if self.columns else {}
        near = [
            name for name in columns if f"{name}.".startswith(f"{path}.") or f"{path}.".startswith(f"{name}.")
        ]
        return columns[near[0]] if path and near else None


def _find_value(value: Any, pointer: str) -> str | None:
    """The text at a pointer into a row, shortened; None where there is none."""
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            if not step.isdigit() or int(step) >= len(value):
                return None
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
    return cut_value(value) if isinstance(value, str) and value else None


def cut_value(text: str) -> str:
    """A value as it is told, shortened."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _find_path(pointer: str) -> str:
    """How a map names the member at a pointer into a row."""
    return ".".join(step for step in pointer.split("/") if step and not step.isdigit())


def read_list(raw: bytes, kind: str) -> Rows:
    """A JSON list of rows."""
    value = strict_json.parse_json(raw.removeprefix(_MARK), sentence("the file"), _MOST_VALUES)
    if not isinstance(value, list):
        raise InvalidInput(sentence("the file must hold a JSON list of rows"))
    return Rows(
        [
            GivenRow(kind, row, sentence("row %(number)s", number=number))
            for number, row in enumerate(value, 1)
        ]
    )


def read_lines(raw: bytes, kind: str) -> Rows:
    """One JSON object on each line."""
    return Rows(
        [GivenRow(kind, row, sentence("line %(number)s", number=number)) for number, row in split_lines(raw)]
    )


def split_lines(raw: bytes) -> Iterator[tuple[int, Any]]:
    """The lines of a file that hold something, with their numbers."""
    for number, line in enumerate(raw.removeprefix(_MARK).split(b"\n"), 1):
        if line.strip():
            yield number, strict_json.parse_json(line, sentence("line %(number)s", number=number))
