"""What the doors and the middleware before them tell each other in the environ of a request (PEP 3333)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

ID, ROUTE, PROBLEM, PUBLIC_HALF = ("tracker.request_id", "tracker.route", "tracker.problem", "tracker.public")
#: Said by a door whose requests leave no line in the log and no number in the measures: when one came is nobody's
#: business.
UNNOTED: Final = "tracker.unnoted"


def find_request_id(environ: Environ) -> str:
    """The id of this request: random and ours, whatever the client sent."""
    made: str = environ.setdefault(ID, "") or secrets.token_hex(16)
    environ[ID] = made
    return made
