"""A device with passkeys, in software: it answers as a browser writes it down. It sends what a thief would, too."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

#: What the site of the tests is called by a browser.
ORIGIN = "http://localhost:8000"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One with one passkey. ``verifies``: it asks for a PIN or a finger. It counts by one, unless it does not count."""

    verifies: bool = True
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0
    handle: bytes = b""

    def make(self, asked: str, origin: str = ORIGIN) -> str:
        """The answer to `navigator.credentials.create`."""
        options = json.loads(asked)
        self.handle = decode(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        made = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._say(options["rp"]["id"], _WITH_KEY) + attested,
        }
        client = self._tell("webauthn.create", options["challenge"], origin)
        return self._write({"clientDataJSON": client, "attestationObject": cbor2.dumps(made)})

    def sign(self, asked: str, origin: str = ORIGIN, **changed: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        options = {**json.loads(asked), **changed}
        client = self._tell("webauthn.get", options["challenge"], origin)
        said = self._say(options["rpId"], 0)
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": said, "signature": signature}
        return self._write({**parts, "userHandle": self.handle})

    def _say(self, host: str, more: int) -> bytes:
        self.count += self.counts
        flags = _PRESENT | more | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    @staticmethod
    def _tell(what: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": origin}).encode()

    def _write(self, parts: dict[str, bytes]) -> str:
        response = {name: encode(raw) for name, raw in parts.items()}
        return json.dumps(
            {"id": encode(self.id), "rawId": encode(self.id), "type": "public-key", "response": response}
        )
