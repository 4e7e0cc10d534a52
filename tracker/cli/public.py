"""``tracker public``: the public side and the record."""

from __future__ import annotations

import sys

import click

from tracker.actions import rebuild as acts
from tracker.cli.opened import as_json, opened, show


@click.group()
def public() -> None:
    """Check or rebuild what the world sees."""


@public.command()
@click.option("--check", is_flag=True, help="Change nothing; say what does not agree.")
@as_json
def rebuild(check: bool, as_json: bool) -> None:
    """Write every public document anew from the public acts, or prove that there is no need to.

    \b
    Example:   tracker public rebuild --check
    """
    with opened() as at:
        if not check:
            with at.unit() as unit:
                count = acts.rebuild(unit)
            show({"documents": count}, as_json, [f"{count} documents were written anew"])
            return
        with at.reading() as unit:
            found = acts.check(unit)
    show({"findings": found}, as_json, found or ["the public side equals the record"])
    if found:
        sys.exit(1)
