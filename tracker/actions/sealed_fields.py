"""Sealed fields: written once by the submitter, read by custodians alone, each reading on the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tracker.actions.support import lookup
from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.unit import Unit
from tracker.domain.errors import NotFound
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable
from tracker.sealing.sealer import BoxDamaged, KeyRetired, SealedBox, Sealer
from tracker.store.evidence import Evidence
from tracker.store.sealed_fields import SealedFields


def keep_sealed_fields(unit: Unit, item: Evidence, fields: Mapping[str, str], sealer: Sealer) -> None:
    """Seal what only custodians may ever read of an item that is being submitted."""
    box = sealer.seal(fields, item.id)
    unit.session.add(SealedFields(evidence_id=item.id, wrapped=box.wrapped, content=box.content))
    unit.audit("evidence.seal", item.id)


def read_sealed_fields(unit: Unit, id: str, sealer: Sealer) -> dict[str, Any]:
    """What is sealed of an item, and who submitted it. `NotFound` where nothing was, or where it was destroyed."""
    unit.by.require("evidence.unseal")
    item: Evidence = lookup.get(unit.viewer, id, "evidence")
    box = unit.session.get(SealedFields, item.id)
    if box is None:
        raise NotFound(sentence("nothing is sealed of %(id)s", id=item.id))
    try:
        fields = sealer.open(SealedBox(box.wrapped, box.content), item.id)
    except KeyRetired as error:
        raise SealingUnavailable(str(error)) from None
    except BoxDamaged:
        raise SealingUnavailable(
            sentence("what is sealed of it is damaged; restore it from a backup")
        ) from None
    unit.audit("evidence.unseal", item.id)
    return {"id": item.id, "submitted_by": item.created_by, "sealed": fields}


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """Wrap the keys of at most so many boxes beyond this id again, as `rewrap_rows` says."""
    query = select(SealedFields).where(SealedFields.evidence_id > after)
    boxes = unit.session.scalars(query.order_by(SealedFields.evidence_id).limit(most)).all()

    def keep(box: SealedFields, wrapped: bytes) -> None:
        box.wrapped = wrapped
        unit.audit("evidence.rewrap", box.evidence_id)

    return rewrap_rows(sealer, boxes, lambda box: box.evidence_id, keep)
