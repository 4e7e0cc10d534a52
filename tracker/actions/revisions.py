"""Editing what is recorded. A draft is edited freely; what is public is revised: one person proposes it with a reason,
another approves it, and the history shows what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from tracker.actions import (
    evidence,
    proposals,
    publication,
    releases,
    statuses,
)
from tracker.actions.support import basis_updates, lookup, pending_updates, public_events, records
from tracker.actions.support.lookup import Versions
from tracker.actions.support.public_references import require_public_references
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit, open_part
from tracker.actions.support.visibility import get_editable
from tracker.domain.errors import AlreadyDone
from tracker.domain.names import keep_former_name
from tracker.domain.partial_days import AnyDay, find_earliest
from tracker.domain.proposals import REVISION
from tracker.domain.publication import PUBLISHED
from tracker.domain.revisions import CORRECTION, UPDATE, check_grounds
from tracker.domain.work_queue import UNREVIEWED
from tracker.schemas.revisions import GROUNDS
from tracker.store import answers
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.subjects import Subject

Data = Mapping[str, Any]
#: Members on which it depends whether a status has all that its state demands.
_DEMANDS: Final = frozenset({"addressees", "evidence_policy", "part_of_id", "predecessors"})
#: Members of an item by which one knows that another shows the same.
_ADDRESSES: Final = frozenset({"source_url", "archived_url"})
#: Members of an item that say nothing of what it shows.
_MANNER: Final = evidence.ANALYSES | {"reference", "content_warnings", "rights", "licence"}
#: What is said in public of a review that begins again.
_REOPENED: Final = "The item was revised after it was reviewed."


def edit_thing(unit: Unit, id: str, kind: str, data: Data, expected: Versions) -> Any:
    """Edit a thing that was read at version ``expected``; only the members given change, null clears one.

    ``data`` may give ``reason``, ``revision`` and ``since``. Where the edit changes what is public it is proposed, and
    the `Proposal` is returned; else the thing. Raises `StaleEdit` where somebody was faster.
    """
    row = get_editable(unit, id, kind, data)
    lookup.require_version(row, expected)
    changes = _keep_name(row, {name: value for name, value in data.items() if name not in GROUNDS}, data)
    reviewed = _is_reviewed(unit, row, changes)
    if reviewed or row.publication == PUBLISHED:
        shows = _try_edit(unit, row, kind, changes, data.get("reason"))
        if reviewed or shows:
            return _propose_revision(unit, row, kind, changes, data)
    return change_thing(unit, row, kind, changes)


def widen_revision(unit: Unit, revision: Proposal, row: Any, kind: str, changes: Data) -> Proposal:
    """Let a revision that was proposed in this very unit, so that nobody has read it, change this."""
    _try_edit(unit, row, kind, changes, revision.reason)
    told = KINDS[kind].edited().dump(dict(changes))
    revision.payload = {**revision.payload, "changes": {**revision.payload["changes"], **told}}
    unit.audit("revision.proposed", row.id, proposal=revision.id)
    return revision


def _keep_name(row: Any, changes: dict[str, Any], data: Data) -> Data:
    """An organization that is called otherwise from a day on keeps the name that it had until then. A name that was
    wrong from the start goes."""
    since: AnyDay | None = data.get("since")
    renamed = isinstance(row, Organization) and changes.get("name", row.name) != row.name
    if renamed and data.get("revision") == UPDATE and since is not None and "former_names" not in changes:
        changes["former_names"] = keep_former_name(row.name, row.former_names, find_earliest(since))
    return changes


def _is_reviewed(unit: Unit, row: Any, changes: Data) -> bool:
    """Whether an edit is of the substance of an item that somebody has reviewed: a second person looks at it, whether
    or not the item is public, and the review begins again."""
    if not isinstance(row, Evidence) or not _substance_of(row, changes):
        return False
    today = records.find_today(unit, row)
    return answers.find_verification(unit.session, [row.id], today)[row.id] not in UNREVIEWED


def _substance_of(row: Evidence, changes: Data) -> set[str]:
    """The members that an edit changes and that say what an item shows, and where it comes from."""
    return {name for name, value in changes.items() if name not in _MANNER and getattr(row, name) != value}


def _try_edit(unit: Unit, row: Any, kind: str, changes: Data, reason: str | None) -> bool:
    """Whether an edit changes what is public of a thing. It is tried and undone, so that what would refuse it when it
    is approved refuses it now."""
    before = publication.content_of(unit, row)
    with open_part(unit) as undo:
        _set_members(unit, row, kind, changes)
        after = publication.content_of(unit, row)
        if row.publication == PUBLISHED and after != before:
            require_public_references(unit, row, [after, reason or ""])
        tried = [one for name in _list_parts(row) for one in getattr(row, name)]
        undo()
    for one in tried:  # a part that is tried next may get the same key
        if one in unit.session:
            unit.session.expunge(one)
    unit.session.expire(row)
    return row.publication == PUBLISHED and after != before


def _propose_revision(unit: Unit, row: Any, kind: str, changes: Data, data: Data) -> Proposal:
    since: AnyDay | None = data.get("since")
    act = data.get("revision", CORRECTION)
    check_grounds(data.get("reason"), act, since, records.find_today(unit, row))
    if find_waiting(unit.session, REVISION, row.id) is not None:
        raise AlreadyDone("a revision of this waits to be decided; retract it, or have it decided, first")
    payload = {
        "changes": KINDS[kind].edited().dump(dict(changes)),
        "revision": act,
        "since": since and str(since),
    }
    return proposals.propose_act(unit, REVISION, row.id, row, reason=data["reason"], payload=payload)


def change_thing(unit: Unit, row: Any, kind: str, changes: Data, grounds: Data | None = None) -> Any:
    """Set what an edit changes, and say so in public, with the ``grounds`` of a revision: for whoever has checked that
    it may be done."""
    fields = _set_members(unit, row, kind, changes)
    unit.audit("revise", row.id, members=sorted(changes))
    publication.publish_revision(unit, row, grounds)
    if fields.keys() - evidence.ANALYSES:
        releases.end_release(unit, row)  # what was asked for is what was read then
    if isinstance(row, Evidence) and _ADDRESSES & fields.keys():
        basis_updates.update_bases_on_evidence(unit, row.id)
    if _DEMANDS & fields.keys():
        _update_bases(unit, row)
    return row


def _set_members(unit: Unit, row: Any, kind: str, changes: Data) -> Data:
    """Give a thing what an edit changes, checked. Returns the attributes that were set."""
    records.require_kept(row)
    records.check_edit(unit, row, kind, changes)
    fields = KINDS[kind].edit(unit, row, changes)
    for name in _list_parts(row) & fields.keys():
        getattr(row, name).clear()
    unit.session.flush()  # the old parts go first, or one that stays would meet itself
    for name, value in fields.items():
        setattr(row, name, value)
    row.touch()
    records.read_back(unit, row)
    return fields


def _list_parts(row: Any) -> set[str]:
    """The members of a thing that hold parts of its own."""
    return {one.key for one in inspect(type(row)).relationships if one.cascade.delete_orphan and one.uselist}


def _update_bases(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else."""
    if not isinstance(row, Subject):
        pending_updates.begin_update(unit, "bases", row.id)
    elif row.publication == PUBLISHED:
        basis_updates.update_bases_of(unit, row.id, [row.id])


