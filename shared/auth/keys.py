"""The Ed25519 keys of the system's own tokens. The private half is the operator's, or the portal's; every service has
the public halves."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from shared.auth.issuers import OPERATOR, Issuer
from shared.auth.policy import Role
from shared.auth.signing import SigningKey
from shared.clock import Clock
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.faults import Flaw, Invalid

ISSUER = OPERATOR.name
AUDIENCE = "satu-inovasi"
LONGEST = OPERATOR.longest

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
    return OPERATOR.private_path(data)


def init(data: Path, access: Path, issuer: Issuer = OPERATOR) -> tuple[str, bool]:
    """Create the key pair of an issuer if there is none, and the public file again if it is lost. Returns the key's id
    and whether it is new. Only its owner can read the private file. Of two processes that do it at once, one makes the
    pair and both have it."""
    path = issuer.private_path(data)
    fresh = not path.exists() and _made(path)
    key = SigningKey.read(path)
    file = issuer.public_folder(access) / f"{key.kid}.pub"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_bytes(key.public_pem)
        draft.replace(file)
    return key.kid, fresh


def _made(path: Path) -> bool:
    """A new private key in this file; False when another process was faster."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        SigningKey.generate().write(path)
    except FileExistsError:
        return False
    return True


def issue(data: Path, grant: Grant, lifetime: timedelta) -> str:
    """A token with an id (`jti`) of its own, signed with the operator's key. Raises Invalid for an invalid grant,
    Misconfigured without a key."""
    flaws = grant.flaws()
    if not timedelta(0) < lifetime <= LONGEST:
        flaws.append(Flaw("days", "out-of-range", f"from 1 to {LONGEST.days} days"))
    if flaws:
        raise Invalid(flaws)
    return signed(SigningKey.read(private_path(data)), OPERATOR, grant, lifetime)


def signed(key: SigningKey, issuer: Issuer, grant: Grant, lifetime: timedelta) -> str:
    """A token with an id of its own. Raises Invalid for a grant that the issuer may not give, and for a longer
    lifetime than its longest."""
    flaws = grant.flaws()
    if grant.role not in issuer.roles:
        flaws.append(Flaw("role", "not-issued", f"{issuer.name} gives no role {grant.role}"))
    if not timedelta(0) < lifetime <= issuer.longest:
        flaws.append(Flaw("lifetime", "out-of-range", f"at most {issuer.longest}"))
    if flaws:
        raise Invalid(flaws)
    now = Clock.machine()
    claims: dict[str, object] = {
        "iss": issuer.name,
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
    return key.encode(claims)
