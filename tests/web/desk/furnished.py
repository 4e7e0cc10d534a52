"""A tracker in which every screen of the desk has something to show, and the address of each with who opens it."""

from __future__ import annotations

import base64
import re
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, current_app

from tests.actions.tips import make_file, open_box, send
from tests.web.desk.people import HIDDEN, Browser
from tests.web.scenes import Scenes
from tests.world import World
from tracker.actions import (
    entry_links,
    followers,
    handlings,
    identities,
    keys,
    mailboxes,
    notes,
    people,
    proposals,
    publication,
    questions,
    redaction,
    saved_filters,
    sessions,
    submissions,
    tips,
    webhooks,
)
from tracker.actions.followers import Wish
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_unit
from tracker.domain.identities import QUESTION
from tracker.domain.people import Actor
from tracker.http import cursors
from tracker.http.context import Context
from tracker.languages.i18n import get_language
from tracker.outgoing.mail_server import MailServer
from tracker.public.events import list_about
from tracker.sealing.sealer import Sealer
from tracker.store.database import core_connection
from tracker.store.passkeys import Passkey

_ROWS: Final = (
    "reference,title,text,language,type,issuer,issued_on\n"
    "R1,Vet all,Vet all officers.,en,vetting,watchdog,2025-03-09\n"
    "R8,Pay,Pay the families.,en,reparation,watchdog,2025\nR9,Pay,Pay.,en,nonsense,watchdog,2025\n"
)


