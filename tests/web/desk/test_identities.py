"""Logging in by an identity provider, a real one over HTTP: who is linked gets in, and an answer that is not to our
question, of our provider, for us, gets nothing. No account is made, and no address of mail counts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.identity_provider import (
    CLIENT,
    SECRET,
    Claims,
    IdentityProvider,
    serve_provider,
    without_signature,
)
from tests.web.desk.people import Browser, let_in
from tests.world import World
from tracker.actions import identities, people
from tracker.actions.operations.readiness import check_provider
from tracker.actions.people import OPERATOR
from tracker.domain import password_brake
from tracker.http.context import Context
from tracker.outgoing.identity_provider import SKEW, Provider
from tracker.store.identities import Identity, list_identities

BEGIN, LINK = "/login/provider", "/account/identity/begin"


@pytest.fixture
def provider(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[IdentityProvider]:
    """The provider, and the tracker that knows it."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    secret = tmp_path / "oidc.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    with serve_provider(lambda: clock().timestamp()) as served:
        name(app, monkeypatch, Provider(served.issuer, CLIENT, "The University", secret, ("amr:mfa",)))
        yield served


def name(app: Flask, monkeypatch: pytest.MonkeyPatch, provider: Provider | None) -> None:
    known: Context = app.extensions["tracker"]
    settings = replace(known.settings, provider=provider)
    monkeypatch.setitem(app.extensions, "tracker", replace(known, settings=settings))


@pytest.fixture
def browser(app: Flask, world: World, provider: IdentityProvider) -> Browser:
    """One in which nobody is logged in; the editor is linked with whom the provider knows."""
    let_in(world, app, world.editor)
    with world.act(world.editor) as act:
        identities.link_identity(act, provider.issuer, provider.subject)
    world.session.rollback()
    return Browser(app)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_told: Any) -> None:
        return None


def visit_provider(address: str) -> str:
    """Where the provider leads back to: path and query."""
    with pytest.raises(HTTPError) as redirect:
        build_opener(_Stay).open(address)
    back = urlsplit(redirect.value.headers["Location"])
    redirect.value.close()
    return f"{back.path}?{back.query}"


def begin(browser: Browser, path: str = BEGIN) -> str:
    """The address at the provider to which a page leads."""
    led = browser.read(path)
    assert led.status_code == 303, led.text
    return led.headers["Location"]


def come_back(browser: Browser, path: str = BEGIN) -> TestResponse:
    """To the provider and back."""
    return browser.read(visit_provider(begin(browser, path)))


def words_of(page: TestResponse) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page.text))


def enter(browser: Browser, code: str = "") -> TestResponse:
    """The whole way, with the code of the phone."""
    page = come_back(browser).headers["Location"]
    return browser.send(page, {"code": code or browser.code()})


def change(address: str, **changed: str | None) -> str:
    path, _, query = address.partition("?")
    asked = {**dict(parse_qsl(query)), **changed}
    return f"{path}?{urlencode({key: value for key, value in asked.items() if value is not None})}"


def test_who_is_linked_shows_the_phone_and_is_in(browser: Browser, provider: IdentityProvider) -> None:
    assert "Log in with The University" in words_of(browser.read("/login"))
    back = come_back(browser, f"{BEGIN}?next=/desk/queue")
    page = back.headers["Location"]
    assert page.startswith("/en/desk/login/identity?proof=")
    assert "The University says who you are" in words_of(browser.read(page))
    wrong = browser.send(page, {"code": "000000"})
    assert (wrong.status_code, "is not the code that the phone shows now" in wrong.text) == (422, True)
    done = browser.send(page, {"code": browser.code()})
    assert (done.status_code, done.headers["Location"]) == (303, "/en/desk/queue")
    assert any(cookie.startswith("asked=;") for cookie in done.headers.getlist("Set-Cookie"))
    assert "opened by the identity provider" in browser.read("/account").text


