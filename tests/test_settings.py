"""Settings come from the environment once; what is missing, weak or wrong is refused by its name."""

from __future__ import annotations

import pytest

from tests.conftest import SECRET
from tracker.settings import Settings, SettingsError

GOOD = {"TRACKER_DATABASE_URL": "sqlite:///tracker.db", "TRACKER_SECRET_KEY": SECRET}


def test_two_settings_are_enough() -> None:
    assert Settings.from_environment(GOOD) == Settings("sqlite:///tracker.db", SECRET)


def test_every_setting_is_read() -> None:
    more = {
        **GOOD,
        "TRACKER_BASE_URL": "https://tracker.example",
        "TRACKER_BODY_LIMIT": "20000",
        "TRACKER_TIME_LIMIT": "30",
        "TRACKER_RATE_LIMIT": "5/second",
        "TRACKER_RATE_LIMIT_STORAGE": "redis://localhost:6379/1",
        "TRACKER_LOG_LEVEL": "warning",
    }
    read = Settings.from_environment(more)
    assert (read.base_url, read.body_limit, read.time_limit) == ("https://tracker.example", 20_000, 30)
    assert (read.rate_limit, read.log_level) == ("5/second", "warning")
    assert read.rate_limit_storage == "redis://localhost:6379/1"


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "postgresql://host/name", "postgresql+psycopg://host/name"]
)
def test_both_databases_can_be_named(url: str) -> None:
    assert Settings(url, SECRET).database_url == url


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match="TRACKER_DATABASE_URL and TRACKER_SECRET_KEY"):
        Settings.from_environment({"TRACKER_SECRET_KEY": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DATABASE_URL", "mysql://host/name"),
        ("TRACKER_DATABASE_URL", "tracker.db"),
        ("TRACKER_SECRET_KEY", "x" * 31),
        ("TRACKER_SECRET_KEY", "abab" * 20),
        ("TRACKER_BASE_URL", ""),
        ("TRACKER_BASE_URL", "tracker.example"),
        ("TRACKER_BASE_URL", "ftp://tracker.example"),
        ("TRACKER_BASE_URL", "https://tracker.example/"),
        ("TRACKER_BODY_LIMIT", ""),
        ("TRACKER_BODY_LIMIT", "-1"),
        ("TRACKER_BODY_LIMIT", "1e6"),
        ("TRACKER_BODY_LIMIT", "٣٠٠٠٠"),
        ("TRACKER_BODY_LIMIT", "9999"),
        ("TRACKER_BODY_LIMIT", "100000001"),
        ("TRACKER_TIME_LIMIT", "0"),
        ("TRACKER_TIME_LIMIT", "601"),
        ("TRACKER_TIME_LIMIT", "ten"),
        ("TRACKER_RATE_LIMIT", ""),
        ("TRACKER_RATE_LIMIT", "many"),
        ("TRACKER_RATE_LIMIT", "0/minute"),
        ("TRACKER_RATE_LIMIT", "10/fortnight"),
        ("TRACKER_RATE_LIMIT", "10/minute;5/second"),
        ("TRACKER_RATE_LIMIT_STORAGE", ""),
        ("TRACKER_RATE_LIMIT_STORAGE", "memcached://localhost"),
        ("TRACKER_LOG_LEVEL", "loud"),
    ],
)
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, name: value})


def test_neither_the_secret_nor_the_database_is_printed() -> None:
    said = repr(Settings("postgresql://user:hunter2@host/name", SECRET))
    assert SECRET not in said
    assert "hunter2" not in said