class Furnished:
    """``of`` names one thing of each kind. ``at`` has the addresses of screens that are about another thing or ask
    something first, ``by`` who opens a screen that shows the first who may nothing."""

    def __init__(self, world: World) -> None:
        self.world, self.scenes = world, Scenes(world)
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self.sealer: Sealer = app.extensions["tracker"].sealer()
        keeper, second = (world.person(name, "custodian") for name in ("keeper", "second keeper"))
        minister = world.person("minister", "respondent", organization=world.government)
        self.people: dict[str, Actor] = {
            **{name: getattr(world, name) for name in ("editor", "approver", "watcher", "admin")},
            "keeper": keeper,
            "second keeper": second,
            "minister": minister,
        }
        self.of = {
            "organization": world.press,
            "process": world.process,
            "committee": world.committee,
            "report": self.scenes.report,
            "recommendation": self.scenes.vetting,
            "indicator": self.scenes.trials,
            "resource": world.resource(world.committee),
            "deadline": self.scenes.extended,
            "person": world.reviewer.id,
        }
        self.at: dict[str, list[str]] = {}
        self.by = {"question": "watcher", "edited_evidence": "watcher", "retraction": "watcher"}
        self.by |= {
            "decide": "approver",
            "reply_to": "watcher",
            "revocation": "admin",
            "new_identity": "approver",
        }
        self._submit()
        self._work()
        self._propose()
        self._let_write()
        self._administrate()
        self._import(Browser(app).enter(world, world.editor))

    def again(self, world: World, app: Flask) -> Furnished:
        """The same in a copy of its database, with what this application alone takes for its own."""
        other = copy(self)
        other.world, other.at = world.go_on(self.world), self.at | self._prove(app)
        known: Context = app.extensions["tracker"]
        settings = replace(known.settings, mail=MailServer("127.0.0.1", 9, "plain", "t@t.example"))
        app.extensions["tracker"] = replace(known, settings=replace(settings, webhooks="local"))
        return other

    def _submit(self) -> None:
        """An item of a watchdog with a file, about which it was asked, and what the desk says of it."""
        world = self.world
        data = {"process_id": world.process, "title": "What we saw", "type": "video"}
        data |= {"acquired_from": "own_staff", "description": "A line.\n\nAnother."}
        with world.act(world.watcher) as act:
            sent = submissions.submit_with_files(act, data, [make_file()], lambda: self.sealer)
            self.of |= {"evidence": sent.id, "file": sent.files[0].id}
        with world.act(world.editor) as act:
            self.of["question"] = questions.ask_question(act, sent.id, "Where was it filmed?").id
            handlings.handle_subject(act, sent.id)
            self.of["note"] = notes.write_note(act, sent.id, "Call them on Monday.").id

    def _work(self) -> None:
        """A filter that is kept, and a status that is chosen step by step."""
        world, vetting = self.world, self.of["recommendation"]
        query = f"kind=review&process={world.process}"
        with world.act(world.editor) as act:
            kept = saved_filters.save_filter(act, "Mine", "/desk/queue", query, shared=True)
        self.of["saved_filter"] = kept.id
        asks = f"/subjects/{vetting}/propose?track="
        cited = f"{asks}implementation&state=partly_implemented&cites={self.scenes.item}"
        of_addressee = f"{asks}response&addressee={world.government}"
        self.at |= {
            "new_filter": [f"/filters/new?page=/desk/queue&query={quote(query)}"],
            "propose_status": [asks.partition("?")[0], of_addressee, f"{asks}implementation", cited],
            "queue": ["/queue", f"/queue?{query}"],
            "new_verdict": ["/verdicts/new", f"/verdicts/new?process={world.process}&kind=recommendation"],
            "new_deadline": [f"/records/deadlines/new?process={world.process}"],
        }

    def _propose(self) -> None:
        """Proposals that have words of their own on the page where they are decided."""
        world, scenes = self.world, self.scenes
        verdict = world.answer(scenes.burial, "implementation", "not_started").id
        change = world.propose(scenes.burial, "implementation", "underway", cites=(scenes.item,)).id
        drafts = [world.recommendation(f"D{number}", publish=False) for number in range(3)]
        with world.act(world.editor) as act:
            published = publication.propose_publication(act, [drafts[0]]).id
        with world.act(self.people["second keeper"]) as act:
            ordered = redaction.redact_thing(act, drafts[1], "minor").id
        lowered = world.item(publish=False, protection="confidential", state=None)
        world.protect(lowered, "public")
        waits = world.waiting(lowered)
        assert waits is not None
        self.of |= {"change": change, "event": self._find_event(verdict)}
        self.at |= {
            "decide": [f"/decide/{one}" for one in (change, published, waits.id)],
            "publication": [f"/things/{drafts[2]}/publication"],
            "publishing": [f"/things/{drafts[2]}/publishing"],
            "redaction": [f"/things/{one}/redaction" for one in (scenes.vetting, drafts[1])],
            "reply": [f"/verdicts/{verdict}/reply"],
            "reply_to": [f"/changes/{verdict}/reply"],
        }
        self.ordered = ordered

    def _let_write(self) -> None:
        """A box, a tip that waits, one that was read, and one that was set aside by another."""
        world, keeper = self.world, self.people["keeper"]
        open_box(world, keeper)
        read, aside, new = (
            send(world, once, replace(make_file(), sealer=self.sealer), sealer=self.sealer).id
            for once in ("one", "two", "three")
        )
        with world.act(self.people["second keeper"]) as act:
            tips.read_tip(act, aside, self.sealer)
            tips.set_aside(act, aside)
        with world.act(keeper) as act:
            tips.read_tip(act, read, self.sealer)
            tips.ask_sender(act, read, "When was it?", self.sealer)
        self.of["tip"] = read
        self.at["tip"] = [f"/tips/{one}" for one in (new, read, aside)]
        self.at["tip_destruction"] = [f"/tips/{aside}/destruction"]

    def _administrate(self) -> None:
        """What an administrator keeps, and what everybody has of their own."""
        world, editor = self.world, self.world.editor
        with world.act(world.admin) as act:
            added, _secret = webhooks.add_webhook(
                act, {"url": "http://127.0.0.1:9/hook"}, self.sealer, local=True
            )
            self.of |= {"webhook": added.id, "key": keys.grant_key(act, None)[0].id}
            keys.grant_key(act, editor.id)
        guest = world.person("guest", "editor").id
        with world.act(OPERATOR) as act:
            link = entry_links.make_link(act, guest, "invitation")
        with world.act(editor) as act:
            given = {"credential": b"c", "public_key": b"k", "sign_count": 0, "label": "the phone"}
            passkey = Passkey(id=act.new_id("passkey"), person_id=editor.id, added_at=act.now, **given)
            act.session.add(passkey)
            self.of["passkey"] = passkey.id
            self.of["identity"] = identities.link_identity(act, "http://127.0.0.1:9", "5f0c2d1e").id
        self.at |= {"entry": [f"/entry?link={link}"], "return": [f"/accounts/{self._suspend()}/return"]}
        self.at["standing"] = [f"/watchdogs/{world.watchdog}/standing"]
        self.at["account_identity"] = [f"/accounts/{editor.id}/identity"]
        self._set_mailboxes()

    def _suspend(self) -> str:
        """Somebody whose account is suspended."""
        gone = self.world.person("gone", "editor").id
        with self.world.act(OPERATOR) as act:
            people.suspend_person(act, "gone")
        return gone

    def _set_mailboxes(self) -> None:
        """Where the editor is told, and somebody who follows; not confirmed yet by the link that was sent there."""
        world, english, address = self.world, get_language("en"), "amal@host.example"
        self.link = base64.urlsafe_b64encode(_draw_sevens(world, 32)).rstrip(b"=").decode()
        self.at["confirmation"] = [f"/account/mail/confirmation?link={self.link}"]
        draw, now = partial(_draw_sevens, world), world.clock()
        with open_unit(world.session, world.editor, now, draw) as act:
            mailboxes.set_mailbox(act, address, "daily", english, self.sealer, "")
        with open_unit(world.session, followers.SOMEBODY, now, draw, whatever_standing=True) as act:
            followers.follow(act, Wish(address, "process", world.process, english, "", ""), self.sealer, "")

    def _import(self, browser: Browser) -> None:
        """Rows that wait to be recorded, a batch that was, and a form that is kept."""
        given = {
            "kind": "recommendation",
            "process": self.world.process,
            "text": _ROWS,
            "reason": "Misprinted.",
        }
        page = browser.send_in_parts("/import", given).headers["Location"]
        good = {**given, "text": _ROWS.rpartition("R9")[0], "propose": "on"}
        seen = browser.read(browser.send_in_parts("/import", good).headers["Location"]).text
        done = browser.post("/import/dry-run", dict(HIDDEN.findall(seen))).text
        (batch,) = re.findall(r"/desk/decide/(prp_\w+)\">Another person", done)
        kept = browser.post("/account/keys/new", {**browser.fields("/account/keys/new"), ".keep": "on"})
        self.of["kept_form"] = kept.headers["Location"].rpartition("=")[2]
        more = {**good, "text": good["text"].replace("R8", "R10")}
        ready = browser.send_in_parts("/import", more).headers["Location"]
        self.at["dry_run"] = [one.removeprefix("/en/desk") for one in (page, ready)]
        self.at["decide"].append(f"/decide/{batch}")
        with self.world.act(self.world.approver) as act:
            proposals.decide_proposal(act, batch, "approve")
        (opened,) = sessions.list_sessions(self.world.session, self.world.editor, self.world.clock())
        self.of |= {"proposal": batch, "session": opened.id}
        self.world.clock.move(minutes=1)  # type: ignore[attr-defined]  # the clock of a test

    def _find_event(self, change: str) -> str:
        """The public act by which a status became known."""
        told = list_about(core_connection(self.world.session), self.scenes.burial)
        return next(str(one.body["id"]) for one in told if change in str(one.body))

    def _prove(self, app: Flask) -> dict[str, list[str]]:
        """What an identity provider said, as this tracker wrote it down; and a form for which one says who one is."""
        known: Context = app.extensions["tracker"]
        end = int((self.world.clock() + QUESTION).timestamp())

        def prove(purpose: str, *parts: Any) -> str:
            return cursors.sign_cursor(known.settings.secret_key, f"provider {purpose}", [end, *parts])

        login = prove("login", self.of["identity"], False, "lot")
        link = prove("link", "http://127.0.0.1:9", "77", self.world.approver.id)
        kept = f"next=/desk/account/keys/new&kept={self.of['kept_form']}"
        return {
            "confirm": [f"/confirm?{kept}"],
            "passkey_confirm": [f"/confirm/passkey?{kept}"],
            "identity_login": [f"/login/identity?proof={login}"],
            "vouched_login": [f"/login/vouched?proof={prove('login', self.of['identity'], True, 'lot')}"],
            "new_identity": [f"/account/identity/new?proof={link}"],
        }


def _draw_sevens(world: World, size: int) -> bytes:
    """Randomness of which the secret of a link is known, and an id is still its own."""
    return b"\7" * size if size == 32 else world.entropy(size)
