"""Which work may follow an act in parts, because it reaches all of a process or of an organization."""

from __future__ import annotations

from typing import Final

#: kind of work -> what it does with each thing that it reaches.
KINDS: Final = {
    "withdrawal": "Say in public that it was withdrawn with its process.",
    "days": "Say which of its answers stand on the present day of its process, and write its document again.",
    "documents": "Write its document again.",
    "bases": "Say on what its statuses stand now.",
    "import_check": "Try it, before any of a large batch of an import becomes public.",
    "import": "Publish it, or let it stand, as a batch of an import was approved.",
    "undo": "Take it back, as it was decided on a batch of an import.",
    "work_queue": "Bring its entries in the queue of open work into step.",
}
#: How many things one transaction works on at most. It holds the lock of all writers for well below a second.
AT_ONCE: Final = 100
