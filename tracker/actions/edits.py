"""What an edit does to a thing: it is tried, and it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions import releases
from tracker.actions.support import basis_updates, pending_updates, public_acts, records
from tracker.actions.support.editable_things import ANALYSES
from tracker.actions.support.edited_members import list_parts, set_members
from tracker.actions.support.public_references import require_public_references
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.publication import PUBLISHED
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import citations
from tracker.store.committees import Committee
from tracker.store.evidence import Evidence, list_derived
from tracker.store.subjects import Subject

Data = Mapping[str, Any]
#: Members on which it depends whether a status has all that its state demands.
_DEMANDS: Final = frozenset(
    {
        *("addressees", "evidence_policy", "part_of_id", "predecessors", "member_of"),
        *("issuer_id", "co_issuers", "committee_id", "appointed_by_id"),
    }
)
#: Members of an item by which one knows that another shows the same, or for whom it speaks.
_ORIGIN: Final = frozenset(
    {"source_url", "archived_url", "published_on", "captured_on", "publisher_id", "derived_from_id"}
)
#: Members of an item that say nothing of what it shows.
_MANNER: Final = ANALYSES | {"reference", "content_warnings", "rights", "licence"}


def is_reviewed(unit: Unit, row: Any, changes: Data) -> bool:
    """Whether an edit is of the substance of an item that somebody has reviewed: a second person looks at it, whether
    or not the item is public, and the review begins again."""
    if not isinstance(row, Evidence) or not find_substance(row, changes):
        return False
    today = records.find_today(unit, row)
    return citations.find_verification(unit.session, [row.id], today)[row.id] not in UNREVIEWED


def find_substance(row: Evidence, changes: Data) -> set[str]:
    """The members that an edit changes and that say what an item shows, and where it comes from."""
    return {name for name, value in changes.items() if name not in _MANNER and getattr(row, name) != value}


def try_edit(unit: Unit, row: Any, kind: str, changes: Data, reason: str | None) -> bool:
    """Whether an edit changes what is public of a thing. It is tried and undone, so that what would refuse it when it
    is approved refuses it now."""
    before = public_acts.dump_public_content(unit, row)
    with open_part(unit) as undo:
        set_members(unit, row, kind, changes)
        after = public_acts.dump_public_content(unit, row)
        if row.publication == PUBLISHED and after != before:
            require_public_references(unit, row, [after, reason or ""])
        tried = [one for name in list_parts(row) for one in getattr(row, name)]
        undo()
    for part in tried:  # a part that is tried next may get the same key
        if part in unit.session:
            unit.session.expunge(part)
    unit.session.expire(row)
    return row.publication == PUBLISHED and after != before


def change_thing(unit: Unit, row: Any, kind: str, changes: Data, grounds: Data | None = None) -> Any:
    """Set what an edit changes, and say so in public, with the ``grounds`` of a revision. The caller has checked
    that it may be done."""
    fields = set_members(unit, row, kind, changes)
    unit.audit("revise", row.id, members=sorted(changes))
    public_acts.publish_revision(unit, row, grounds)
    if fields.keys() - ANALYSES:
        releases.end_release(unit, row)  # what was asked for is what was read then
    if isinstance(row, Evidence) and _ORIGIN & fields.keys():
        for item in list_derived(unit.session, row.id):
            basis_updates.update_bases_on_evidence(unit, item)
    if _DEMANDS & fields.keys():
        _update_bases(unit, row)
    return row


def _update_bases(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else: of a
    committee those of what it issued."""
    if isinstance(row, Committee) or not isinstance(row, Subject):
        pending_updates.begin_update(unit, "bases", row.id)
    elif row.publication == PUBLISHED:
        basis_updates.update_bases_of(unit, row.id, [row.id])
