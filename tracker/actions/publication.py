"""Publishing and withdrawing. One person proposes that drafts become public, another one approves it; an approver may
publish what others recorded in one act. An approver alone withdraws what must not be seen any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions import proposals, releases
from tracker.actions.support import (
    basis_updates,
    lookup,
    pending_updates,
    public_acts,
    public_events,
    publication_checks,
    second_person,
    withdrawals,
)
from tracker.actions.support.public_references import require_public_references
from tracker.actions.support.unit import Unit
from tracker.domain import publication
from tracker.domain.errors import AlreadyDone, InvalidInput, NotAgreed, NotFound, NotPermitted, NotPublished
from tracker.domain.proposals import APPROVED, PUBLICATION, REVISION
from tracker.domain.publication import PublicationRefused
from tracker.domain.sentences import sentence
from tracker.public import feed_state
from tracker.public.redaction import imitates_redaction
from tracker.store import audit
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.proposals import Proposal, find_waiting, list_waiting
from tracker.store.subjects import Subject

#: How many drafts one proposal makes public.
MOST_PUBLISHED: Final = 100
#: How much somebody withdraws within a day.
MOST_WITHDRAWN: Final = 100


def propose_publication(unit: Unit, things: Sequence[str], **wanted: Any) -> Proposal:
    """Ask that drafts become public. What is ``wanted``, and what is refused, see `_propose`."""
    unit.by.require("record.write")
    return _propose(unit, things, **wanted)


def publish_drafts(unit: Unit, things: Sequence[str], **wanted: Any) -> Proposal:
    """Publish in one act what others recorded: the proposal of the person who last recorded the first of these drafts,
    which the approver approves.

    Raises what `_propose` does, and `SelfApproval` for those who recorded any of it.
    """
    unit.by.require("record.publish")
    first = lookup.get_for_act(unit.viewer, things[0])
    second_person.require_no_author(unit, first.id)
    author = audit.list_authors(unit.session, first.id)[0]
    return proposals.approve_proposal(unit, _propose(unit, things, author=author, **wanted))


def _propose(
    unit: Unit,
    things: Sequence[str],
    *,
    with_named: bool = False,
    not_before: datetime | None = None,
    reason: str | None = None,
    versions: Mapping[str, int] | None = None,
    author: str | None = None,
) -> Proposal:
    """Propose that drafts become public, together, with the status changes that were approved before; all may be
    embargoed until an hour, ``not_before``. ``versions`` are those that somebody has read.

    Raises what `list_drafts` does, `AlreadyDone` where the same is proposed already, and `StaleProposal` where a draft
    has another version than was read.
    """
    if not_before is not None and not_before <= unit.now:
        raise InvalidInput.at("/not_before", sentence("has passed; leave it out"))
    rows = list_drafts(unit, things, with_named=with_named, not_before=not_before)
    if (waiting := find_waiting(unit.session, PUBLICATION, things[0])) is not None:
        raise AlreadyDone(
            sentence(
                "%(id)s proposes its publication already; have that decided, or retract it", id=waiting.id
            )
        )
    current = {row.id: row.version for row in rows}
    proposals.require_current(current, versions, current)
    payload = {"acts": [row.id for row in rows], "not_before": not_before and not_before.isoformat()}
    thing = lookup.get_for_act(unit.viewer, things[0])
    return proposals.propose_act(
        unit, PUBLICATION, thing.id, thing, reason=reason, payload=payload, author=author
    )


def list_drafts(
    unit: Unit, things: Sequence[str], *, with_named: bool = False, not_before: datetime | None = None
) -> list[Any]:
    """What a proposal to publish these things would make public, each thing after those that it names: ``with_named``
    the drafts too that they name.

    Raises `NotPublished` with all that is named and would not be public, `PublicationRefused` for what is confidential
    or withdrawn, `NotAgreed` for what nobody agreed to.
    """
    rows: dict[str, Any] = {}
    for id in things:
        _add_draft(unit, id, rows, (), with_named, not_before)
    return list(rows.values())


def _add_draft(
    unit: Unit, id: str, rows: dict[str, Any], above: tuple[str, ...], with_named: bool, hour: datetime | None
) -> None:
    """Add a draft to ``rows``, after what it names; ``above`` are those that name it."""
    if id in rows:
        return
    if len(rows) + len(above) >= MOST_PUBLISHED:
        raise InvalidInput.at(
            "/with_named",
            sentence("one proposal publishes %(most)s drafts; publish some first", most=MOST_PUBLISHED),
        )
    row = lookup.get_for_act(unit.viewer, id)
    publication.check_move(row.publication, publication.PUBLISHED)
    publication_checks.require_publishable(unit, row)
    if above and row.release is not None:
        raise NotPublished(
            sentence(
                "it names what two people keep unseen until its hour; send that hour as not_before, or wait"
                " for it"
            ),
            missing=[id],
        )
    releases.require_place(unit, row, hour)
    named = _list_unpublished(unit, row, hour) - rows.keys()
    if named and not with_named:
        raise NotPublished(sentence("it names things that are not public"), missing=sorted(named))
    for draft in sorted(named):
        if draft in above:
            raise NotPublished(
                sentence("they name each other: leave one name out, publish both, and add it"),
                missing=[draft],
            )
        try:
            _add_draft(unit, draft, rows, (*above, id), with_named, hour)
        except (NotFound, NotAgreed, PublicationRefused) as refusal:
            detail = sentence("it names what cannot be published with it: %(detail)s", detail=refusal.detail)
            raise NotPublished(detail, missing=[draft]) from None
    rows[id] = row


def _list_unpublished(unit: Unit, row: Any, hour: datetime | None) -> set[str]:
    """What would be said of a draft and is not public, nor will be at that hour."""
    try:
        public_acts.list_public_statements(unit, row)
    except NotPublished as refusal:
        embargoed = set() if hour is None else releases.list_embargoed(unit.session, refusal.missing, hour)
        return set(refusal.missing) - embargoed
    return set()


def publish_approved(unit: Unit, id: str, approved: Proposal) -> None:
    """Make a draft public that a proposal names, once that was approved.

    Evidence with a source is not public at once, nor is what is embargoed: it waits to be released
    (`tracker.actions.releases`). Raises what `list_drafts` does, and `SelfApproval` for those who recorded it.
    """
    unit.by.require("record.publish")
    if approved.decision != APPROVED:
        raise PublicationRefused(sentence("nobody has approved that it becomes public"))
    row = lookup.get_for_act(unit.viewer, id)
    publication.check_move(row.publication, publication.PUBLISHED)
    publication_checks.require_publishable(unit, row)
    publication_checks.require_other_than_author(unit, row)
    proposals.withdraw_proposals(unit, PUBLICATION, id)  # an import asked for it, too
    hour = approved.payload.get("not_before")
    if hour is not None and (not_before := datetime.fromisoformat(hour)) > unit.now:
        _require_public_names(unit, row, not_before)
        releases.begin_release(unit, row, not_before)
    elif isinstance(row, Evidence) and releases.needs_release(unit, row):
        _require_public_names(unit, row, None)
        releases.begin_release(unit, row)
    else:
        releases.end_release(unit, row)  # what was embargoed is wanted now
        unit.audit("publish", row.id)
        public_acts.make_public(unit, row)


def _require_public_names(unit: Unit, row: Any, hour: datetime | None) -> None:
    """The same for what waits: it may name what is public at its hour."""
    if missing := _list_unpublished(unit, row, hour):
        raise NotPublished(sentence("it names things that are not public"), missing=sorted(missing))


def _judged_on(session: Session, proposal: Proposal) -> dict[str, int]:
    rows = (lookup.get_unfiltered(session, id) for id in proposal.payload["acts"])
    return {row.id: row.version for row in rows}


def _publish_all(unit: Unit, proposal: Proposal) -> None:
    """Publish what was proposed, or nothing of it. What another proposal has published since stays as it is."""
    for id in proposal.payload["acts"]:
        row = lookup.get_for_act(unit.viewer, id)
        if id == proposal.target_id or row.publication != publication.PUBLISHED:
            publish_approved(unit, id, proposal)


def withdraw_thing(unit: Unit, id: str, reason: str) -> Any:
    """Take a thing back; a tombstone with the reason stays. A draft that was never public just ends.

    Raises `NotPublished` where the reason names what is not public, `InvalidInput` where it is that of a redaction.
    """
    unit.by.require("record.publish")
    row = lookup.get_for_act(unit.viewer, id)
    publication.check_move(row.publication, publication.WITHDRAWN)
    require_no_redaction(reason)
    if row.publication == publication.PUBLISHED:
        _require_few(unit)
        require_public_references(unit, row, reason)
    unit.audit("withdraw", row.id)
    retire_thing(unit, row, reason)
    return row


def _require_few(unit: Unit) -> None:
    """One person does not take everything down: another one goes on, and looks at it."""
    if audit.count(unit.session, unit.by.id, "withdraw", unit.now - timedelta(days=1)) >= MOST_WITHDRAWN:
        raise NotPermitted(
            sentence(
                "you withdrew %(most)s things within a day; another approver has to go on",
                most=MOST_WITHDRAWN,
            )
        )


def require_no_redaction(reason: str) -> None:
    """Refuse a farewell that reads as if a redaction had been made."""
    if imitates_redaction(reason):
        raise InvalidInput.at(
            "/reason",
            sentence("begins as a redaction does, which custodians alone make; say why in other words"),
        )


def retire_thing(unit: Unit, row: Any, reason: str) -> None:
    """The same. The caller has checked that it may be done. What is in a process is withdrawn with it, and says no
    more than that: the words about the process can so be destroyed in one place."""
    was_public = row.publication == publication.PUBLISHED
    row.publication, row.withdrawn_at, row.withdrawn_because = publication.WITHDRAWN, unit.now, reason
    row.touch()
    releases.end_release(unit, row)
    _end_proposals(unit, row.id)
    if not was_public:
        _free_name(row)
    if was_public:
        if isinstance(row, Process):
            feed_state.close_process(unit.connection, row.id, reason)
        public_events.append_event(
            unit, row, "subject.withdrawn", {"subject_kind": public_events.kind_of(row), "reason": reason}
        )
        public_events.refresh_documents(unit, row, [row.id, *public_events.list_things_showing(unit, row)])
    if isinstance(row, Process):
        releases.end_releases_of(unit, row.id)
        withdrawals.hide_subjects(unit, row)
        pending_updates.begin_update(unit, "withdrawal", row.id)
    if isinstance(row, Evidence):
        public_acts.keep_public_file(unit, row)
        basis_updates.update_bases_on_evidence(unit, row.id)


def _free_name(row: Any) -> None:
    """Let another thing have the name of a draft that is thrown away: nobody has seen it."""
    if isinstance(row, Subject):
        row.former_reference, row.reference = row.reference, None
    else:
        row.former_slug, row.slug = row.slug, row.id  # must be there, and be no other's


def _end_proposals(unit: Unit, thing: str) -> None:
    """What was to be changed or published of a thing ends with it."""
    for proposal in list_waiting(unit.session, thing):
        if proposal.kind in (PUBLICATION, REVISION):
            proposals.withdraw_proposals(unit, proposal.kind, proposal.target_id)


proposals.KINDS[PUBLICATION] = proposals.Kind(
    proposes="record.write", decides="record.publish", versions=_judged_on, apply=_publish_all
)
