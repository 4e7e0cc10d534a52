"""Asking the identity provider of the operator who somebody is: OpenID Connect Core 1.0, with an authorization code and
PKCE.

What it says of itself is fetched each time: people log in some times a day, and keys that were changed are known
at once. Its own host may be anywhere, for the operator named it; another host that it names must be on the internet.
"""

from __future__ import annotations

import base64
import hmac
import re
import ssl
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from tracker.domain.errors import Refusal
from tracker.domain.identities import LONGEST_SUBJECT
from tracker.domain.sentences import Sentence, sentence
from tracker.domain.strict_json import parse_json
from tracker.outgoing.addresses import is_this_machine, pick_address
from tracker.outgoing.sender import Outcome, Sender

#: Seconds that a clock may be wrong.
SKEW: Final = 60
#: Seconds for one question, and the most bytes of an answer.
PATIENCE: Final = 10.0
_MOST_BYTES: Final = 200_000
#: Signatures that only the provider can make.
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
_FACTOR: Final = re.compile(r"(?:acr|amr):[\x21-\x2b\x2d-\x7e]{1,200}", re.ASCII)
_SUBJECT: Final = re.compile(rf"[\x20-\x7e]{{1,{LONGEST_SUBJECT}}}", re.ASCII)


class _Told(Exception):
    """What went wrong, in words that are said in any language."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ProviderAway(_Told):
    """The provider does not answer, or says nothing that makes sense; the message says what."""


class AnswerWrong(_Told):
    """What came back is not what was asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser takes to the provider, and what only its own answer fits: 32 random bytes each, in letters."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the provider knows. ``strong``: it says of the login what the operator asks of a second factor."""

    subject: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """``name`` is what people call it, ``client`` what it calls this tracker. ``strong`` are the values of `acr` and
    `amr`, as ``amr:mfa``, of which one stands for a second factor."""

    issuer: str
    client: str
    name: str
    secret_file: Path | None = None
    strong: tuple[str, ...] = ()
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.client} at {self.issuer}"

    def find_fault(self) -> str | None:
        """Why nobody could log in by it now; None where somebody could."""
        try:
            self._discover()
            if self.secret_file is not None:
                self._read_secret()
        except ProviderAway as error:
            return str(error)
        return None

    def make_address(self, question: Question, redirect: str) -> str:
        """Where a browser asks the provider. `ProviderAway` where that cannot be found out."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # noqa: PLC0415

        levels = [one.removeprefix("acr:") for one in self.strong if one.startswith("acr:")]
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.client,
            "redirect_uri": redirect,
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": create_s256_code_challenge(question.verifier),
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(levels)} if levels else {}),
        }
        page = self._discover()["authorization_endpoint"]
        return f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"

    def exchange(
        self, question: Question, redirect: str, code: str, issuer: str | None, now: datetime
    ) -> Known:
        """Whom an authorization code is of. ``issuer`` is who the answer says it is from, where it says so (RFC 9207).
        `AnswerWrong`, `ProviderAway`."""
        provider = self._discover()
        says_so = provider.get("authorization_response_iss_parameter_supported") is True
        if issuer != self.issuer and (issuer is not None or says_so):
            raise AnswerWrong(sentence("it comes from another provider"))
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": question.verifier,
        }
        headers = self._identify(provider, given)
        tokens = self._ask(provider["token_endpoint"], headers, urlencode(given).encode())
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise AnswerWrong(sentence("it holds no ID token"))
        return self._read_token(token, self._ask(provider["jwks_uri"], {}), question, now)

    def _read_token(self, token: str, keys: Any, question: Question, now: datetime) -> Known:
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra
        from joserfc import jwk, jwt  # noqa: PLC0415  # the same
        from joserfc.errors import JoseError  # noqa: PLC0415  # the same

        try:
            signed = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=list(_ALGORITHMS))
            wanted: Any = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client},
                "nonce": {"essential": True},
            }
            claims = CodeIDToken(signed.claims, signed.header, wanted, {"client_id": self.client})
            claims.validate(now=int(now.timestamp()), leeway=SKEW)
        except (JoseError, ValueError, TypeError, LookupError, AttributeError) as error:
            why = type(error).__name__
            raise AnswerWrong(sentence("its ID token is not valid (%(why)s)", why=why)) from None
        subject, nonce = claims["sub"], claims["nonce"]
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), question.nonce.encode()):
            raise AnswerWrong(sentence("its ID token answers another question"))
        if not isinstance(subject, str) or _SUBJECT.fullmatch(subject) is None:
            raise AnswerWrong(sentence("its ID token names nobody"))
        return Known(subject, self._is_strong(claims))

    def _is_strong(self, claims: Mapping[str, Any]) -> bool:
        """Whether the provider says that it asked for what the operator takes for a second factor."""
        methods = claims.get("amr") or []
        methods_said = {f"acr:{claims.get('acr')}", *(f"amr:{one}" for one in methods)}
        return not methods_said.isdisjoint(self.strong)

    def _identify(self, provider: Mapping[str, Any], given: dict[str, str]) -> dict[str, str]:
        """The headers by which the provider knows this tracker; ``given`` gets what stands in the body."""
        ways = provider.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self.secret_file is not None and "client_secret_basic" in ways:
            pair = f"{quote(self.client, safe='')}:{quote(self._read_secret(), safe='')}"
            return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        given["client_id"] = self.client
        if self.secret_file is not None:
            given["client_secret"] = self._read_secret()
        return {}

    def _read_secret(self) -> str:
        path = self.secret_file
        try:
            if path is None or stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise ProviderAway(sentence("others may read the file of TRACKER_OIDC_SECRET_FILE"))
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ProviderAway(sentence("the file of TRACKER_OIDC_SECRET_FILE cannot be read")) from None

    def _discover(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4)."""
        discovered = self._ask(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", {})
        if discovered.get("issuer") != self.issuer:
            raise ProviderAway(sentence("it calls itself by another name than TRACKER_OIDC_ISSUER"))
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(discovered.get(name), str) or not _is_safe(discovered[name], self.issuer):
                raise ProviderAway(sentence("it names no %(name)s with https://", name=name))
        return discovered

    def _ask(self, url: str, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
        own = urlsplit(url).hostname == urlsplit(self.issuer).hostname
        sender = Sender(local=own, pick=_pick_any if own else pick_address, patience=PATIENCE)
        kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        asked = {"Accept": "application/json", **kind, **headers}
        outcome = sender.ask(url, asked, _MOST_BYTES, body, self.trust)
        if not outcome.taken:
            if body is not None and outcome.status in (400, 401):
                raise AnswerWrong(
                    sentence("the provider takes the code for none of its own, or knows this tracker not")
                )
            raise ProviderAway(_tell_fault(outcome))
        try:
            read = parse_json(outcome.body, sentence("the answer of the provider"))
        except Refusal as error:
            raise ProviderAway(error.detail) from None
        if not isinstance(read, dict):
            raise ProviderAway(sentence("its answer is no object"))
        return read


#: Why there was no answer -> in words.
_FAULTS: Final = {
    "timeout": sentence("it did not answer in time"),
    "tls": sentence("no encrypted line could be made"),
    "unreachable": sentence("it cannot be reached"),
}


def _tell_fault(outcome: Outcome) -> Sentence:
    if outcome.fault is None:
        return sentence("it answered with status %(status)s", status=outcome.status)
    return _FAULTS.get(outcome.fault) or sentence("its answer cannot be read (%(code)s)", code=outcome.fault)


def read_provider(
    issuer: str | None, client: str | None, name: str | None, secret_file: str | None, strong: str | None
) -> Provider | None:
    """The provider that the settings name; None where they name none. `ValueError` names what is wrong."""
    if not issuer:
        if client or name or secret_file or strong:
            raise ValueError("TRACKER_OIDC_ISSUER must be set too, as https://id.example")
        return None
    if not _is_issuer(issuer):
        raise ValueError("TRACKER_OIDC_ISSUER must be https://HOST…, as the provider calls itself")
    if not client or len(client) > LONGEST_SUBJECT:
        raise ValueError("TRACKER_OIDC_CLIENT must be what the provider calls this tracker")
    if name is not None and not 1 <= len(name.strip()) <= 60:
        raise ValueError("TRACKER_OIDC_NAME must be 1 to 60 characters")
    path = Path(secret_file) if secret_file else None
    if path is not None and not path.is_absolute():
        raise ValueError("TRACKER_OIDC_SECRET_FILE must be the absolute path of a file")
    factors = tuple(one.strip() for one in (strong or "").split(",") if one.strip())
    if any(_FACTOR.fullmatch(one) is None for one in factors):
        raise ValueError("TRACKER_OIDC_STRONG must be acr:VALUE or amr:VALUE, and after a comma the next")
    return Provider(issuer, client, name or urlsplit(issuer).hostname or issuer, path, factors)


def _is_issuer(issuer: str) -> bool:
    parts = urlsplit(issuer)
    return _is_safe(issuer, issuer) and not (parts.query or parts.fragment or parts.username)


def _is_safe(url: str, issuer: str) -> bool:
    """Whether an address is encrypted, or on this machine, where the provider is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018  # it is read, so that a wrong one is found
    except ValueError:
        return False
    plain = parts.scheme == "http" and is_this_machine(host) and issuer.startswith("http:")
    return bool(host) and (parts.scheme == "https" or plain)


def _pick_any(addresses: Iterable[str], *, local: bool) -> str:
    """The address of the host that the operator named; over plain HTTP this machine alone."""
    return pick_address(addresses, local=True) if local else next(iter(addresses))
