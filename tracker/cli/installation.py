"""A tracker in a folder: its settings, its keys, its database, its log. `tracker init` and `tracker demo` make one.

Each step does only what is not done yet, and the file with the settings comes last. So what was cut off in the middle
is finished by the same command, and a folder that has its settings is whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from tracker import migrations
from tracker.actions.operations import signing
from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.cli.application_context import ApplicationContext, open_application
from tracker.database.file_modes import write_private
from tracker.public import log
from tracker.public.tables import log as public_log
from tracker.sealing.sealer import SealingError, add_key
from tracker.settings import Settings, read_file

_HEAD: Final = """\
# The settings of this tracker: docs/operating.md has all of them. They hold a secret: this file is for its owner alone.
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """``folder`` holds all there is of a tracker, but for a database that lies elsewhere."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "settings"

    @property
    def log_key(self) -> Path:
        return self.folder / "log.key"

    @property
    def sealing_keys(self) -> Path:
        return self.folder / "sealing.keys"

    @property
    def is_complete(self) -> bool:
        return self.settings.exists()

    def read_settings(self) -> dict[str, str]:
        return read_file(self.settings)

    def verifying_key(self) -> str:
        """The public key that verifies the log."""
        return Keyring.read(self.log_key).signers[-1].public.vkey


def make_installation(
    folder: Path,
    base_url: str,
    database_url: str | None = None,
    first: Callable[[ApplicationContext], None] = lambda _at: None,
) -> Installation:
    """Make what is missing in ``folder``; ``first`` is done before the log is signed. `click.ClickException`
    where the database holds another tracker; `SettingsError` where an address makes no sense."""
    made = Installation(folder.absolute())
    made.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = made.read_settings() if made.is_complete else _choose_settings(made, base_url, database_url)
    settings = Settings.from_environment(values)
    with open_application(settings, at_head=False, new=True) as at:
        if not made.log_key.exists() and _holds_tracker(at):
            raise click.ClickException("this database holds a tracker already: name an empty one")
        migrations.upgrade(at.engine)
        try:
            if not made.sealing_keys.exists():
                add_key(made.sealing_keys, secrets.token_bytes)
            first(at)
            _sign_log(at, made.log_key, settings.base_url.partition("://")[2] + "/log")
        except (CannotSign, SealingError) as error:
            raise click.ClickException(str(error)) from None
    if not made.is_complete:
        lines = [_HEAD, *(f"{name}={value}\n" for name, value in values.items())]
        write_private(made.settings, "".join(lines))
    return made


def _holds_tracker(at: ApplicationContext) -> bool:
    """Whether a database has more than what a call leaves that was cut off."""
    current = migrations.current(at.engine)
    if current is None:
        return False
    connection = at.session.connection()
    return current != migrations.head() or bool(log.read_log_name(connection) or public_log.size(connection))


def _choose_settings(made: Installation, base_url: str, database_url: str | None) -> dict[str, str]:
    return {
        "TRACKER_DATABASE_URL": database_url or f"sqlite:///{made.folder / 'tracker.db'}",
        "TRACKER_SECRET_KEY": secrets.token_urlsafe(48),
        "TRACKER_BASE_URL": base_url,
        "TRACKER_FILES": (made.folder / "files").as_uri(),
        "TRACKER_SEALING_KEYS": str(made.sealing_keys),
        "TRACKER_LOG_KEY": str(made.log_key),
    }


def _sign_log(at: ApplicationContext, path: Path, origin: str) -> None:
    """Name the log and anchor its trail, once; sign it."""
    if not path.exists():
        with at.unit() as unit:
            signing.create_log(unit, origin, path)
            signing.anchor_internal_log(unit)
    elif log.read_log_name(at.session.connection()) is None:
        raise click.ClickException(
            f"{path} is the key of another log, or was made when this was cut off: move it away, and call this again"
        )
    with at.unit() as unit:
        signing.sign_log(unit, Keyring.read(path))
