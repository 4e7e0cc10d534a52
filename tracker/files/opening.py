"""From an address to the store that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.files.files import Files
from tracker.files.folder import Folder


def open_files(
    url: str, entropy: Callable[[int], bytes], *, endpoint: str | None = None, region: str = "us-east-1"
) -> Files:
    """The store at ``file:///path`` or ``s3://bucket/prefix``. `tracker.settings` has checked the address."""
    address = urlsplit(url)
    path = unquote(address.path)
    if address.scheme == "file":
        return Folder(Path(path), entropy)
    from tracker.files.s3 import S3  # noqa: PLC0415  # only a deployment with S3 has the library

    return S3(address.netloc, path.strip("/"), entropy, endpoint=endpoint, region=region)
