"""Settings: one frozen value, read once from the environment and from the file that ``TRACKER_SETTINGS`` names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tracker.domain.mail import is_address
from tracker.domain.sent_values import quote_value
from tracker.outgoing.addresses import is_foreign_number, is_this_machine, split_private
from tracker.outgoing.identity_provider import Provider, read_provider
from tracker.outgoing.mail_server import MailServer, read_server

if TYPE_CHECKING:
    from tracker.tlog.keys import PublicKey

_SECRET_LENGTH: Final = 32
_BASE_URL: Final = "http://127.0.0.1:8000"
_RATE_LIMIT: Final = "600/minute"
_RATE: Final = re.compile("[1-9][0-9]{0,8}/(second|minute|hour|day)", re.ASCII)
_STORAGES: Final = ("memory://", "redis://", "rediss://", "redis+unix://")
_POSTGRESQL: Final = ("postgresql+psycopg://", "postgresql://")
_ONION: Final = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z2-7]{56}\.onion", re.ASCII)
_CONTACT: Final = re.compile(r"(?:mailto:[^\s@]+@|https://)[^\s@]+", re.ASCII)
LEVELS: Final = ("debug", "info", "warning", "error")
#: Where jobs are run: by `tracker serve` beside it, or by a `tracker worker` somewhere.
WORKERS: Final = ("beside", "apart")
#: Where messages may go: to addresses on the internet; or, for a trial, to this machine too.
RECEIVERS: Final = ("internet", "local")
#: The least and the most of what is a number, and what of.
_BOUNDS: Final = {
    "TRACKER_BODY_LIMIT": ("body_limit", 10_000, 100_000_000, " bytes"),
    "TRACKER_PAGE_CACHE": ("page_cache", 1_000_000, 100_000_000_000, " bytes"),
    "TRACKER_REQUESTS_AT_ONCE": ("requests_at_once", 1, 1000, ""),
    "TRACKER_CONNECTIONS": ("connections", 4, 1000, ""),
    "TRACKER_BACKUPS_KEPT": ("backups_kept", 1, 1000, ""),
    "TRACKER_FILE_LIMIT": ("files_limit", 1, 1_000_000_000_000, " bytes"),
}
_CHOICES: Final = {
    "TRACKER_LOG_LEVEL": ("log_level", LEVELS),
    "TRACKER_WORKER": ("worker", WORKERS),
    "TRACKER_WEBHOOKS": ("webhooks", RECEIVERS),
}
#: The variable that names the file with the settings.
FILE: Final = "TRACKER_SETTINGS"


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
    ``passkeys``: whether people of the desk may log in with passkeys.
    ``provider``: who may say who they are, None where nobody may.
    ``public_database_url``: a streaming replica of a PostgreSQL database, for public reads; None where there is none.
    ``former_secret_keys``: what ``secret_key`` was before; a tip is still opened by the words that were made with one.
    ``witnesses``: who is asked to cosign each checkpoint, an address and a public key each.
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
    passkeys: bool = False
    provider: Provider | None = None
    public_database_url: str | None = None
    witnesses: tuple[tuple[str, PublicKey], ...] = ()
    former_secret_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = self.database_url.startswith(("sqlite:///", *_POSTGRESQL))
        if not known or self.database_url in ("sqlite:///", "sqlite:///:memory:"):
            raise SettingsError("TRACKER_DATABASE_URL must be sqlite:///PATH or postgresql://…")
        self._check_replica()
        if _is_weak(self.secret_key):
            raise SettingsError(f"TRACKER_SECRET_KEY must be {_SECRET_LENGTH} or more random characters")
        if any(_is_weak(one) for one in self.former_secret_keys):
            raise SettingsError(
                f"TRACKER_FORMER_SECRET_KEYS must each be {_SECRET_LENGTH} or more random characters, behind a space"
            )
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or self.base_url.endswith("/"):
            right = "http(s)://HOST without a slash at its end"
            raise _refuse("TRACKER_BASE_URL", right, self.base_url)
        if not 0 < self.time_limit <= 600:
            raise _refuse("TRACKER_TIME_LIMIT", "1 to 600 seconds", self.time_limit)
        for name, (field, least, most, unit) in _BOUNDS.items():
            if not least <= (given := getattr(self, field)) <= most:
                raise _refuse(name, f"{least} to {most}{unit}", given)
        for name, (field, choices) in _CHOICES.items():
            if (given := getattr(self, field)) not in choices:
                raise _refuse(name, f"one of {', '.join(choices)}", given)
        if self.onion is not None and _ONION.fullmatch(self.onion) is None:
            raise _refuse("TRACKER_ONION", "http(s)://….onion without a slash at its end", self.onion)
        self._check_wire()
        self._check_extras()
        self._check_files()

    def _check_replica(self) -> None:
        given = self.public_database_url
        if given is not None and not (
            given.startswith(_POSTGRESQL) and self.database_url.startswith(_POSTGRESQL)
        ):
            raise SettingsError(
                "TRACKER_PUBLIC_DATABASE_URL must be postgresql://…, a replica of a PostgreSQL TRACKER_DATABASE_URL"
            )

    def _check_wire(self) -> None:
        if _RATE.fullmatch(self.rate_limit) is None:
            raise _refuse("TRACKER_RATE_LIMIT", "NUMBER/second, /minute, /hour or /day", self.rate_limit)
        if not self.rate_limit_storage.startswith(_STORAGES):
            raise SettingsError("TRACKER_RATE_LIMIT_STORAGE must be memory:// or redis://HOST:PORT/NUMBER")
        if self.metrics is not None:
            try:
                split_private(self.metrics)
            except ValueError as error:
                raise SettingsError(f"TRACKER_METRICS {error}, not {quote_value(self.metrics)}") from None
        contact = self.security_contact
        if contact is not None and _CONTACT.fullmatch(contact) is None:
            raise _refuse("TRACKER_SECURITY_CONTACT", "mailto:NAME@HOST or https://HOST…", contact)

    def _check_extras(self) -> None:
        if self.passkeys and is_foreign_number(urlsplit(self.base_url).hostname or ""):
            raise SettingsError("TRACKER_PASSKEYS needs a name in TRACKER_BASE_URL: devices know no numbers")
        wanted = (
            (
                not self.database_url.startswith("sqlite"),
                "DATABASE_URL names PostgreSQL",
                "psycopg",
                "postgres",
            ),
            (self.rate_limit_storage != _STORAGES[0], "RATE_LIMIT_STORAGE names Redis", "redis", "redis"),
            (self.metrics is not None, "METRICS asks for numbers", "prometheus_client", "metrics"),
            ((self.files or "").startswith("s3:"), "FILES names an S3 store", "obstore", "s3"),
            (self.passkeys, "PASSKEYS is on", "webauthn", "passkeys"),
            (self.provider is not None, "OIDC_ISSUER names a provider", "authlib", "oidc"),
        )
        for asked, why, module, extra in wanted:
            if asked and find_spec(module) is None:
                raise SettingsError(f"TRACKER_{why}: install the extra `{extra}`")

    def _check_files(self) -> None:
        if self.sealing_keys is not None and not self.sealing_keys.is_absolute():
            raise _refuse("TRACKER_SEALING_KEYS", "the absolute path of a file", self.sealing_keys)
        if self.backups is not None and not self.backups.is_absolute():
            raise _refuse("TRACKER_BACKUPS", "the absolute path of a folder", self.backups)
        if self.mail is not None and not is_address(self.mail.sender):
            raise _refuse("TRACKER_MAIL_FROM", "one address, as tracker@host.example", self.mail.sender)
        if self.mail is not None and self.sealing_keys is None:
            raise SettingsError("TRACKER_MAIL_SERVER needs TRACKER_SEALING_KEYS: addresses are kept sealed")
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
        given: dict[str, Any] = {
            field: read(name, environment[name])
            for name, (field, read) in _READERS.items()
            if name in environment
        }
        given["files"] = given.get("files") or _find_folder_beside(given["database_url"])
        return cls(**given, mail=_read_mail(environment), provider=_read_provider(environment))


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
    values: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name not in NAMES or name in values:
            why = "NAME=VALUE" if not equals else "named once" if name in values else _tell_unknown(name)
            raise SettingsError(f"{path}, line {number}: {name[:60]!r} must be {why}")
        values[name] = value
    return values


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


def _read_provider(environment: Mapping[str, str]) -> Provider | None:
    try:
        return read_provider(*(environment.get(name) or None for name in _OIDC))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _read_witnesses(name: str, given: str) -> tuple[tuple[str, PublicKey], ...]:
    if not given:
        return ()
    from tracker.tlog import errors, witnesses  # noqa: PLC0415  # few ask one, and it takes long to import

    try:
        return witnesses.parse_witnesses(given)
    except (ValueError, errors.Malformed) as error:
        raise SettingsError(f"{name} must be https://HOST KEY, and after a comma the next: {error}") from None


def _refuse(name: str, right: str, given: object) -> SettingsError:
    """The refusal of a setting that holds no secret."""
    return SettingsError(f"{name} must be {right}, not {quote_value(str(given))}")


def _tell_unknown(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1, cutoff=0.8)
    return f"a setting that there is, as {near[0]}" if near else "a setting that there is"


def _is_weak(secret: str) -> bool:
    return len(secret) < _SECRET_LENGTH or len(set(secret)) < 8


def _read_words(_name: str, given: str) -> tuple[str, ...]:
    return tuple(given.split())


def _read_text(_name: str, given: str) -> str:
    return given


def _read_optional(_name: str, given: str) -> str | None:
    return given or None


def _read_path(_name: str, given: str) -> Path | None:
    return Path(given) if given else None


def _read_whole(name: str, given: str) -> int:
    if not given.isascii() or not given.isdigit():
        raise _refuse(name, "a whole number", given)
    return int(given)


def _read_switch(name: str, given: str) -> bool:
    if given not in ("on", "off"):
        raise _refuse(name, "on or off", given)
    return given == "on"


def _find_folder_beside(database_url: str) -> str | None:
    """The folder ``files`` beside a SQLite database; with another database a place has to be named."""
    _, sqlite, path = database_url.partition("sqlite:///")
    return (Path(path).absolute().parent / "files").as_uri() if sqlite else None


#: Of which member each variable is, and how it is read.
_READERS: Final[dict[str, tuple[str, Callable[[str, str], object]]]] = {
    "TRACKER_DATABASE_URL": ("database_url", _read_text),
    "TRACKER_SECRET_KEY": ("secret_key", _read_text),
    "TRACKER_FORMER_SECRET_KEYS": ("former_secret_keys", _read_words),
    "TRACKER_BASE_URL": ("base_url", _read_text),
    "TRACKER_BODY_LIMIT": ("body_limit", _read_whole),
    "TRACKER_PAGE_CACHE": ("page_cache", _read_whole),
    "TRACKER_TIME_LIMIT": ("time_limit", _read_whole),
    "TRACKER_RATE_LIMIT": ("rate_limit", _read_text),
    "TRACKER_RATE_LIMIT_STORAGE": ("rate_limit_storage", _read_text),
    "TRACKER_REQUESTS_AT_ONCE": ("requests_at_once", _read_whole),
    "TRACKER_LOG_LEVEL": ("log_level", _read_text),
    "TRACKER_FILES": ("files", _read_optional),
    "TRACKER_FILES_ENDPOINT": ("files_endpoint", _read_optional),
    "TRACKER_FILES_REGION": ("files_region", _read_text),
    "TRACKER_FILE_LIMIT": ("files_limit", _read_whole),
    "TRACKER_SEALING_KEYS": ("sealing_keys", _read_path),
    "TRACKER_LOG_KEY": ("log_key", _read_path),
    "TRACKER_WITNESSES": ("witnesses", _read_witnesses),
    "TRACKER_SECURITY_CONTACT": ("security_contact", _read_optional),
    "TRACKER_WORKER": ("worker", _read_text),
    "TRACKER_BACKUPS": ("backups", _read_path),
    "TRACKER_BACKUPS_KEPT": ("backups_kept", _read_whole),
    "TRACKER_METRICS": ("metrics", _read_optional),
    "TRACKER_WEBHOOKS": ("webhooks", _read_text),
    "TRACKER_CONNECTIONS": ("connections", _read_whole),
    "TRACKER_ONION": ("onion", _read_optional),
    "TRACKER_PASSKEYS": ("passkeys", _read_switch),
    "TRACKER_PUBLIC_DATABASE_URL": ("public_database_url", _read_optional),
}
_MAIL: Final = frozenset(f"TRACKER_MAIL_{name}" for name in ("SERVER", "FROM", "USER", "PASSWORD_FILE"))
_OIDC: Final = (
    *("TRACKER_OIDC_ISSUER", "TRACKER_OIDC_CLIENT", "TRACKER_OIDC_NAME"),
    *("TRACKER_OIDC_SECRET_FILE", "TRACKER_OIDC_STRONG"),
)
#: What the library for S3 reads from the environment by itself.
_S3: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
#: The settings that a file may hold.
NAMES: Final = _MAIL | _READERS.keys() | {*_OIDC, *_S3}
