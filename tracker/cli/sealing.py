"""``tracker sealing``: the master keys of sealed fields. Nothing here ever prints one."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group()
def sealing() -> None:
    """Keep the keys that encrypt sealed fields."""


@sealing.command("new-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new_key(file: Path) -> None:
    """Make FILE with a new key in it, or put the new key before those that are there.

    Keep a copy apart from the backups of the database: without it nothing sealed can ever be read again; with both,
    everything can.

    \b
    Example:   tracker sealing new-key /etc/tracker/sealing.keys
    """
    import secrets

    from tracker.sealing import sealer

    try:
        made = sealer.add_key(file, secrets.token_bytes)
    except sealer.SealingError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"key {made.hex()}: seals from now on; copy {file} to a safe place, apart from the database")


@sealing.command()
def check() -> None:
    """Check that the keys can be read, and only by this account. Lists their ids, newest first.

    \b
    Example:   tracker sealing check
    """
    from tracker.sealing import sealer
    from tracker.settings import Settings

    try:
        keys = sealer.read_keys(Settings.from_environment().sealing_keys)
    except sealer.SealingError as error:
        click.echo(f"tracker: {error}", err=True)
        sys.exit(1)
    for place, key in enumerate(keys):
        click.echo(f"key {sealer.key_id(key).hex()}: {'opens' if place else 'seals and opens'}")


#: How many boxes are wrapped in one transaction.
_TOGETHER = 200


@sealing.command()
def rotate() -> None:
    """Wrap the key of every sealed box again, with the newest key. May be stopped and begun again at any time.

    After it, and once no backup is older, an old key can be taken out of the file.

    \b
    Example:   tracker sealing rotate
    """
    import secrets

    from tracker.actions import custody, followers, mailboxes, sealed_fields, second_factors, tips, webhooks
    from tracker.actions.operations import mail_deliveries
    from tracker.cli.application_context import open_application
    from tracker.sealing import sealer
    from tracker.settings import Settings

    try:
        keys = sealer.Sealer(sealer.read_keys(Settings.from_environment().sealing_keys), secrets.token_bytes)
        count = 0
        with open_application() as at:
            for turn in (
                sealed_fields.rotate_keys,
                custody.rewrap_name,
                second_factors.rotate_keys,
                webhooks.rotate_keys,
                tips.rotate_keys,
                mail_deliveries.rotate_keys,
                mailboxes.rotate_keys,
                followers.rotate_keys,
            ):
                last: str | None = ""
                while last is not None:
                    with at.unit() as unit:
                        done, last = turn(unit, keys, last, _TOGETHER)
                    count += done
    except sealer.SealingError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{count} boxes were wrapped with the newest key")
