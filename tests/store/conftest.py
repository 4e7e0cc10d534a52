"""What the tests of the record share: a world on either database, filled, and a way around our own code."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.exc import IntegrityError

from tests.actions.tips import add, make_file, open_box, send
from tests.conftest import Clock, make_app, postgres_database
from tests.revising import revise_record
from tests.world import World
from tracker.actions import (
    custody,
    deadlines,
    entry_links,
    followers,
    handlings,
    identities,
    kept_forms,
    keys,
    mailboxes,
    notes,
    passkeys,
    passwords,
    protection,
    redaction,
    resources,
    right_of_reply,
    saved_filters,
    sealed_fields,
    second_factors,
    watchdogs,
    webhooks,
)
from tracker.actions.followers import Wish
from tracker.actions.import_batches import propose_batch
from tracker.actions.operations import signing
from tracker.actions.passkeys import Challenge, NewPasskey
from tracker.actions.passwords import Brake
from tracker.actions.people import OPERATOR
from tracker.actions.support import idempotency
from tracker.actions.support.letters import Addressed, queue_letter
from tracker.domain.jobs import Run
from tracker.files.files import Stored
from tracker.languages.i18n import get_language
from tracker.languages.letters import Written
from tracker.outgoing.sender import Outcome
from tracker.sealing.sealer import Sealer
from tracker.store import models, sessions
from tracker.store.consent import Consent
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.store.jobs import add_job
from tracker.store.pending_updates import PendingUpdate, queue_update
from tracker.store.people import Key
from tracker.store.questions import Question
from tracker.store.sessions import SessionRow
from tracker.store.webhooks import queue_messages


def fill(record: World) -> World:
    """A row in every table, and a second process beside the first."""
    with record.act(record.editor) as act:
        revise_record(
            act,
            record.government,
            "organization",
            {
                "aliases": [{"name": "الحكومة"}],
                "successor_of": [record.press],
                "member_of": [{"organization_id": record.daily}],
            },
            2,
        )
        figure = {"figure": "needed", "amount": None, "as_of": date(2025, 4, 1), "source": "The committee"}
        means = {"committee_id": record.committee, "type": "budget", "title": "Money", "figures": [figure]}
        resources.record_resource(act, {"process_id": record.process, **means})
    record.add(record.committee, "members", name="A Judge", from_on=date(2025, 3, 9))
    record.add(record.committee, "mandates", instrument="Decree 3", adopted_on=date(2025, 3, 9))
    record.report()
    record.indicator(publish=False)
    with record.act(record.admin) as act:
        watchdogs.set_registration(act, record.watchdog, "suspended", "It asked for it.")
        checked = passwords.check_reset(act.session, act.by, "editor", "correct horse battery")
        passwords.set_password(act, checked)
    _let_in(record)
    _take_tips(record)
    asked = idempotency.make_request_key("a key", record.editor.id, b"POST", "a secret", os.urandom)
    idempotency.begin_request(record.session, record.editor, record.clock(), os.urandom, asked)
    asking = record.session.scalars(select(Key).where(Key.person_id == record.admin.id)).one()
    with record.act(replace(record.admin, key=asking.id)) as act:
        keys.grant_key(act, None)
    due = record.deadline()
    _protect(record)
    recommendation, cited = record.recommendation("C1"), record.item()
    later = {"set_on": date(2025, 4, 10), "rule": "3 months", "reason": "It asked for more time."}
    with record.act(record.editor) as act:
        deadlines.extend_deadline(
            act, due, {**later, "citations": [{"evidence": cited, "stance": "supports"}]}
        )
    with record.act(record.editor) as act:
        given = Stored("0" * 32, 5, hashlib.sha256(b"bytes").hexdigest())
        custody.add_file(act, cited, custody.ReceivedFile("evidentiary_copy", given, None, "text/plain"))
    record.answer(recommendation, "implementation", "underway", cites=(cited,))
    with record.act(record.editor) as act:
        handlings.handle_subject(act, cited)
        notes.write_note(act, cited, "Ask the press again.")
        saved_filters.save_filter(act, "What waits", "/desk/queue", "kind=review")
    minister = record.person("minister", "respondent", organization=record.government)
    with record.act(minister) as act:
        right_of_reply.answer_recommendation(act, recommendation, "accepted", "We accept it.")
    with record.act(OPERATOR) as act:
        signing.anchor_internal_log(act)
    elsewhere = record.make_process("north")
    record.make_committee("elsewhere", process_id=elsewhere)
    record.item(process_id=elsewhere, title="Of the north")
    with record.act(record.editor) as act:
        queue_update(act.session, PendingUpdate("work_queue", record.process, "", act.now))
        add_job(act.session, Run("sign", act.now))
    draft = record.recommendation("imported", publish=False)
    with record.act(record.editor) as act:
        propose_batch(act, [draft], None)
    return record


def _take_tips(record: World) -> None:
    """An open box, and a tip with a file about which more was said."""
    open_box(record, record.person("reader of tips", "custodian"))
    send(record, "one", make_file())
    add(record, "There were four of them.")


def _let_in(record: World) -> None:
    """What somebody logs in with, a session, and what they typed in it."""
    sealer = Sealer([bytes(range(32))], os.urandom)
    Brake("a secret", os.urandom).begin(record.session, "editor", "stranger", record.clock())
    with record.act(record.admin) as act:
        second_factors.set_second_factor(
            act, record.editor.id, second_factors.make_secret(act.entropy), sealer
        )
        second_factors.make_recovery_codes(act, record.editor.id)
        entry_links.make_link(act, record.approver.id, "reset")
        hook = webhooks.add_webhook(act, {"url": "https://hooks.example/"}, sealer, local=False)[0].id
        act.session.flush()
        queue_messages(act.session, hook, [1], act.now)
        webhooks.record_delivery(act, hook, 1, None, Outcome(204))
        addressed, written = Addressed("amal@host.example", get_language("en")), Written("A word", "Look.\n")
        language = get_language("en")
        mailboxes.set_mailbox(act, "amal@host.example", "daily", language, sealer, "https://t.example/")
        page = "https://t.example/en/coast"
        wish = Wish("reader@host.example", "search", "forces", language, page, "https://t.example/en")
        followers.follow(act, wish, sealer, "a secret")
        queue_letter(act, sealer, "digest", record.editor.id, addressed, written)
    with record.act(record.editor) as act:
        row = SessionRow(act.new_id("session"), act.by.id, None, "code", act.now, act.now, act.now)
        sessions.add_session(act.session, row, "a secret")
        new = NewPasskey(b"a device", b"a key", 0, Challenge(bytes(32), act.now + timedelta(minutes=10)))
        passkeys.add_passkey(act, new, "the phone")
        identities.link_identity(act, "https://id.example", "5f0c2d1e")
        kept_forms.keep_form(act, act.by.id, "/desk/", None, [("text", "What I saw")], sealer)


def _protect(record: World) -> None:
    """What protects an item, of each sort one."""
    keeper = record.person("keeper", "custodian")
    item = record.item(publish=False, state=None, protection="confidential", title="Known to few")
    shared = {"shared_with": [record.press], "reason": "They work on it."}
    record.lower(item, "partner", **shared)
    with record.act(record.editor) as act:
        protection.protect_evidence(act, item, {"protection": "public", "reason": "It is known by now."})
        row = record.session.get_one(Evidence, item)
        sealed_fields.keep_sealed_fields(
            act, row, {"creator": "A clerk"}, Sealer([bytes(range(32))], os.urandom)
        )
        record.session.add(Consent(evidence_id=item, basis="informed_consent", purposes=["internal_use"]))
        record.session.add(
            Question(
                id=act.new_id("question"),
                evidence_id=item,
                by_owner=True,
                text="Where was it filmed?",
                asked_at=act.now,
                asked_by=record.editor.id,
            )
        )
    record.publish(record.item(publish=False, state=None, acquired_from="confidential_source"))
    other = record.item(publish=False, state=None, protection="confidential", title="Another")
    with record.act(keeper) as act:
        redaction.redact_thing(act, other, "minor")
        redaction.hold_thing(act, other, "Case 12 asked for it.", placed=True)


class Raw:
    """Rows put in past the rules in code: what the database itself takes, and what it refuses. Nothing is kept."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @staticmethod
    def table(name: str) -> Table:
        return models.metadata.tables[name]

    def row(self, table: str, **where: Any) -> dict[str, Any]:
        """One row that is like this; there must be one."""
        found = self.connection.execute(select(self.table(table)).filter_by(**where)).first()
        assert found is not None, (table, where)
        return dict(found._mapping)

    def insert(self, table: str, row: dict[str, Any]) -> str:
        """Empty where the database takes the row, else what it says."""
        return self._try(self.table(table).insert().values(**row))

    @property
    def dialect(self) -> str:
        return self.connection.dialect.name

    def run(self, statement: Any) -> str:
        return self._try(statement)

    def update(self, table: str, **values: Any) -> str:
        return self._try(self.table(table).update().values(**values))

    def _try(self, statement: Any) -> str:
        with self.connection.begin_nested() as attempt:
            try:
                self.connection.execute(statement)
            except IntegrityError as error:
                return str(error.orig)
            finally:
                attempt.rollback()
        return ""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def full(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A full record on either database, made once: whoever asks for it only tries things out."""
    with ExitStack() as open_until_the_end:
        if request.param == "sqlite":
            path = tmp_path_factory.mktemp("full") / "tracker.db"
            shutil.copy(sqlite_template, path)
            url = f"sqlite:///{path}"
        else:
            template = request.getfixturevalue("postgres_template")
            name = template.replace("template", "full")
            url = open_until_the_end.enter_context(postgres_database(name, template))
        clock = Clock()
        app = make_app(url, clock, Random(20250309).randbytes)
        with app.app_context():
            fill(World(db.session(), clock, Random(20250310).randbytes))
            db.session.remove()
            yield db.engine
            db.engine.dispose()


@pytest.fixture
def raw(full: Engine) -> Iterator[Raw]:
    """A way around our own code, into a full record."""
    with full.connect() as connection:
        yield Raw(connection)
        connection.rollback()
