"""A body in parts, byte for byte as it is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

BETWEEN: Final = "a-boundary-of-tests"
FORM: Final = f"multipart/form-data; boundary={BETWEEN}"
#: The head of a file without a name.
PLAIN: Final = 'Content-Disposition: form-data; name="file"\r\nContent-Type: text/plain'
ITEM: Final = 'Content-Disposition: form-data; name="item"\r\nContent-Type: application/json'


def part(head: str, content: bytes) -> bytes:
    """One part with its boundary; its lines end as they should."""
    return f"--{BETWEEN}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


def end() -> bytes:
    return f"--{BETWEEN}--\r\n".encode()


def item(said: Any) -> bytes:
    return part(ITEM, said if isinstance(said, bytes) else json.dumps(said).encode())


def form(said: Any, files: Sequence[bytes | tuple[str, bytes]]) -> bytes:
    """An item and its files; each with the head that it is given, or a plain one."""
    made = [part(*one) if isinstance(one, tuple) else part(PLAIN, one) for one in files]
    return item(said) + b"".join(made) + end()
