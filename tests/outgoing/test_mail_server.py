"""A letter is handed to a real mail server: whole, over an encrypted line, in time, and never with a header that
somebody smuggled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.outgoing.test_sender import certify
from tracker.outgoing.letters import Letter
from tracker.outgoing.mail_server import MailServer, PasswordMissing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LETTER = Letter("ltr_1", "amal@host.example", "Something waits", "Look here:\n\nhttps://t.example/en/desk/\n")


@pytest.fixture
def box() -> Iterator[PostBox]:
    with open_post_box() as opened:
        yield opened


def server_of(box: PostBox, **more: Any) -> MailServer:
    return MailServer("127.0.0.1", box.port, "plain", "tracker@t.example", **more)


def test_a_letter_arrives_as_plain_text_that_says_what_it_is(box: PostBox) -> None:
    assert server_of(box).send(LETTER, NOW) is None
    (found,) = box.letters
    assert {
        name: found[name] for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")
    } == {
        "From": "tracker@t.example",
        "To": "amal@host.example",
        "Subject": "Something waits",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": "<ltr_1@t.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert found.get_content_type() == "text/plain"
    assert found.get_content().replace("\r\n", "\n") == LETTER.text
    assert box.heard[0] == "EHLO t.example"  # and not the name of this machine
    assert box.heard[1].startswith("MAIL FROM:<tracker@t.example>")


def test_arabic_and_accents_arrive_and_lines_are_read_from_right_to_left(box: PostBox) -> None:
    arabic = Letter(
        "ltr_2",
        "a@host.example",
        "رسالة تجريبية",
        "3 مقترحات\n\nhttps://t.example/ar/\n",
        "ar",
        right_to_left=True,
    )
    french = replace(LETTER, subject="Étude à décider", text="Décider\n.\n..\n.fin", language="fr")
    for letter in (arabic, french):
        assert server_of(box).send(letter, NOW) is None
    first, second = box.letters
    assert all(byte < 128 for raw in box.raw for byte in raw)
    assert (first["Subject"], first["Content-Language"]) == ("رسالة تجريبية", "ar")
    assert first.get_content().splitlines()[:3] == ["\u200f3 مقترحات", "", "https://t.example/ar/"]
    assert second["Subject"] == "Étude à décider"
    assert second.get_content().splitlines() == ["Décider", ".", "..", ".fin"]


@pytest.mark.parametrize("name", ["to", "subject", "text", "unsubscribe", "id", "language"])
def test_no_field_of_a_letter_can_add_a_header_or_a_recipient(box: PostBox, name: str) -> None:
    evil = "a@b.example\r\nBcc: other@host.example\r\n\r\n.\r\nRCPT TO:<other@host.example>"
    for breaks in ("\r\n", "\n", "\r", "\u2028", "\x85"):
        server_of(box).send(replace(LETTER, **{name: evil.replace("\r\n", breaks)}), NOW)
    assert not any(line.startswith("RCPT") and "other" in line.partition("@")[0] for line in box.heard)
    for found in box.letters:
        assert found["Bcc"] is None
        assert found["From"] == "tracker@t.example"
    assert box.heard.count("DATA") == len(box.letters)


def test_one_post_ends_such_letters_where_a_letter_says_so(box: PostBox) -> None:
    server_of(box).send(replace(LETTER, unsubscribe="https://t.example/x?y=1"), NOW)
    (found,) = box.letters
    assert found["List-Unsubscribe"] == "<https://t.example/x?y=1>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("word", "said", "fault"),
    [
        ("CONNECT", "421 too busy", "later"),
        ("CONNECT", "554 no service", "refused"),
        ("CONNECT", "drop", "unreachable"),
        ("CONNECT", "hang", "timeout"),
        ("EHLO", "drop", "unreachable"),
        ("MAIL", "451 try again", "later"),
        ("MAIL", "550 not you", "refused"),
        ("MAIL", "hang", "timeout"),
        ("RCPT", "550 no such mailbox", "recipient"),
        ("RCPT", "450 greylisted", "later"),
        ("DATA", "554 no", "refused"),
        ("DATA", "drop", "unreachable"),
        ("TAKEN", "452 full", "later"),
        ("TAKEN", "554 spam", "refused"),
        ("TAKEN", "drop", "unsure"),
        ("TAKEN", "hang", "unsure"),
    ],
)
def test_each_way_in_which_a_letter_is_not_taken_has_a_name(
    box: PostBox, word: str, said: str, fault: str
) -> None:
    box.says[word] = [said]
    assert server_of(box, patience=0.2 if said == "hang" else 30).send(LETTER, NOW) == fault


def test_a_server_that_is_not_there_is_named(box: PostBox) -> None:
    box.server_close()
    assert server_of(box).send(LETTER, NOW) == "unreachable"


def test_the_line_is_encrypted_before_the_password_is_said(tmp_path: Path) -> None:
    ours, theirs = certify(tmp_path, "localhost")
    password = tmp_path / "password"
    password.write_text("hunter2\n")
    password.chmod(0o600)
    with open_post_box(ours) as box:
        server = server_of(box, user="tracker", password_file=password)
        server = replace(server, host="localhost", security="starttls")
        assert server.send(LETTER, NOW) == "tls"  # nobody vouches for its certificate
        assert replace(server, trust=theirs).send(LETTER, NOW) is None
        words = [line.split(" ")[0] for line in box.heard[-7:]]
        assert words == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
        box.says["AUTH"] = ["535 wrong"]
        assert replace(server, trust=theirs).send(LETTER, NOW) == "login"
        box.offers = []
        assert replace(server, trust=theirs).send(LETTER, NOW) == "tls"  # and never in the clear
    assert len(box.letters) == 1
    assert "hunter2" not in repr(server)


@pytest.mark.parametrize(
    ("word", "said", "fault"),
    [
        ("STARTTLS", "454 not now", "later"),
        ("STARTTLS", "502 never", "tls"),
        ("STARTTLS", "drop", "unreachable"),
        ("STARTTLS", "hang", "timeout"),
        ("AUTH", "454 the directory is away", "later"),
        ("AUTH", "535 wrong", "login"),
        ("AUTH", "drop", "unreachable"),
        ("EHLO", "550-this\r\n550-goes\r\n550 on", "tls"),
        ("CONNECT", "220-" + "x" * 10_000, "refused"),
    ],
)
def test_each_way_in_which_no_encrypted_line_comes_about_has_a_name(
    tmp_path: Path, word: str, said: str, fault: str
) -> None:
    ours, theirs = certify(tmp_path, "localhost")
    password = tmp_path / "password"
    password.write_text("hunter2\n")
    password.chmod(0o600)
    with open_post_box(ours) as box:
        more: dict[str, Any] = {"user": "tracker", "password_file": password, "trust": theirs}
        server = replace(server_of(box, **more), host="localhost", security="starttls")
        box.says[word] = [said] * 3
        assert replace(server, patience=0.3 if said == "hang" else 30).send(LETTER, NOW) == fault
        assert box.raw == []
        assert not any("hunter2" in line for line in box.heard)


def test_the_whole_line_may_be_tls(tmp_path: Path) -> None:
    ours, theirs = certify(tmp_path, "localhost")
    with open_post_box(ours) as box:
        box.at_once = True
        server = replace(server_of(box), host="localhost", security="tls")
        assert replace(server, trust=theirs).send(LETTER, NOW) is None
        assert server.send(LETTER, NOW) == "tls"


def test_a_password_that_others_may_read_is_not_used(box: PostBox, tmp_path: Path) -> None:
    password = tmp_path / "password"
    server = server_of(box, user="tracker", password_file=password)
    with pytest.raises(PasswordMissing, match="cannot be read"):
        server.read_password()
    password.write_text("hunter2")
    password.chmod(0o640)
    with pytest.raises(PasswordMissing, match="chmod 600"):
        server.read_password()
    box.offers = ["AUTH PLAIN"]
    assert server.send(LETTER, NOW) == "login"
    assert not any(line.startswith("AUTH") for line in box.heard)
