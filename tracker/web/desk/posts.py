"""From a form that was sent to its act: whose form it is, what was typed, one transaction, and where to go on.

Nothing that was typed is lost: what is refused comes back as it was sent, and what arrives too late to be known for
somebody's is kept for them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from time import sleep
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Response

from tracker.actions import kept_forms, trials
from tracker.actions.support import idempotency
from tracker.actions.support.idempotency import Outcome, RequestKey
from tracker.domain import ids
from tracker.domain.errors import Refusal, StaleEdit
from tracker.domain.people import Actor
from tracker.domain.service_errors import InFlight
from tracker.domain.sessions import is_confirmed
from tracker.domain.text import read_digits
from tracker.http import requests
from tracker.http.acts import act_once, open_act
from tracker.http.multipart import Part
from tracker.http.refusals import STATUS, name_wait
from tracker.web import csrf, forms
from tracker.web.desk.answers import go_to, show_screen
from tracker.web.desk.effects import describe_effect
from tracker.web.desk.view import Act, View
from tracker.web.desk.visit import Visit
from tracker.web.filled_forms import FilledForm
from tracker.web.form_bodies import Pairs, comes_in_parts, read_pairs, read_parts

#: How often, and after how many seconds, it is asked what became of a form that was sent twice.
_TRIES, _PAUSE = 25, 0.2
_VERSION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
Parts = dict[str, str]
Lists = dict[str, list[str]]


def keep_form(visit: Visit, act: Act, owner: str, parts: Parts, pairs: Pairs) -> str:
    """Keep what somebody typed, but no password; its id."""
    thing = next((part for part in parts.values() if ids.kind_of(part)), None)
    typed = [(name, value) for name, value in pairs if not act.form.is_secret(name) and name != forms.ASKED]
    typed.append((forms.ASKED, urlencode(requests.read_query())))
    sealer, by = visit.context.sealer(), Actor(owner, frozenset())
    with open_act(visit.context, visit.session, by, whatever_standing=True) as kept:
        return kept_forms.keep_form(kept.unit, owner, visit.page, thing, typed, sealer)


def read_kept_query(visit: Visit, id: str) -> dict[str, str]:
    """The parameters of the page on which a kept form was typed."""
    form = kept_forms.read_form(visit.session, visit.by.id, id, visit.context.sealer())
    return dict(parse_qsl(dict(form.typed).get(forms.ASKED, "")))


def fill_form(act: Act, visit: Visit, shown: dict[str, Any], typed: Lists, **more: Any) -> FilledForm:
    """The form of a screen. It is acted on once: it carries a value of its own."""
    own = {forms.ONCE: visit.context.entropy(16).hex(), forms.VERSION: str(shown.get("version") or "")}
    if "versions" in shown:
        own[forms.VERSIONS] = _write_versions(shown["versions"])
    if visit.actor is not None:
        own[forms.TOKEN] = csrf.make_token(visit.context, visit.by.id)
    own |= more.pop("own", {})
    typed = act.form.renew_bound(typed, shown.get("values") or {})
    more |= {"needed": shown.get("needed", ())}
    more |= {"choices": shown.get("choices") or {}, "own": own, "tries": act.tries is not None}
    return FilledForm(act.form, typed, **more)


def do_act(screen: View, act: Act, visit: Visit, parts: Parts) -> Response:
    """Do what a form says, and go on; or show it again, with what is wrong."""
    pairs: Pairs = []
    try:
        try:
            _read_body(act, visit, pairs)
        except Refusal as refusal:
            if not pairs:
                raise
            _require_own_form(visit, pairs)
            typed = act.form.keep_known(pairs)
            return _show_again(screen, act, visit, parts, typed, forms.read_pairs(pairs), refusal)
        _require_own_form(visit, pairs)
        return do_sent_act(screen, act, visit, parts, pairs)
    finally:
        for forget in visit.undo:
            forget()


def _read_body(act: Act, visit: Visit, pairs: Pairs) -> None:
    """Add to ``pairs`` what was sent. A file is taken once it is known that a page of ours sent the form. Where one is
    refused, the rest is passed over: a browser hears nothing before it has sent all."""
    receive, refused = act.receive, list[Refusal]()
    if receive is None or not comes_in_parts():
        pairs += read_pairs()
        return

    def take(part: Part) -> None:
        _require_own_form(visit, pairs)
        if not refused:
            try:
                receive(visit, pairs, part)
            except Refusal as refusal:
                refused.append(refusal)

    visit.session.rollback()  # however long it takes to arrive, nothing in the database is held for it
    settings = visit.context.settings
    read_parts(pairs, settings.body_limit, act.most_bytes(settings), take)
    if refused:
        raise refused[0]


def _require_own_form(visit: Visit, pairs: Pairs) -> None:
    person = None if visit.actor is None else visit.actor.id
    csrf.require_own_form(visit.context, forms.read_pairs(pairs).get(forms.TOKEN, ""), person)


def do_sent_act(screen: View, act: Act, visit: Visit, parts: Parts, pairs: Pairs) -> Response:
    """The same with a form of which it is known that its reader sent it."""
    own = forms.read_pairs(pairs)
    visit.kept = own.get(forms.KEPT)
    typed = act.form.keep_known(pairs)
    if forms.MORE in own:
        shown = screen.gather(visit, **parts)
        form = fill_form(act, visit, shown, typed, own=_kept_of(own), opened=True)
        return show_screen(screen, visit, shown, form)
    if forms.KEEP in own and visit.actor is not None:
        return go_to(visit.link_here(kept_form=keep_form(visit, act, visit.by.id, parts, pairs)))
    if _is_dangerous(act, visit, typed, parts) and not is_confirmed(
        visit.own_session.confirmed_at, visit.now
    ):
        kept = keep_form(visit, act, visit.by.id, parts, pairs)
        return go_to(visit.link("/confirm", next=visit.page, kept=kept))
    typed = act.form.drop_empty_rows(typed)
    try:
        version = read_digits(own.get(forms.VERSION, ""))
        visit.expected = None if version is None else frozenset({version})
        visit.versions = _read_versions(own.get(forms.VERSIONS, ""))
        data = act.form.load(typed, None if act.find is None else act.find(visit, typed, **parts))
        if act.prepare is not None:
            act.prepare(visit, data, **parts)
        if forms.TRY in own and act.tries is not None:
            effect = _try(act.tries, visit, parts, data)
            shown = {**screen.gather(visit, **parts), "effect": {**describe_effect(effect), **visit.told}}
            return show_screen(screen, visit, shown, fill_form(act, visit, shown, typed, own=_kept_of(own)))
        made = _run(act, visit, parts, data, own, pairs)
    except Refusal as refusal:
        return _show_again(screen, act, visit, parts, typed, own, refusal)
    if visit.revealed is not None:
        return _change_session(visit, show_screen(screen, visit, visit.revealed, None, done=screen.name))
    if forms.NEXT in own:
        return go_to(visit.link("/queue/next", kind=own[forms.NEXT] or None, done=screen.name))
    to = _find_next(screen, act, visit, parts, made)
    return _change_session(visit, to if isinstance(to, Response) else go_to(to))


def _find_next(screen: View, act: Act, visit: Visit, parts: Parts, made: str | None) -> str | Response:
    """Where to go on after an act, and the answer itself where that is no address."""
    if act.then is None:
        return visit.link_here(done=screen.name)
    if isinstance(act.then, str):
        return visit.link(act.then.format(made=made, **parts), done=screen.name)
    return act.then(visit, made, **parts)


def _is_dangerous(act: Act, visit: Visit, typed: Lists, parts: Parts) -> bool:
    return act.dangerous if isinstance(act.dangerous, bool) else act.dangerous(visit, typed, **parts)


def _try(tries: Callable[..., Any], visit: Visit, parts: Parts, data: dict[str, Any]) -> trials.Effect:
    """What would follow from a form: it is done by all rules, looked at, and undone."""
    known = visit.context
    act: Callable[[Any], Any] = lambda unit: tries(visit, unit, data, **parts)  # noqa: E731  # it says what it is
    return trials.try_act(visit.session, visit.by, known.clock, known.entropy, act, lambda _made: None)[1]


def _show_again(
    screen: View, act: Act, visit: Visit, parts: Parts, typed: Lists, own: dict[str, str], refusal: Refusal
) -> Response:
    """The form as it was sent, with what is wrong; where somebody else was faster, with what they wrote."""
    shown = screen.gather(visit, **parts)
    if "go_to" in shown:
        return go_to(shown["go_to"])
    theirs = act.form.write(shown.get("values") or {}) if isinstance(refusal, StaleEdit) else None
    form = fill_form(act, visit, shown, typed, own=_kept_of(own), refusal=refusal, theirs=theirs)
    response = show_screen(screen, visit, shown, form, status=STATUS[type(refusal)])
    response.headers.update(name_wait(refusal))
    return response


def _write_versions(versions: Mapping[str, int]) -> str:
    """Versions of things as one field holds them."""
    return " ".join(f"{thing}:{version}" for thing, version in versions.items())


def _read_versions(written: str) -> dict[str, int]:
    """The same back; what is none is left out."""
    pairs = (one.partition(":") for one in written.split())
    return {thing: int(version) for thing, _, version in pairs if _VERSION.fullmatch(version)}


def _kept_of(own: dict[str, str]) -> dict[str, str]:
    """What a form that is shown again carries on."""
    return {name: own[name] for name in (forms.KEPT,) if name in own}


def _change_session(visit: Visit, response: Response) -> Response:
    """The same answer with what the browser keeps from now on: the session, and what a provider was asked."""
    if visit.asked is not None:
        visit.cookies.keep_question(response, visit.asked)
    if visit.secret:
        visit.cookies.keep_secret(response, visit.secret)
        visit.cookies.keep_mark(response, visit.name)
    elif visit.secret is not None:
        visit.cookies.forget_secret(response)
    return response


def _run(
    act: Act, visit: Visit, parts: Parts, data: dict[str, Any], own: dict[str, str], pairs: Pairs
) -> str | None:
    """The act, once however often its form is sent; the id of what it made."""
    known, by = visit.context, visit.by

    def run(asked: RequestKey | None = None) -> str | None:
        standing = {"whatever_standing": act.whatever_standing}
        with open_act(known, visit.session, by, asked, **standing) as opened:
            made = act.do(visit, opened.unit, data, **parts)
            if forms.KEPT in own:
                kept_forms.drop_form(opened.unit, own[forms.KEPT])
            opened.unit.session.flush()
            opened.after += visit.after
            opened.outcome = Outcome(303, made)
        visit.undo.clear()
        return made

    once = own.get(forms.ONCE)
    if once is None or visit.opened is None:  # who logs in sends another code each time
        return run()
    all_of_it = repr((pairs, [digest for digest, _file in visit.received]))
    sent = f"{visit.page}\0{hashlib.sha256(all_of_it.encode()).hexdigest()}".encode()
    asked = idempotency.make_request_key(once, by.id, sent, known.settings.secret_key, known.entropy)
    again: Callable[[Outcome], str | None] = lambda before: before.made  # noqa: E731  # it says what it is
    return _wait_for(lambda: act_once(known, visit.session, by, visit.now, asked, lambda: run(asked), again))


def _wait_for(act: Callable[[], str | None]) -> str | None:
    """A browser that sent a form twice shows the answer to the second: it waits for the first."""
    for _try in range(_TRIES):
        try:
            return act()
        except InFlight:
            sleep(_PAUSE)
    return act()
