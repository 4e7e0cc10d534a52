"""An operator sees in one line whether the mail server takes a letter, and what to do where it does not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Tracker
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.outgoing.test_bounces import bounce


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server on this machine, and the settings that name it."""
    with open_post_box() as opened:
        monkeypatch.setenv("TRACKER_MAIL_SERVER", f"plain://127.0.0.1:{opened.port}")
        monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@t.example")
        monkeypatch.setenv("TRACKER_SEALING_KEYS", str(tmp_path / "sealing.keys"))
        yield opened


def test_a_trial_is_taken(tracker: Tracker, box: PostBox) -> None:
    said = tracker("mail", "test", "amal@host.example")
    assert (said.status, said.out) == (0, f"taken by plain://127.0.0.1:{box.port} as tracker@t.example\n")
    (found,) = box.letters
    assert found["To"] == "amal@host.example"
    assert "There is nothing to do." in found.get_content()


def test_what_is_wrong_is_said_in_one_line(
    tracker: Tracker, box: PostBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word, answer, why in (
        ("MAIL", "550 no", "may TRACKER_MAIL_FROM send by it?"),
        ("RCPT", "550 who", "no such mailbox"),
        ("CONNECT", "drop", "cannot be reached at TRACKER_MAIL_SERVER"),
    ):
        box.says[word] = [answer]
        said = tracker("mail", "test", "amal@host.example")
        assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
        assert why in said.err
        assert "amal" not in said.err
    assert tracker("mail", "test", "a@b.example\nBcc: c@d.example").status == 2
    monkeypatch.setenv("TRACKER_MAIL_USER", "me")
    monkeypatch.setenv("TRACKER_MAIL_PASSWORD_FILE", str(tmp_path / "none"))
    said = tracker("mail", "test", "amal@host.example")
    assert "the password of the mail server cannot be read" in said.err
    assert box.raw == []


def test_without_a_server_everything_works_and_says_so(tracker: Tracker) -> None:
    said = tracker("mail", "test", "amal@host.example")
    assert (said.status, "TRACKER_MAIL_SERVER is not set" in said.err) == (2, True)
    found = {one["name"]: one for one in json.loads(tracker("check", "--json").out)}
    assert found["mail"]["state"] == "not_yet"


def test_a_link_to_the_desk_is_printed_and_goes_by_mail_where_somebody_says_so(
    tracker: Tracker, box: PostBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracker("sealing", "new-key", str(tmp_path / "sealing.keys")).status == 0
    said = tracker("people", "invite", "amal", "--role", "editor", "--mail", "amal@host.example")
    assert "/en/desk/entry?link=" in said.out
    again = tracker("people", "reset", "amal", "--mail", "amal@host.example")
    assert tracker("worker", "--once").status == 0
    (found,) = box.letters
    assert again.out.strip() in found.get_content()
    monkeypatch.setenv("TRACKER_MAIL_SERVER", "")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "")
    refused = tracker("people", "reset", "amal", "--mail", "amal@host.example")
    assert (refused.status, "leave out --mail" in refused.err) == (2, True)


@pytest.mark.usefixtures("box")
def test_what_reads_bounces_says_to_whom_no_more_is_written(tracker: Tracker, tmp_path: Path) -> None:
    assert tracker("db", "upgrade").status == 0
    assert tracker("sealing", "new-key", str(tmp_path / "sealing.keys")).status == 0
    said = tracker("mail", "bounced", "gone@host.example")
    told = "0 mailboxes of the desk have to be confirmed again, 0 followers are forgotten\n"
    assert (said.status, said.out) == (0, told)
    assert tracker("mail", "bounced", "gone").status == 2


def test_a_bounce_is_read_from_standard_input(
    tracker: Tracker, box: PostBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hand_over(content: bytes) -> Said:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(content)))
        return tracker("mail", "bounced")

    assert tracker("sealing", "new-key", str(tmp_path / "sealing.keys")).status == 0
    told = "0 mailboxes of the desk have to be confirmed again, 0 followers are forgotten\n"
    said = hand_over(bounce())
    assert (said.status, said.out) == (0, told)
    other = hand_over(b"Subject: I am away\n\nBack on Monday.")
    assert (other.status, other.out.startswith("nothing is changed: it says of no address")) == (0, True)
    assert box.heard == []  # nobody is answered
    monkeypatch.setenv("TRACKER_MAIL_SERVER", "")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "")
    assert (hand_over(bounce()).status, "no letter left from here" in hand_over(b"").err) == (2, True)
