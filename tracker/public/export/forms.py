"""The forms of an export, by the ends of their addresses, and the one function that writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy import Connection

from tracker.public import current
from tracker.public.export import lossless, spreadsheets
from tracker.public.export.lossless import Records
from tracker.public.export.records import walk_records
from tracker.public.feeds.process_head import Head, read_checkpoint


@dataclass(frozen=True, slots=True)
class Form:
    media_type: str
    write: Callable[[dict[str, Any], Records, IO[bytes]], None]


def _write_lines(about: dict[str, Any], records: Records, target: IO[bytes]) -> None:
    target.writelines(lossless.write_lines(about, records))


def _write_document(about: dict[str, Any], records: Records, target: IO[bytes]) -> None:
    target.writelines(lossless.write_document(about, records))


FORMS: Final = {
    "json": Form(lossless.JSON, _write_document),
    "ndjson": Form(lossless.NDJSON, _write_lines),
    "csv.zip": Form(spreadsheets.CSV_ZIP, spreadsheets.write_csv_zip),
    "xlsx": Form(spreadsheets.XLSX, spreadsheets.write_workbook),
}


def write_export(
    connection: Connection, at: Head, form: str, base: str, now: datetime, target: IO[bytes]
) -> None:
    """The full public record of a process as it stands, in little memory. ``target`` can be sought in."""
    about = {
        "title": current.read_contents(connection, [at.process])[at.process]["title"],
        "process": at.process,
        "slug": at.slug,
        "source": base,
        "as_of": at.day,
        "last_act": at.seq,
        "checkpoint": read_checkpoint(connection, at),
    }
    FORMS[form].write(about, walk_records(connection, at.process, now), target)
