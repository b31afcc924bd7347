"""An Ed25519 private key that signs tokens, and the public half that verifies them."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Self

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.faults import Flaw, Misconfigured

ALGORITHM = "EdDSA"


class SigningKey:
    """The private key. It is never shown: neither by `repr` nor by an error."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.kid = kid_of(key.public_key())

    @classmethod
    def generate(cls) -> Self:
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in a file. Raises Misconfigured."""
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            raise Misconfigured([Flaw(str(path), "missing", "no key to sign with; run `satu token init`")]) from None
        except OSError as error:
            raise _unusable(str(path), error) from error
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: bytes, name: str) -> Self:
        """The key in PEM (PKCS #8). name: of the file or the variable. Raises Misconfigured."""
        try:
            key = serialization.load_pem_private_key(text, password=None)
        except (ValueError, TypeError) as error:
            raise _unusable(name, error) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Misconfigured([Flaw(name, "unusable", "holds no Ed25519 key")])
        return cls(key)

    @property
    def public_pem(self) -> bytes:
        """The public half."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def encode(self, claims: Mapping[str, object]) -> str:
        """A signed token."""
        return jwt.encode(dict(claims), self._key, algorithm=ALGORITHM, headers={"kid": self.kid})

    def derived(self, purpose: str) -> bytes:
        """A secret of 32 bytes that only the holder of this key can make; another one for each purpose."""
        seed = self._key.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        return hmac.new(seed, f"satu-inovasi {purpose}".encode(), sha256).digest()

    def write(self, path: Path) -> None:
        """Write a new file that only its owner can read; it appears whole. Raises OSError, FileExistsError when there
        is one."""
        text = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def kid_of(key: Ed25519PublicKey) -> str:
    """A key's id: the first 16 hex digits of the SHA-256 of its raw bytes."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256(raw).hexdigest()[:16]


def read_public(path: Path) -> Ed25519PublicKey:
    """Load a public key. Raises ValueError when the file has none."""
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path.name} holds no Ed25519 key")  # noqa: TRY004 - it is about the file's content, not an argument's type
    return key


def _unusable(name: str, error: Exception) -> Misconfigured:
    return Misconfigured([Flaw(name, "unusable", f"cannot be read as a private key: {error}")])
