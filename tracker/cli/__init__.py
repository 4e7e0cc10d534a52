"""The command line: ``tracker …``, also ``python -m tracker``.

Exit status: 0 done, 1 refused or something was found wrong, 2 the call itself makes no sense. A command is imported
when it is called, so that one that needs no database does not wait for the code of one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

import click

from tracker import __version__
from tracker.cli.environment import set_environment
from tracker.domain.errors import Refusal
from tracker.domain.sent_values import escape_signs
from tracker.settings import FILE, SettingsError, gather

#: name -> the module and the attribute that hold the command, and its line in the list of commands.
COMMANDS: Final = {
    "audit": ("audit", "audit", "Read who did what, when."),
    "backup": ("backups", "backup", "Copy the database and the files of evidence to a folder."),
    "calendar": ("calendar", "calendar", "Print the weekend and public holidays of a country."),
    "check": ("check", "check", "Check the installation: what is right, wrong or missing."),
    "db": ("database", "db", "Upgrade the database to the schema of this version, or check it."),
    "deadlines": ("deadlines", "deadlines", "Say what is due soon or overdue."),
    "demo": ("demo", "demo", "Make a tracker in a folder and load the real cases."),
    "evidence": ("fixity", "evidence", "Hand over items with their files, and release what is due."),
    "export": ("exports", "export", "Write the record, drafts and confidential items included."),
    "export-site": ("site", "export_site", "Write the public record as plain files, without a server."),
    "fixity": ("fixity", "fixity", "Check that the bytes of evidence are those that were recorded."),
    "import": ("imports", "import_", "Record the rows of a file, all or none; nothing without --commit."),
    "init": ("init", "init", "Make a new tracker in a folder, with settings, keys and a first admin."),
    "jobs": ("jobs", "list_jobs", "List the scheduled jobs, and how each ended."),
    "keys": ("people", "keys", "Issue and revoke keys."),
    "log": ("logs", "log", "Sign, anchor, audit, export and verify the log of public acts."),
    "mail": ("mail", "mail", "Test the mail server."),
    "openapi": ("openapi", "openapi", "Print the OpenAPI document of this version."),
    "people": ("people", "people", "Manage accounts: add, list, suspend, let somebody log in."),
    "proposals": ("audit", "proposals", "Decide on roles and keys where there is no second admin."),
    "public": ("public", "public", "Check or rebuild the public side."),
    "restore": ("backups", "restore", "Check a backup, or put it into an empty place."),
    "sealing": ("sealing", "sealing", "Keep the keys that encrypt sealed fields."),
    "serve": ("serve", "serve", "Serve the tracker."),
    "work": ("work", "work", "Carry out what edits of large processes have queued."),
    "worker": ("worker", "worker", "Run the scheduled jobs: no timer is needed."),
}

#: The command that reads no settings, for it writes them.
MAKES_SETTINGS: Final = "init"


class Commands(click.Group):
    """A group whose commands are imported when they are called, and not to list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _line = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"tracker.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the same
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_module, _attribute, line) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
@click.option(
    "--settings",
    type=click.Path(),
    help="The file with the settings; also TRACKER_SETTINGS. TRACKER_… variables overrule it.",
)
@click.pass_context
def cli(ctx: click.Context, settings: str | None) -> None:
    """The accountability tracker. `tracker init` makes one, with its settings in a file; see docs/operating.md.

    \b
    Try it:    tracker demo --serve
    """
    if ctx.invoked_subcommand == MAKES_SETTINGS:
        return
    named = {} if settings is None else {FILE: str(Path(settings).absolute())}
    # Commands take some of them as options, and what they start reads them all.
    ctx.with_resource(set_environment(gather({**os.environ, **named})))


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
    except Refusal as refusal:
        for line in _list_lines(refusal):
            click.echo(escape_signs(line, keep="\n"), err=True)
        sys.exit(1)
    except Exception as error:
        _say_failure(error)


def _list_lines(refusal: Refusal) -> Iterator[str]:
    """What is said of a refusal: of one fault alone in one line."""
    first, *others = refusal.fields or (None,)
    if first is not None and not others and first.pointer and first.detail == refusal.detail:
        yield f"tracker: {first.pointer}: {first.detail}"
    else:
        yield f"tracker: {refusal.detail}"
        yield from (f"  {field.pointer}: {field.detail}" for field in refusal.fields)
    yield from (f"  missing: {missing}" for missing in refusal.missing)


def _say_failure(error: Exception) -> NoReturn:
    """What a full disk, a database that is away, or a gap in the log is called. What else falls over is shown whole."""
    from tracker.database.outages import refusal_for
    from tracker.public.log import OutOfOrder

    refusal = refusal_for(error)
    if refusal is not None:
        click.echo(f"tracker: {refusal.title}: {refusal.detail}", err=True)
    elif isinstance(error, OutOfOrder):
        click.echo(f"tracker: {error}; run `tracker log audit`", err=True)
    else:
        raise error
    sys.exit(1)
