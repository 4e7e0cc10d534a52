"""Rows of a sheet of an Excel file (.xlsx): the texts, numbers and days that its cells show.

A reader of our own, because the file comes from anywhere and little is needed of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.text import read_digits
from tracker.tables.workbook_parts import OPERATORS, Most, Parts, open_archive
from tracker.tables.workbook_values import Styles, to_text

_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: How many columns and rows a sheet has at most.
_COLUMNS: Final = 16_384
_ROWS: Final = 1_048_576
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLD: Final = b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class SheetRow:
    """``number`` is what Excel shows beside the row; ``faults`` says of a cell, by its place, why it has no value;
    ``days`` are the places of cells that Excel keeps as days."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    days: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, its name, and those of the other sheets; ``hidden`` are the numbers of rows that it does not show."""

    name: str
    others: list[str]
    rows: list[SheetRow]
    hidden: list[int]


def is_workbook(raw: bytes) -> bool:
    """Whether this is an Excel file, whatever it is called. What another program or an old one wrote is refused with
    what to do."""
    if raw.startswith(_OLD):
        raise InvalidInput(
            sentence("this is an old Excel file (.xls), or one with a password; save it as .xlsx")
        )
    if not raw.startswith(b"PK\x03\x04"):
        return False
    with open_archive(raw) as archive:
        names = set(archive.namelist())
    if "mimetype" in names:
        raise InvalidInput(sentence("this is an OpenDocument file; save it as .xlsx, or as CSV in UTF-8"))
    if not any(name.endswith("workbook.xml") for name in names):
        raise InvalidInput(
            sentence(
                "this is an archive (zip) without a workbook of Excel (.xlsx) in it; unpack it, or save the"
                " table as .xlsx or CSV"
            )
        )
    return True


def read_sheet(raw: bytes, wanted: str | None = None, most: Most = OPERATORS) -> Sheet:
    """The rows of a sheet that is called so, or of the first that is not hidden."""
    with open_archive(raw) as archive:
        parts = Parts(archive, most)
        book = parts.find_workbook()
        sheets, shown, epoch = _list_sheets(parts, book)
        names = list(sheets)
        if not names:
            raise InvalidInput(sentence("there is no sheet in the workbook"))
        name = (shown or names)[0] if wanted is None else wanted
        if name not in sheets:
            raise InvalidInput(
                sentence(
                    "there is no sheet %(name)s; there are: %(names)s",
                    name=repr(name),
                    names=", ".join(names),
                )
            )
        links = parts.read_links(book)
        folder = posixpath.dirname(book)
        texts = _read_texts(parts, posixpath.join(folder, "sharedStrings.xml"))
        styles = _read_styles(parts, posixpath.join(folder, "styles.xml"), epoch)
        reader = _SheetReader(texts, styles)
        parts.parse(links[sheets[name]], reader.begin, reader.end, reader.add)
        _blame_merged(reader.rows, reader.merged)
        hidden = [row.number for row in reader.rows if row.number in reader.hidden]
        return Sheet(name, [one for one in names if one != name], reader.rows, hidden)


def _list_sheets(parts: Parts, book: str) -> tuple[dict[str, str], list[str], str]:
    """The sheets by their names, with the ids of their parts; those that are not hidden; and from when the workbook
    counts its days."""
    sheets: dict[str, str] = {}
    shown: list[str] = []
    epochs = ["1900"]

    def begin(tag: str, given: Mapping[str, str]) -> None:
        if tag == "sheet":
            sheets[given.get("name", "")] = given.get("id", "")
            if given.get("state", "visible") == "visible":
                shown.append(given.get("name", ""))
        elif tag == "workbookPr" and given.get("date1904") in ("1", "true"):
            epochs.append("1904")

    parts.parse(book, begin)
    return sheets, shown, epochs[-1]


