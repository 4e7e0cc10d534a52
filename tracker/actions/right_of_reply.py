"""The right of reply of an authority that was invited: it answers what was asked of it, and replies to what was found.

Its answer is an item of evidence in its own words, which the desk reviews as any other, and by which it records what
the authority said. A reply waits for another person, as every reply does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select

from tracker.actions import custody, evidence, statuses
from tracker.actions.custody import ReceivedFile
from tracker.actions.support.unit import Unit
from tracker.domain.errors import NotFound
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.domain.silence import RESPONSE_DUE
from tracker.domain.tracks import TRACKS
from tracker.store.change_rows import ChangeRow
from tracker.store.committees import Committee
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.recommendations import Addressee, AnswerGiven, Recommendation
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer


def select_asked(viewer: Viewer) -> Select[Recommendation]:
    """The public recommendations that are addressed to the organization that somebody speaks for."""
    asked = select(Addressee.recommendation_id).where(Addressee.organization_id == viewer.by.organization)
    return select(Recommendation).where(Recommendation.publication == PUBLISHED, Recommendation.id.in_(asked))


def get_asked(viewer: Viewer, id: str) -> Recommendation:
    """One of them."""
    recommendation = (
        viewer.session.scalars(select_asked(viewer).where(Recommendation.id == id)).unique().first()
    )
    if recommendation is None:
        raise NotFound(
            sentence(
                "there is no recommendation %(id)s that is addressed to your organization", id=repr(id[:64])
            )
        )
    return recommendation


def select_verdicts(viewer: Viewer) -> Select[StatusChange]:
    """What others said in public on what concerns their organization: recommendations that are addressed to it, and
    committees that it appointed or that report to it."""
    org = viewer.by.organization
    asked = select_asked(viewer).with_only_columns(Recommendation.id)
    bodies = select(Committee.id).where(
        Committee.publication == PUBLISHED,
        (Committee.appointed_by_id == org) | (Committee.reports_to_id == org),
    )
    concerned = StatusChange.subject_id.in_(asked) | StatusChange.subject_id.in_(bodies)
    theirs = select(StatusChange).where(concerned, StatusChange.number.is_not(None))
    return theirs.where(StatusChange.act != "reply", StatusChange.assessor_id != org)


def get_verdict(viewer: Viewer, id: str) -> StatusChange:
    """One of them."""
    verdict = viewer.session.scalars(select_verdicts(viewer).where(StatusChange.id == id)).unique().first()
    if verdict is None:
        raise NotFound(
            sentence("there is no verdict %(id)s on what concerns your organization", id=repr(id[:64]))
        )
    return verdict


def takes_replies(verdict: StatusChange) -> bool:
    """Whether anybody replies to it: not to what only the lead answers."""
    return TRACKS[verdict.track].holder == "any"


def find_due_days(viewer: Viewer, asked: Collection[str]) -> dict[str, date]:
    """recommendation -> the day by which its answer is due, as everybody knows it: the first of several."""
    rows = viewer.session.scalars(
        select(Deadline).where(
            Deadline.owner_id.in_(asked), Deadline.type == RESPONSE_DUE, Deadline.publication == PUBLISHED
        )
    ).unique()
    days: dict[str, date] = {}
    for row in rows:
        due = row.find_due_day()
        if due is not None and find_replacement(viewer.session, row.id) is None:
            days[row.owner_id] = min(due, days.get(row.owner_id, due))
    return days


def read_given(viewer: Viewer, item: Evidence) -> AnswerGiven | None:
    """What an item answers; None where it is no answer of an addressee."""
    return viewer.session.get(AnswerGiven, item.id)


def answer_recommendation(
    unit: Unit, id: str, state: str, text: str, files: Sequence[ReceivedFile] = ()
) -> Evidence:
    """Hand in what one's organization says to a recommendation that is addressed to it, with the files of it."""
    unit.by.require("answers.give")
    asked = get_asked(unit.viewer, id)
    speaker = unit.session.get_one(Organization, unit.by.organization)
    answer = TRACKS["response"].state(state).label
    item = evidence.record_item(
        unit,
        evidence.check_item(
            unit,
            {
                "process_id": asked.process_id,
                "title": f"{speaker.name}: {answer} ({asked.reference or asked.title})"[:300],
                "description": text,
                "type": "official_document",
                "acquired_from": "official",
                "publisher_id": speaker.id if speaker.publication == PUBLISHED else None,
                "captured_on": asked.process.days.today(unit.now),
                "protection": "public",
            },
        ),
    )
    unit.session.add(AnswerGiven(evidence_id=item.id, recommendation_id=asked.id, state=state))
    for file in files:
        custody.record_file(unit, item, file)
    unit.session.flush()
    return item


def reply_to_verdict(unit: Unit, id: str, reason: str) -> ChangeRow:
    """Reply to a verdict on what concerns one's organization. Another person decides whether it is recorded."""
    unit.by.require("answers.give")
    verdict = get_verdict(unit.viewer, id)
    day = verdict.subject.process.days.today(unit.now)
    data = {"subject": verdict.subject_id, "replies_to": id, "effective_on": day, "reason": reason}
    return statuses.record_proposal(unit, data)
