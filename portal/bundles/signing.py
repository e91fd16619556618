"""The key that signs case files: made once, kept to the portal, its public half beside it for everybody."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from portal import folder


class BadKeyError(Exception):
    """A file that should hold a key doesn't; says which and why."""


def public_half(path: Path) -> Path:
    """Where the public key lies that belongs to the private one in `path`."""
    return path.with_name(f"{path.stem}.pub{path.suffix}")


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file; if there is none it is made, for the owner's eyes only. Raises `BadKeyError`.

    Two processes that need it at once get the same one.
    """
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        _place(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    key = private_key(path)
    if not public_half(path).exists():
        _place(public_half(path), public_pem(key), 0o644)
    return key


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key that must be in this file; raises `BadKeyError`."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as why:
        raise BadKeyError(f"{path} can't be read: {why.strerror}") from why
    except (ValueError, TypeError, UnsupportedAlgorithm) as why:
        raise BadKeyError(f"{path} is not a private key in PEM without a password") from why
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyError(f"{path} is not an Ed25519 key")
    return key


def public_key(pem: bytes, name: str) -> Ed25519PublicKey:
    """The public key in these bytes; raises `BadKeyError`."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as why:
        raise BadKeyError(f"{name} can't be read as a public key") from why
    if not isinstance(key, Ed25519PublicKey):
        raise BadKeyError(f"{name} is not an Ed25519 key")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """What others need to check what this key signed."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """By which one tells keys apart: the SHA-256 of the public key."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def holds(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether this key made this signature over these bytes."""
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _place(path: Path, content: bytes, mode: int) -> None:
    try:
        folder.place(path, content, mode)
    except OSError as why:
        raise BadKeyError(f"{path} can't be written: {why.strerror}") from why
