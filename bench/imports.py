"""What an import costs: ``python -m bench.imports``. Recommendations, and an answer to each, tried and recorded in
parts; and, if asked, approved as one batch by another person.

Processor time and the time by the clock, of one run: a busy machine makes both of them larger.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.logged import now
from tests.world import World
from tracker import migrations
from tracker.actions import imports, proposals
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.people import OPERATOR
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.app import create_app
from tracker.settings import Settings
from tracker.store.database import db

#: A text of some 600 characters, as recommendations have.
TEXT: Final = "Establish an independent body to examine what became of those who were detained. " * 7


def list_rows(count: int) -> Iterator[GivenRow]:
    """So many rows: recommendations, each followed by the answer of the addressee."""
    for number in range(count // 2):
        asked: dict[str, Any] = {
            "reference": f"R{number}",
            "issuer": "watchdog",
            "issued_on": "2025-02-03",
            "title": f"Recommendation {number}",
            "text": f"{TEXT}{number}",
            "language": "en",
            "type": "vetting",
            "addressees": [{"organization": "government"}, {"organization": "ministry"}],
            "tags": [{"scheme": "theme", "code": f"T{number % 40}"}],
        }
        yield GivenRow("recommendation", asked, f"line {2 * number + 1}")
        answered = {
            "subject": f"R{number}",
            "track": "implementation",
            "state": "not_started",
            "effective_on": "2025-06-01",
            "reason": f"Nothing had begun by June, says the list in its line {number}.",
        }
        yield GivenRow("change", answered, f"line {2 * number + 2}")


@contextmanager
def timed(name: str, count: int) -> Iterator[None]:
    """Print what is done inside."""
    spent, began = time.process_time(), time.monotonic()
    yield
    spent, took = time.process_time() - spent, time.monotonic() - began
    print(
        f"{spent:8.1f} s, {took:8.1f} by the clock, {spent * 1e3 / count:6.2f} ms a row  {name}", flush=True
    )


def measure(world: World, count: int, *, approve: bool) -> None:
    rows = list(list_rows(count))
    turn: Callable[[], Any] = lambda: world.act(world.editor)  # noqa: E731
    options = Options(process="coast", propose=approve)
    with timed(f"tried: {count:,} rows", count):
        report = imports.try_rows(turn, turn, rows, options=options)
    with timed("recorded in parts", count):
        report = imports.import_in_parts(turn, rows, options=options)
    assert report.recorded, report.faults
    if report.batch is not None:
        with timed("approved, and public", count):
            with world.act(world.approver) as act:
                proposals.decide_proposal(act, report.batch, "approve")
            run_pending_updates(db.session(), lambda: world.act(OPERATOR))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--approve", action="store_true", help="let another person approve all of it, too")
    parser.add_argument("--database-url", help="an empty PostgreSQL database, in place of a file of SQLite")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = asked.database_url or f"sqlite:///{Path(folder) / 'imports.db'}"
        app = create_app(Settings(url, secrets.token_urlsafe(48), time_limit=600))
        with app.app_context():
            migrations.upgrade(db.engine)
            world = World(db.session(), now, secrets.token_bytes)
            measure(world, asked.rows, approve=asked.approve)
            db.session.remove()
            db.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
