"""Whose answer is recorded: on a track that each addressee of a recommendation answers, one of them is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.states import Track
from tracker.store.change_rows import read_change
from tracker.store.organizations import Organization
from tracker.store.recommendations import list_addressees
from tracker.store.subject_rows import SubjectRow


def find_addressee(unit: Unit, subject: SubjectRow, track: Track, data: Mapping[str, Any]) -> str | None:
    """The organization whose answer ``data`` is, None where the recommendation names no addressee or each has no answer
    of its own. A correction is of the answer that it corrects, even if others are asked by now."""
    wanted = data.get("addressee")
    if not track.per_addressee:
        if wanted is not None:
            raise InvalidInput.at(
                "/addressee", sentence("is no part of an answer on %(code)s; leave it out", code=track.code)
            )
        return None
    asked = list_addressees(unit.session, subject.id)
    corrected = data.get("corrects") and read_change(unit.session, data["corrects"])
    if corrected and wanted in (None, corrected.addressee_id):
        return str(corrected.addressee_id) if corrected.addressee_id else None
    if wanted is None and len(asked) > 1:
        raise InvalidInput.at(
            "/addressee", sentence("say whose answer it is: one of %(unit)s", unit=_name_all(unit, asked))
        )
    if wanted is not None and wanted not in asked:
        known = _name_all(unit, asked) or "none"
        raise InvalidInput.at(
            "/addressee",
            sentence("must be an addressee of the recommendation; it has %(known)s", known=known),
        )
    return wanted or next(iter(asked), None)


def _name_all(unit: Unit, asked: Sequence[str]) -> str:
    """Who is asked, by id and name."""
    rows = unit.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(asked)))
    names = {row.id: row.name for row in rows}
    return ", ".join(f"{id} ({names[id]})" for id in asked)
