"""What an act costs: ``python -m bench.acts``. An approval by layer, unsigned and signed, with its statements; and how
an act grows with the history of its subject, with the statuses that cite an item, with the mandates of a committee.

Processor time, in process, medians: only the ratios of one run count, and a busy machine makes all of them larger.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event

from bench.logged import now, tracker
from tests.world import World
from tracker.actions import statuses
from tracker.actions.operations import signing
from tracker.actions.operations.signing import Keyring
from tracker.actions.support.derived_data import HOOKS
from tracker.actions.support.unit import Hook, Unit, guard_sessions
from tracker.store.database import db

ROUNDS = 30
STATES = ("underway", "stalled", "not_started", "committed", "no_evidence")


@dataclass(slots=True)
class Cost:
    """Processor time and statements of each layer, one entry a round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statements: dict[str, list[int]] = field(default_factory=dict)
    sent: int = 0

    def count(self, *_statement: Any) -> None:
        self.sent += 1

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        sent, started = self.sent, time.process_time()
        yield
        self.seconds.setdefault(name, []).append(time.process_time() - started)
        self.statements.setdefault(name, []).append(self.sent - sent)

    def hook(self, hook: Hook) -> Hook:
        def refresh(unit: Unit, things: Collection[Any]) -> None:
            with self.layer(hook.name):
                hook.refresh(unit, things)

        return replace(hook, refresh=refresh)

    def line(self, name: str) -> str:
        return f"{median(self.seconds[name]) * 1e3:8.2f} ms  {median(self.statements[name]):5.0f}  {name}"


@contextmanager
def measured(*, layers: bool = False) -> Iterator[Cost]:
    """Count what is sent inside; ``layers``: measure each hook of the units, too."""
    cost = Cost()
    event.listen(db.engine, "before_cursor_execute", cost.count)
    db.session.remove()
    guard_sessions(db.session, [cost.hook(hook) for hook in HOOKS] if layers else HOOKS)
    try:
        yield cost
    finally:
        db.session.remove()
        guard_sessions(db.session, HOOKS)
        event.remove(db.engine, "before_cursor_execute", cost.count)


def propose(world: World, subject: str, items: tuple[str, ...], number: int) -> str:
    state, day = STATES[number % len(STATES)], date(2025, 6, 1) + timedelta(days=number // 4)
    data = {
        "subject": subject,
        "track": "implementation",
        "state": state,
        "effective_on": day,
        "reason": "Because it is so.",
        "citations": [{"evidence": item, "stance": "supports"} for item in items],
    }
    with world.act(world.editor) as act:
        change: str = statuses.propose_status_change(act, data).id
        return change


def approve(world: World, change: str) -> None:
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change)


def approvals(world: World, keyring: Keyring) -> None:
    """An approval that cites two items, by somebody who has read nothing before; then its signature."""
    items, subject = (world.item(), world.item()), world.recommendation("layers")
    waiting = [propose(world, subject, items, number) for number in range(ROUNDS + 2)]
    approve(world, waiting.pop(0))  # what is done for the first time is not what is measured
    approve(world, waiting.pop(0))
    half = len(waiting) // 2
    with measured(layers=True) as cost:
        own = world.again(db.session(), now, world.entropy)
        for change in waiting[:half]:
            own.session.expunge_all()
            with cost.layer("unsigned"):
                approve(own, change)
    with measured() as signed:
        own = world.again(db.session(), now, world.entropy)
        for change in waiting[half:]:
            approve(own, change)
            with signed.layer("signature"):
                signing.sign_after_commit(own.session, keyring.path, now, own.entropy)
    print("an approval: processor time, statements, layer (the hooks are part of what is unsigned)")
    print("\n".join([*map(cost.line, cost.seconds), signed.line("signature")]))


def growth(
    world: World, name: str, sizes: list[int], grow: Callable[[int], None], act: Callable[[], None]
) -> None:
    """The same act at several sizes of what it looks at; ``grow`` adds one."""
    size, found = 0, []
    for wanted in sizes:
        for number in range(size, wanted):
            grow(number)
        size = wanted
        with measured() as cost:
            world.session = db.session()
            with cost.layer(name):
                act()
        world.session = db.session()
        found.append(f"{wanted:>6,}: {cost.line(name)}")
    print("\n".join(found))


def histories(world: World, sizes: list[int]) -> None:
    items, subject, made = (world.item(), world.item()), world.recommendation("history"), [0]

    def grow(_number: int = 0) -> None:
        made[0] += 1
        approve(world, propose(world, subject, items, made[0]))

    growth(world, "an answer, proposed and approved, after as many on the subject", sizes, grow, grow)


def citations(world: World, sizes: list[int]) -> None:
    item, states = world.item(), ["disputed", "verified"]

    def grow(number: int) -> None:
        world.answer(world.recommendation(f"cites {number}"), "implementation", "stalled", cites=(item,))

    def fall() -> None:
        states.reverse()
        world.verify(item, states[1])

    growth(world, "an item falls, or rises, that as many statuses cite", sizes, grow, fall)


def mandates(world: World, sizes: list[int]) -> None:
    """The whole text of a committee stands in each act that edits it, and in its document."""
    item, made = world.item(), [0]

    def grow(_number: int = 0) -> None:
        made[0] += 1
        note, day = "What it says. " * 20, date(2025, 3, 9)
        world.add(world.committee, "mandates", instrument=f"Decree {made[0]}", adopted_on=day, note=note)

    def assess() -> None:
        made[0] += 1
        state = ("met", "not_met")[made[0] % 2]
        world.answer(world.committee, "adequacy.mandate", state, cites=(item,))

    growth(world, "a mandate more, beside as many", sizes, grow, grow)
    growth(
        world, "an answer about a committee with the last of these", [sizes[-1]], lambda _number: None, assess
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.acts", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100], help="at which growth is measured")
    parser.add_argument("--database-url", help="an empty PostgreSQL database, in place of a file of SQLite")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, tracker(Path(folder), "acts", asked.database_url) as opened:
        _app, world, keyring = opened
        approvals(world, keyring)
        world.session = db.session()
        for grown in (histories, citations, mandates):
            grown(world, asked.sizes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
