"""The registration of watchdogs."""

from __future__ import annotations

from typing import Final

#: Of a watchdog: suspended or withdrawn, it writes nothing.
REGISTRATIONS: Final = ("registered", "suspended", "withdrawn")
