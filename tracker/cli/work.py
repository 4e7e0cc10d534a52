"""``tracker work``: what acts have left to be done after them."""

from __future__ import annotations

import click

from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.operations.release_batch import release_embargoed
from tracker.cli.application_context import as_json, open_application, show_result


@click.group()
def work() -> None:
    """Carry out what acts have queued."""


@work.command()
@as_json
def run(as_json: bool) -> None:
    """Publish what is embargoed until an hour that has come. Carry out what edits of large processes and of
    organizations have queued: documents that show a name, statuses that stand on something else now, the queue of open
    work.

    A server does this by itself after each act. Run it after an act on the command line, or while no server runs. It
    works in small parts, may be stopped at any time, and does nothing where nothing is queued.

    \b
    Example:   tracker work run
    """
    with open_application() as at:
        published = release_embargoed(at.session, at.now, at.unit)
        count = run_pending_updates(at.session, at.unit)
    refused = [one for one in published if one.refusal is not None]
    shown = [one.thing for one in published if one.refusal is None]
    summary = {
        "parts": count,
        "published": shown,
        "refused": [{"subject": one.thing, "refused": one.refusal.code} for one in refused if one.refusal],
    }
    lines = [f"{one.thing} waits on: {one.refusal.detail}" for one in refused if one.refusal]
    lines.append(f"{len(shown)} things were published at their hour")
    show_result(summary, as_json, [*lines, f"{count} parts of queued work were done"])
