"""The public copies of evidence: which bytes go with which document, so that a reader is given them and no more.

What they are called in the store follows from the record and stands in no public act; digest, size and media type
are those that the document of the item tells. There is a row for as long as the item is public and has a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from tracker.domain.errors import NotFound
from tracker.public.tables import file

_COLUMNS: Final = (file.c.key, file.c.sha256, file.c.size, file.c.media_type)
_ONE: Final = select(*_COLUMNS).where(file.c.evidence_id == bindparam("thing"))
_DROP: Final = delete(file).where(file.c.evidence_id == bindparam("thing"))


@dataclass(frozen=True, slots=True)
class PublicFile:
    """The public copy of an item. ``key`` is where its bytes lie; it leaves this machine in no answer."""

    key: str = field(repr=False)
    sha256: str
    size: int
    media_type: str

    @classmethod
    def of(cls, row: Any) -> PublicFile:
        """From a file that somebody approved as a public copy."""
        return cls(row.key, row.sha256, row.size, row.detected_type)


def find_public_file(connection: Connection, thing: str) -> PublicFile:
    """The public copy of an item; `NotFound` where it has none."""
    row = connection.execute(_ONE, {"thing": thing}).first()
    if row is None:
        raise NotFound("there is no public copy of this item")
    return PublicFile(*row)


def keep_public_file(connection: Connection, thing: str, copy: PublicFile | None) -> None:
    """Let this be the public copy of an item from now on; None takes it away."""
    connection.execute(_DROP, {"thing": thing})
    if copy is not None:
        values = {column.name: getattr(copy, column.name) for column in _COLUMNS}
        connection.execute(insert(file).values(evidence_id=thing, **values))


def list_public_files(connection: Connection) -> Iterator[tuple[str, PublicFile]]:
    """Each item that has a public copy, with that copy."""
    for row in connection.execute(select(file.c.evidence_id, *_COLUMNS).order_by(file.c.evidence_id)):
        yield row[0], PublicFile(*row[1:])


def clear_public_files(connection: Connection) -> None:
    """Forget all of them; the caller writes them again."""
    connection.execute(delete(file))
