"""Settings: one frozen value, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_SECRET_LENGTH: Final = 32
_BASE_URL: Final = "http://127.0.0.1:8000"


class SettingsError(ValueError):
    """A setting is missing or does not make sense; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this tracker is set up.

    ``database_url``: SQLAlchemy URL, of SQLite or PostgreSQL. ``secret_key``: signs cursors; at least 32
    characters. ``base_url``: what feeds put before the paths they link to, without a slash at its end.
    ``body_limit``: bytes of a request body. ``log_key``: the file with the key of the public log, None where this
    server does not sign.
    """

    database_url: str
    secret_key: str
    base_url: str = _BASE_URL
    body_limit: int = 1_000_000
    log_key: Path | None = None

    def __post_init__(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise SettingsError("TRACKER_DATABASE_URL must be sqlite:///PATH or postgresql://…")
        if len(self.secret_key) < _SECRET_LENGTH or len(set(self.secret_key)) < 8:
            raise SettingsError(f"TRACKER_SECRET_KEY must be {_SECRET_LENGTH} or more random characters")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or self.base_url.endswith("/"):
            raise SettingsError("TRACKER_BASE_URL must be http(s)://HOST without a slash at its end")
        if not 10_000 <= self.body_limit <= 100_000_000:
            raise SettingsError("TRACKER_BODY_LIMIT must be 10000 to 100000000 bytes")

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r})"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read ``TRACKER_*``. Raises `SettingsError` naming what is missing or wrong."""
        missing = [
            name for name in ("TRACKER_DATABASE_URL", "TRACKER_SECRET_KEY") if not environment.get(name)
        ]
        if missing:
            raise SettingsError(f"set {' and '.join(missing)}; `tracker demo` shows how")
        limit = environment.get("TRACKER_BODY_LIMIT", "1000000")
        if not limit.isascii() or not limit.isdigit():
            raise SettingsError("TRACKER_BODY_LIMIT must be a number of bytes")
        return cls(
            database_url=environment["TRACKER_DATABASE_URL"],
            secret_key=environment["TRACKER_SECRET_KEY"],
            base_url=environment.get("TRACKER_BASE_URL", _BASE_URL),
            body_limit=int(limit),
            log_key=Path(key) if (key := environment.get("TRACKER_LOG_KEY")) else None,
        )
