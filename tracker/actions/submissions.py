"""Submitting an item with all that comes with it: what is sealed of it, on what consent it rests, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.actions import consent, custody, evidence, sealed_fields
from tracker.actions.custody import ReceivedFile
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.custody import ACCESSION, SameFile
from tracker.domain.sentences import sentence
from tracker.sealing.sealer import Sealer
from tracker.store.custody import CustodyEvent, EvidenceFile
from tracker.store.evidence import Evidence
from tracker.store.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Submission:
    """An item with the files that came with it, in their order."""

    evidence: Evidence
    files: list[EvidenceFile]

    @property
    def id(self) -> str:
        """What it is about."""
        return self.evidence.id


def get_submission(viewer: Viewer, id: str) -> Submission:
    """What somebody submitted, with the files that they may see of it, in the order in which they came."""
    item: Evidence = lookup.get_made(viewer, id, "evidence")
    came = (CustodyEvent.file_id == EvidenceFile.id) & (CustodyEvent.type == ACCESSION)
    files = custody.select_files(viewer, id).join(CustodyEvent, came).order_by(CustodyEvent.number)
    return Submission(item, list(viewer.session.scalars(files)))


def submit_evidence_with_fields(
    unit: Unit, data: Mapping[str, Any], sealer: Callable[[], Sealer]
) -> Evidence:
    """Record an item with what is agreed and sealed of it. ``sealer`` is asked for only where something is."""
    given = dict(data)
    fields, agreed = given.pop("sealed", None), given.pop("consent", None)
    item = evidence.submit_evidence(unit, given)
    if agreed:
        consent.record_consent(unit, item, agreed)
    if fields:
        sealed_fields.keep_sealed_fields(unit, item, fields, sealer())
    return item


def submit_with_files(
    unit: Unit, data: Mapping[str, Any], arrived: Sequence[ReceivedFile], sealer: Callable[[], Sealer]
) -> Submission:
    """The same together with its files. `SameFile` also where two of these are the same."""
    numbers: dict[str, int] = {}
    for number, file in enumerate(arrived, 1):
        first = numbers.setdefault(file.stored.sha256, number)
        if first != number:
            raise SameFile(
                sentence(
                    "files %(first)s and %(number)s of this call are the same", first=first, number=number
                )
            )
    item = submit_evidence_with_fields(unit, data, sealer)
    return Submission(item, [custody.record_file(unit, item, one) for one in arrived])
