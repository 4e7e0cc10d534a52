"""The parts of an Office file: an archive of XML that comes from anywhere.

Each part is read piece by piece up to a bound, whatever size it declares; a document type, and with it every entity, is
refused.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

#: How many bytes are unpacked at once.
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Most:
    """The most bytes that are unpacked of one file, and the most elements that are read of it: a cell is about two. A
    file of a megabyte can hold ten million, which would take minutes and all of the memory."""

    unpacked: int
    elements: int


#: Of a file that the operator gives, and of one that arrives at the desk.
OPERATORS: Final = Most(400_000_000, 60_000_000)
ARRIVING: Final = Most(40_000_000, 1_000_000)


def open_archive(raw: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise InvalidInput(sentence("the workbook is damaged: its archive cannot be opened")) from None


Begin = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Add = Callable[[str], None]


@dataclass(slots=True)
class Parts:
    """The parts of the archive, and how much of it may still be unpacked."""

    archive: zipfile.ZipFile
    most: Most = OPERATORS
    unpacked: int = 0
    elements: int = 0

    def parse(
        self, name: str, begin: Begin, end: End = lambda _tag: None, add: Add = lambda _text: None
    ) -> None:
        """Go through a part. Tags are told without their namespaces, which some programs prefix and others do not."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype

        def begin_element(tag: str, given: Mapping[str, str]) -> None:
            self.elements += 1
            if self.elements > self.most.elements:
                raise self._refuse_size(f"{self.most.elements} cells and texts")
            begin(_bare(tag), {_bare(one): text for one, text in given.items()})

        parser.StartElementHandler = begin_element
        parser.EndElementHandler = lambda tag: end(_bare(tag))
        parser.CharacterDataHandler = add
        try:
            for piece in self._read(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise InvalidInput(
                sentence("the workbook is damaged: %(name)s, line %(lineno)s", name=name, lineno=error.lineno)
            ) from None

    def _read(self, name: str) -> Iterator[bytes]:
        try:
            with self.archive.open(name) as stream:
                while piece := stream.read(_AT_ONCE):
                    self.unpacked += len(piece)
                    if self.unpacked > self.most.unpacked:
                        raise self._refuse_size(f"{self.most.unpacked} bytes unpacked")
                    yield piece
        except KeyError:
            raise InvalidInput(sentence("the workbook is damaged: %(name)s is missing", name=name)) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise InvalidInput(
                sentence("the workbook is damaged: %(name)s cannot be unpacked", name=name)
            ) from None

    def _refuse_size(self, bound: str) -> InvalidInput:
        return InvalidInput(
            sentence(
                "the workbook holds more than %(bound)s; save the sheet alone, without empty rows, or as CSV",
                bound=bound,
            )
        )

    def has(self, name: str) -> bool:
        return name in self.archive.NameToInfo

    def find_workbook(self) -> str:
        return next(name for name in self.archive.namelist() if name.endswith("workbook.xml"))

    def read_links(self, part: str) -> dict[str, str]:
        """By their ids, the parts that a part names."""
        folder, name = posixpath.split(part)
        links: dict[str, str] = {}

        def begin(tag: str, given: Mapping[str, str]) -> None:
            if tag == "Relationship":
                path = posixpath.normpath(posixpath.join("/", folder, given.get("Target", "")))
                links[given.get("Id", "")] = path.lstrip("/")

        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), begin)
        return links


def _bare(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _refuse_doctype(*_declared: object) -> None:
    raise InvalidInput(sentence("the workbook declares a document type, which no spreadsheet does"))
