"""A device with passkeys, as far as a server can tell: it makes keys and signs what a page asks it to."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """One passkey on the device."""

    secret: ec.EllipticCurvePrivateKey
    user: bytes
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    uses: int = 0


@dataclass
class Device:
    """A phone or laptop; `origin` is the page it believes to be on, `verified` whether it checked its owner,
    `counts` whether it counts how often a key was used, which many don't."""

    origin: str = "http://localhost"
    verified: bool = True
    counts: bool = True
    keys: list[Key] = field(default_factory=list)

    def create(self, options: dict[str, Any]) -> str:
        """Make a key for this page; what the page sends."""
        key = Key(ec.generate_private_key(ec.SECP256R1()), _raw(options["user"]["id"]))
        self.keys.append(key)
        point = key.secret.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        about = self._about(HAS_KEY, 0) + bytes(16) + struct.pack(">H", len(key.id)) + key.id + public
        said = self._said("webauthn.create", options["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        return self._sent(key, attestationObject=attestation, clientDataJSON=said)

    def get(self, options: dict[str, Any], key: Key | None = None) -> str:
        """Sign in to this page with a key; what the page sends."""
        key = key or self.keys[0]
        key.uses += self.counts
        about, said = self._about(0, key.uses), self._said("webauthn.get", options["challenge"])
        signature = key.secret.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(key, authenticatorData=about, clientDataJSON=said, signature=signature, userHandle=key.user)

    def _about(self, flags: int, uses: int) -> bytes:
        host = self.origin.partition("://")[2].partition(":")[0]
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, uses)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _sent(self, key: Key, **response: bytes) -> str:
        parts = {name: _text(raw) for name, raw in response.items()}
        extensions = json.dumps({"credProps": {"rk": True}})
        whole = {"id": _text(key.id), "rawId": _text(key.id), "type": "public-key", "response": parts}
        return json.dumps(whole | {"extensions": extensions})