def _judged_on(session: Session, proposal: Proposal) -> dict[str, int]:
    row = lookup.get_thing(session, proposal.thing_id)
    return {row.id: row.version}


def _apply_revision(unit: Unit, proposal: Proposal) -> None:
    row = lookup.get_thing(unit.session, proposal.thing_id)
    kind = public_events.kind_of(row)
    loaded = KINDS[kind].edited().load(proposal.payload["changes"])
    changes = {name: value for name, value in loaded.items() if name not in GROUNDS}
    grounds = {name: proposal.payload[name] for name in ("revision", "since")}
    before = _read_members(row, kind, changes)
    _revise(unit, row, kind, changes, {**grounds, "reason": proposal.reason}, proposal.proposed_by)
    after = _read_members(row, kind, changes)
    proposal.payload = {**proposal.payload, "before": before, "after": after}


def _read_members(row: Any, kind: str, members: Iterable[str]) -> dict[str, Any]:
    """What a thing says in these attributes, by the members that an edit has for them."""
    shape = KINDS[kind].edited()
    wanted = set(members)
    return {
        name: value
        for name, value in shape.dump(row).items()
        if (shape.fields[name].attribute or name) in wanted
    }


def _revise(
    unit: Unit, row: Any, kind: str, changes: Data, grounds: dict[str, Any], proposed_by: str
) -> None:
    """Change what is public of a thing, by two people. What was reviewed is reviewed again."""
    reviewed = isinstance(row, Evidence) and _substance_of(row, changes)
    members = sorted(_read_members(row, kind, changes))
    change_thing(unit, row, kind, changes, {**grounds, "members": members})
    if reviewed:
        statuses.reopen_review(unit, row.id, proposed_by, _REOPENED)


def revert_revision(unit: Unit, revision: Proposal, reason: str, proposed_by: str) -> bool:
    """Give back to a thing what an approved revision took from it, where nobody has changed that since. Returns whether
    all of it was given back: by the two people who take a batch back."""
    row = lookup.get_thing(unit.session, revision.thing_id)
    kind = public_events.kind_of(row)
    before, after = (revision.payload.get(name, {}) for name in ("before", "after"))
    current = KINDS[kind].edited().dump(row)
    held = {name: value for name, value in before.items() if current[name] == after[name]}
    if held and row.publication == PUBLISHED:
        changes = KINDS[kind].edited().load(held)
        grounds = {"revision": CORRECTION, "since": None, "reason": reason}
        _revise(
            unit,
            row,
            kind,
            {name: changes[name] for name in changes if name not in GROUNDS},
            grounds,
            proposed_by,
        )
    return bool(held) and held.keys() == before.keys() and row.publication == PUBLISHED


proposals.KINDS[REVISION] = proposals.Kind(
    proposes="record.write",
    decides="record.publish",
    versions=_judged_on,
    apply=_apply_revision,
)
