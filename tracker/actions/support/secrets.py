"""A secret that is handed to somebody once: of a key, a session, a link. What is kept of it is a digest, or sealed."""

from __future__ import annotations

import base64
from typing import Final

from tracker.actions.support.unit import Unit

#: More than anybody can guess, in 43 letters.
_BYTES: Final = 32


def draw_secret(unit: Unit) -> str:
    return base64.urlsafe_b64encode(unit.entropy(_BYTES)).rstrip(b"=").decode()
