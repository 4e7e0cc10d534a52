"""The kinds of public acts: what was done, as everybody reads it in the changes, in feeds and in the log."""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal[
    "subject.published",
    "subject.revised",
    "subject.withdrawn",
    "status.changed",
    "status.confirmed",
    "status.corrected",
    "status.replied",
    "basis.changed",
    "record.redacted",
    "internal.anchor",
    "key.rotated",
    "log.succeeded",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
