"""Reading a bounce (RFC 3464): which of our letters was not delivered for good, and to whom.

Anybody can write one. So it counts only for a letter that has the form of ours, and for the one to whom that went.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import parseaddr
from typing import Final

from tracker.domain import ids

#: The longest bounce that is read. Our letters are short, and so is what comes back of them.
LONGEST: Final = 1_000_000
_FIELDS: Final = ("Original-Recipient", "Final-Recipient")
#: Delivery status (RFC 3463): tried in vain for good.
_FOR_GOOD: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}", re.ASCII)


class NoBounce(Exception):
    """A message says of no letter of ours that it was not delivered for good; why it does not."""


def read_bounce(content: bytes, sender: str) -> str:
    """The address that takes no mail. ``sender``: from whom our letters come."""
    if len(content) > LONGEST:
        raise NoBounce("it is too long for a bounce")
    try:
        parts = list(BytesParser(policy=compat32).parsebytes(content).walk())
    except (RecursionError, ValueError, LookupError):
        raise NoBounce("it cannot be read") from None
    failed = {address.lower() for part in parts for address in _list_failed(part)}
    if not failed:
        raise NoBounce("it says of no address that a letter was not delivered for good")
    for letter in _find_letters(parts):
        to = parseaddr(str(letter.get("To", "")))[1]
        if _is_ours(letter, sender) and to.lower() in failed:
            return to
    raise NoBounce("it does not return a letter of this tracker to the address that failed")


def _list_failed(part: Message) -> Iterator[str]:
    """The addresses that a report names as failed for good; each has a block of fields."""
    if part.get_content_type() != "message/delivery-status":
        return
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
            continue
        if _FOR_GOOD.match(str(block.get("Status", "")).strip()):
            for name in _FIELDS:
                kind, _, address = str(block.get(name, "")).partition(";")
                if kind.strip().lower() == "rfc822":
                    yield address.strip().strip("<>")


def _find_letters(parts: list[Message]) -> Iterator[Message]:
    """What came back of letters: whole, or their headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inside = part.get_payload()
            yield from (one for one in inside if isinstance(one, Message)) if isinstance(inside, list) else ()
        elif part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            if isinstance(headers, bytes):
                yield BytesHeaderParser(policy=compat32).parsebytes(headers)


def _is_ours(letter: Message, sender: str) -> bool:
    id, _, domain = (
        str(letter.get("Message-ID", "")).strip().removeprefix("<").removesuffix(">").partition("@")
    )
    return ids.kind_of(id) == "letter" and domain == sender.rpartition("@")[2]
