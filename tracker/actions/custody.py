"""Files of evidence: taking one in, reading one, letting a copy become public."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.actions import consent, proposals
from tracker.actions.custody_events import SOFTWARE, record_event
from tracker.actions.support import basis_updates, lookup, public_acts, second_person
from tracker.actions.support.unit import Unit
from tracker.domain import custody
from tracker.domain.custody import SameFile
from tracker.domain.errors import AlreadyDone, NotFound, Redacted
from tracker.domain.proposals import PUBLIC_COPY as PROPOSAL
from tracker.domain.publication import WITHDRAWN
from tracker.domain.sentences import sentence
from tracker.domain.work_queue import UNREVIEWED
from tracker.files.files import Stored
from tracker.sealing.sealer import SealedBox, Sealer
from tracker.store import citations
from tracker.store import custody as store_custody
from tracker.store.custody import CustodyEvent, EvidenceFile
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file whose bytes are kept already; ``name``, what it was called, is nobody's business but custodians'."""

    role: str
    stored: Stored
    declared_type: str | None
    detected_type: str
    name: str | None = field(default=None, repr=False)
    sealer: Sealer | None = field(default=None, repr=False)


def open_item(viewer: Viewer, id: str) -> Evidence:
    """An item that takes files, of those that one may read."""
    item: Evidence = lookup.get(viewer, id, "evidence")
    if item.publication == WITHDRAWN:
        raise AlreadyDone(sentence("this item has been withdrawn; no file can be added to it"))
    return item


def select_files(viewer: Viewer, evidence: str) -> Select[EvidenceFile]:
    """The files of an item that one may read: without working copies of the desk for those who are not of the desk."""
    return _list_seen(viewer, select(EvidenceFile).where(EvidenceFile.evidence_id == evidence))


def _list_seen(viewer: Viewer, files: Select[EvidenceFile]) -> Select[EvidenceFile]:
    if viewer.by.may("record.read"):
        return files
    colleagues = select(Person.id).where(Person.organization_id == viewer.by.organization)
    return files.where((EvidenceFile.role != custody.WORKING_COPY) | EvidenceFile.added_by.in_(colleagues))


def select_events(viewer: Viewer, evidence: str) -> Select[CustodyEvent]:
    """What happened to an item: without what happened to files that one does not see, and to whom the desk handed it,
    for those who are not of the desk."""
    events = select(CustodyEvent).where(CustodyEvent.evidence_id == evidence)
    if viewer.by.may("record.read"):
        return events
    files = select_files(viewer, evidence).with_only_columns(EvidenceFile.id)
    seen = CustodyEvent.file_id.is_(None) | CustodyEvent.file_id.in_(files)
    return events.where(seen, CustodyEvent.type != custody.TRANSFER)


def find_file(viewer: Viewer, evidence: str, file: str) -> EvidenceFile:
    """A file of an item that one may read."""
    lookup.get(viewer, evidence, "evidence")
    query = select_files(viewer, evidence).where(EvidenceFile.id == file)
    row: EvidenceFile | None = viewer.session.scalars(query).first()
    if row is None:
        raise NotFound(sentence("there is no file %(file)s of this item", file=repr(file[:64])))
    return row


def find_bytes(viewer: Viewer, evidence: str, file: str) -> EvidenceFile:
    """The same, for a reader of its bytes: `Redacted` where they were destroyed, `NotAgreed` where those whom the
    item speaks of let nobody use it. Custodians read it all the same: they hand it over, or destroy it."""
    row = find_file(viewer, evidence, file)
    if row.destroyed_at is not None:
        raise Redacted(sentence("the bytes of this file were destroyed"))
    if not viewer.by.may("evidence.unseal"):
        consent.require_consent(viewer.session, viewer.session.get_one(Evidence, evidence), consent.INTERNAL)
    return row


def add_file(unit: Unit, evidence: str, given: ReceivedFile) -> EvidenceFile:
    """Record a file. `SameFile` for one that the same organization handed over before, for the same use."""
    unit.by.require("evidence.submit")
    item = open_item(unit.viewer, evidence)
    require_open_review(unit.viewer, item, given.role)
    if given.role in custody.REVIEWED:
        item.touch()  # a review that is proposed has to look again
    return record_file(unit, item, given)


def require_open_review(viewer: Viewer, item: Evidence, role: str) -> None:
    """A review is of the files that were there: `AlreadyDone` for one that its owner would add behind it. What the desk
    adds is in its queue, to be reviewed again."""
    if viewer.by.may("record.write"):
        return
    state = citations.find_verification(viewer.session, [item.id], date.max)[item.id]
    if role in custody.REVIEWED and state not in UNREVIEWED:
        raise AlreadyDone(
            sentence(
                "it was reviewed with the files that it has: submit this one as an item of its own, or ask"
                " the desk to open the review again"
            )
        )


