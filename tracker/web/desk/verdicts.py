"""Who says what today of a subject on one track, and on what evidence: as a screen of the desk shows it beside a
proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.actions import standings
from tracker.actions.support import lookup
from tracker.store import citations
from tracker.store.answers import is_corrected
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown
from tracker.web.desk.visit import Visit


def read_answers(desk: Visit, subject: str) -> list[dict[str, Any]]:
    """What holds today on each track of a subject, as the reader may know of its evidence."""
    unsealed = desk.by.may("evidence.unseal")
    answers: list[dict[str, Any]] = standings.read_standing(
        desk.session, subject, desk.now, None, unsealed=unsealed
    )["answers"]
    return answers


def list_verdicts(desk: Visit, subject: Any, track: str) -> list[Shown]:
    """The answers on a track, the lead's first: whose each is, its state, since when, why, and what it cites."""
    answers = next(one for one in read_answers(desk, subject.id) if one["track"] == track)
    rows = [*(answers["by_addressee"] or [answers["lead"]]), *answers["others"]]
    names = name_things(desk, [id for row in rows for id in (row["assessor"], row["addressee"])])
    return [
        {
            **row,
            "leads": row["assessor"] == subject.process.lead_id,
            "name": names.get(row["assessor"]),
            "of": names.get(row["addressee"] or ""),
            "reply": None,  # the desk replies to nobody
            **_read_grounds(desk, subject, row["change"]),
        }
        for row in rows
    ]


def _read_grounds(desk: Visit, subject: Any, change: str | None) -> Shown:
    if change is None:
        return {"reason": None, "cited": [], "decided": None}
    row = lookup.get_status_change(desk.viewer, change)
    return {
        "reason": row.reason,
        "cited": describe_citations(desk, subject, row.citations),
        "decided": desk.link(f"/decide/{change}"),
    }


def describe_citations(desk: Visit, subject: Any, cited: Sequence[Any]) -> list[Shown]:
    """What is cited, by name, with how each item stands on its verification today."""
    items = [one.evidence_id for one in cited]
    names = name_things(desk, items)
    today = subject.process.days.today(desk.now)
    states = citations.find_verification(desk.session, items, today) if items else {}
    return [
        {
            "id": one.evidence_id,
            "name": names.get(one.evidence_id, one.evidence_id),
            "stance": one.stance,
            "locator": one.locator,
            "state": states[one.evidence_id],
        }
        for one in cited
    ]


def link_proposal(desk: Visit, change: Any, **more: str | None) -> str:
    """Where one proposes on the line of an answer, with what it cited."""
    return desk.link(
        f"/subjects/{change.subject_id}/propose",
        track=change.track,
        **more,
        addressee=change.addressee_id,
        assessor=change.assessor_id,
        cites=[one.evidence_id for one in change.citations] or None,
    )


def link_correction(desk: Visit, change: Any) -> str | None:
    """Where an answer that was approved is corrected; None where it is none, or was corrected already."""
    given = change.number is not None and change.act != "reply"
    if not given or not desk.by.may("status.propose") or is_corrected(desk.session, change.id):
        return None
    return link_proposal(desk, change, corrects=change.id)
