"""The identity provider of the operator: somebody logs in with its word, and links who they are there with an account.

A page leads to the provider and the provider back to one address, in one language. What it says is looked at there, and
written down in a proof that is good for some minutes; only the form behind it acts.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from tracker.actions import identities, sessions
from tracker.actions.identities import Vouched
from tracker.actions.passkeys import Challenge
from tracker.domain.errors import InvalidInput
from tracker.domain.identities import QUESTION
from tracker.domain.people import PUBLIC
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import ProviderRefused, ProviderUnavailable
from tracker.http import cursors
from tracker.languages.i18n import get_language, mark
from tracker.outgoing.identity_provider import AnswerWrong, Known, Provider, ProviderAway, Question
from tracker.schemas.identities import (
    IdentityIn,
    IdentityLoginIn,
    ProofQuery,
    ProviderAnswerQuery,
    VouchedLoginIn,
)
from tracker.schemas.sessions import LoginQuery, Nothing
from tracker.settings import Settings
from tracker.store.identities import list_identities
from tracker.web.desk import login
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_OWN: Final = "self.manage"
#: Where every provider leads back to, in one language; it goes on in that in which somebody began.
_ANSWER: Final = "/en/desk/login/answer"
_LONGEST_NEXT: Final = 1_500
_QUESTION, _LOGIN, _LINK = "question", "login", "link"
_STALE: Final = sentence("it answers no question of this browser, or came too late; begin once more")
PROOF = Field("proof", mark("What the provider said"), kind="hidden")
WITH_CODE = Form(IdentityLoginIn, login.CODE, login.LABEL, button=mark("Log in"))
VOUCHED = Form(VouchedLoginIn, login.LABEL, button=mark("Log in"))
LINK = Form(IdentityIn, PROOF, button=mark("Link it with my account"))
UNLINK = Form(Nothing, button=mark("End the link"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser keeps until the provider has answered: the question, in which language and for what it was asked.
    ``person`` is who wants to link an identity; empty for somebody who logs in."""

    question: Question
    language: str
    next: str
    person: str


def has_provider(settings: Settings) -> bool:
    """Whether there is a provider."""
    return settings.provider is not None


@view("/login/provider", permission=PUBLIC, query=LoginQuery, offered=has_provider)
def show_provider(desk: Visit) -> Shown:
    return _ask_provider(desk, "")


@view("/account/identity/begin", permission=_OWN, offered=has_provider)
def show_identity_begin(desk: Visit) -> Shown:
    return _ask_provider(desk, desk.by.id)


@view("/login/answer", permission=PUBLIC, query=ProviderAnswerQuery, offered=has_provider)
def show_provider_answer(desk: Visit) -> Shown:
    asked = _read_question(desk)
    known = _find_known(desk, asked)
    desk.asked, there = "", replace(desk, language=get_language(asked.language))
    provider = _find_provider(desk)
    if asked.person:
        proof = _write_proof(desk, _LINK, provider.issuer, known.subject, asked.person)
        return {"go_to": there.link("/account/identity/new", proof=proof)}
    identity = identities.find_identity(desk.session, provider.issuer, known.subject, provider.name)
    proof = _write_proof(desk, _LOGIN, identity.id, known.strong, desk.context.entropy(16).hex())
    desk.asked = proof  # elsewhere it is good for nothing: nobody is led into the session of somebody else
    page = "/login/vouched" if known.strong else "/login/identity"
    return {"go_to": there.link(page, proof=proof, next=asked.next or None)}


@view("/login/identity", permission=PUBLIC, template="form", query=ProofQuery, offered=has_provider)
def show_identity_login(desk: Visit) -> Shown:
    lead = desk.language.say(
        "%(provider)s says who you are. Show that you have your phone, too.",
        provider=_find_provider(desk).name,
    )
    return {"title": desk.language.say("Log in"), "lead": lead}


@view("/login/vouched", permission=PUBLIC, template="form", query=ProofQuery, offered=has_provider)
def show_vouched_login(desk: Visit) -> Shown:
    lead = desk.language.say("%(provider)s says who you are.", provider=_find_provider(desk).name)
    return {"title": desk.language.say("Log in"), "lead": lead}


def check_login(desk: Visit, data: Shown) -> None:
    """Who comes with the proof that this browser was given. One that does not hold for a second factor needs the
    code."""
    proof = desk.query["proof"]
    (identity, strong, _lot), challenge = _read_proof(desk, _LOGIN, proof)
    kept = desk.cookies.read_question() or ""
    if not hmac.compare_digest(kept.encode(), proof.encode()) or (not strong and "code" not in data):
        raise ProviderRefused(_STALE)
    vouched = Vouched(identity, strong, challenge)
    known, find_caller = desk.context, desk.cookies.find_caller
    desk.prepared = sessions.check_vouched(
        desk.session, known.brake, known.sealer(), vouched, data.get("code", ""), find_caller, desk.now
    )
    desk.actor, desk.name = desk.prepared.person.actor, desk.prepared.person.name


_AS_A_LOGIN: Final[dict[str, Any]] = {
    "done": mark("You are logged in."),
    "prepare": check_login,
    "then": login.go_back,
    "whatever_standing": True,
}


