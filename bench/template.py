"""One accountability process, made by the real acts: what every other process of the benchmark is a copy of.

Every id of it carries a marker of six letters, and so do its slug and title; a copy is the same rows with another
marker in their place (`bench.copies`). What belongs to no process (organizations, people, keys) carries none.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions import (
    evidence,
    keys,
    organizations,
    people,
    processes,
    proposals,
    publication,
    statuses,
    watchdogs,
)
from tracker.actions.people import OPERATOR
from tracker.actions.recommendations import record_recommendation
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.people import Actor

#: What one process holds. Five changes a recommendation, two items a change.
RECOMMENDATIONS: Final = 100
CHANGES: Final = 5
ITEMS: Final = RECOMMENDATIONS * CHANGES * 2
#: Recommendations of a process that have proposals waiting, and how many each; approved in any order.
WAITING, PROPOSALS = 20, 5

#: The letters of ids, without digits: a sort key pads digits, and a copy must sort as its own acts would have it.
LETTERS: Final = "abcdefghjkmnpqrstvwxyz"
DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
CALENDAR: Final = {"time_zone": "Asia/Damascus", "weekend": ["friday", "saturday"], "holidays": []}
_WORDS: Final = re.findall(
    r"\w+",
    "the forces shall be vetted families informed witnesses protected report published in full and courts given "
    "the means to hear every case without delay while records of detention are opened to those who ask for them",
)


@dataclass(frozen=True, slots=True)
class Base:
    """Who acts, the organizations that are named, and the key that approves."""

    editor: Actor
    approver: Actor
    lead: str
    government: str
    press: str
    watchdog: str
    key: str


def marker(number: int) -> str:
    """The marker of the process of this number. Far apart, so that ids lie as spread as random ones do."""
    scattered = (number * 7_368_787 + 20_250_309) % len(LETTERS) ** 6
    return "".join(LETTERS[scattered // len(LETTERS) ** place % len(LETTERS)] for place in range(6))


#: The slug and the title of the template process.
NAMES: Final = (f"case-{marker(0)}", f"Case {marker(0)}")


def marked(mark: str, seed: int) -> Callable[[int], bytes]:
    """Repeatable randomness for ids that carry the marker: three bits, thirty bits of marker, the rest."""
    random = Random(seed)
    bits = sum(DIGITS.index(letter) << (5 * place) for place, letter in enumerate(reversed(mark)))

    def entropy(size: int) -> bytes:
        number = random.getrandbits(size * 8)
        shift = size * 8 - 33
        number = number & ~(((1 << 30) - 1) << shift) | bits << shift
        return number.to_bytes(size, "big")

    return entropy


class Template:
    """Makes the organizations and people, and then one process with all that it holds."""

    def __init__(self, session: Session, now: datetime, items: int = ITEMS) -> None:
        self.session, self.now, self.number_of_items = session, now, items
        self.entropy: Callable[[int], bytes] = secrets.token_bytes
        self.random = Random(20_250_309)

    @contextmanager
    def act(self, by: Actor) -> Iterator[Unit]:
        """Many acts of one person in one transaction: nothing but the commits is saved by it."""
        with open_unit(self.session, by, self.now, self.entropy) as opened:
            yield opened

    def base(self) -> Base:
        with self.act(OPERATOR) as act:
            editor = people.add_person(act, "editor", ["editor"]).actor
            approver = people.add_person(act, "approver", ["approver"]).actor
            key = keys.issue_key(act, "approver")[1]
        made = {}
        for slug, kind in (
            ("desk", "watchdog"),
            ("government", "authority"),
            ("press", "media"),
            ("watch", "watchdog"),
        ):
            with self.act(editor) as act:
                made[slug] = organizations.create_organization(
                    act, {"slug": slug, "name": slug.title(), "type": kind}
                ).id
        with self.act(editor) as act:
            watchdogs.register_watchdog(act, made["watch"], {"since": date(2025, 1, 1)})
        self.publish(editor, approver, list(made.values()))
        return Base(editor, approver, made["desk"], made["government"], made["press"], made["watch"], key)

    def publish(self, editor: Actor, approver: Actor, things: list[str]) -> None:
        for first in range(0, len(things), publication.MOST_PUBLISHED):
            with self.act(editor) as act:
                drafts = things[first : first + publication.MOST_PUBLISHED]
                waits = publication.propose_publication(act, drafts)
            with self.act(approver) as act:
                proposals.approve_proposal(act, waits)

    def process(self, base: Base) -> str:
        """The template process: published, with its recommendations, items, changes, and proposals that wait."""
        self.entropy = marked(marker(0), 1)
        with self.act(base.editor) as act:
            process = processes.create_process(
                act,
                {
                    "slug": NAMES[0],
                    "title": NAMES[1],
                    "summary": self.text(600),
                    "lead_id": base.lead,
                    "calendar": CALENDAR,
                },
            ).id
        self.publish(base.editor, base.approver, [process])
        self.evidence = items = self.items(base, process)
        self.recommended = asked = self.recommendations(base, process)
        for number, recommendation in enumerate(asked):
            self.changes(base, number, recommendation, items)
        for number, recommendation in enumerate(asked[:WAITING]):
            self.proposals(base, number, recommendation, items)
        return process

    def items(self, base: Base, process: str) -> list[str]:
        data = {
            "process_id": process,
            "type": "media_report",
            "acquired_from": "public_source",
            "publisher_id": base.press,
            "protection": "public",
            "language": "en",
        }
        with self.act(base.editor) as act:
            made = [
                evidence.submit_evidence(
                    act,
                    {
                        **data,
                        "reference": f"E{number:04} {marker(0)}",
                        "title": self.text(60),
                        "description": self.text(200),
                    },
                ).id
                for number in range(self.number_of_items)
            ]
        self.publish(base.editor, base.approver, made)
        return made

    def recommendations(self, base: Base, process: str) -> list[str]:
        data = {
            "process_id": process,
            "issuer_id": base.watchdog,
            "issued_on": self.day(200),
            "language": "en",
            "type": "vetting",
        }
        with self.act(base.editor) as act:
            made = [
                record_recommendation(
                    act,
                    {
                        **data,
                        "reference": f"R{number:03} {marker(0)}",
                        "title": self.text(60),
                        "text": self.text(600),
                        "addressees": [{"organization_id": base.government, "role": "primary"}],
                    },
                ).id
                for number in range(RECOMMENDATIONS)
            ]
        self.publish(base.editor, base.approver, made)
        return made

    def changes(self, base: Base, number: int, recommendation: str, items: list[str]) -> None:
        """Three of the lead's own on one track, one on another, and the watchdog's, who sees it differently."""
        said = (
            ("response", "accepted", base.lead),
            ("implementation", "not_started", base.lead),
            ("implementation", "committed", base.lead),
            ("implementation", last(number), base.lead),
            ("implementation", "not_implemented", base.watchdog),
        )
        for place, (track, state, assessor) in enumerate(said):
            cited = self.cite(items, CHANGES * number + place)
            with self.act(base.editor) as act:
                change = self.propose(
                    act,
                    recommendation,
                    track,
                    state,
                    assessor,
                    self.day(190 - 15 * place - number % 90),
                    cited,
                )
            with self.act(base.approver) as act:
                statuses.approve_status_change(act, change)

    def history(self, base: Base, number: int, changes: int) -> None:
        """So many answers more on the recommendation of this number, each another state than the one before it."""
        for place in range(changes):
            state = ("committed", last(number))[place % 2]
            cited = self.cite(self.evidence, place)
            with self.act(base.editor) as act:
                asked = self.recommended[number]
                change = self.propose(
                    act, asked, "implementation", state, base.lead, self.day(5 - 5 * place // changes), cited
                )
            with self.act(base.approver) as act:
                statuses.approve_status_change(act, change)

    def proposals(self, base: Base, number: int, recommendation: str, items: list[str]) -> None:
        """Other states than the one that stands, all different: whichever comes first, each is a move."""
        others = {"no_evidence", "not_started", "committed", "underway", "stalled", "not_implemented"}
        with self.act(base.editor) as act:
            for place, state in enumerate(sorted(others - {last(number)})):
                cited = self.cite(items, PROPOSALS * number + place + ITEMS // 4)
                self.propose(
                    act,
                    recommendation,
                    "implementation",
                    state,
                    base.lead,
                    self.day(5),
                    cited,
                )

    def cite(self, items: list[str], place: int) -> list[str]:
        """Two items for the change of this place."""
        return [items[(2 * place + more) % len(items)] for more in range(2)]

    def propose(
        self, act: Unit, subject: str, track: str, state: str, assessor: str, day: date, cited: list[str]
    ) -> str:
        data: dict[str, Any] = {
            "subject": subject,
            "track": track,
            "state": state,
            "assessor": assessor,
            "effective_on": day,
            "reason": self.text(200),
            "citations": [{"evidence": item, "stance": "supports"} for item in cited],
        }
        change: str = statuses.propose_status_change(act, data).id
        return change

    def text(self, letters: int) -> str:
        words = self.random.choices(_WORDS, k=letters // 5)
        return " ".join(words)[:letters].strip().capitalize() + "."

    def day(self, ago: int) -> date:
        return (self.now - timedelta(days=ago)).date()


def last(number: int) -> str:
    """Where the lead sees the recommendation of this number: half are under way, half stalled."""
    return "underway" if number % 2 else "stalled"
