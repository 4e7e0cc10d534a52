"""A bounce says to whom a letter of ours was not delivered for good; no other message says anything."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.domain import ids
from tracker.outgoing.bounces import LONGEST, NoBounce, read_bounce
from tracker.outgoing.letters import Letter, write_letter

SENDER = "tracker@t.example"
LETTER = Letter(ids.make_id("letter", bytes(16)), "Gone@host.example", "Something waits", "Look.\n")
WRITTEN = (
    write_letter(LETTER, SENDER, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    .decode("ascii")
    .replace("\r\n", "\n")
)
HEADERS = WRITTEN.partition("\n\n")[0]

#: As Postfix writes it. Others return the headers alone, and call the recipient as they forwarded it.
BOUNCE = """\
Return-Path: <>
From: MAILER-DAEMON@host.example (Mail Delivery System)
To: tracker@t.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; host.example
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822; gone@host.example
Original-Recipient: rfc822;Gone@host.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b1
Content-Type: {kind}

{returned}
--b1--
"""


def bounce(kind: str = "message/rfc822", returned: str = WRITTEN, **said: str) -> bytes:
    """``said``: other words in the place of those of the report."""
    made = BOUNCE.format(kind=kind, returned=returned)
    for before, after in said.items():
        field = before.replace("_", "-")
        lines = [
            line if not line.startswith(f"{field}:") else f"{field}: {after}" for line in made.splitlines()
        ]
        made = "\n".join(lines)
    return made.encode("ascii")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_letter_that_came_back_says_to_whom_it_went(ending: str) -> None:
    for made in (bounce(), bounce("text/rfc822-headers", HEADERS)):
        assert read_bounce(made.replace(b"\n", ending.encode()), SENDER) == "Gone@host.example"


def test_a_forwarded_letter_counts_by_its_first_recipient_alone() -> None:
    assert read_bounce(bounce(Final_Recipient="rfc822; dead@far.example"), SENDER) == "Gone@host.example"
    far = bounce(Final_Recipient="rfc822; dead@far.example", Original_Recipient="rfc822;dead@far.example")
    with pytest.raises(NoBounce, match="to the address that failed"):
        read_bounce(far, SENDER)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Action": "delayed"}, "not delivered for good"),
        ({"Action": "relayed"}, "not delivered for good"),
        ({"Status": "4.2.2"}, "not delivered for good"),
        ({"Status": "5"}, "not delivered for good"),
        ({"Final_Recipient": "x400; gone", "Original_Recipient": "x400; gone"}, "not delivered for good"),
        ({"Message_ID": "<1234@t.example>"}, "does not return a letter of this tracker"),
        ({"Message_ID": f"<{LETTER.id}@other.example>"}, "does not return a letter of this tracker"),
        ({"returned": "To: gone@host.example\n\nHello"}, "does not return a letter of this tracker"),
    ],
)
def test_what_is_no_bounce_for_good_of_a_letter_of_ours_is_named(said: dict[str, str], why: str) -> None:
    with pytest.raises(NoBounce, match=why):
        read_bounce(bounce(**said), SENDER)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 1000,
        b"Subject: I am away\n\nBack on Monday.",
        b"Content-Type: message/delivery-status\n\nAction: failed",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n--b--",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)),
        b"x" * (LONGEST + 1),
    ],
    ids=["nothing", "noise", "away", "no status", "no block", "deep", "long"],
)
def test_nothing_that_comes_in_falls_over(content: bytes) -> None:
    with pytest.raises(NoBounce):
        read_bounce(content, SENDER)
