"""``tracker work``: what acts have left to be done after them."""

from __future__ import annotations

import click

from tracker.actions.operations.pending_work import run_pending_updates
from tracker.cli.application_context import as_json, open_application, show_result


@click.group()
def work() -> None:
    """Carry out what acts have queued."""


@work.command()
@as_json
def run(as_json: bool) -> None:
    """Carry out what edits of large processes and of organizations have queued: documents that show a name, statuses
    that stand on something else now, the queue of open work.

    A server does this by itself after each act. Run it after an act on the command line, or while no server runs. It
    works in small parts, may be stopped at any time, and does nothing where nothing is queued.

    \b
    Example:   tracker work run
    """
    with open_application() as at:
        count = run_pending_updates(at.session, at.part)
    show_result({"parts": count}, as_json, [f"{count} parts of queued work were done"])
