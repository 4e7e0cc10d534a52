"""Settings: one frozen value, read once from the environment and from the file that ``TRACKER_SETTINGS`` names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tracker.domain.mail import is_address
from tracker.outgoing.addresses import is_foreign_number, is_this_machine, split_private
from tracker.outgoing.mail_server import MailServer, read_server

_SECRET_LENGTH: Final = 32
_BASE_URL: Final = "http://127.0.0.1:8000"
_RATE_LIMIT: Final = "600/minute"
_RATE: Final = re.compile("[1-9][0-9]{0,8}/(second|minute|hour|day)", re.ASCII)
_STORAGES: Final = ("memory://", "redis://", "rediss://", "redis+unix://")
_ONION: Final = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z2-7]{56}\.onion", re.ASCII)
_CONTACT: Final = re.compile(r"(?:mailto:[^\s@]+@|https://)[^\s@]+", re.ASCII)
LEVELS: Final = ("debug", "info", "warning", "error")
#: Where jobs are run: by `tracker serve` beside it, or by a `tracker worker` somewhere.
WORKERS: Final = ("beside", "apart")
#: Where messages may go: to addresses on the internet; or, for a trial, to this machine too.
RECEIVERS: Final = ("internet", "local")
#: Whether passkeys are offered at the desk.
SWITCH: Final = ("off", "on")
#: The variable that names the file with the settings.
FILE: Final = "TRACKER_SETTINGS"
#: The settings that a file may hold.
NAMES: Final = frozenset(
    f"TRACKER_{name}"
    for name in (
        *("DATABASE_URL", "SECRET_KEY", "BASE_URL", "BODY_LIMIT", "PAGE_CACHE", "TIME_LIMIT", "RATE_LIMIT"),
        *("RATE_LIMIT_STORAGE", "REQUESTS_AT_ONCE", "LOG_LEVEL", "FILES", "FILES_ENDPOINT", "FILES_REGION"),
        *("FILE_LIMIT", "SEALING_KEYS", "LOG_KEY", "SECURITY_CONTACT", "WORKER", "BACKUPS", "BACKUPS_KEPT"),
        *("METRICS", "WEBHOOKS", "CONNECTIONS", "PASSKEYS"),
        *("MAIL_SERVER", "MAIL_FROM", "MAIL_USER", "MAIL_PASSWORD_FILE"),
        "ONION",
    )
)


class SettingsError(ValueError):
    """A setting is missing or does not make sense; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this tracker is set up.

    ``database_url``: SQLAlchemy URL, of SQLite or PostgreSQL. ``secret_key``: signs cursors; at least 32
    characters. ``base_url``: what feeds put before the paths they link to, without a slash at its end.
    ``body_limit``: bytes of a request body. ``page_cache``: bytes of finished public answers that each process keeps.
    ``time_limit``: seconds that anybody waits for the right to write, and
    that one statement of the database may take. ``rate_limit``: requests of one key, as in ``600/minute``, counted
    in ``rate_limit_storage``. ``requests_at_once``: how many of one person a process works on. ``log_level``: debug,
    info, warning or error. ``files``: where evidence files lie, ``file:///path`` or ``s3://bucket/prefix``;
    ``files_endpoint`` and ``files_region``: of an S3 store; ``files_limit``: bytes of one file. ``sealing_keys``:
    the file that holds the keys of sealed fields. ``log_key``: that with the key of the public log, None where this
    server does not sign. ``security_contact``: whom to tell of a weakness, an address with ``mailto:`` or ``https://``.
    ``worker``: whether `tracker serve` runs the jobs ``beside`` it, or they are run ``apart``. ``backups``: the folder
    for a backup each night, None where none is made; ``backups_kept``: how many of them stay. ``metrics``:
    the address and port of the numbers for Prometheus, None where nobody asks for them. ``webhooks``: whether
    messages go to the ``internet`` alone, or, for a trial, over HTTP to this machine as well (``local``).
    ``connections``: how many each process opens to the database at most. ``mail``: the server that takes letters, None
    where nobody is told by mail. ``onion``: the address of this server within Tor, None where it has none.
    ``passkeys``: whether people of the desk may log in with passkeys, ``on`` or ``off``.
    """

    database_url: str
    secret_key: str
    base_url: str = _BASE_URL
    body_limit: int = 1_000_000
    page_cache: int = 64_000_000
    time_limit: float = 10
    rate_limit: str = _RATE_LIMIT
    rate_limit_storage: str = _STORAGES[0]
    requests_at_once: int = 8
    log_level: str = LEVELS[1]
    files: str | None = None
    files_endpoint: str | None = None
    files_region: str = "us-east-1"
    files_limit: int = 2_000_000_000
    sealing_keys: Path | None = None
    log_key: Path | None = None
    security_contact: str | None = None
    worker: str = WORKERS[0]
    backups: Path | None = None
    backups_kept: int = 14
    metrics: str | None = None
    webhooks: str = RECEIVERS[0]
    connections: int = 64
    mail: MailServer | None = None
    onion: str | None = None
    passkeys: str = SWITCH[0]

    def __post_init__(self) -> None:
        known = self.database_url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://"))
        if not known or self.database_url in ("sqlite:///", "sqlite:///:memory:"):
            raise SettingsError("TRACKER_DATABASE_URL must be sqlite:///PATH or postgresql://…")
        if len(self.secret_key) < _SECRET_LENGTH or len(set(self.secret_key)) < 8:
            raise SettingsError(f"TRACKER_SECRET_KEY must be {_SECRET_LENGTH} or more random characters")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or self.base_url.endswith("/"):
            raise SettingsError("TRACKER_BASE_URL must be http(s)://HOST without a slash at its end")
        if not 10_000 <= self.body_limit <= 100_000_000:
            raise SettingsError("TRACKER_BODY_LIMIT must be 10000 to 100000000 bytes")
        if not 1_000_000 <= self.page_cache <= 100_000_000_000:
            raise SettingsError("TRACKER_PAGE_CACHE must be 1000000 to 100000000000 bytes")
        if not 0 < self.time_limit <= 600:
            raise SettingsError("TRACKER_TIME_LIMIT must be 1 to 600 seconds")
        if self.onion is not None and _ONION.fullmatch(self.onion) is None:
            raise SettingsError("TRACKER_ONION must be http(s)://….onion without a slash at its end")
        self._check_wire()
        self._check_extras()
        self._check_files()

    def _check_wire(self) -> None:
        if _RATE.fullmatch(self.rate_limit) is None:
            raise SettingsError("TRACKER_RATE_LIMIT must be NUMBER/second, /minute, /hour or /day")
        if not self.rate_limit_storage.startswith(_STORAGES):
            raise SettingsError("TRACKER_RATE_LIMIT_STORAGE must be memory:// or redis://HOST:PORT/NUMBER")
        if not 1 <= self.requests_at_once <= 1000:
            raise SettingsError("TRACKER_REQUESTS_AT_ONCE must be 1 to 1000")
        if self.log_level not in LEVELS:
            raise SettingsError(f"TRACKER_LOG_LEVEL must be one of {', '.join(LEVELS)}")
        if self.worker not in WORKERS:
            raise SettingsError(f"TRACKER_WORKER must be {' or '.join(WORKERS)}")
        if not 4 <= self.connections <= 1000:
            raise SettingsError("TRACKER_CONNECTIONS must be 4 to 1000")
        if self.webhooks not in RECEIVERS:
            raise SettingsError(f"TRACKER_WEBHOOKS must be {' or '.join(RECEIVERS)}")
        if self.metrics is not None:
            try:
                split_private(self.metrics)
            except ValueError as error:
                raise SettingsError(f"TRACKER_METRICS {error}") from None
        contact = self.security_contact
        if contact is not None and _CONTACT.fullmatch(contact) is None:
            raise SettingsError("TRACKER_SECURITY_CONTACT must be mailto:NAME@HOST or https://HOST…")

    def _check_extras(self) -> None:
        if self.passkeys not in SWITCH:
            raise SettingsError(f"TRACKER_PASSKEYS must be {' or '.join(SWITCH)}")
        if self.passkeys == "on" and is_foreign_number(urlsplit(self.base_url).hostname or ""):
            raise SettingsError("TRACKER_PASSKEYS needs a name in TRACKER_BASE_URL: devices know no numbers")
        wanted = (
            (
                self.database_url.startswith("postgresql"),
                "DATABASE_URL names PostgreSQL",
                "psycopg",
                "postgres",
            ),
            (self.rate_limit_storage != _STORAGES[0], "RATE_LIMIT_STORAGE names Redis", "redis", "redis"),
            (self.metrics is not None, "METRICS asks for numbers", "prometheus_client", "metrics"),
            ((self.files or "").startswith("s3:"), "FILES names an S3 store", "obstore", "s3"),
            (self.passkeys == "on", "PASSKEYS is on", "webauthn", "passkeys"),
        )
        for asked, why, module, extra in wanted:
            if asked and find_spec(module) is None:
                raise SettingsError(f"TRACKER_{why}: install the extra `{extra}`")

    def _check_files(self) -> None:
        if self.sealing_keys is not None and not self.sealing_keys.is_absolute():
            raise SettingsError("TRACKER_SEALING_KEYS must be the absolute path of a file")
        if self.backups is not None and not self.backups.is_absolute():
            raise SettingsError("TRACKER_BACKUPS must be the absolute path of a folder")
        if self.mail is not None and not is_address(self.mail.sender):
            raise SettingsError("TRACKER_MAIL_FROM must be one address, as tracker@host.example")
        if self.mail is not None and self.sealing_keys is None:
            raise SettingsError("TRACKER_MAIL_SERVER needs TRACKER_SEALING_KEYS: addresses are kept sealed")
        if not 1 <= self.backups_kept <= 1000:
            raise SettingsError("TRACKER_BACKUPS_KEPT must be 1 to 1000")
        if not 1 <= self.files_limit <= 1_000_000_000_000:
            raise SettingsError("TRACKER_FILE_LIMIT must be 1 to 1000000000000 bytes")
        files = urlsplit(self.files or "")
        to_s3 = files.scheme == "s3" and len(files.netloc) >= 3
        to_folder = files.scheme == "file" and not files.netloc and len(files.path) > 1
        if self.files is not None and (not (to_s3 or to_folder) or files.username or files.query):
            raise SettingsError("TRACKER_FILES must be file:///absolute/path or s3://BUCKET/PREFIX")
        endpoint = urlsplit(self.files_endpoint or "")
        if self.files_endpoint is not None and (
            endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.username
        ):
            raise SettingsError("TRACKER_FILES_ENDPOINT must be http(s)://HOST, without a name or password")
        if endpoint.scheme == "http" and not is_this_machine(endpoint.hostname or ""):
            raise SettingsError(
                "TRACKER_FILES_ENDPOINT must be https://HOST; http:// is for this machine only"
            )
        if not self.files_region:
            raise SettingsError("TRACKER_FILES_REGION must not be empty")

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r})"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read ``TRACKER_*``. Raises `SettingsError` naming what is missing or wrong."""
        environment = gather(environment)
        missing = [
            name for name in ("TRACKER_DATABASE_URL", "TRACKER_SECRET_KEY") if not environment.get(name)
        ]
        if missing:
            raise SettingsError(f"set {' and '.join(missing)}; `tracker init` makes them")
        return cls(
            database_url=environment["TRACKER_DATABASE_URL"],
            secret_key=environment["TRACKER_SECRET_KEY"],
            base_url=environment.get("TRACKER_BASE_URL", _BASE_URL),
            body_limit=_whole(environment, "TRACKER_BODY_LIMIT", 1_000_000),
            page_cache=_whole(environment, "TRACKER_PAGE_CACHE", 64_000_000),
            time_limit=_whole(environment, "TRACKER_TIME_LIMIT", 10),
            rate_limit=environment.get("TRACKER_RATE_LIMIT", _RATE_LIMIT),
            rate_limit_storage=environment.get("TRACKER_RATE_LIMIT_STORAGE", _STORAGES[0]),
            requests_at_once=_whole(environment, "TRACKER_REQUESTS_AT_ONCE", 8),
            log_level=environment.get("TRACKER_LOG_LEVEL", LEVELS[1]),
            files=environment.get("TRACKER_FILES") or _beside(environment["TRACKER_DATABASE_URL"]),
            files_endpoint=environment.get("TRACKER_FILES_ENDPOINT") or None,
            files_region=environment.get("TRACKER_FILES_REGION", "us-east-1"),
            files_limit=_whole(environment, "TRACKER_FILE_LIMIT", 2_000_000_000),
            sealing_keys=Path(keys) if (keys := environment.get("TRACKER_SEALING_KEYS")) else None,
            security_contact=environment.get("TRACKER_SECURITY_CONTACT") or None,
            worker=environment.get("TRACKER_WORKER", WORKERS[0]),
            backups=Path(folder) if (folder := environment.get("TRACKER_BACKUPS")) else None,
            backups_kept=_whole(environment, "TRACKER_BACKUPS_KEPT", 14),
            metrics=environment.get("TRACKER_METRICS") or None,
            webhooks=environment.get("TRACKER_WEBHOOKS", RECEIVERS[0]),
            onion=environment.get("TRACKER_ONION") or None,
            passkeys=environment.get("TRACKER_PASSKEYS", SWITCH[0]),
            connections=_whole(environment, "TRACKER_CONNECTIONS", 64),
            log_key=Path(key) if (key := environment.get("TRACKER_LOG_KEY")) else None,
            mail=_read_mail(environment),
        )


