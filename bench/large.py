"""What strangers ask of a large process, and what an act in it costs: ``python -m bench.large``.

One process holds all recommendations; one of every hundred has a long history. Processor time, in process, with no page
kept, the least of three: only the ratios of one run count, and a busy machine makes all of them larger.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bench.acts import measured
from bench.copies import Copier
from bench.logged import now
from bench.template import RECOMMENDATIONS, Base, Template
from tracker import migrations
from tracker.actions import statuses
from tracker.app import create_app
from tracker.feeds.cache import PageCache
from tracker.public.tables import document
from tracker.settings import Settings
from tracker.store.database import db

#: What is asked for, and for how many milliseconds of processor time at most.
MOST_MS: Final = 50
ITEMS: Final = 24
THEN: Final = (
    f"as_of={(now() - timedelta(days=150)).date()}",
    f"known_at={now() + timedelta(days=1):%Y-%m-%dT00:00:00Z}",
)
RECOMMENDED: Final = "/v1/public/recommendations"


def addresses(process: str, one: str) -> Iterator[str]:
    """What anybody can ask about the process, now and then."""
    board = f"/v1/public/processes/{process}/scoreboard"
    listed = f"{RECOMMENDED}?process={process}&limit=200"
    counted = f"{RECOMMENDED}/count?process={process}"
    yield from (board, *(f"{board}?{then}" for then in THEN), f"{board}?{'&'.join(THEN)}")
    for narrowed in ("", "&implementation=underway", "&implementation=implemented"):
        yield from (f"{listed}{narrowed}", *(f"{listed}{narrowed}&{then}" for then in THEN))
        yield from (f"{counted}{narrowed}", *(f"{counted}{narrowed}&{then}" for then in THEN))
    yield from (f"{RECOMMENDED}/{one}?{then}" for then in THEN)
    yield from ("/v1/public/search?q=forces", f"/v1/public/search?q=forces&{THEN[0]}")
    yield from ("/v1/public/changes?limit=200", "/v1/public/changes?effective_from=2020&limit=200")


def ask(app: Flask, process: str) -> None:
    """Print what each question costs."""
    client = app.test_client()
    with db.engine.connect() as connection:
        recommended = select(document.c.id).where(document.c.kind == "recommendation").limit(1)
        one, slug = connection.scalar(recommended), connection.scalar(_SLUG)
    print("processor time, status, bytes, question")
    pages = (f"/feeds/{slug}/status.json", f"/en/{slug}", f"/en/{slug}/dossier", f"/en/{slug}/dossier.md")
    for address in (*addresses(process, str(one)), *pages):
        took, answer = min((_timed(client, address) for _round in range(3)), key=itemgetter(0))
        mark = "  TOO MUCH" if took > MOST_MS else ""
        print(f"{took:8.1f} ms {answer.status_code} {len(answer.data):>9,}  {address}{mark}", flush=True)


def export(app: Flask) -> None:
    """Print what the whole public record of the process costs as a file, read in pieces, and how much more memory."""
    client = app.test_client()
    with db.engine.connect() as connection:
        slug = connection.scalar(_SLUG)
    for form in ("ndjson", "json", "csv.zip"):
        before, started = _most_memory(), time.process_time()
        with client.get(f"/feeds/{slug}/export.{form}", buffered=False) as answer:
            sent = sum(map(len, answer.iter_encoded()))
        took, more = time.process_time() - started, _most_memory() - before
        print(
            f"{took:8.2f} s {answer.status_code} {sent:>13,} bytes, {more:5.1f} MB more memory  export.{form}"
        )


def _most_memory() -> float:
    """Megabytes that this process had at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _timed(client: FlaskClient, address: str) -> tuple[float, TestResponse]:
    started = time.process_time()
    answer = client.get(address)
    return (time.process_time() - started) * 1e3, answer


_SLUG: Final = select(document.c.slug).where(document.c.kind == "process")


def approve_some(template: Template, base: Base) -> None:
    """Print what an approval costs in the process: of a subject with few changes, and of one with a long history."""
    for name, place in (("few changes", 1), ("a long history", RECOMMENDATIONS - 1)):
        asked, items = template.recommended[place], template.evidence
        with measured() as cost:
            template.session = db.session()
            for number in range(12):
                with template.act(base.editor) as act:
                    state = ("not_started", "no_evidence")[number % 2]
                    cited = template.cite(items, number)
                    change = template.propose(
                        act, asked, "implementation", state, base.lead, template.day(0), cited
                    )
                template.session.expunge_all()
                with cost.layer(f"an approval, {name}"), template.act(base.approver) as act:
                    statuses.approve_status_change(act, change)
        template.session = db.session()
        print("\n".join(map(cost.line, cost.seconds)), flush=True)


@contextmanager
def filled(url: str, size: int, changes: int) -> Iterator[tuple[Flask, Template, Base, str]]:
    """The tracker with one process of so many recommendations in it."""
    app = create_app(Settings(url, secrets.token_urlsafe(48), time_limit=600, rate_limit="1000000/second"))
    with app.app_context():
        migrations.upgrade(db.engine)
        template = Template(db.session(), now(), ITEMS)
        base = template.base()
        process = template.process(base)
        template.history(base, RECOMMENDATIONS - 1, changes)
        db.session.remove()
        Copier(db.engine, process).write(1, max(2, size // RECOMMENDATIONS))
        template.session = db.session()
        with template.act(base.editor):
            pass  # what was copied enters both logs
        yield app, template, base, process
        db.session.remove()
        db.engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="recommendations in the process")
    parser.add_argument("--changes", type=int, default=300, help="of a subject with a long history")
    parser.add_argument("--database-url", help="an empty PostgreSQL database, in place of a file of SQLite")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, patch.object(PageCache, "_keep"):
        url = asked.database_url or f"sqlite:///{Path(folder) / 'large.db'}"
        with filled(url, asked.size, asked.changes) as (app, template, base, process):
            export(app)
            ask(app, process)
            approve_some(template, base)
    return 0


if __name__ == "__main__":
    sys.exit(main())