def record_file(unit: Unit, item: Evidence, given: ReceivedFile) -> EvidenceFile:
    """The same for an item to which the caller may add."""
    _require_new(unit, item, given)
    made = EvidenceFile(
        id=unit.new_id("file"),
        evidence_id=item.id,
        key=given.stored.key,
        role=given.role,
        sha256=given.stored.sha256,
        size=given.stored.size,
        declared_type=given.declared_type,
        detected_type=given.detected_type,
        added_at=unit.now,
        added_by=unit.by.id,
    )
    if given.name is not None and given.sealer is not None:
        box = given.sealer.seal({"original_name": given.name}, made.id)
        made.name_key, made.name_box = box.wrapped, box.content
    unit.session.add(made)
    unit.session.flush()
    if given.role in custody.REVIEWED:  # another item that is cited beside it may have the same bytes
        basis_updates.update_bases_on_evidence(unit, item.id)
    record_event(unit, item.id, custody.ACCESSION, file=made.id, role=made.role)
    record_event(
        unit, item.id, custody.DIGEST, file=made.id, agent=SOFTWARE, after=made.sha256, algorithm="sha-256"
    )
    record_event(unit, item.id, custody.FORMAT, file=made.id, agent=SOFTWARE, format=made.detected_type)
    if made.role == custody.PUBLIC_COPY:
        record_event(unit, item.id, custody.METADATA, file=made.id, agent=SOFTWARE, found=0)
        proposals.propose_act(unit, PROPOSAL, made.id, item)
    unit.session.flush()
    return made


def _require_new(unit: Unit, item: Evidence, given: ReceivedFile) -> None:
    """Only among what the same organization submitted and the sender may read: nobody learns what others have."""
    files = select(EvidenceFile).join(Evidence, Evidence.id == EvidenceFile.evidence_id)
    query = _list_seen(unit.viewer, unit.viewer.narrow(files, Evidence)).where(
        Evidence.watchdog_id == item.watchdog_id,
        EvidenceFile.sha256 == given.stored.sha256,
        EvidenceFile.role == given.role,
    )
    before = unit.session.scalars(query.order_by(EvidenceFile.added_at).limit(1)).first()
    if before is not None:
        raise SameFile(
            sentence("it is %(id)s of %(evidence_id)s", id=before.id, evidence_id=before.evidence_id)
        )


def read_file(unit: Unit, evidence: str, file: str) -> EvidenceFile:
    """Write down that somebody reads a file; only then may they read it."""
    row = find_bytes(unit.viewer, evidence, file)
    record_event(unit, evidence, custody.ACCESS, file=row.id)
    return row


def hand_over(unit: Unit, evidence: str, recipient: str) -> Evidence:
    """Write down that an item leaves as a package, and for whom. `NotAgreed` where nobody agreed to that."""
    unit.by.require("evidence.export")
    item: Evidence = lookup.get(unit.viewer, evidence, "evidence")
    consent.require_consent_to_hand_over(unit, item, recipient)
    record_event(unit, item.id, custody.TRANSFER, form="bagit", recipient=recipient)
    return item


def approve_copy(unit: Unit, evidence: str, file: str) -> EvidenceFile:
    """Approve the proposal that a public copy made when it came. Neither its maker nor the submitter does."""
    unit.by.require("record.publish")
    open_item(unit.viewer, evidence)
    copy = find_file(unit.viewer, evidence, file)
    waits = find_waiting(unit.session, PROPOSAL, copy.id)
    if waits is None:
        raise AlreadyDone(sentence("only a public_derivative that waits for a decision is approved"))
    proposals.approve_proposal(unit, waits)
    return copy


def _check_copy(unit: Unit, proposal: Proposal) -> None:
    item = open_item(unit.viewer, proposal.thing_id)
    second_person.require_no_hand_in(unit, item)
    consent.require_consent(unit.session, item, consent.PUBLISHING)


def _make_copy_public(unit: Unit, proposal: Proposal) -> None:
    item = unit.session.get_one(Evidence, proposal.thing_id)
    copy = unit.session.get_one(EvidenceFile, proposal.target_id)
    copy.approved_at, copy.approved_by = unit.now, unit.by.id
    record_event(unit, item.id, custody.DISSEMINATION, file=copy.id)
    item.touch()
    unit.session.flush()
    public_acts.publish_revision(unit, item)


proposals.KINDS[PROPOSAL] = proposals.Kind(
    proposes="evidence.submit",
    decides="record.publish",
    versions=proposals.judge_on_item,
    check=_check_copy,
    apply=_make_copy_public,
)


def destroy_files(unit: Unit, item: Evidence) -> None:
    """Let go of the files of an item: from now on nothing names their bytes. The caller clears their rows.

    The bytes themselves go after the commit (`destroyed`), or with the next sweep.
    """
    for row in store_custody.list_files(unit.session, item.id):
        row.destroyed_at = unit.now
        record_event(unit, item.id, custody.REDACTION, file=row.id, before=row.sha256)


def record_destruction(session: Session, evidence: str) -> list[str]:
    """The keys of bytes that no longer may be there."""
    return [one.key for one in store_custody.list_files(session, evidence) if one.destroyed_at is not None]


def rewrap_name(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """Encrypt a file name with the newest key, as `actions.sealed_fields.rotate_keys` does for sealed fields."""
    query = select(EvidenceFile).where(EvidenceFile.id > after, EvidenceFile.name_key.is_not(None))
    rows = list(unit.session.scalars(query.order_by(EvidenceFile.id).limit(most)))
    done = 0
    for row in rows:
        before = SealedBox(row.name_key or b"", row.name_box or b"")
        if not sealer.is_current(before):
            row.name_key = sealer.rewrap(before, row.id).wrapped
            unit.audit("evidence.rewrap", row.evidence_id, file=row.id)
            done += 1
    return done, rows[-1].id if rows else None


def read_file_name(file: EvidenceFile, sealer: Sealer) -> str:
    """What a file was called where it came from; for one that has a name."""
    return sealer.open(SealedBox(file.name_key or b"", file.name_box or b""), file.id)["original_name"]
