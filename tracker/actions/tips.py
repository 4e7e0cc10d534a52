"""Tips at the desk: read on record, asked about, made evidence of, set aside, destroyed.

Custodians who work on the process know that a tip is there, and nobody else does. The audit trail names the process
and the id of the tip. What a tip says leaves its box in the answer to a reading, and in the sealed fields of the
item that it becomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from tracker.actions import custody, evidence, sealed_fields, sent_tips
from tracker.actions.custody import ReceivedFile
from tracker.actions.sent_tips import Message
from tracker.actions.support import second_person
from tracker.actions.support.unit import Unit, mark_erasing
from tracker.actions.tip_boxes import MAY
from tracker.domain import tips
from tracker.domain.custody import ORIGINAL, SameFile
from tracker.domain.errors import NotFound
from tracker.domain.protection import SEALED
from tracker.domain.sentences import sentence
from tracker.files.files import Stored
from tracker.sealing.sealer import SealedBox, Sealer
from tracker.store import tips as store_tips
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.tips import Tip, TipFile
from tracker.store.viewer import Viewer

#: How many tips one run of the job destroys in one transaction.
_TOGETHER: Final = 100
_HEADS: Final = {"happened": "", "when": "When: ", "where": "Where: ", "harm": "Who could be hurt: "}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a tip says, what was said since, and its files with their names."""

    tip: Tip
    words: Mapping[str, str] = field(repr=False)
    messages: Sequence[Message] = field(repr=False)
    files: Sequence[tuple[TipFile, str | None]] = field(repr=False)


def select_tips(viewer: Viewer) -> Select[Any]:
    """The tips to the processes that a custodian works on."""
    viewer.by.require(MAY)
    return viewer.within(select(Tip), Tip)


def get_tip(viewer: Viewer, id: str) -> Tip:
    """One of them, without what it says."""
    tip: Tip | None = viewer.session.scalars(
        select_tips(viewer).where(Tip.id == id).execution_options(populate_existing=True)
    ).first()
    if tip is None:
        raise NotFound(sentence("there is no tip %(id)s", id=repr(id[:64])))
    return tip


def count_unread(viewer: Viewer) -> tuple[int, datetime | None]:
    """How many tips say something that nobody has read, and since when the oldest of them is there."""
    query = select_tips(viewer).where(Tip.unread).with_only_columns(func.count(), func.min(Tip.came_at))
    number, oldest = viewer.session.execute(query).one()
    return number, oldest


def describe_tip(viewer: Viewer, tip: Tip) -> dict[str, Any]:
    """A tip as it is listed: nothing of what it says."""
    members = ("id", "process_id", "state", "language", "came_at", "kept_until", "unread", "evidence_id")
    files = store_tips.list_files(viewer.session, tip.id)
    return {
        **{name: getattr(tip, name) for name in members},
        "files": len(files),
        "size": sum(one.size for one in files),
        "messages": store_tips.count_messages(viewer.session, tip.id),
    }


def read_tip(unit: Unit, id: str, sealer: Sealer) -> Contents:
    """Read a tip, on record. Its sender sees that it was looked at."""
    tip = get_tip(unit.viewer, id)
    contents = _open_tip(unit, tip, sealer)
    if tip.state == tips.RECEIVED:
        tip.state = tips.LOOKED_AT
    tip.unread = False
    _note(unit, "tip.read", tip)
    return contents


def _open_tip(unit: Unit, tip: Tip, sealer: Sealer) -> Contents:
    taken_back = tip.state == tips.TAKEN_BACK
    files = store_tips.list_files(unit.session, tip.id)
    return Contents(
        tip,
        {} if taken_back else sent_tips.open_words(tip, sealer),
        [sent_tips.read_message(one, sealer) for one in store_tips.list_messages(unit.session, tip.id)],
        [(one, sent_tips.read_name(one, sealer)) for one in files],
    )


def ask_sender(unit: Unit, id: str, text: str, sealer: Sealer) -> Tip:
    """Ask the person who sent a tip, or tell them something. They find it when they come back."""
    tip = get_tip(unit.viewer, id)
    tips.require_read(tip.state)
    number = store_tips.count_messages(unit.session, tip.id)
    tips.require_few_messages(number)
    row = sent_tips.make_message(unit, tip.id, number + 1, text, sealer)
    store_tips.add_message(unit.session, {**row, "by_desk": True, "once": None})
    tip.kept_until = sent_tips.find_new_end(unit, tip)
    return _note(unit, "tip.ask", tip)


def set_aside(unit: Unit, id: str) -> Tip:
    """Say that a tip is not used. It is destroyed after 30 days, unless its sender comes back with more."""
    tip = get_tip(unit.viewer, id)
    tips.require_undecided(tip.state)
    tip.state, tip.set_aside_by = tips.NOT_USED, unit.by.id
    tip.kept_until = tips.find_end(unit.now, tips.ASIDE_DAYS)
    return _note(unit, "tip.set_aside", tip)