def gather(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The settings of the file that ``TRACKER_SETTINGS`` names, and over them those of the environment."""
    path = environment.get(FILE)
    return {**read_file(Path(path)), **environment} if path else environment


def read_file(path: Path) -> dict[str, str]:
    """A file of settings, a line each, as in ``TRACKER_BASE_URL=https://tracker.example``. It holds secrets, so it must
    be for its owner alone. Raises `SettingsError` naming the line."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"the settings cannot be read: {path}") from None
    if mode & 0o077:
        raise SettingsError(f"others may read the settings; run: chmod 600 {path}")
    found: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name not in NAMES or name in found:
            why = "NAME=VALUE" if not equals else "named once" if name in found else "a setting that there is"
            raise SettingsError(f"{path}, line {number}: {name[:60]!r} must be {why}")
        found[name] = value
    return found


def _read_mail(environment: Mapping[str, str]) -> MailServer | None:
    """The server that takes letters. A setting of it without the address of one is refused: somebody wants mail."""
    address, sender = environment.get("TRACKER_MAIL_SERVER"), environment.get("TRACKER_MAIL_FROM") or None
    user, password = (
        environment.get(name) or None for name in ("TRACKER_MAIL_USER", "TRACKER_MAIL_PASSWORD_FILE")
    )
    if not address:
        if sender or user or password:
            raise SettingsError("TRACKER_MAIL_SERVER must be set too, as starttls://HOST:587")
        return None
    try:
        return read_server(address, sender, user, Path(password) if password else None)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _whole(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    given = environment.get(name, str(otherwise))
    if not given.isascii() or not given.isdigit():
        raise SettingsError(f"{name} must be a whole number")
    return int(given)


def _beside(database_url: str) -> str | None:
    """The folder ``files`` beside a SQLite database; with another database a place has to be named."""
    _, sqlite, path = database_url.partition("sqlite:///")
    return (Path(path).absolute().parent / "files").as_uri() if sqlite else None