def test_a_proof_and_a_code_are_good_once_and_codes_are_not_guessed(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    address = visit_provider(begin(browser))
    page = browser.read(address).headers["Location"]
    assert browser.send(page, {"code": browser.code()}).status_code == 303
    clock.move(seconds=30)
    assert browser.send(page, {"code": browser.code()}).status_code == 403
    assert browser.read(address).status_code == 403
    clock.move(minutes=10)
    other = Browser(app)
    page = come_back(other).headers["Location"]
    statuses = [other.send(page, {"code": "000000"}).status_code for _try in range(password_brake.FREE + 2)]
    assert statuses == [422] * (password_brake.FREE + 1) + [429]
    clock.move(minutes=10)
    assert other.send(page, {"code": other.code()}).status_code == 403


@pytest.mark.parametrize("claims", [{"amr": ["mfa"]}, {}])
def test_a_proof_lets_nobody_in_but_the_browser_that_asked(
    browser: Browser, app: Flask, provider: IdentityProvider, claims: Claims
) -> None:
    """Somebody sends the link to another, who would go on in an account that is not theirs."""
    provider.claims = claims
    page = come_back(browser).headers["Location"]
    other = Browser(app)
    answer = {} if claims else {"code": browser.code()}
    for _asked in range(2):
        assert other.send(page, answer).status_code == 403
        assert other.read("/").status_code == 303
        begin(other)  # nor one that has asked a question of its own
    assert browser.send(page, answer).status_code == 303


def test_a_second_factor_that_the_provider_asked_for_is_enough_where_the_operator_says_so(
    browser: Browser, app: Flask, provider: IdentityProvider
) -> None:
    page = come_back(browser).headers["Location"]
    sent = browser.send(page.replace("/login/identity", "/login/vouched"), {})
    assert sent.status_code == 403
    provider.claims = {"amr": ["pwd", "mfa"]}
    page = come_back(browser).headers["Location"]
    assert page.startswith("/en/desk/login/vouched?proof=")
    assert "input" not in re.sub('<input type="hidden"[^>]+>', "", browser.read(page).text).replace(
        'id="field-label"', ""
    ).replace('<input type="text"', "")
    assert browser.send(page, {}).status_code == 303
    assert browser.read("/").status_code == 200


def test_who_is_not_linked_gets_nothing_whatever_the_address_of_mail(
    app: Flask, world: World, provider: IdentityProvider
) -> None:
    let_in(world, app, world.editor)
    provider.subject, provider.claims = (
        "somebody-else",
        {
            "email": "editor",
            "email_verified": True,
            "preferred_username": "editor",
            "name": "editor",
        },
    )
    refused = come_back(Browser(app))
    assert refused.status_code == 403
    assert "The University knows you as 'somebody-else', and no account here is linked with that" in words_of(
        refused
    )
    assert world.session.query(Identity).count() == 0


def test_an_answer_to_no_question_of_this_browser_is_refused(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    address, other = visit_provider(begin(browser)), Browser(app)
    assert other.read(address).status_code == 403
    begin(other)
    assert other.read(address).status_code == 403
    for wrong in (change(address, state="0" * 64), change(address, code=None, error="access_denied")):
        assert browser.read(wrong).status_code == 403
    assert browser.read(change(address, state=None)).status_code == 422
    clock.move(minutes=10)
    assert browser.read(address).status_code == 403


def test_a_code_of_another_question_is_no_good(browser: Browser, provider: IdentityProvider) -> None:
    """A thief brings a code that they were given into the browser of somebody else."""
    theirs = dict(parse_qsl(urlsplit(visit_provider(begin(browser))).query))["code"]
    mine = visit_provider(begin(browser))
    assert "takes the code for none of its own" in browser.read(change(mine, code=theirs)).text
    provider.codes[theirs].code_challenge = create_s256_code_challenge(provider.asked[-1])
    assert "answers another question" in browser.read(change(mine, code=theirs)).text


def other_nonce(claims: Claims) -> Claims:
    return {**claims, "nonce": "of an earlier login"}


FORGED: dict[str, Callable[[IdentityProvider, Claims], str]] = {
    "a nonce of an earlier login": lambda it, claims: it.sign(other_nonce(claims)),
    "no nonce": lambda it, claims: it.sign({k: v for k, v in claims.items() if k != "nonce"}),
    "a nonce that is no text": lambda it, claims: it.sign({**claims, "nonce": 7}),
    "for somebody else": lambda it, claims: it.sign({**claims, "aud": "another-client"}),
    "for somebody else, by our name": lambda it, claims: it.sign(
        {**claims, "aud": "another-client", "azp": CLIENT}
    ),
    "for several, and given to another": lambda it, claims: it.sign(
        {**claims, "aud": [CLIENT, "another"], "azp": "another"}
    ),
    "by another issuer": lambda it, claims: it.sign({**claims, "iss": "https://evil.example"}),
    "over": lambda it, claims: it.sign({**claims, "exp": claims["iat"] - SKEW - 1}),
    "of tomorrow": lambda it, claims: it.sign({**claims, "iat": claims["iat"] + SKEW + 60}),
    "without an end": lambda it, claims: it.sign({k: v for k, v in claims.items() if k != "exp"}),
    "of nobody": lambda it, claims: it.sign({**claims, "sub": ""}),
    "of a number": lambda it, claims: it.sign({**claims, "sub": 5}),
    "without a signature": lambda _it, claims: without_signature(claims, ""),
    "signed by the secret that both know": lambda it, claims: it.sign(
        claims, "HS256", OctKey.import_key(SECRET.ljust(32), {"kid": "rsa"})
    ),
    "signed by another key": lambda it, claims: it.sign(
        claims, "RS256", RSAKey.generate_key(2048, {"kid": "rsa"})
    ),
    "no token": lambda _it, _claims: "ey.ey.ey",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_token_that_is_not_ours_is_refused(
    browser: Browser, provider: IdentityProvider, forged: str
) -> None:
    provider.forge = lambda claims, _algorithm: FORGED[forged](provider, claims)
    refused = come_back(browser)
    assert refused.status_code == 403, refused.headers
    assert "The identity provider did not say who you are" in refused.text


def test_a_token_of_a_clock_that_is_a_little_wrong_and_of_another_algorithm_is_good(
    browser: Browser, provider: IdentityProvider
) -> None:
    provider.algorithm = "ES256"
    provider.forge = lambda claims, _algorithm: provider.sign(
        {**claims, "iat": claims["iat"] + SKEW - 1, "exp": claims["iat"] - SKEW + 1, "aud": [CLIENT]}
    )
    assert come_back(browser).headers["Location"].startswith("/en/desk/login/identity")


def test_an_answer_in_the_name_of_another_provider_is_refused(
    browser: Browser, provider: IdentityProvider
) -> None:
    address = visit_provider(begin(browser))
    asked = len(provider.asked)
    assert browser.read(change(address, iss="https://evil.example")).status_code == 403
    provider.says = {"authorization_response_iss_parameter_supported": True}
    assert browser.read(address).status_code == 403
    assert provider.asked[asked:] == ["discovery", "discovery"]
    assert browser.read(change(address, iss=provider.issuer)).status_code == 303


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://192.0.2.7/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"jwks_uri": "https://["},
    ],
)
def test_a_provider_that_says_what_makes_no_sense_is_away_and_the_password_goes_on(
    browser: Browser, provider: IdentityProvider, says: Claims
) -> None:
    provider.says = says
    refused = browser.read(BEGIN)
    assert refused.status_code == 503
    assert "The identity provider does not answer" in refused.text
    assert browser.log_in("editor").status_code == 303


def test_a_provider_that_is_away_is_said_so(browser: Browser, provider: IdentityProvider) -> None:
    address = visit_provider(begin(browser))
    provider.away = True
    assert browser.read(address).status_code == 503
    assert browser.read(BEGIN).status_code == 503
    provider.away, provider.says = False, {"jwks_uri": "https://127.0.0.1:9/keys"}
    assert browser.read(address).status_code == 503


def test_one_links_who_one_is_there_and_ends_the_link(
    app: Flask, world: World, clock: Clock, provider: IdentityProvider
) -> None:
    let_in(world, app, world.editor)
    own = Browser(app)
    own.log_in("editor")
    assert own.read("/account/identity").status_code == 200
    page = come_back(own, LINK).headers["Location"]
    assert "The University knows you as 5f0c2d1e." in html.unescape(
        re.sub("<[^>]+>", "", own.read(page).text)
    )
    stranger = Browser(app).enter(world, world.approver)
    assert stranger.send(page, {}).status_code == 403
    clock.move(minutes=9, seconds=59)
    again = come_back(own, LINK).headers["Location"]
    clock.move(seconds=1)
    confirm = own.send(again, {}).headers["Location"]
    done = own.send(confirm, {"password": "correct horse battery", "code": own.code()})
    assert done.headers["Location"] == "/en/desk/account/identity?done=new_identity"
    assert own.send(again, {}).status_code == 409
    world.session.rollback()
    assert [one.subject for one in list_identities(world.session, world.editor.id)] == ["5f0c2d1e"]
    world.session.rollback()
    other = Browser(app)
    clock.move(seconds=30)
    assert enter(other).status_code == 303
    assert own.send("/account/identity", {}).status_code == 303
    assert own.send("/account/identity", {}).status_code == 404
    assert come_back(Browser(app)).status_code == 403


def test_who_is_suspended_is_not_let_in(browser: Browser, world: World) -> None:
    page = come_back(browser).headers["Location"]
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    assert browser.send(page, {"code": browser.code()}).status_code == 403
    assert come_back(browser).status_code == 403


def test_where_no_provider_is_named_nothing_of_it_is_there(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(app, monkeypatch, None)
    browser = Browser(app).enter(world, world.editor)
    for path in (BEGIN, "/login/answer?state=1", "/login/identity?proof=1", "/account/identity", LINK):
        assert browser.read(path).status_code == 404
    assert "provider" not in browser.read("/login").text


def test_the_operator_is_told_whether_the_provider_answers(provider: IdentityProvider, app: Flask) -> None:
    known: Context = app.extensions["tracker"]
    named = known.settings.provider
    assert named is not None
    assert check_provider(None).state == "not_yet"
    assert check_provider(named).state == "right"
    assert named.secret_file is not None
    named.secret_file.chmod(0o644)
    assert "others may read the file of TRACKER_OIDC_SECRET_FILE" in check_provider(named).detail
    named.secret_file.unlink()
    assert "cannot be read" in check_provider(named).detail
    provider.away = True
    assert check_provider(named).detail.endswith("status 503")
