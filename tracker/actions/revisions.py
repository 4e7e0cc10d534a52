"""Editing what is recorded. A draft is edited freely; what is public is revised: one person proposes it with a reason,
another approves it, and the history shows what stood there before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions import following_changes, proposals
from tracker.actions.edits import Data, change_thing, find_substance, is_reviewed, try_edit
from tracker.actions.support import editable_things, lookup, public_events, records
from tracker.actions.support.editable_things import Versions, get_editable
from tracker.actions.support.edited_members import add_parts, dump_members, load_members
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.domain import ids
from tracker.domain.errors import AlreadyDone, FieldError
from tracker.domain.names import CALLED, keep_former_name
from tracker.domain.partial_days import AnyDay, find_earliest
from tracker.domain.proposals import ALONE, RETRACTED, REVISION
from tracker.domain.publication import PUBLISHED
from tracker.domain.revisions import (
    CORRECTION,
    MOST_WAITING,
    UPDATE,
    check_grounds,
    list_overtaken,
    takes_one_person,
)
from tracker.domain.sentences import sentence
from tracker.schemas.revisions import GROUNDS
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.proposals import Proposal, list_waiting

_NOTHING: Final[Data] = MappingProxyType({})
#: What is said in public of a review that begins again.
_REOPENED: Final = "The item was revised after it was reviewed."


def edit_thing(unit: Unit, id: str, kind: str, data: Data, expected: Versions, *, alone: bool = False) -> Any:
    """Edit a thing that was read at version ``expected``; only the members given change, null clears one.

    ``data`` may give ``reason``, ``revision`` and ``since``. Where the edit changes what is public it is proposed, and
    the `Proposal` is returned; else the thing. ``alone``: what its process lets one person revise is not proposed but
    done. Raises `StaleEdit` where somebody was faster.
    """
    row = get_editable(unit, id, kind, data)
    editable_things.require_version(row, expected)
    changes = _keep_name(row, {name: value for name, value in data.items() if name not in GROUNDS}, data)
    reviewed = is_reviewed(unit, row, changes)
    if reviewed or row.publication == PUBLISHED:
        shows = try_edit(unit, row, kind, changes, data.get("reason"))
        if shows and alone and not reviewed and _takes_one_person(unit, row, kind, changes):
            return _revise_alone(unit, row, kind, data, changes)
        if reviewed or shows:
            return _propose_revision(unit, row, kind, data, changes=changes)
    return change_thing(unit, row, kind, changes)


def _takes_one_person(unit: Unit, row: Any, kind: str, changes: Data) -> bool:
    """Whether its process lets one person of the desk make an edit. An organization is in no process."""
    process = row if isinstance(row, Process) else getattr(row, "process", None)
    policy = {} if process is None else process.revisions
    return unit.by.may("record.write") and takes_one_person(policy, kind, changes.keys())


def _revise_alone(unit: Unit, row: Any, kind: str, data: Data, changes: Data) -> Any:
    """Revise what is public as the process lets one person do it. The revision is kept as all others are."""
    revision = _propose_revision(unit, row, kind, data, changes=changes)
    proposals.settle_proposals(unit, revision, ALONE, None)
    _apply_revision(unit, revision)
    return row


def propose_part(unit: Unit, row: Any, kind: str, name: str, part: Data, data: Data) -> Proposal:
    """Propose one part more among the parts ``name`` of what is public. It overwrites nothing, so that several wait
    side by side, and each stands whatever becomes of the others."""
    try_edit(unit, row, kind, add_parts(row, kind, {name: [part]}), data.get("reason"))
    return _propose_revision(unit, row, kind, data, additions={name: [part]})


def widen_revision(
    unit: Unit, revision: Proposal, row: Any, kind: str, changes: Data = _NOTHING, additions: Data = _NOTHING
) -> Proposal:
    """Let a revision that was proposed in this very unit, so that nobody has read it, change this too, and add this."""
    edited, payload = KINDS[kind].edited(), revision.payload
    more = edited.dump(dict(additions))
    added = {**payload["additions"]}
    added |= {name: [*added.get(name, ()), *parts] for name, parts in more.items()}
    wanted = {"changes": {**payload["changes"], **edited.dump(dict(changes))}, "additions": added}
    grown = add_parts(row, kind, load_members(edited, added))
    try_edit(unit, row, kind, {**load_members(edited, wanted["changes"]), **grown}, revision.reason)
    before = dump_members(row, kind, wanted["changes"].keys())
    revision.payload = {**payload, **wanted, "before": before}
    unit.audit("revision.proposed", row.id, proposal=revision.id)
    return revision


def _keep_name(row: Any, changes: dict[str, Any], data: Data) -> Data:
    """What is called otherwise from a day on keeps the name that it had until then. A name that was wrong from the
    start goes."""
    since: AnyDay | None = data.get("since")
    member = CALLED.get(ids.kind_of(row.id) or "")
    if member is None or data.get("revision") != UPDATE or since is None or "former_names" in changes:
        return changes
    name = getattr(row, member)
    if changes.get(member, name) != name:
        changes["former_names"] = keep_former_name(name, row.former_names, find_earliest(since))
    return changes


def _propose_revision(
    unit: Unit, row: Any, kind: str, data: Data, *, changes: Data = _NOTHING, additions: Data = _NOTHING
) -> Proposal:
    since: AnyDay | None = data.get("since")
    act = data.get("revision", CORRECTION)
    check_grounds(data.get("reason"), act, since, records.find_today(unit, row))
    edited = KINDS[kind].edited()
    wanted = {"changes": edited.dump(dict(changes)), "additions": edited.dump(dict(additions))}
    _require_place(list_revisions(unit.session, row.id), wanted)
    payload = {
        **wanted,
        "before": dump_members(row, kind, wanted["changes"].keys()),
        "revision": act,
        "since": since and str(since),
    }
    return proposals.propose_act(unit, REVISION, row.id, row, reason=data["reason"], payload=payload)


def list_revisions(session: Session, thing: str) -> list[Any]:
    """The revisions of a thing that wait to be decided, as plain rows."""
    return [one for one in list_waiting(session, thing) if one.kind == REVISION]


def _require_place(waiting: Sequence[Any], wanted: Mapping[str, Any]) -> None:
    """Of one thing some revisions wait side by side, but none twice."""
    for other in waiting:
        if all(other.payload[name] == value for name, value in wanted.items()):
            raise AlreadyDone(sentence("%(id)s says the same and waits to be decided", id=other.id))
    if len(waiting) >= MOST_WAITING:
        raise AlreadyDone(
            sentence(
                "%(most)s revisions of this wait to be decided; have some decided first", most=MOST_WAITING
            )
        )


def _judged_on(session: Session, proposal: Proposal) -> dict[str, int]:
    row = lookup.get_unfiltered(session, proposal.thing_id)
    return {row.id: row.version}


def _name_changes(session: Session, proposal: Proposal, changed: Mapping[str, int]) -> list[FieldError]:
    """The members of the thing that this revision changes and that another act has changed since."""
    row, before = lookup.get_unfiltered(session, proposal.thing_id), proposal.payload["before"]
    now = dump_members(row, public_events.kind_of(row), before.keys())
    return [
        FieldError(
            f"/versions/{id}",
            sentence(
                "`%(member)s` has changed since; %(id)s is at version %(version)s now",
                member=member,
                id=id,
                version=version,
            ),
        )
        for id, version in changed.items()
        for member in list_overtaken(before, now)
    ]


def end_overtaken(unit: Unit, thing: str) -> None:
    """End the revisions of a thing that wait and repeat an older version of what they change."""
    for waiting in list_revisions(unit.session, thing):
        revision = unit.session.get_one(Proposal, waiting.id)
        if proposals.find_overtaken(unit.session, revision)[0]:
            proposals.end_proposal(unit, revision, RETRACTED)


def _apply_revision(unit: Unit, proposal: Proposal) -> None:
    row, wanted = lookup.get_unfiltered(unit.session, proposal.thing_id), proposal.payload
    kind = public_events.kind_of(row)
    edited = KINDS[kind].edited()
    added = add_parts(row, kind, load_members(edited, wanted["additions"]))
    changes = {**load_members(edited, wanted["changes"]), **added}
    grounds = {name: wanted[name] for name in ("revision", "since")}
    if proposal.decision == ALONE:
        grounds["alone"] = True
    members = {*wanted["changes"], *wanted["additions"]}
    _revise(unit, row, kind, changes, {**grounds, "reason": proposal.reason}, members, proposal.proposed_by)
    after = dump_members(row, kind, wanted["changes"].keys())
    proposal.payload = {**wanted, "after": after}


def _revise(
    unit: Unit, row: Any, kind: str, changes: Data, grounds: Data, members: AbstractSet[str], proposed_by: str
) -> None:
    """Change what is public of a thing, by two people. What was reviewed is reviewed again."""
    reviewed = isinstance(row, Evidence) and find_substance(row, changes)
    change_thing(unit, row, kind, changes, {**grounds, "members": sorted(members)})
    if reviewed:
        following_changes.reopen_review(unit, row.id, proposed_by, _REOPENED)


def revert_revision(unit: Unit, revision: Proposal, reason: str, proposed_by: str) -> bool:
    """Give back to a thing what an approved revision took from it, and take from it what that added, where nobody has
    changed it since: by the two people who take a batch back. Returns whether all of it was given back."""
    row, wanted = lookup.get_unfiltered(unit.session, revision.thing_id), revision.payload
    if row.publication != PUBLISHED or not wanted:  # what is redacted has none
        return False
    kind = public_events.kind_of(row)
    now = dump_members(row, kind, {*wanted["changes"], *wanted["additions"]})
    back = {name: old for name, old in wanted["before"].items() if now[name] == wanted["after"][name]}
    for name, added in wanted["additions"].items():
        stays = [one for one in now[name] if not any(part.items() <= one.items() for part in added)]
        if len(stays) == len(now[name]) - len(added):
            back[name] = stays
    if back:
        changes = load_members(KINDS[kind].edited(), back)
        grounds = {"revision": CORRECTION, "since": None, "reason": reason}
        _revise(unit, row, kind, changes, grounds, back.keys(), proposed_by)
    return bool(back) and back.keys() == now.keys()


proposals.KINDS[REVISION] = proposals.Kind(
    proposes="record.write",
    decides="record.publish",
    versions=_judged_on,
    name_changes=_name_changes,
    apply=_apply_revision,
)
