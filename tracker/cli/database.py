"""``tracker db``: the shape of the database."""

from __future__ import annotations

import sys

import click

from tracker import migrations
from tracker.cli.application_context import open_application
from tracker.database.file_damage import find_damage


@click.group()
def db() -> None:
    """Upgrade the database to the schema of this version, or check it."""


@db.command()
def upgrade() -> None:
    """Create the tables, or upgrade them to the schema of this version.

    \b
    Example:   tracker db upgrade
    """
    with open_application(at_head=False, new=True) as at:
        before = migrations.current(at.engine)
        if (remedy := migrations.name_remedy(before)) != migrations.name_remedy(None):
            raise click.ClickException(f"the database is at schema {before}; {remedy}")
        migrations.upgrade(at.engine)
        after = migrations.current(at.engine)
    click.echo(f"the database is at {after}" + (" already" if before == after else ""))
    if before not in (None, after):
        click.echo(
            "now run `tracker public rebuild`: lists and searches find by all that is new what was there before"
        )


@db.command()
def check() -> None:
    """Check that the database has the schema of this version, and that no page of its file is damaged.

    \b
    Example:   tracker db check
    """
    with open_application(at_head=False) as at:
        current, head = migrations.current(at.engine), migrations.head()
        differences: list[str] = []
        if current == head:
            differences = [*migrations.name_differences(at.engine), *migrations.rule_differences(at.engine)]
        damage = find_damage(at.engine)
    for fault in damage:
        click.echo(fault, err=True)
    for difference in differences:
        click.echo(f"differs: {difference}", err=True)
    if current != head:
        click.echo(f"the database is at {current or 'nothing'}, the newest schema is {head}", err=True)
    if damage or differences or current != head:
        sys.exit(1)
    click.echo(f"the database is at {head}, as it should be")
