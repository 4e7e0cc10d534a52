"""How finished public bytes leave, whichever door they leave by: the same for everybody, checked by their tag."""

from __future__ import annotations

from typing import Final

CACHED: Final = "public, max-age=5, stale-while-revalidate=60"


def public_headers(tag: str) -> list[tuple[str, str]]:
    """The headers of finished bytes with this strong tag."""
    return [("ETag", f'"{tag}"'), ("Cache-Control", CACHED)]


def is_known_tag(given: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names what would be sent. RFC 9110, 13.1.2: compared weakly, `*` names anything."""
    if given is None:
        return False
    quoted = f'"{tag}"'
    if given == quoted:
        return True
    return given.strip() == "*" or quoted in (one.strip().removeprefix("W/") for one in given.split(","))
