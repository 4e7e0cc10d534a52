"""A batch of an import: one person imported it, another decides on all of it at once.

The proposal names what the import recorded, in its order: drafts that shall be public, revisions and status changes
that shall stand. A small batch is done by the decision itself, all of it or nothing.

A large one is first tried as a whole, in parts of which nothing stays (`import_check`). Where anything stands in the
way of one act, nothing of the batch is done: it is returned, and says what. Else it is done in parts (`import`), each
as the act of the person who decided; until it is through, its process says since when it is being updated. Both go on
after a process was killed (`tracker.actions.operations.pending_work`). What cannot be approved any more by then
stays open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import proposals
from tracker.actions.batch_acts import (
    ACTS,
    SUBJECT,
    act_of,
    filter_open,
    find_only_process,
    find_open,
    find_thing,
    read_versions,
)
from tracker.actions.support import lookup, pending_updates
from tracker.actions.support.batch_order import order_acts
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.errors import NotPublished, Refusal
from tracker.domain.proposals import APPROVED, IMPORT, RETURNED
from tracker.store.database import hold_loaded
from tracker.store.import_batches import (
    BATCH_ACT,
    count_acts,
    count_refused,
    find_among,
    list_acts,
    list_earlier,
    list_refused,
    note_refusal,
    write_acts,
)
from tracker.store.people import Person
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.statuses import StatusChange

#: How many acts one transaction does. It holds the lock of all writers for well below a second.
_AT_ONCE: Final = 25
_STANDS_IN_THE_WAY: Final = (
    "{refused} of {count} acts cannot be approved, so nothing was done. `refused` names the first of them, with the"
    " code of the problem. Mend what stands in the way, and import with `propose` again."
)


def propose_batch(unit: Unit, made: Iterable[str], reason: str | None) -> str | None:
    """Ask for a decision on what an import recorded, as far as it is not decided. Returns the id of the proposal, of
    one that waits already that; None where nothing is open."""
    made = list(dict.fromkeys(made))
    open_acts = find_open(unit.session, made)
    acts = order_acts(unit.session, [id for id in made if id in open_acts])
    if not acts:
        return None
    waiting = find_waiting(unit.session, IMPORT, acts[0])
    if waiting is not None:
        return waiting.id
    batch = proposals.propose_act(unit, IMPORT, acts[0], find_thing(unit.session, acts), reason=reason)
    versions = read_versions(unit.session, acts)
    batch.process_id = find_only_process(unit.session, acts)
    write_acts(unit.session, batch.id, ((id, versions.get(id)) for id in acts))
    batch.versions = {id: versions[id] for id in acts[: proposals.SHOWN] if id in versions}
    return batch.id


def _judged_on(session: Session, batch: Proposal) -> dict[str, int]:
    """The versions of the acts that the proposal shows, and of all that have changed since."""
    current = read_versions(session, batch.versions or {})
    judged = BATCH_ACT
    for act in (SUBJECT, *ACTS.values()):
        if act.versioned:
            table = act.table
            query = select(table.c.id, table.c.version).join(judged, judged.c.act_id == table.c.id)
            changed = query.where(judged.c.proposal_id == batch.id, judged.c.version != table.c.version)
            current |= {row.id: row.version for row in session.execute(changed)}
    return current


def _check_decider(unit: Unit, _proposal: Proposal) -> None:
    unit.by.require("status.decide")


def _decide_batch(unit: Unit, batch: Proposal) -> None:
    """Do a small batch as a whole, or refuse it; begin with a large one."""
    acts = list_acts(unit.session, batch.id, most=_AT_ONCE + 1)
    if len(acts) > _AT_ONCE:
        work = "import_check" if batch.decision == APPROVED else "import"
        pending_updates.begin_update(unit, work, batch.id)
        return
    for id in filter_open(unit.session, acts):
        _decide_act(unit, batch, id)


def _list_tried(unit: Unit, batch: str, after: str, most: int | None) -> list[str]:
    return list_acts(unit.session, batch, after, most)


def _try_acts(unit: Unit, batch: str, acts: Sequence[str]) -> None:
    """Note what stands in the way of these acts. They are done together, after those of the batch that answer before
    them on the same subjects, and undone."""
    decided, theirs = find_decided(unit, batch)
    refused: dict[str, str | None] = {}
    with _hold_things(unit.session, acts), open_part(theirs) as undo:
        for id in filter_open(unit.session, list_earlier(unit.session, batch, acts)):
            _try_act(theirs, decided, id)
        for id in filter_open(unit.session, acts):
            refused[id] = _try_act(theirs, decided, id)
        undo()
    unit.session.expire_all()
    for id, code in refused.items():
        note_refusal(unit.session, batch, id, code)


def _try_act(unit: Unit, batch: Proposal, id: str) -> str | None:
    """Do one act. Returns the code of what stands in its way; None where it is done, or names nothing secret but what
    becomes public with it."""
    try:
        with open_part(unit):
            _decide_act(unit, batch, id)
    except NotPublished as refusal:
        alone = set(refusal.missing) - find_among(unit.session, batch.id, refusal.missing)
        return refusal.code if alone else None
    except Refusal as refusal:
        return refusal.code
    return None


def _go_on(unit: Unit, batch: str) -> None:
    """After all of a batch was tried: do it, or return it as a whole."""
    refused = count_refused(unit.session, batch)
    if not refused:
        pending_updates.begin_update(unit, "import", batch)
        return
    decided, theirs = find_decided(unit, batch)
    decided.decision = RETURNED
    count = count_acts(unit.session, batch)
    decided.note = _STANDS_IN_THE_WAY.format(refused=refused, count=count)
    theirs.audit("import.returned", decided.thing_id, proposal=batch, refused=refused)


def _continue_batch(unit: Unit, batch: str, acts: Sequence[str]) -> None:
    decided, theirs = find_decided(unit, batch)
    with _hold_things(unit.session, acts):
        for id in filter_open(unit.session, acts):
            try:
                with open_part(theirs):
                    _decide_act(theirs, decided, id)
            except Refusal:
                continue  # it stays open, where the queue and the lists of drafts show it


@contextmanager
def _hold_things(session: Session, acts: Sequence[str]) -> Iterator[None]:
    """Load the drafts among these acts at once, and keep them while the acts are done."""
    drafts = [id for id in acts if act_of(id).model not in (StatusChange, Proposal)]
    with hold_loaded(session):
        deque(lookup.load_things(session, drafts), maxlen=0)
        yield


def find_decided(unit: Unit, proposal: str) -> tuple[Proposal, Unit]:
    """A proposal that is carried out in parts, and the unit in which the person who decided acts."""
    decided = unit.session.get_one(Proposal, proposal)
    return decided, replace(unit, by=unit.session.get_one(Person, decided.decided_by).actor)


def _decide_act(unit: Unit, batch: Proposal, id: str) -> None:
    """Do with one act of a batch what was decided on all, by the act of one alone."""
    act = act_of(id)
    if batch.decision == APPROVED:
        act.approve(unit, id, batch)
    else:
        act.end(unit, id, batch)


def _describe_batch(session: Session, batch: Proposal) -> dict[str, Any]:
    acts = list_acts(session, batch.id, most=proposals.SHOWN)
    refused = list_refused(session, batch.id, proposals.SHOWN)
    return {
        "acts": acts,
        "count": count_acts(session, batch.id),
        "refused": [{"act": act, "problem": code} for act, code in refused],
    }


proposals.KINDS[IMPORT] = proposals.Kind(
    proposes="record.write",
    decides="record.publish",
    versions=_judged_on,
    apply=_decide_batch,
    check=_check_decider,
    end=_decide_batch,
    describe=_describe_batch,
)
pending_updates.WORK["import_check"] = pending_updates.Work(
    _list_tried, _try_acts, shown=False, at_once=_AT_ONCE, then=_go_on
)
pending_updates.WORK["import"] = pending_updates.Work(_list_tried, _continue_batch, at_once=_AT_ONCE)