def take_over(unit: Unit, id: str, data: Mapping[str, Any], sealer: Sealer) -> Tip:
    """Make an item of evidence of a tip: a draft, sealed, of a confidential source. The custodian who does it is its
    submitter; so others review it. For whomever the custodian speaks, it belongs to the desk, to which it was sent.
    What the tip says stands in the sealed fields. Its files become those of the item, but for one that the desk has
    already."""
    tip = get_tip(unit.viewer, id)
    tips.require_open(tip.state)
    contents = _open_tip(unit, tip, sealer)
    given = {
        **data,
        "process_id": tip.process_id,
        "protection": SEALED,
        "acquired_from": "confidential_source",
        "generation": "original",
    }
    checked = evidence.check_item(unit, given)
    lead = unit.session.get_one(Process, tip.process_id).lead_id
    item: Evidence = evidence.record_item(unit, {**checked, "owner_id": None, "watchdog_id": lead})
    sealed_fields.keep_sealed_fields(unit, item, {"statement": _write_statement(contents)}, sealer)
    for file, name in contents.files:
        stored = Stored(file.key, file.size, file.sha256)
        sent = ReceivedFile(ORIGINAL, stored, file.declared_type, file.detected_type, name, sealer)
        with suppress(SameFile):
            custody.record_file(unit, item, sent)
            unit.session.delete(file)
    tip.state, tip.set_aside_by, tip.evidence_id = tips.USED, None, item.id
    tip.kept_until = sent_tips.find_new_end(unit, tip)
    return _note(unit, "tip.take_over", tip, evidence=item.id)


def _write_statement(contents: Contents) -> str:
    """What the sender said, in their words."""
    parts = [f"{head}{contents.words[name]}" for name, head in _HEADS.items() if contents.words.get(name)]
    return "\n\n".join([*parts, *(_write_message(one) for one in contents.messages)])


def _write_message(message: Message) -> str:
    return f"{'Desk' if message.by_desk else 'Sender'}, {message.came_at.date()}: {message.text}"


def destroy_tip(unit: Unit, id: str) -> list[str]:
    """Destroy a tip that another custodian set aside, or that its sender took back: the keys of its bytes, which go
    after the commit."""
    tip = get_tip(unit.viewer, id)
    own = tip.set_aside_by is not None and second_person.is_own_side(unit, tip.set_aside_by)
    tips.require_destroyable(tip.state, set_aside_by_own=own)
    return _drop(unit, [_note(unit, "tip.destroy", tip).id])


def destroy_ended(unit: Unit) -> tuple[int, list[str]]:
    """Destroy tips that are kept no longer, some at a time: how many, and the keys of their bytes. Nothing is left
    of them, and no entry on the trail."""
    ended = store_tips.list_ended(unit.session, unit.now, _TOGETHER)
    return len(ended), _drop(unit, ended) if ended else []


def _drop(unit: Unit, ended: Sequence[str]) -> list[str]:
    keys = store_tips.list_keys(unit.session, ended)
    mark_erasing(unit.session)
    unit.session.flush()
    unit.session.expunge_all()  # nobody reads what was loaded of them any more
    store_tips.drop_tips(unit.session, ended)
    return keys


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for tips, what was said about them, and names of files."""
    query = select(Tip).where(Tip.id > after).order_by(Tip.id).limit(most)
    rows = list(unit.session.scalars(query))
    done = 0
    for tip in rows:
        wrapped = sum(_rewrap(sealer, *box) for box in _list_boxes(unit, tip))
        if wrapped:
            _note(unit, "tip.rewrap", tip)
        done += wrapped
    return done, rows[-1].id if rows else None


def _list_boxes(unit: Unit, tip: Tip) -> Iterator[tuple[Any, str, str, str]]:
    """Every box of a tip: its row, the columns of its key and content, and as what it was sealed."""
    yield tip, "wrapped", "content", tip.id
    for message in store_tips.list_messages(unit.session, tip.id):
        yield message, "wrapped", "content", sent_tips.name_message(tip.id, message.number)
    for file in store_tips.list_files(unit.session, tip.id):
        if file.name_key is not None:
            yield file, "name_key", "name_box", file.id


def _rewrap(sealer: Sealer, row: Any, key: str, content: str, name: str) -> bool:
    before = SealedBox(getattr(row, key), getattr(row, content))
    if sealer.is_current(before):
        return False
    setattr(row, key, sealer.rewrap(before, name).wrapped)
    return True


def _note(unit: Unit, verb: str, tip: Tip, **more: str) -> Tip:
    """On the trail an act on a tip is one on its process: who works on that reads it."""
    unit.audit(verb, tip.process_id, tip=tip.id, **more)
    unit.session.flush()
    return tip
