"""``tracker public``: the public side and the record."""

from __future__ import annotations

import sys
from typing import Final

import click

from tracker.actions.operations import rebuild as actions_rebuild
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result


@click.group()
def public() -> None:
    """Check or rebuild the public side."""


#: How many documents are written in one transaction.
_TOGETHER: Final = 200


def refresh_documents(at: ApplicationContext) -> int:
    """Write again all documents that have turned, in parts. Returns how many."""
    count, done = 0, _TOGETHER
    while done == _TOGETHER:
        with at.unit() as unit:
            done = actions_rebuild.refresh_expired(unit, _TOGETHER)
        count += done
    return count


@public.command()
@as_json
def refresh(as_json: bool) -> None:
    """Write again the public documents that have changed with the day: days left, what is overdue, what is stale.

    Readers get them right without it; with it, every hour or every day, they get them as fast as the rest. Safe to run
    at any time and as often as one likes: where nothing has turned, nothing is written. Before that it
    carries out what edits have queued.

    \b
    Example:   tracker public refresh
    """
    with open_application() as at:
        run_pending_updates(at.session, at.unit)
        count = refresh_documents(at)
    show_result({"documents": count}, as_json, [f"{count} documents had turned"])


@public.command()
@click.option("--check", is_flag=True, help="Change nothing; say what does not agree.")
@as_json
def rebuild(check: bool, as_json: bool) -> None:
    """Write every public document again from the public acts, or prove that there is no need to.

    \b
    Example:   tracker public rebuild --check
    """
    with open_application() as at:
        if not check:
            with at.unit() as unit:
                count = actions_rebuild.rebuild_public_side(unit)
            show_result({"documents": count}, as_json, [f"{count} documents were written"])
            return
        with at.reading() as unit:
            faults = actions_rebuild.check_public_side(unit)
    show_result({"findings": faults}, as_json, faults or ["the public side equals the record"])
    if faults:
        sys.exit(1)
