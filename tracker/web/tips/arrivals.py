"""A form of somebody without an account while it arrives: its fields, and its files, which are not looked into.

What is refused midway is read to its end: a browser hears nothing before it has sent all. The fields stay known, so the
form is given back as it was filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tracker.actions.custody import ReceivedFile
from tracker.domain.custody import ORIGINAL
from tracker.domain.errors import Refusal
from tracker.domain.files import FileTooLarge
from tracker.domain.tips import MOST_FILE_BYTES, require_few_files
from tracker.files.files import Files
from tracker.http import uploads
from tracker.http.attachments import require_store
from tracker.http.context import Context
from tracker.http.multipart import Part
from tracker.web.form_bodies import Pairs, comes_in_parts, read_pairs, read_parts

#: What is read of a body whose files are too large, so that its fields can be given back.
_MOST_READ: Final = 4 * MOST_FILE_BYTES
#: What may be done with the fields before the first file is taken: how many bytes are.
Check = Callable[[dict[str, str]], int]


@dataclass(slots=True)
class Arrival:
    """What came. ``refusal``: why some of it was not taken."""

    store: Files | None = None
    pairs: Pairs = field(default_factory=list, repr=False)
    files: list[ReceivedFile] = field(default_factory=list, repr=False)
    refusal: Refusal | None = None
    left: int | None = None

    @property
    def fields(self) -> dict[str, str]:
        return dict(self.pairs)

    def forget(self) -> None:
        """Delete the bytes: nothing came of them."""
        while self.files and self.store is not None:
            self.store.delete(self.files.pop().stored.key)


def read_form(known: Context, check: Check) -> Arrival:
    """Read a form. ``check`` is asked before the first byte of a file is kept."""
    arrival = Arrival()
    if not comes_in_parts():
        arrival.pairs += read_pairs()
        return arrival
    arrival.store = require_store(known)
    try:
        read_parts(
            arrival.pairs,
            known.settings.body_limit,
            _MOST_READ,
            lambda part: _take(known, arrival, check, part),
        )
    except Refusal as refusal:
        arrival.refusal = refusal
    except BaseException:
        arrival.forget()
        raise
    return arrival


def _take(known: Context, arrival: Arrival, check: Check, part: Part) -> None:
    if arrival.refusal is not None or arrival.store is None:
        return
    try:
        if arrival.left is None:
            arrival.left = min(MOST_FILE_BYTES, check(arrival.fields))
        require_few_files(len(arrival.files) + 1)
        taken = uploads.take_upload(
            known,
            arrival.store,
            _limit(part.chunks, arrival.left),
            role=ORIGINAL,
            declared=_or_nothing(lambda: uploads.read_declared(part.media_type)),
            name=_or_nothing(lambda: uploads.read_name(part.disposition)),
        )
        arrival.left -= taken.stored.size
        arrival.files.append(taken)
    except Refusal as refusal:
        arrival.refusal = refusal


def _or_nothing(read: Callable[[], str | None]) -> str | None:
    """What a sender's program says of a file, where it can be kept. Nobody is refused because of a name."""
    try:
        return read()
    except Refusal:
        return None


def _limit(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    for chunk in chunks:
        most -= len(chunk)
        if most < 0:
            raise FileTooLarge("the files of this tip are too large together")
        yield chunk
