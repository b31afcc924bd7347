"""The Ed25519 keys of the system's own tokens: the operator has the private half, every service the public half."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.faults import Flaw, Invalid, Misconfigured

ISSUER = "satu-inovasi"
AUDIENCE = "satu-inovasi"
ALGORITHM = "EdDSA"
LONGEST = timedelta(days=366)

_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2})?", re.ASCII)
_PROVINCE = re.compile(r"[0-9]{2}", re.ASCII)
_KNOWN_SUBJECTS = ", ".join(sorted(OPEN_SUBJECTS))


@dataclass(frozen=True)
class Grant:
    """The content of a token. account: an account's id, never a name; agencies: for role agency; subjects: for role
    subscriber, the kinds of subject that it reads, of its region, of all regions of its province (two digits), or of
    all."""

    account: str
    role: Role
    region: str | None = None
    agencies: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    province: str | None = None

    def flaws(self) -> list[Flaw]:
        """What keeps the grant from being a valid principal; empty when it is valid."""
        found: list[Flaw] = []
        if not self.account:
            found.append(Flaw("account", "missing", "an account id is needed"))
        if self.role is Role.PUBLIC:
            found.append(Flaw("role", "not-issued", "the public needs no token"))
        elif self.role not in {Role.OPERATOR, Role.SUBSCRIBER} and not self.region:
            found.append(Flaw("region", "missing", f"role {self.role} needs a region"))
        if self.role is Role.AGENCY and not self.agencies:
            found.append(Flaw("agency", "missing", "role agency needs the id of at least one agency"))
        if self.role is not Role.AGENCY and self.agencies:
            found.append(Flaw("agency", "not-fitting", f"role {self.role} speaks for no agency"))
        return found + (self._scope_flaws() if self.role is Role.SUBSCRIBER else self._foreign_scope_flaws())

    def _scope_flaws(self) -> list[Flaw]:
        """What is wrong with the scope of a subscriber."""
        found: list[Flaw] = []
        if not self.subjects:
            found.append(Flaw("subjects", "missing", f"role subscriber needs one or more of {_KNOWN_SUBJECTS}"))
        unknown = [each for each in self.subjects if each not in OPEN_SUBJECTS]
        found += [Flaw("subjects", "unknown", f"{each!r} is none of {_KNOWN_SUBJECTS}") for each in unknown]
        if self.region and self.province:
            found.append(Flaw("province", "not-fitting", "either a region or a province, not both"))
        if self.region is not None and not _REGION.fullmatch(self.region):
            found.append(Flaw("region", "malformed", "a region's code is 61.12, a provincial government's 61"))
        if self.province is not None and not _PROVINCE.fullmatch(self.province):
            found.append(Flaw("province", "malformed", "a province's code has two digits, such as 61"))
        return found

    def _foreign_scope_flaws(self) -> list[Flaw]:
        """What only a subscriber may have."""
        given = (("subjects", self.subjects), ("province", self.province))
        return [
            Flaw(name, "not-fitting", f"only role subscriber has {name}, not role {self.role}")
            for name, value in given
            if value
        ]


def private_path(data: Path) -> Path:
    """The file of the operator's private key."""
    return data / "operator" / "token.key"


def init(data: Path, access: Path) -> tuple[str, bool]:
    """Create the key pair if there is none, and the public file again if it is lost. Returns the key's id and whether
    it is new. Only its owner can read the private file."""
    path = private_path(data)
    fresh = not path.exists()
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(path, Ed25519PrivateKey.generate())
    public = _private(path).public_key()
    kid = kid_of(public)
    file = access / f"{kid}.pub"
    if not file.exists():
        access.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
    return kid, fresh


def issue(data: Path, grant: Grant, lifetime: timedelta) -> str:
    """A token with an id (`jti`) of its own, signed with the operator's key. Raises Invalid for an invalid grant,
    Misconfigured without a key."""
    flaws = grant.flaws()
    if not timedelta(0) < lifetime <= LONGEST:
        flaws.append(Flaw("days", "out-of-range", f"from 1 to {LONGEST.days} days"))
    if flaws:
        raise Invalid(flaws)
    key = _private(private_path(data))
    now = Clock.machine()
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": grant.account,
        "role": grant.role.value,
        "jti": secrets.token_hex(16),
        "iat": now,
        "exp": now + lifetime,
    }
    if grant.region:
        claims["region"] = grant.region
    if grant.province:
        claims["province"] = grant.province
    if grant.agencies:
        claims["agencies"] = list(grant.agencies)
    if grant.subjects:
        claims["subjects"] = sorted(set(grant.subjects))
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid_of(key.public_key())})


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


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise Misconfigured([Flaw(str(path), "missing", "no key to sign with; run `satu token init`")]) from None
    except (OSError, ValueError) as error:
        raise Misconfigured([Flaw(str(path), "unusable", f"cannot be read as a private key: {error}")]) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Misconfigured([Flaw(str(path), "unusable", "holds no Ed25519 key")])
    return key


def _write_private(path: Path, key: Ed25519PrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
