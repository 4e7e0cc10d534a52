"""What the log proves, what it does not, and the command that checks it."""

from __future__ import annotations

from tracker.public import log, successions
from tracker.web.public.page import Shown, page
from tracker.web.public.visit import Visit


@page("verify")
def show_verification(visit: Visit) -> Shown:
    named = log.read_log_name(visit.connection)
    checkpoint = log.last_checkpoint(visit.connection)
    return {
        "title": visit.language.say("Verify that nobody rewrote the record"),
        "origin": None if named is None else named[1],
        "size": None if checkpoint is None else checkpoint[0].size,
        "note": None if checkpoint is None else checkpoint[1].decode(),
        "closed": successions.list_successions(visit.connection),
        "command": make_command(visit.base),
    }


def make_command(base: str) -> str:
    """The command that checks the log and all that it says."""
    return f"tracker log verify {base}/log --vkey 'KEY' --acts"
