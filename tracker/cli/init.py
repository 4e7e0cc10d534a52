"""``tracker init``: from nothing to a tracker that can be served."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from tracker.actions import entry_links, people
from tracker.cli.application_context import ApplicationContext
from tracker.cli.installation import Installation, make_installation
from tracker.cli.people import entry_address
from tracker.store.people import find_person_by_name


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--base-url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="The address under which others reach it. It is part of the name of the log, for ever.",
)
@click.option("--database-url", help="An empty PostgreSQL database. Without it, SQLite in the folder.")
@click.option("--admin", default="admin", show_default=True, help="The name of the first admin.")
def init(folder: Path, base_url: str, database_url: str | None, admin: str) -> None:
    """Make a new tracker in FOLDER: settings, secrets, keys, an empty database, a first admin.

    What was cut off in the middle is finished when you call it again.

    \b
    Example:   tracker init /srv/tracker --base-url https://tracker.example
    """
    if Installation(folder).is_complete:
        raise click.ClickException(
            f"there is a tracker in {folder}: tracker --settings {folder}/settings check"
        )
    links: list[str] = []

    def invite_admin(at: ApplicationContext) -> None:
        with at.unit() as unit:
            person = find_person_by_name(unit.session, admin) or people.add_person(unit, admin, ("admin",))
            links.append(entry_links.make_link(unit, person.id, "invitation"))

    made = make_installation(folder, base_url, database_url, first=invite_admin)
    _print_made(made, admin, entry_address(base_url, links[0]))


def _print_made(made: Installation, admin: str, link: str) -> None:
    command = f"tracker --settings {shlex.quote(str(made.settings))}"
    click.echo(f"""\
Made in     {made.folder}, which your account alone can open
First admin {admin} opens this link once, within seven days, while the tracker is served:
              {link}
Check       {command} check
Serve       {command} serve
Back up     {command} backup FOLDER, on another disk
Apart       {made.settings}, {made.sealing_keys} and {made.log_key}: with
            them and the backup anybody can read all that is sealed; without them nobody can
Give others by another way than this server, the key that verifies the public log:
              {made.verifying_key()}""")
