"""``tracker evidence release``: what waits to become public, published by hand."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from typing import Any

import click

from tracker.actions.operations import release_batch
from tracker.actions.operations.release_batch import Outcome
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@as_json
def release(dry_run: bool, as_json: bool) -> None:
    """Publish the evidence that has waited long enough, in one batch. Exit 1 where something may not be published.

    The worker does this at the same time every day, whether or not anything waits. One that was stopped is run again.

    \b
    Example:   tracker evidence release --dry-run
    """
    with open_application() as at:
        outcomes = list(_foresee(at) if dry_run else release_due(at))
    released = [one.thing for one in outcomes if one.refusal is None]
    refused = [(one.thing, one.refusal) for one in outcomes if one.refusal is not None]
    summary: dict[str, Any] = {
        "dry_run": dry_run,
        "released": released,
        "refused": [
            {"subject": id, "refused": why.code, "detail": why.detail, "missing": list(why.missing)}
            for id, why in refused
        ],
    }
    lines = [f"{id} waits on: {why.detail} {' '.join(why.missing)}".rstrip() for id, why in refused]
    done = "would be released" if dry_run else "released"
    show_result(summary, as_json, [*lines, f"{len(released)} {done}, {len(refused)} refused"])
    if refused:
        sys.exit(1)


def release_due(at: ApplicationContext) -> Iterator[Outcome]:
    """Publish what has waited long enough, one after the other."""
    for id in release_batch.list_due_releases(at.session, at.now, secrets.token_bytes):
        outcome = release_batch.release_thing(at.session, id, at.unit)
        if outcome is not None:
            yield outcome


def _foresee(at: ApplicationContext) -> Iterator[Outcome]:
    with at.reading() as unit:
        for id in release_batch.list_due_releases(unit.session, unit.now, secrets.token_bytes):
            outcome = release_batch.foresee_release(unit, id)
            if outcome is not None:
                yield outcome
