"""A small world for tests to act in: a published process, its organizations, and people with different roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker.actions import (
    committees,
    deadlines,
    evidence,
    figures,
    indicators,
    keys,
    mandates,
    organizations,
    parts,
    people,
    processes,
    proposals,
    protection,
    publication,
    recommendations,
    reports,
    resources,
    statuses,
    watchdogs,
)
from tracker.actions.operations import release_batch
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain import ids
from tracker.domain.people import Actor
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.statuses import StatusChange

#: The acts that add a part to a draft.
_ADDS: dict[str, Callable[[Unit, str, Any], Any]] = {
    "members": committees.appoint_member,
    "mandates": mandates.adopt_mandate,
    "figures": lambda act, thing, data: figures.add_figure(act, thing, ids.kind_of(thing) or "", data),
}
CALENDAR = {"time_zone": "Asia/Damascus", "weekend": ["friday", "saturday"], "holidays": []}


class World:
    """`editor`, `reviewer` (editor and approver) and `approver` are of the desk; there is an `admin`, and
    `watcher` is of a watchdog.

    Made and published: the organizations `lead`, `government`, `ministry` (part of the government), `press`,
    `daily` and `watchdog`; the process `process`; the committee `committee`.
    """

    def __init__(
        self, session: Session, clock: Callable[[], datetime], entropy: Callable[[int], bytes]
    ) -> None:
        self.session, self.clock, self.entropy = session, clock, entropy
        self.keys: dict[str, str] = {}
        self.editor = self.person("editor", "editor")
        self.reviewer = self.person("reviewer", "editor", "approver")
        self.approver = self.person("approver", "approver")
        self.admin = self.person("admin", "admin")
        self.lead = self.organization("desk", "watchdog")
        self.government = self.organization("government", "authority")
        self.ministry = self.organization("ministry", "authority", part_of_id=self.government)
        self.press = self.organization("press", "media")
        self.daily = self.organization("daily", "media")
        self.watchdog = self.organization("watchdog", "watchdog")
        with self.act(self.editor) as act:
            watchdogs.register_watchdog(act, self.watchdog, {"since": date(2025, 1, 1)})
        self.watcher = self.person("watcher", "watchdog", organization=self.watchdog)
        self.process = self.make_process("coast")
        self.committee = self.make_committee("inquiry")

    def again(
        self, session: Session, clock: Callable[[], datetime], entropy: Callable[[int], bytes]
    ) -> World:
        """The same world in a copy of its database."""
        other = copy(self)
        other.session, other.clock, other.entropy, other.keys = session, clock, entropy, dict(self.keys)
        return other

    def go_on(self, made: World) -> World:
        """From where another world ended, of whose database this one has a copy: with its keys, at its instant."""
        self.keys = dict(made.keys)
        self.clock.now = made.clock.now  # type: ignore[attr-defined]  # the clock of a test
        return self

    @contextmanager
    def act(self, by: Actor, ago: timedelta = timedelta(), **more: bool) -> Iterator[Unit]:
        with open_unit(self.session, by, self.clock() - ago, self.entropy, **more) as opened:
            yield opened

    def person(self, name: str, *roles: str, organization: str | None = None, **more: Any) -> Actor:
        with self.act(OPERATOR) as act:
            actor = people.add_person(act, name, roles, organization, **more).actor
            self.keys[name] = keys.issue_key(act, name)[1]
        return actor

    def make(self, create: Callable[[Unit, Any], Any], data: dict[str, Any], *, publish: bool) -> str:
        """Record a draft. Where it is to be public, the editor proposes so in the same act and the approver agrees."""
        with self.act(self.editor) as act:
            made: str = create(act, data).id
            if publish:
                publication.propose_publication(act, [made])
        if publish:
            self.decide(made, kind="publication")
        return made

    def organization(self, slug: str, kind: str, *, publish: bool = True, **more: Any) -> str:
        data = {"slug": slug, "name": slug.title(), "type": kind}
        return self.make(organizations.create_organization, {**data, **more}, publish=publish)

    def make_process(self, slug: str, *, publish: bool = True, **more: Any) -> str:
        data = {
            "slug": slug,
            "title": slug.title(),
            "summary": "What happened.",
            "lead_id": self.lead,
            "calendar": CALENDAR,
        }
        return self.make(processes.create_process, {**data, **more}, publish=publish)

    def make_committee(self, reference: str, *, publish: bool = True, **more: Any) -> str:
        data = {
            "process_id": self.process,
            "reference": reference,
            "name": reference.title(),
            "body_type": "presidential_committee",
            "established_on": date(2025, 3, 9),
        }
        return self.make(committees.establish_committee, {**data, **more}, publish=publish)

    def recommendation(self, reference: str, *, publish: bool = True, **more: Any) -> str:
        data: dict[str, Any] = {
            "process_id": self.process,
            "reference": reference,
            "issuer_id": self.watchdog,
            "issued_on": date(2025, 2, 3),
            "title": f"Recommendation {reference}",
            "text": "Vet the forces.",
            "language": "en",
            "type": "vetting",
            "addressees": [{"organization_id": self.government}],
        }
        return self.make(recommendations.record_recommendation, {**data, **more}, publish=publish)

    def deadline(self, *, publish: bool = True, **more: Any) -> str:
        data: dict[str, Any] = {
            "process_id": self.process,
            "owner_id": self.committee,
            "type": "final_report_due",
            "title": "Final report",
            "basis": "decree",
            "set_on": date(2025, 3, 9),
            "rule": "30 days",
        }
        return self.make(deadlines.set_deadline, {**data, **more}, publish=publish)

    def resource(self, committee: str, *, publish: bool = True, **more: Any) -> str:
        data = {"process_id": self.process, "committee_id": committee, "type": "budget", "title": "Money"}
        return self.make(resources.record_resource, {**data, **more}, publish=publish)

    def report(
        self,
        reference: str = "final",
        *,
        publish: bool = True,
        delivered: date | None = None,
        published: date | None = None,
        **more: Any,
    ) -> str:
        """A report of the committee, of which the lead says when it was handed over and published."""
        data = {
            "process_id": self.process,
            "reference": reference,
            "committee_id": self.committee,
            "title": f"The {reference} report",
        }
        made = self.make(reports.record_report, {**data, **more}, publish=False)
        for state, day in (("delivered", delivered), ("published", published)):
            if day is not None:
                self.answer(made, "release", state, cites=(self.item(),), effective_on=day)
        return self.publish(made) if publish else made

    def indicator(self, reference: str = "trials", *, publish: bool = True, **more: Any) -> str:
        """How many were prosecuted, as far as anybody has counted it."""
        about = {
            "process_id": self.process,
            "reference": reference,
            "type": "prosecutions",
            "title": "Trials",
        }
        return self.make(indicators.record_indicator, {**about, **more}, publish=publish)

    def item(self, *, state: str | None = "verified", publish: bool = True, **more: Any) -> str:
        """An item of evidence from a newspaper, submitted by the editor; verified by others where a state is given."""
        data: dict[str, Any] = {
            "process_id": self.process,
            "title": "A report",
            "type": "media_report",
            "acquired_from": "public_source",
            "publisher_id": self.press,
            "protection": "public",
        }
        sealed = more.get("protection") == "sealed"
        if sealed:  # and then it is there for custodians alone, so it is judged before
            more["protection"] = "confidential"
        made = self.make(evidence.submit_evidence, {**data, **more}, publish=publish)
        if state is not None:
            self.verify(made, state)
        if sealed:
            self.protect(made, "sealed")
        return made

    def protect(
        self, item: str, level: str, *, by: Actor | None = None, ago: timedelta = timedelta(), **more: Any
    ) -> None:
        """Raise the protection of an item, or propose to lower it."""
        with self.act(by or self.editor, ago) as act:
            protection.protect_evidence(act, item, {"protection": level, "reason": "To be safe.", **more})

    def lower(
        self, item: str, level: str, *, by: Actor | None = None, let_by: Actor | None = None, **more: Any
    ) -> None:
        """Lower the protection of an item, as somebody proposed a day ago."""
        self.protect(item, level, by=by, ago=timedelta(days=1), **more)
        self.decide(item, by=let_by)

    def waiting(self, target: str, kind: str = "lowering") -> Proposal | None:
        """What waits to be decided about an item, a file, an account or a key."""
        return find_waiting(self.session, kind, target)

    def decide(
        self,
        target: str,
        decision: str = "approve",
        *,
        by: Actor | None = None,
        kind: str = "lowering",
        **more: Any,
    ) -> Proposal:
        """Decide what waits; a proposal that was never made is decided by a name that nothing has."""
        waits = self.waiting(target, kind)
        with self.act(by or self.approver) as act:
            return proposals.decide_proposal(act, waits.id if waits else target, decision, **more)

    def verify(self, item: str, state: str, **more: Any) -> StatusChange:
        """Proposed by the reviewer and approved by the approver: neither of them submitted it."""
        return self.answer(item, "verification", state, proposer=self.reviewer, **more)

    def answer(
        self,
        subject: str,
        track: str,
        state: str,
        *,
        cites: tuple[str, ...] = (),
        proposer: Actor | None = None,
        effective_on: date = date(2025, 6, 1),
        **more: Any,
    ) -> StatusChange:
        """A status change that was proposed and approved."""
        change = self.propose(
            subject, track, state, cites=cites, proposer=proposer, effective_on=effective_on, **more
        )
        with self.act(self.approver) as act:
            statuses.approve_status_change(act, change.id)
        return change

    def propose(
        self,
        subject: str,
        track: str,
        state: str,
        *,
        cites: tuple[str, ...] = (),
        proposer: Actor | None = None,
        effective_on: date = date(2025, 6, 1),
        **more: Any,
    ) -> StatusChange:
        """A status change that waits: a mapped row, which tells what is decided on it later."""
        data = {
            "subject": subject,
            "track": track,
            "state": state,
            "effective_on": effective_on,
            "reason": "Because it is so.",
            "citations": [{"evidence": item, "stance": "supports"} for item in cites],
            **more,
        }
        with self.act(proposer or self.editor) as act:
            made = statuses.propose_status_change(act, data).id
        return self.session.get_one(StatusChange, made)

    def publish(
        self, thing: str, *, by: Actor | None = None, let_by: Actor | None = None, **more: Any
    ) -> str:
        """Publish a draft as the editor proposed it and the approver approved it."""
        with self.act(by or self.editor) as act:
            publication.propose_publication(act, [thing], **more)
        self.decide(thing, by=let_by, kind="publication")
        return thing

    def release(self, *items: str) -> None:
        """Publish what waits, on a day on which all of it may be."""
        self.clock.move(days=2)  # type: ignore[attr-defined]  # the clock of a test
        for item in items:
            release_batch.release_thing(self.session, item, self.act)

    def add(self, thing: str, name: str, /, **data: Any) -> None:
        """Add to the parts ``name`` of a thing: to a draft at once, to what is public by two people."""
        kind, add = ids.kind_of(thing) or "", _ADDS[name]
        with self.act(self.editor) as act:
            added = parts.add_part(act, thing, kind, name, {**data, "reason": "It was left out."}, add)
        if isinstance(added, Proposal):
            self.decide(thing, kind="revision")

    def withdraw(self, thing: str, reason: str = "It was recorded by mistake.") -> None:
        with self.act(self.approver) as act:
            publication.withdraw_thing(act, thing, reason)

    def headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[name]}"}
