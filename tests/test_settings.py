"""Settings come from the environment once; what is missing, weak or wrong is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SECRET
from tracker.outgoing.identity_provider import Provider
from tracker.outgoing.mail_server import MailServer
from tracker.settings import Settings, SettingsError, gather
from tracker.tlog import keys

GOOD = {"TRACKER_DATABASE_URL": "sqlite:///tracker.db", "TRACKER_SECRET_KEY": SECRET}
MAIL = {
    "TRACKER_MAIL_SERVER": "tls://smtp.example",
    "TRACKER_MAIL_FROM": "tracker@host.example",
    "TRACKER_SEALING_KEYS": "/etc/tracker/sealing.keys",
}
WITNESS = keys.PrivateKey("w.example", keys.WITNESS, b"\x42" * 32).public


def test_two_settings_are_enough() -> None:
    beside = (Path.cwd() / "files").as_uri()
    assert Settings.from_environment(GOOD) == Settings("sqlite:///tracker.db", SECRET, files=beside)


def test_files_lie_beside_a_sqlite_database_and_with_another_they_are_given_a_place() -> None:
    environment = {**GOOD, "TRACKER_DATABASE_URL": "sqlite:////var/lib/tracker/tracker.db"}
    assert Settings.from_environment(environment).files == "file:///var/lib/tracker/files"
    environment["TRACKER_DATABASE_URL"] = "postgresql://host/name"
    assert Settings.from_environment(environment).files is None


def test_an_s3_store_needs_the_library_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.settings.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="install the extra `s3`"):
        Settings("sqlite:///x.db", SECRET, files="s3://bucket")


@pytest.mark.parametrize(
    ("extra", "name", "value"),
    [
        ("postgres", "TRACKER_DATABASE_URL", "postgresql://host/name"),
        ("redis", "TRACKER_RATE_LIMIT_STORAGE", "redis://localhost:6379/1"),
        ("metrics", "TRACKER_METRICS", "127.0.0.1:9464"),
        ("passkeys", "TRACKER_PASSKEYS", "on"),
    ],
)
def test_the_extra_that_a_setting_needs_is_named(
    monkeypatch: pytest.MonkeyPatch, extra: str, name: str, value: str
) -> None:
    monkeypatch.setattr("tracker.settings.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=f"{name}.*install the extra `{extra}`"):
        Settings.from_environment({**GOOD, name: value})


def test_every_setting_is_read() -> None:
    more = {
        "TRACKER_BASE_URL": "https://tracker.example",
        "TRACKER_FORMER_SECRET_KEYS": f"{SECRET[::-1]} {SECRET}2",
        "TRACKER_BODY_LIMIT": "20000",
        "TRACKER_TIME_LIMIT": "30",
        "TRACKER_PAGE_CACHE": "5000000",
        "TRACKER_RATE_LIMIT": "5/second",
        "TRACKER_RATE_LIMIT_STORAGE": "redis://localhost:6379/1",
        "TRACKER_REQUESTS_AT_ONCE": "3",
        "TRACKER_LOG_LEVEL": "warning",
        "TRACKER_FILES": "s3://bucket/prefix",
        "TRACKER_FILES_ENDPOINT": "https://store.example",
        "TRACKER_FILES_REGION": "eu-central-1",
        "TRACKER_FILE_LIMIT": "5000000",
        "TRACKER_SEALING_KEYS": "/etc/tracker/sealing.keys",
        "TRACKER_WORKER": "apart",
        "TRACKER_BACKUPS": "/var/backups/tracker",
        "TRACKER_BACKUPS_KEPT": "30",
        "TRACKER_METRICS": "[::1]:9464",
        "TRACKER_WEBHOOKS": "local",
        "TRACKER_CONNECTIONS": "20",
        "TRACKER_PASSKEYS": "on",
        "TRACKER_WITNESSES": f"https://w1.example {WITNESS.vkey}, http://127.0.0.1:8010/w2 {WITNESS.vkey},",
        "TRACKER_MAIL_SERVER": "starttls://smtp.example",
        "TRACKER_MAIL_FROM": "tracker@host.example",
        "TRACKER_MAIL_USER": "tracker",
        "TRACKER_MAIL_PASSWORD_FILE": "/etc/tracker/mail.password",
    }
    assert Settings.from_environment({**GOOD, **more}) == Settings(
        "sqlite:///tracker.db",
        SECRET,
        base_url="https://tracker.example",
        former_secret_keys=(SECRET[::-1], f"{SECRET}2"),
        body_limit=20_000,
        time_limit=30,
        page_cache=5_000_000,
        rate_limit="5/second",
        rate_limit_storage="redis://localhost:6379/1",
        requests_at_once=3,
        log_level="warning",
        files="s3://bucket/prefix",
        files_endpoint="https://store.example",
        files_region="eu-central-1",
        files_limit=5_000_000,
        sealing_keys=Path("/etc/tracker/sealing.keys"),
        worker="apart",
        backups=Path("/var/backups/tracker"),
        backups_kept=30,
        metrics="[::1]:9464",
        webhooks="local",
        connections=20,
        passkeys=True,
        witnesses=(("https://w1.example", WITNESS), ("http://127.0.0.1:8010/w2", WITNESS)),
        mail=MailServer(
            *("smtp.example", 587, "starttls", "tracker@host.example", "tracker"),
            Path("/etc/tracker/mail.password"),
        ),
    )


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "postgresql://host/name", "postgresql+psycopg://host/name"]
)
def test_both_databases_can_be_named(url: str) -> None:
    assert Settings(url, SECRET).database_url == url


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "TRACKER_BASE_URL",
            "tracker.example",
            "http(s)://HOST without a slash at its end, not 'tracker.example'",
        ),
        ("TRACKER_BODY_LIMIT", "1e6", "must be a whole number, not '1e6'"),
        ("TRACKER_BODY_LIMIT", "9999", "bytes, not '9999'"),
        ("TRACKER_TIME_LIMIT", "601", "must be 1 to 600 seconds, not '601'"),
        ("TRACKER_RATE_LIMIT", "many\x1b[2J", "/hour or /day, not 'many\\x1b[2J'"),
        ("TRACKER_LOG_LEVEL", "loud", "not 'loud'"),
        ("TRACKER_PASSKEYS", "yes", "must be on or off, not 'yes'"),
        ("TRACKER_METRICS", "9464", "not '9464'"),
        ("TRACKER_BACKUPS", "backups", "must be the absolute path of a folder, not 'backups'"),
        ("TRACKER_ONION", "x.onion", "without a slash at its end, not 'x.onion'"),
        ("TRACKER_SECURITY_CONTACT", "me", "must be mailto:NAME@HOST or https://HOST…, not 'me'"),
    ],
)
def test_the_refusal_of_a_setting_names_it_its_value_and_what_is_right(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**GOOD, name: value})
    assert str(caught.value).startswith(name)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DATABASE_URL", "mysql://name:hunter2@host/name"),
        ("TRACKER_PUBLIC_DATABASE_URL", "mysql://name:hunter2@host/name"),
        ("TRACKER_SECRET_KEY", "hunter2"),
        ("TRACKER_FORMER_SECRET_KEYS", "hunter2"),
        ("TRACKER_RATE_LIMIT_STORAGE", "memcached://name:hunter2@host"),
        ("TRACKER_FILES", "s3://name:hunter2@bucket"),
        ("TRACKER_FILES_ENDPOINT", "https://name:hunter2@store.example"),
        ("TRACKER_MAIL_SERVER", "smtp://name:hunter2@host"),
    ],
)
def test_the_refusal_of_a_setting_that_may_hold_a_secret_does_not_repeat_it(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**GOOD, name: value})
    assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match="TRACKER_DATABASE_URL and TRACKER_SECRET_KEY"):
        Settings.from_environment({"TRACKER_SECRET_KEY": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DATABASE_URL", "mysql://host/name"),
        ("TRACKER_PUBLIC_DATABASE_URL", "postgresql://host/name"),
        ("TRACKER_DATABASE_URL", "tracker.db"),
        ("TRACKER_DATABASE_URL", "sqlite:///"),
        ("TRACKER_DATABASE_URL", "sqlite:///:memory:"),
        ("TRACKER_SECRET_KEY", "x" * 31),
        ("TRACKER_SECRET_KEY", "abab" * 20),
        ("TRACKER_FORMER_SECRET_KEYS", f"{SECRET} short"),
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
        ("TRACKER_REQUESTS_AT_ONCE", "0"),
        ("TRACKER_REQUESTS_AT_ONCE", "1001"),
        ("TRACKER_REQUESTS_AT_ONCE", "some"),
        ("TRACKER_RATE_LIMIT", ""),
        ("TRACKER_RATE_LIMIT", "many"),
        ("TRACKER_RATE_LIMIT", "0/minute"),
        ("TRACKER_RATE_LIMIT", "10/fortnight"),
        ("TRACKER_RATE_LIMIT", "10/minute;5/second"),
        ("TRACKER_RATE_LIMIT_STORAGE", ""),
        ("TRACKER_RATE_LIMIT_STORAGE", "memcached://localhost"),
        ("TRACKER_LOG_LEVEL", "loud"),
        ("TRACKER_WORKER", "somewhere"),
        ("TRACKER_METRICS", "9464"),
        ("TRACKER_CONNECTIONS", "3"),
        ("TRACKER_PASSKEYS", "yes"),
        ("TRACKER_WEBHOOKS", "everywhere"),
        ("TRACKER_METRICS", "tracker.example:9464"),
        ("TRACKER_METRICS", "127.0.0.1:0"),
        ("TRACKER_METRICS", "1.1.1.1:9464"),
        ("TRACKER_BACKUPS", "backups"),
        ("TRACKER_BACKUPS_KEPT", "0"),
        ("TRACKER_FILES", "/var/lib/tracker/files"),
        ("TRACKER_FILES", "file://relative/files"),
        ("TRACKER_FILES", "file:///"),
        ("TRACKER_FILES", "s3://"),
        ("TRACKER_FILES", "s3://name:password@bucket"),
        ("TRACKER_FILES", "https://store.example/bucket"),
        ("TRACKER_FILES_ENDPOINT", "store.example"),
        ("TRACKER_PAGE_CACHE", "1000"),
        ("TRACKER_FILES_ENDPOINT", "https://name:password@store.example"),
        ("TRACKER_FILES_ENDPOINT", "http://store.example"),
        ("TRACKER_FILES_ENDPOINT", "http://10.0.0.7:9000"),
        ("TRACKER_FILES_ENDPOINT", "http://127.0.0.1.store.example"),
        ("TRACKER_FILES_REGION", ""),
        ("TRACKER_FILE_LIMIT", ""),
        ("TRACKER_FILE_LIMIT", "0"),
        ("TRACKER_FILE_LIMIT", "-1"),
        ("TRACKER_FILE_LIMIT", "2GB"),
        ("TRACKER_FILE_LIMIT", "2e9"),
        ("TRACKER_FILE_LIMIT", "1000000000001"),
        ("TRACKER_SEALING_KEYS", "sealing.keys"),
        *(
            ("TRACKER_MAIL_SERVER", value)
            for value in ("smtp.example", "tls://", "tls://h:0", "tls://h:x", "http://h")
        ),
        *(("TRACKER_MAIL_SERVER", value) for value in ("tls://h/x", "tls://me:pw@h", "plain://smtp.example")),
        *(
            ("TRACKER_MAIL_FROM", value)
            for value in ("", "nobody", "a@b.example\nBcc: c@d.example", "A <a@b.example>")
        ),
        ("TRACKER_WITNESSES", "https://w1.example"),
        ("TRACKER_WITNESSES", f"http://w1.example {WITNESS.vkey}"),
        ("TRACKER_WITNESSES", f"https://w1.example {WITNESS.vkey[:-4]}"),
        ("TRACKER_WITNESSES", WITNESS.vkey),
        ("TRACKER_MAIL_USER", "tracker"),
        ("TRACKER_MAIL_PASSWORD_FILE", "/etc/tracker/mail.password"),
    ],
)
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, **(MAIL if name.startswith("TRACKER_MAIL") else {}), name: value})


def test_mail_is_off_until_its_server_is_named_and_needs_a_place_for_sealed_addresses() -> None:
    assert Settings.from_environment(GOOD).mail is None
    found = Settings.from_environment({**GOOD, **MAIL}).mail
    assert str(found) == "tls://smtp.example:465 as tracker@host.example"
    for name in ("TRACKER_MAIL_FROM", "TRACKER_MAIL_USER", "TRACKER_MAIL_PASSWORD_FILE"):
        with pytest.raises(SettingsError, match="TRACKER_MAIL_SERVER must be set too"):
            Settings.from_environment({**GOOD, name: "/x"})
    more = {"TRACKER_MAIL_USER": "me", "TRACKER_MAIL_PASSWORD_FILE": "password"}
    with pytest.raises(SettingsError, match="absolute path"):
        Settings.from_environment({**GOOD, **MAIL, **more})
    with pytest.raises(SettingsError, match="needs TRACKER_SEALING_KEYS"):
        Settings.from_environment({**GOOD, **MAIL, "TRACKER_SEALING_KEYS": ""})


def test_no_device_keeps_a_passkey_for_the_number_of_another_machine() -> None:
    for host in ("192.0.2.7", "[2001:db8::7]:8443"):
        with pytest.raises(SettingsError, match="TRACKER_PASSKEYS needs a name in TRACKER_BASE_URL"):
            Settings("sqlite:///x.db", SECRET, base_url=f"https://{host}", passkeys=True)
    assert Settings("sqlite:///x.db", SECRET, passkeys=True).base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "[::1]:9000", "localhost"])
def test_a_store_on_this_machine_may_be_asked_without_encryption(host: str) -> None:
    assert Settings.from_environment({**GOOD, "TRACKER_FILES_ENDPOINT": f"http://{host}"}).files_endpoint


def test_neither_the_secret_nor_the_database_is_printed() -> None:
    said = repr(Settings("postgresql://user:hunter2@host/name", SECRET))
    assert SECRET not in said
    assert "hunter2" not in said


# ---------------------------------------------------------------- the file


def written(path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return {"TRACKER_SETTINGS": str(path)}


def test_a_file_gives_the_settings_that_the_environment_does_not(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in GOOD.items()]
    text = "\n".join(["# ours", "", *lines, "TRACKER_LOG_LEVEL=error", "TRACKER_FILE_LIMIT=7"])
    environment = {**written(tmp_path / "settings", text), "TRACKER_LOG_LEVEL": "debug"}
    found = Settings.from_environment(environment)
    assert (found.secret_key, found.files_limit, found.log_level) == (SECRET, 7, "debug")


def test_a_file_may_hold_what_opens_an_s3_store(tmp_path: Path) -> None:
    text = "AWS_ACCESS_KEY_ID=a-key\nAWS_SECRET_ACCESS_KEY=a-secret"
    assert gather(written(tmp_path / "settings", text))["AWS_SECRET_ACCESS_KEY"] == "a-secret"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("TRACKER_BASE_URL", "line 1: 'TRACKER_BASE_URL' must be NAME=VALUE"),
        (
            "# ours\nTRACKER_BASEURL=x",
            "line 2: 'TRACKER_BASEURL' must be a setting that there is, as TRACKER_BASE_URL",
        ),
        ("TRACKER_LOG_LEVEL=info\nTRACKER_LOG_LEVEL=error", "line 2: 'TRACKER_LOG_LEVEL' must be named once"),
    ],
)
def test_a_line_that_sets_nothing_is_refused_by_its_number(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Settings.from_environment({**GOOD, **written(tmp_path / "settings", text)})


def test_a_file_that_is_missing_or_open_to_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environment({**GOOD, "TRACKER_SETTINGS": str(tmp_path / "none")})
    with pytest.raises(SettingsError, match="chmod 600"):
        Settings.from_environment({**GOOD, **written(tmp_path / "settings", "", 0o640)})


# ---------------------------------------------------------------- the identity provider

OIDC = {"TRACKER_OIDC_ISSUER": "https://id.example/realm", "TRACKER_OIDC_CLIENT": "the-tracker"}


def test_a_provider_is_called_by_its_host_where_it_has_no_name() -> None:
    assert Settings.from_environment(GOOD).provider is None
    found = Settings.from_environment({**GOOD, **OIDC}).provider
    assert found == Provider("https://id.example/realm", "the-tracker", "id.example")
    more = {
        "TRACKER_OIDC_NAME": "The University",
        "TRACKER_OIDC_SECRET_FILE": "/etc/tracker/oidc.secret",
        "TRACKER_OIDC_STRONG": "amr:mfa, acr:urn:example:2",
    }
    found = Settings.from_environment({**GOOD, **OIDC, **more}).provider
    assert found is not None
    assert (found.name, found.secret_file) == ("The University", Path("/etc/tracker/oidc.secret"))
    assert found.strong == ("amr:mfa", "acr:urn:example:2")


def test_a_provider_needs_the_library_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.settings.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="TRACKER_OIDC_ISSUER names a provider: install the extra `oidc`"):
        Settings.from_environment({**GOOD, **OIDC})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("ISSUER", value) for value in ("id.example", "http://id.example", "https://", "https://me@h")),
        *(("ISSUER", value) for value in ("https://h?x=1", "https://h:port", "")),
        *(("CLIENT", value) for value in ("", "x" * 256)),
        *(("NAME", value) for value in ("  ", "x" * 61)),
        ("SECRET_FILE", "oidc.secret"),
        *(("STRONG", value) for value in ("mfa", "amr:", "amr:a b")),
    ],
)
def test_what_makes_no_provider_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"TRACKER_OIDC_{name}"):
        Settings.from_environment({**GOOD, **OIDC, f"TRACKER_OIDC_{name}": value})
