"""A real identity provider on a port of this machine: discovery, keys, an authorization endpoint and PKCE by authlib's
server. A test may have it lie: what it puts into its ID token, and how it signs.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.live_server import serve_live

CLIENT, SECRET = "the-tracker", "a secret of the client"
Claims = dict[str, Any]


class _Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/en/desk/login/answer")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    def get_allowed_scope(self, scope: str) -> str:
        return scope


@dataclass
class _Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class IdentityProvider:
    """``claims`` are what it says beside what it must, ``forge`` makes another token of the one it would give out,
    ``says`` changes what it says of itself."""

    subject: str = "5f0c2d1e"
    algorithm: str = "RS256"
    claims: Claims = field(default_factory=dict)
    forge: Callable[[Claims, str], str] | None = None
    says: Claims = field(default_factory=dict)
    away: bool = False
    issuer: str = ""
    clock: Callable[[], float] = time.time
    asked: list[str] = field(default_factory=list)
    codes: dict[str, _Code] = field(default_factory=dict)
    keys: ClassVar[dict[str, Any]] = {
        "RS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    }

    def sign(self, claims: Claims, algorithm: str = "", key: Any = None) -> str:
        algorithm = algorithm or self.algorithm
        signer = key or self.keys[algorithm]
        return jwt.encode({"alg": algorithm, "kid": signer.kid}, claims, signer, [algorithm])

    def make_claims(self, nonce: str) -> Claims:
        now = int(self.clock())
        own = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300}
        return {**own, "nonce": nonce, **self.claims}

    def make_token(self, nonce: str) -> str:
        claims = self.make_claims(nonce)
        return self.sign(claims) if self.forge is None else self.forge(claims, self.algorithm)

    def describe(self) -> Claims:
        base = self.issuer
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            **self.says,
        }


def without_signature(claims: Claims, _algorithm: str) -> str:
    """What `alg: none` looks like."""
    parts = ({"alg": "none"}, claims)
    head, body = (base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
    return f"{head}.{body}."


@contextmanager
def serve_provider(clock: Callable[[], float]) -> Iterator[IdentityProvider]:
    """It, while it listens. Who is at its authorization endpoint is logged in there and agrees."""
    provider = IdentityProvider(clock=clock)
    with serve_live(_make_app(provider)) as base:
        provider.issuer = base
        yield provider


def _make_app(provider: IdentityProvider) -> Flask:
    app = Flask("provider")
    server = AuthorizationServer(
        app, query_client=lambda _id: _Client(), save_token=lambda _token, _request: None
    )

    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            provider.codes[code] = _Code(
                code,
                request.payload.redirect_uri,
                request.payload.scope,
                *(data[name] for name in ("nonce", "code_challenge", "code_challenge_method")),
            )

        def query_authorization_code(self, code: str, client: Any) -> _Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: _Code) -> str:
            return provider.subject

    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def encode_id_token(self, token: Any, request: Any) -> str:
            return provider.make_token(request.authorization_code.nonce)

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(sub=user)

    server.register_grant(Grant, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discover() -> Response:
        provider.asked.append("discovery")
        if provider.away:
            return Response("maintenance", status=503)
        return jsonify(provider.describe())

    @app.get("/keys")
    def list_keys() -> Response:
        return jsonify({"keys": [key.as_dict(private=False) for key in provider.keys.values()]})

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=provider.subject)
        return server.create_authorization_response(grant_user=provider.subject, grant=grant)

    @app.post("/token")
    def give_token() -> Any:
        provider.asked.append(request.form["code_verifier"])
        return server.create_token_response()

    return app