@act(show_identity_login, WITH_CODE, **_AS_A_LOGIN)
def log_in_with_code(desk: Visit, unit: Unit, data: Shown) -> None:
    _log_in(desk, unit, data)


@act(show_vouched_login, VOUCHED, **_AS_A_LOGIN)
def log_in_vouched(desk: Visit, unit: Unit, data: Shown) -> None:
    _log_in(desk, unit, data)


def _log_in(desk: Visit, unit: Unit, data: Shown) -> None:
    login.log_in(desk, unit, data)
    desk.asked = ""


@view("/account/identity", permission=_OWN, offered=has_provider)
def show_identity(desk: Visit) -> Shown:
    provider = _find_provider(desk)
    return {
        "title": desk.language.say("Log in with %(provider)s", provider=provider.name),
        "provider": provider,
        "identities": list_identities(desk.session, desk.by.id),
    }


@act(show_identity, UNLINK, done=mark("The link has ended."), then="/account", whatever_standing=True)
def unlink_identity(_desk: Visit, unit: Unit, _data: Shown) -> None:
    identities.unlink_identities(unit)


@view("/account/identity/new", permission=_OWN, template="form", query=ProofQuery, offered=has_provider)
def show_new_identity(desk: Visit) -> Shown:
    provider = _find_provider(desk)
    proof = desk.query.get("proof", "")  # behind "confirm it is you" it is in the form alone
    lead = None
    if proof:
        (_issuer, subject, _person), _challenge = _read_proof(desk, _LINK, proof)
        lead = desk.language.say(
            "%(provider)s knows you as %(subject)s.", provider=provider.name, subject=subject
        )
    return {
        "title": desk.language.say("Log in with %(provider)s", provider=provider.name),
        "lead": lead,
        "values": {"proof": proof},
    }


@act(
    show_new_identity,
    LINK,
    done=mark("It is linked with your account."),
    then="/account/identity",
    dangerous=True,
)
def link_identity(desk: Visit, unit: Unit, data: Shown) -> None:
    (issuer, subject, person), _challenge = _read_proof(desk, _LINK, data["proof"])
    if person != desk.by.id:
        raise ProviderRefused(_STALE)
    identities.link_identity(unit, issuer, subject)


def _ask_provider(desk: Visit, person: str) -> Shown:
    """To the provider, with a question that this browser alone can bring the answer to."""
    question = Question(*(desk.context.entropy(32).hex() for _one in range(3)))
    try:
        address = _find_provider(desk).make_address(question, _find_return(desk))
    except ProviderAway as error:
        raise ProviderUnavailable(error.detail) from None
    after = desk.query.get("next", "")
    fits = after.isascii() and len(after) <= _LONGEST_NEXT  # browsers drop cookies of more than 4096 bytes
    parts = (question.state, question.nonce, question.verifier)
    desk.asked = _write_proof(desk, _QUESTION, *parts, desk.language.code, after if fits else "", person)
    return {"go_to": address}


def _find_known(desk: Visit, asked: Asked) -> Known:
    """Whom the provider knows who came back."""
    given, code = desk.query, desk.query.get("code")
    if given["state"] != asked.question.state:
        raise ProviderRefused(_STALE)
    if code is None:
        raise ProviderRefused(sentence("it said %(value)s", value=repr(given.get("error", "nothing"))))
    try:
        return _find_provider(desk).exchange(
            asked.question, _find_return(desk), code, given.get("iss"), desk.now
        )
    except ProviderAway as error:
        raise ProviderUnavailable(error.detail) from None
    except AnswerWrong as error:
        raise ProviderRefused(error.detail) from None


def _read_question(desk: Visit) -> Asked:
    parts, _challenge = _read_proof(desk, _QUESTION, desk.cookies.read_question() or "")
    state, nonce, verifier, language, after, person = parts
    return Asked(Question(state, nonce, verifier), language, after, person)


def _write_proof(desk: Visit, purpose: str, *parts: Any) -> str:
    """What only this tracker can have written, for some minutes and one purpose. Nobody else reads what it holds."""
    end = int((desk.now + QUESTION).timestamp())
    return cursors.sign_cursor(desk.context.settings.secret_key, f"provider {purpose}", [end, *parts])


def _read_proof(desk: Visit, purpose: str, proof: str) -> tuple[tuple[Any, ...], Challenge]:
    try:
        read = cursors.read_cursor(desk.context.settings.secret_key, f"provider {purpose}", proof)
    except InvalidInput:
        read = None
    if read is None or desk.now.timestamp() >= read[0]:
        raise ProviderRefused(_STALE)
    digest = hashlib.sha256(proof.encode()).digest()
    return read[1:], Challenge(digest, datetime.fromtimestamp(read[0], UTC))


def _find_return(desk: Visit) -> str:
    return f"{desk.context.settings.base_url}{_ANSWER}"


def _find_provider(desk: Visit) -> Provider:
    provider = desk.context.settings.provider
    if provider is None:  # no screen is there without one
        raise ProviderUnavailable(sentence("no provider is named"))
    return provider
