"""Loading the cases that come with the tracker, through the same schemas and acts as everything else.

What a file may say is told in `docs/cases.md`. Wherever a member names another thing the file uses its key, and the
id is put here. Three people of a demo desk act, for nobody decides on their own act and nobody verifies what they
submitted. Everything is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from tracker.actions import (
    committees,
    deadlines,
    evidence,
    indicators,
    mandates,
    organizations,
    people,
    processes,
    proposals,
    publication,
    recommendations,
    reports,
    resources,
    statuses,
    watchdogs,
)
from tracker.actions.support.unit import Unit, open_unit
from tracker.cases import CASES, count_acts, expand_case, read_case
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.people import Actor
from tracker.domain.publication import DRAFT
from tracker.schemas.committees import CommitteeIn
from tracker.schemas.deadlines import DeadlineIn
from tracker.schemas.evidence import EvidenceIn
from tracker.schemas.extensions import ExtensionIn
from tracker.schemas.indicators import IndicatorIn
from tracker.schemas.loading import load_named_members
from tracker.schemas.mandates import MandateIn
from tracker.schemas.organizations import OrganizationIn
from tracker.schemas.processes import ProcessIn
from tracker.schemas.recommendations import RecommendationIn
from tracker.schemas.reports import ReportIn
from tracker.schemas.resources import ResourceIn
from tracker.schemas.statuses import StatusChangeIn
from tracker.schemas.watchdogs import WatchdogIn
from tracker.store.organizations import Organization
from tracker.store.people import find_person_by_name
from tracker.store.processes import Process

Data = dict[str, Any]
Progress = Callable[[int, int], None]

#: Who acts. The reviewer says of evidence whether it is what it says it is; the editor submitted it.
PEOPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "demo-editor": ("editor",),
    "demo-reviewer": ("editor", "approver"),
    "demo-approver": ("approver",),
}

_PUBLIC: Final = {"protection": "public", "acquired_from": "public_source"}


def load_case(
    session: Session | scoped_session[Session],
    now: datetime,
    entropy: Callable[[int], bytes],
    names: Iterable[str] = tuple(CASES),
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Load and publish these cases; returns the names of the people who did it. ``progress`` is told (done, of).

    Raises `AlreadyDone` before anything is written where one of them is loaded already, and `InvalidInput`, with the
    name of the case and the key, where a file does not read well.
    """
    cases = {name: read_case(name) for name in names}
    for name, case in cases.items():
        slug = case["process"]["slug"]
        if session.scalar(select(Process.id).where(Process.slug == slug)) is not None:
            raise AlreadyDone(f"the case {name!r} is loaded already: there is a process {slug!r}")
    own = session() if isinstance(session, scoped_session) else session
    actors = _find_desk(own, now, entropy)
    done = _Done(progress, sum(map(count_acts, cases.values())))
    for name, case in cases.items():
        _Case(name, case, own, now, entropy, actors, done).load()
    return tuple(PEOPLE)


def _find_desk(session: Session, now: datetime, entropy: Callable[[int], bytes]) -> dict[str, Actor]:
    with open_unit(session, people.OPERATOR, now, entropy) as act:
        return {
            name: (find_person_by_name(session, name) or people.add_person(act, name, roles)).actor
            for name, roles in PEOPLE.items()
        }


@dataclass(slots=True)
class _Done:
    """How far it is."""

    tell: Progress | None
    of: int
    so_far: int = 0

    def more(self, steps: int) -> None:
        self.so_far += steps
        if self.tell is not None:
            self.tell(self.so_far, self.of)


