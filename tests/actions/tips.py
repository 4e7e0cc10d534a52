"""What tests of tips share: a box that is open, and tips in it."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Final

from tests.world import World
from tracker.actions import sent_tips, tip_boxes
from tracker.actions.custody import ReceivedFile
from tracker.actions.sent_tips import SENDER, Sent
from tracker.domain.code_phrases import digest_phrase
from tracker.domain.people import Actor
from tracker.files.files import Stored
from tracker.sealing.sealer import Sealer
from tracker.store.tips import Tip

SEALER: Final = Sealer([bytes(range(32))], os.urandom)
SAID: Final = {
    "happened": "I saw the trucks leave.",
    "when": "On 3 May",
    "where": "The quay",
    "harm": "My brother",
}
WORDS: Final = [{"language": "en", "text": "Three people read this."}, {"language": "ar", "text": "نقرأ هذا"}]
SECRET: Final = "s" * 32


def open_box(world: World, keeper: Actor, **more: Any) -> tip_boxes.OpenBox:
    """The box of the process of this world, opened."""
    with world.act(keeper) as act:
        tip_boxes.open_box(act, world.process, {"words": WORDS, "kept_days": 90, **more})
    return tip_boxes.find_open(world.session, "coast")


def make_file(
    name: str | None = "IMG_1.jpg", content: bytes = b"bytes", size: int | None = None
) -> ReceivedFile:
    """A file as it arrived."""
    key = hashlib.sha256(os.urandom(8)).hexdigest()[:32]
    stored = Stored(key, len(content) if size is None else size, hashlib.sha256(content).hexdigest())
    return ReceivedFile("evidentiary_copy", stored, "image/jpeg", "text/plain", name, SEALER)


def digest_of(once: str) -> bytes:
    """The digest of the phrase of a form."""
    return digest_phrase(SECRET, sent_tips.make_phrase(SECRET, once))


def send(world: World, once: str = "one", *files: ReceivedFile, sealer: Sealer = SEALER, **said: str) -> Tip:
    """Send a tip by a form, and find it by its phrase."""
    box = tip_boxes.find_open(world.session, "coast")
    with world.act(SENDER, whatever_standing=True) as act:
        sent_tips.send_tip(act, box, Sent({**SAID, **said}, "en", files), digest_of(once), sealer)
    return sent_tips.find_tip(world.session, digest_of(once), world.clock())


def add(world: World, text: str, *files: ReceivedFile, once: bytes | None = None) -> None:
    """Say more about the tip of the form `one`."""
    sent = Sent({"text": text}, "en", files)
    with world.act(SENDER, whatever_standing=True) as act:
        sent_tips.add_to_tip(act, digest_of("one"), sent, once or os.urandom(32), SEALER)
