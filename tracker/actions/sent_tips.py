"""What people without an account do: they send a tip, come back with their phrase, say more, or take it back.

Nothing here is written to the audit trail, and no name, address or minute is kept. A form is acted on once: what makes
its phrase is what the form carries, so a form that is sent twice shows the same phrase and keeps one tip.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions.custody import ReceivedFile
from tracker.actions.support.unit import Unit, mark_erasing
from tracker.actions.tip_boxes import OpenBox
from tracker.domain import code_phrases, tips
from tracker.domain.errors import NotFound
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import tips as store_tips
from tracker.store.tips import Tip, TipBox, TipFile, TipMessage

#: As whom a sender acts: nobody, who may do nothing else.
SENDER: Final = Actor("sender", frozenset())
#: What a message is sealed as.
_TEXT: Final = "text"
#: So much of a tip counts for what its box holds, whatever it says.
_NAME: Final = "original_name"


@dataclass(frozen=True, slots=True)
class Sent:
    """What arrived: the words of a tip, in which language, and its files, whose bytes are kept already."""

    words: Mapping[str, str] = field(repr=False)
    language: str
    files: Sequence[ReceivedFile] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What was said about a tip, and in which hour."""

    text: str = field(repr=False)
    by_desk: bool
    came_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tip as its sender finds it: where it stands, and what was said since."""

    tip: str
    process: str
    state: str
    words: Mapping[str, str] = field(repr=False)
    messages: Sequence[Message] = field(repr=False)
    files: int
    kept_until: datetime


def make_phrase(secret: str, once: str) -> str:
    """The phrase that belongs to a form. It cannot be found without the ``secret`` of the server."""
    key = hmac.digest(secret.encode(), f"phrase of\0{once}".encode(), hashlib.sha256)
    return code_phrases.make_phrase(key[: code_phrases.RANDOM_BYTES])


def measure_room(session: Session, process: str, now: datetime, *, added: bool = False) -> int:
    """How many bytes a process takes now; `TipBoxFull` where it takes no tip, or nothing that is ``added``."""
    came, more = store_tips.count_since(session, process, tips.find_hour(now))
    taken, size = store_tips.measure_held(session, process)
    an_hour, most = (more, tips.MOST_ADDED_AN_HOUR) if added else (came, tips.MOST_AN_HOUR)
    return tips.require_room(now, an_hour=an_hour, most=most, bytes_kept=0 if added else taken, size=size)


def send_tip(unit: Unit, box: OpenBox, sent: Sent, digest: bytes, sealer: Sealer) -> bool:
    """Keep a tip under the digest of its phrase. Whether it is new: a form that is sent twice is kept once."""
    if store_tips.find_by_digest(unit.session, digest, unit.now) is not None:
        return False
    measure_room(unit.session, box.process, unit.now)
    tips.require_few_files(len(sent.files))
    id = unit.new_id("tip")
    kept = sealer.seal(sent.words, id)
    row = {
        "id": id,
        "process_id": box.process,
        "digest": digest,
        "state": tips.RECEIVED,
        "language": sent.language,
        "came_at": tips.find_hour(unit.now),
        "kept_until": tips.find_end(unit.now, box.kept_days),
        "unread": True,
        "wrapped": kept.wrapped,
        "content": kept.content,
    }
    store_tips.add_tip(unit.session, row, [_make_file(unit, id, one) for one in sent.files])
    return True


def find_tip(session: Session, digest: bytes, now: datetime) -> Tip:
    """The tip of a phrase. `NotFound` says the same of one that is gone and of one that never was."""
    tip = store_tips.find_by_digest(session, digest, now)
    if tip is None or tip.state == tips.TAKEN_BACK:
        raise NotFound(
            sentence("no tip is kept under these words: look for a slip, or it was kept no longer")
        )
    return tip


def is_kept(session: Session, digest: bytes, now: datetime) -> bool:
    """Whether there is a tip of this phrase."""
    tip = store_tips.find_by_digest(session, digest, now)
    return tip is not None and tip.state != tips.TAKEN_BACK


def read_conversation(session: Session, tip: Tip, sealer: Sealer) -> Conversation:
    """A tip, and all that was said since."""
    return Conversation(
        tip.id,
        tip.process_id,
        tip.state,
        open_words(tip, sealer),
        [read_message(one, sealer) for one in store_tips.list_messages(session, tip.id)],
        len(store_tips.list_files(session, tip.id)),
        tip.kept_until,
    )


def add_to_tip(unit: Unit, digest: bytes, sent: Sent, once: bytes, sealer: Sealer) -> bool:
    """Say more about a tip of one's own, or answer what the desk asked. Whether it is new: a form that is sent twice
    says it once."""
    tip = find_tip(unit.session, digest, unit.now)
    if store_tips.has_message(unit.session, once):
        return False
    measure_room(unit.session, tip.process_id, unit.now, added=True)
    tips.require_few_files(len(store_tips.list_files(unit.session, tip.id)) + len(sent.files))
    number = store_tips.count_messages(unit.session, tip.id)
    tips.require_few_messages(number)
    row = make_message(unit, tip.id, number + 1, sent.words[_TEXT], sealer)
    store_tips.add_message(unit.session, {**row, "by_desk": False, "once": once})
    store_tips.add_files(unit.session, [_make_file(unit, tip.id, one) for one in sent.files])
    store_tips.note_added(unit.session, tip.id, find_new_end(unit, tip))
    return True


def take_back(unit: Unit, digest: bytes) -> list[str]:
    """Destroy a tip of one's own: the keys of its bytes, which go after the commit. What the desk made an item of
    evidence stays; the desk is told, and decides on it as on any other item."""
    tip = find_tip(unit.session, digest, unit.now)
    keys = store_tips.list_keys(unit.session, [tip.id])
    mark_erasing(unit.session)
    if tip.state == tips.USED:
        nobody = hashlib.sha256(unit.entropy(32)).digest()
        store_tips.empty_tip(unit.session, tip.id, nobody, find_new_end(unit, tip))
    else:
        store_tips.drop_tips(unit.session, [tip.id])
    return keys


def find_new_end(unit: Unit, tip: Tip) -> datetime:
    """Until when a tip is kept about which something happens now; never less long than was said before."""
    box = unit.session.get(TipBox, tip.process_id)
    days = tips.KEPT_DAYS if box is None else box.kept_days
    return max(tip.kept_until, tips.find_end(unit.now, days))


def make_message(unit: Unit, tip: str, number: int, text: str, sealer: Sealer) -> dict[str, Any]:
    """The row of a message, sealed."""
    kept = sealer.seal({_TEXT: text}, name_message(tip, number))
    came_at = tips.find_hour(unit.now)
    return {
        **{"tip_id": tip, "number": number, "came_at": came_at},
        **{"wrapped": kept.wrapped, "content": kept.content},
    }


def name_message(tip: str, number: int) -> str:
    """As what a message is sealed: it opens in its own place alone."""
    return f"{tip}/{number}"


def open_words(tip: Tip, sealer: Sealer) -> dict[str, str]:
    """What a tip says."""
    return _open(lambda: sealer.open(SealedBox(tip.wrapped, tip.content), tip.id))


def read_message(row: TipMessage, sealer: Sealer) -> Message:
    name = name_message(row.tip_id, row.number)
    words = _open(lambda: sealer.open(SealedBox(row.wrapped, row.content), name))
    return Message(words[_TEXT], row.by_desk, row.came_at)


def read_name(file: TipFile, sealer: Sealer) -> str | None:
    """What a file was called where it came from."""
    if file.name_key is None or file.name_box is None:
        return None
    box = SealedBox(file.name_key, file.name_box)
    return _open(lambda: sealer.open(box, file.id))[_NAME]


def _open(opens: Callable[[], dict[str, str]]) -> dict[str, str]:
    try:
        return opens()
    except SealingError as error:
        raise SealingUnavailable(str(error)) from None


def _make_file(unit: Unit, tip: str, given: ReceivedFile) -> dict[str, Any]:
    id, box = unit.new_id("file"), None
    if given.name is not None and given.sealer is not None:
        box = given.sealer.seal({_NAME: given.name}, id)
    return {
        "id": id,
        "tip_id": tip,
        "key": given.stored.key,
        "sha256": given.stored.sha256,
        "size": given.stored.size,
        "declared_type": given.declared_type,
        "detected_type": given.detected_type,
        "name_key": None if box is None else box.wrapped,
        "name_box": None if box is None else box.content,
    }