@dataclass(slots=True)
class _Case:
    """One case on its way in. ``ids`` maps a kind and a key to an id."""

    name: str
    case: Data
    session: Session
    now: datetime
    entropy: Callable[[int], bytes]
    actors: Mapping[str, Actor]
    done: _Done
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def load(self) -> None:
        self._organizations()
        self._process()
        self._evidence()
        self._committees()
        for kind, shape, act in (
            ("report", ReportIn, reports.record_report),
            ("recommendation", RecommendationIn, recommendations.record_recommendation),
            ("resource", ResourceIn, resources.record_resource),
            ("deadline", DeadlineIn, deadlines.set_deadline),
            ("indicator", IndicatorIn, indicators.record_indicator),
        ):
            self._record(kind, shape(), act)
        for place, change in enumerate(self.case.get("changes", ())):
            if "extend" in change:
                self._extend(change)
            else:
                self._answer([change], f"changes/{place}")
        for answers in expand_case(self.case.get("snapshots", ())):
            self._answer(answers, f"snapshot of {answers[0]['effective_on']}")

    # ------------------------------------------------------------ who acts, and what a key stands for

    @contextmanager
    def _as(self, who: str) -> Iterator[Unit]:
        with open_unit(self.session, self.actors[f"demo-{who}"], self.now, self.entropy) as act:
            yield act

    def _id(self, key: str, kinds: tuple[str, ...], _member: str = "") -> str:
        ids = [self.ids[kind, key] for kind in kinds if (kind, key) in self.ids]
        if len(ids) != 1:
            problem = "stands for nothing" if not ids else "stands for several things"
            raise InvalidInput(f"the key {key!r} {problem} of {', '.join(kinds)}")
        return ids[0]

    def _read(self, shape: Schema, data: Data, key: str) -> Data:
        """What a schema makes of it, with ids in place of keys: the very schema that the API uses."""
        try:
            return load_named_members(shape, data, self._id)
        except InvalidInput as refusal:
            faults = "; ".join(f"{one.pointer}: {one.detail}" for one in refusal.fields)
            raise InvalidInput(f"case {self.name!r}, {key}: {faults}") from None

    def _in_process(self, given: Data, *without: str) -> Data:
        """A thing of this process; its key is its reference unless it has one of its own."""
        fields = {member: value for member, value in given.items() if member not in ("key", *without)}
        return {"process": "process", "reference": given["key"], **fields}

    # ------------------------------------------------------------ things

    def _organizations(self) -> None:
        """One that is there already under its slug is the same one: the desk leads both cases."""
        listed = self.case["organizations"]
        with self._as("editor") as act:
            for given in listed:
                there = self.session.scalar(select(Organization.id).where(Organization.slug == given["slug"]))
                self.ids["organization", given["key"]] = there or self._organization(act, given)
            for given in self.case.get("watchdogs", ()):
                fields = {member: value for member, value in given.items() if member != "organization"}
                data = self._read(WatchdogIn(), fields, given["organization"])
                watchdogs.register_watchdog(act, self._id(given["organization"], ("organization",)), data)
        mine = [self.ids["organization", given["key"]] for given in listed]
        hidden = set(self.session.scalars(select(Organization.id).where(Organization.publication == DRAFT)))
        self._publish([one for one in mine if one in hidden])
        self.done.more(len(set(mine) - hidden))

    def _organization(self, act: Unit, given: Data) -> str:
        fields = {member: value for member, value in given.items() if member != "key"}
        return organizations.create_organization(act, self._read(OrganizationIn(), fields, given["key"])).id

    def _process(self) -> None:
        data = self._read(ProcessIn(), self.case["process"], "process")
        with self._as("editor") as act:
            self.ids["process", "process"] = processes.create_process(act, data).id
        self._publish([self.ids["process", "process"]])

    def _evidence(self) -> None:
        """Submitted by one, reviewed by another, let stand by a third, and only then public."""
        listed = self.case["evidence"]
        with self._as("editor") as act:
            for given in listed:
                # The texts of a case cite items by their keys, so the title, which is public, carries the key.
                named = {**given, "title": f"{given['title']} [{given['key']}]"}
                fields = _PUBLIC | self._in_process(named, "verification")
                item = evidence.submit_evidence(act, self._read(EvidenceIn(), fields, given["key"]))
                self.ids["evidence", given["key"]] = item.id
            today = (
                act.session.get_one(Process, self.ids["process", "process"]).days.today(self.now).isoformat()
            )
        reviews = [
            {
                "subject": given["key"],
                "track": "verification",
                "state": given["verification"]["state"],
                "effective_on": given["verification"].get("on", today),
                "reason": given["verification"]["reason"],
            }
            for given in listed
            if "verification" in given
        ]
        self._answer(reviews, "verification", by="reviewer")
        self._publish([self.ids["evidence", given["key"]] for given in listed])

    def _committees(self) -> None:
        with self._as("editor") as act:
            for given in self.case["committees"]:
                key = given["key"]
                fields = self._in_process(given, "mandates")
                body = committees.establish_committee(act, self._read(CommitteeIn(), fields, key)).id
                for mandate in given.get("mandates", ()):
                    mandates.adopt_mandate(act, body, self._read(MandateIn(), mandate, key))
                self.ids["committee", key] = body
        self._publish([self.ids["committee", given["key"]] for given in self.case["committees"]])

    def _record(self, kind: str, shape: Schema, act_of: Callable[[Unit, Data], Any]) -> None:
        listed = self.case.get(f"{kind}s", ())
        with self._as("editor") as act:
            for given in listed:
                data = self._read(shape, self._in_process(given), given["key"])
                self.ids[kind, given["key"]] = act_of(act, data).id
        self._publish([self.ids[kind, given["key"]] for given in listed])

    def _publish(self, ids: Sequence[str]) -> None:
        """Propose to publish these, then let somebody else approve it: as many at once as one proposal takes."""
        for first in range(0, len(ids), publication.MOST_PUBLISHED):
            drafts = ids[first : first + publication.MOST_PUBLISHED]
            with self._as("editor") as act:
                proposed = publication.propose_publication(act, drafts).id
            with self._as("approver") as act:
                proposals.decide_proposal(act, proposed, "approve")
            self.done.more(len(drafts))

    # ------------------------------------------------------------ what is said of them

    def _answer(self, given: Iterable[Data], where: str, by: str = "editor") -> None:
        """Propose these together, then let somebody else approve them together."""
        shape = StatusChangeIn()
        with self._as(by) as act:
            proposed = [
                statuses.propose_status_change(act, self._read(shape, one, where)).id for one in given
            ]
        with self._as("approver") as act:
            for change in proposed:
                statuses.approve_status_change(act, change)
                self.done.more(1)

    def _extend(self, given: Data) -> None:
        fields = {"reference": given["key"]} | {
            member: value for member, value in given.items() if member not in ("extend", "key")
        }
        data = self._read(ExtensionIn(), fields, given["key"])
        with self._as("editor") as act:
            new, change = deadlines.extend_deadline(act, self._id(given["extend"], ("deadline",)), data)
            self.ids["deadline", given["key"]], proposed = new.id, change.id
        with self._as("approver") as act:
            statuses.approve_status_change(act, proposed)
            self.done.more(1)