class _Texts:
    """Puts the runs of rich texts together; how a text is pronounced (`rPh`) does not belong to it."""

    def __init__(self, holder: str) -> None:
        self.holder, self.found = holder, list[str]()
        self._pieces: list[str] = []
        self._inside, self._aside = False, 0

    def begin(self, tag: str, _given: Mapping[str, str]) -> None:
        if tag == self.holder:
            self._pieces = []
        self._aside += tag == "rPh"
        self._inside = tag == "t" and not self._aside

    def end(self, tag: str) -> None:
        self._aside -= tag == "rPh"
        self._inside = False
        if tag == self.holder:
            self.found.append(unescape("".join(self._pieces)))

    def add(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


def unescape(text: str) -> str:
    """The text without the way in which Excel writes characters that XML has none for; a line break is a line feed."""
    bare = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    return bare.replace("\r\n", "\n")


def _read_texts(parts: Parts, name: str) -> list[str]:
    texts = _Texts("si")
    if parts.has(name):
        parts.parse(name, texts.begin, texts.end, texts.add)
    return texts.found


def _read_styles(parts: Parts, name: str, epoch: str) -> Styles:
    styles = Styles(epoch)
    if parts.has(name):
        parts.parse(name, styles.begin, styles.end)
    return styles


class _SheetReader:
    """Goes through a sheet and keeps the rows in which something stands."""

    def __init__(self, texts: list[str], styles: Styles) -> None:
        self.rows: list[SheetRow] = []
        self.merged: list[str] = []
        self.hidden: set[int] = set()
        self._texts, self._styles = texts, styles
        self._row, self._place = SheetRow(0), -1
        self._given: Mapping[str, str] = {}
        self._value: list[str] = []
        self._inline = _Texts("is")
        self._tag, self._formula = "", False

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        self._tag = tag
        self._inline.begin(tag, given)
        if tag == "mergeCell":
            self.merged.append(given.get("ref", ""))
        if tag == "row":
            number = read_digits(given.get("r", ""))
            self._row = SheetRow(self._row.number + 1 if number is None else number)
            self._place = -1
            if given.get("hidden") in ("1", "true"):
                self.hidden.add(self._row.number)
        elif tag == "c":
            self._given, self._value, self._formula = given, [], False
            self._place = find_column(given.get("r"), self._place + 1)
        elif tag == "f":
            self._formula = True

    def add(self, text: str) -> None:
        if self._tag == "v":
            self._value.append(text)
        self._inline.add(text)

    def end(self, tag: str) -> None:
        self._tag = ""
        self._inline.end(tag)
        if tag == "c":
            self._keep_cell()
        elif tag == "row" and (self._row.cells or self._row.faults):
            self.rows.append(self._row)

    def _keep_cell(self) -> None:
        kind, text = self._given.get("t", "n"), "".join(self._value)
        fault = None
        if kind == "s":
            text, fault = self._find_text(text)
        elif kind == "inlineStr":
            text = self._inline.found.pop() if self._inline.found else ""
        elif kind == "e":
            fault = sentence("the sheet shows the error %(text)s here", text=text)
        elif text:
            style = self._given.get("s")
            if kind == "d" or (kind == "n" and self._styles.find_code(style)[0]):
                self._row.days.add(self._place)
            text, fault = to_text(kind, unescape(text), style, self._styles)
        elif self._formula:
            fault = sentence(
                "the formula here was saved without its result; open the file in a spreadsheet and save it"
            )
        if fault is not None:
            self._row.faults[self._place] = fault
        elif text:
            self._row.cells[self._place] = text

    def _find_text(self, place: str) -> tuple[str, str | None]:
        number = read_digits(place)
        if number is not None and number < len(self._texts):
            return self._texts[number], None
        return "", sentence("the text of this cell is not in the workbook")


def _blame_merged(rows: Sequence[SheetRow], merged: Iterable[str]) -> None:
    """A value that is shown over several rows stands in the first of them only. What it says of the others is not
    guessed: their cells are at fault. Cells that are merged within one row say what the first of them says."""
    numbers = {row.number: row for row in rows}
    left = _ROWS
    for ref in merged:
        first, _, last = ref.partition(":")
        places = [found for one in (first, last) if (found := _CELL.fullmatch(one)) is not None]
        if len(places) != 2:
            continue
        (column, top), (_column, bottom) = ((find_column(one[0], 0), int(one[2])) for one in places)
        if top not in numbers or not numbers[top].cells.get(column):
            continue
        left -= max(bottom - top, 0)
        if left < 0:
            raise InvalidInput(sentence("the workbook is damaged: more cells are merged than a column has"))
        for row in (numbers[one] for one in range(top + 1, bottom + 1) if one in numbers):
            row.faults[column] = sentence(
                "this cell is merged with %(first)s; unmerge them, and write in each row what it says",
                first=first,
            )


def find_column(name: str | None, following: int) -> int:
    """The place of a cell in its row, from its name (`AB12`) or from the one before it."""
    match = _CELL.fullmatch(name or "")
    if match is None:
        place = following
    else:
        place = 0
        for letter in match[1]:
            place = place * 26 + ord(letter) - 64
        place -= 1
    if place >= _COLUMNS or (match is not None and int(match[2]) > _ROWS):
        raise InvalidInput(sentence("the workbook is damaged: there is no cell %(name)s", name=name))
    return place
