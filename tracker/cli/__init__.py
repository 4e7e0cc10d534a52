"""The command line: ``tracker …``, also ``python -m tracker``.

Exit status: 0 done, 1 refused or something was found wrong, 2 the call itself makes no sense.
"""

from __future__ import annotations

import sys

import click

from tracker import __version__
from tracker.cli import (
    calendar,
    database,
    deadlines,
    demo,
    exports,
    fixity,
    imports,
    logs,
    openapi,
    people,
    public,
    releases,
    sealing,
    serve,
)
from tracker.domain.errors import Refusal
from tracker.public.log import OutOfOrder
from tracker.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def cli() -> None:
    """The accountability tracker. Settings come from TRACKER_… variables; see docs/operating.md.

    \b
    Try it:    tracker demo --serve
    """


for command in (
    serve.serve,
    demo.demo,
    database.db,
    people.people,
    people.keys,
    deadlines.deadlines,
    calendar.calendar,
    public.public,
    logs.log,
    imports.import_,
    exports.export,
    sealing.sealing,
    fixity.fixity,
    fixity.evidence,
    openapi.openapi,
):
    cli.add_command(command)
fixity.evidence.add_command(releases.release)


def main() -> None:
    """Run the command line; a refusal is one line on standard error, not a traceback."""
    try:
        cli.main(prog_name="tracker", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SettingsError as error:
        click.echo(f"tracker: {error}", err=True)
        sys.exit(2)
    except OutOfOrder as damage:
        click.echo(f"tracker: {damage}; run `tracker log audit`", err=True)
        sys.exit(1)
    except Refusal as refusal:
        click.echo(f"tracker: {refusal.detail}", err=True)
        for field in refusal.fields:
            click.echo(f"  {field.pointer}: {field.detail}", err=True)
        for missing in refusal.missing:
            click.echo(f"  missing: {missing}", err=True)
        sys.exit(1)
