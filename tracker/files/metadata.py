"""Does a file that shall become public still carry where, with what, when or by whom it was made?

Only kinds of file that can be gone through piece by piece are taken; what is not understood is refused like what is
known to be harmful. The file itself is read and never changed: people make the public copy, and another looks it over.

What this cannot see: what the picture shows, what its noise tells of a camera or a coder's tables of a program, what
somebody hides in the picture itself on purpose, and what the text says.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Final

from tracker.domain.files import FileTooLarge, NotCheckable, StillCarries
from tracker.domain.sentences import sentence
from tracker.files.detect import HEAD, detect
from tracker.files.formats import jpeg, pdf, png, text, webp
from tracker.files.formats.data import Data

#: A public copy is made to be read over poor lines.
LIMIT: Final = 100_000_000

_IN_PROCESS: Final[Mapping[str, Callable[[Data], list[str]]]] = {
    "image/jpeg": jpeg.traces,
    "image/png": png.traces,
    "image/webp": webp.traces,
    "text/plain": text.traces,
}
CHECKABLE: Final = (*_IN_PROCESS, "application/pdf")
#: How the name of a public copy ends, so that a reader's programs know what it is.
ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/plain": "txt",
    "application/pdf": "pdf",
}


def traces(chunks: Iterable[bytes], media_type: str) -> tuple[str, ...]:
    """What a file, proposed as a public copy of this type, carries beside what it shows. Empty: nothing was found.

    Refusals: `NotCheckable` for a type that is not in `CHECKABLE`, for a file of another type than it is said to be,
    and for one that is damaged or holds what is not understood; `FileTooLarge` above `LIMIT`.
    """
    if media_type not in CHECKABLE:
        raise NotCheckable(sentence("a public copy is one of %(checkable)s", checkable=", ".join(CHECKABLE)))
    with tempfile.TemporaryFile() as file:  # it has no name, and is gone with the process
        _keep(chunks, file)
        if not file.tell():
            raise NotCheckable(sentence("the file is empty"))
        file.flush()
        file.seek(0)
        detected = detect(file.read(HEAD))
        if detected != media_type:
            raise NotCheckable(
                sentence(
                    "it is said to be %(media_type)s, and looks like %(detected)s",
                    media_type=media_type,
                    detected=detected,
                )
            )
        if media_type == "application/pdf":
            return tuple(pdf.traces(file))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return tuple(sorted(set(_IN_PROCESS[media_type](data))))


def require_clean(chunks: Iterable[bytes], media_type: str) -> None:
    """Refuse (`StillCarries`, with all that was found in `missing`) a public copy that tells more than it shows."""
    faults = traces(chunks, media_type)
    if faults:
        raise StillCarries(sentence("remove all of this before the file becomes public"), missing=faults)


def _keep(chunks: Iterable[bytes], file: IO[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise FileTooLarge(sentence("a public copy has at most %(limit)s bytes", limit=LIMIT))
        file.write(chunk)
