"""Authenticates bearer tokens: those of this system's two issuers (EdDSA, public keys in a folder each) and of one OIDC
issuer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import structlog

from shared.auth.claims import LEEWAY, principal_of, require_lifetime, verified
from shared.auth.issuers import OPERATOR, PORTAL, Issuer
from shared.auth.keys import AUDIENCE
from shared.auth.policy import Gate, Principal, Role
from shared.auth.revoked import NAME as REVOKED
from shared.auth.revoked import read_revoked
from shared.auth.signing import ALGORITHM, read_public
from shared.clock import machine_ms, machine_seconds
from shared.faults import Flaw, Misconfigured, Unauthenticated
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.auth.oidc import OidcGate

_RELOAD_AFTER = 2.0  # seconds until the folder is read again: a removed key or a revoked token soon becomes invalid
_MOST = 8192  # characters; longer tokens are refused
_MOST_REMEMBERED = 1024  # tokens of one reading of the folder; any further ones are checked at each request

log = structlog.get_logger("access")


def gate_of(settings: Settings) -> Gate:
    """The gate that the settings describe."""
    oidc = None
    if settings.oidc_issuer:
        from shared.auth.oidc import OidcGate  # noqa: PLC0415 - its HTTP client is slow to import, and few use it

        names = {
            "role": settings.oidc_role,
            "region": settings.oidc_region,
            "agencies": settings.oidc_agencies,
        }
        oidc = OidcGate(settings.oidc_issuer, settings.oidc_audience, names, _granted(settings.oidc_roles))
    own = KeyFolderGate(settings.keys)
    return GateByIssuer(own, oidc, KeyFolderGate(PORTAL.public_folder(settings.keys), PORTAL, revoked=settings.keys))


def _granted(names: str) -> frozenset[Role]:
    """The roles of the setting. Raises Misconfigured for a name that is no role with a token, and for subscriber: an
    issuer of people's tokens names no subjects, and another system gets its token from `satu token issue`."""
    given = [each.strip() for each in names.split(",") if each.strip()]
    known = [role.value for role in Role if role not in {Role.PUBLIC, Role.SUBSCRIBER}]
    unknown = [each for each in given if each not in known]
    if unknown or not given:
        found = f"{unknown[0]!r} is none of" if unknown else "names none of"
        raise Misconfigured([Flaw("OIDC_ROLES", "unknown", f"{found} {', '.join(known)}")])
    return frozenset(Role(each) for each in given)


class GateByIssuer:
    """Passes a token on to the gate of its issuer."""

    def __init__(self, own: KeyFolderGate, oidc: OidcGate | None, portal: KeyFolderGate | None = None) -> None:
        self._own = own
        self._oidc = oidc
        self._portal = portal

    async def enter(self, token: str) -> Principal:
        """See `shared.auth.policy.Gate`. The unverified issuer is used only to choose the gate, which verifies it."""
        if len(token) > _MOST:
            raise Unauthenticated("Token terlalu panjang.")
        for gate in (self._own, self._portal):
            if gate is not None and (remembered := gate.remembered(token)) is not None:
                return remembered
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise Unauthenticated("Token tidak dapat dibaca.") from None
        if self._oidc is not None and issuer == self._oidc.issuer:
            return await self._oidc.enter(token)
        if self._portal is not None and issuer == self._portal.issuer.name:
            return await self._portal.enter(token)
        return await self._own.enter(token)


class KeyFolderGate:
    """Accepts tokens of one issuer that were signed with a key whose public half is in the folder, and that are not on
    the list of revoked tokens. A token without `jti`, as former releases issued them, is valid until it expires.

    An accepted token is remembered until the folder is read again, so that a removed or changed key and a revocation
    end it as soon as without a memory. A refused one is checked again each time.
    """

    def __init__(self, folder: Path, issuer: Issuer = OPERATOR, *, revoked: Path | None = None) -> None:
        """revoked: the folder of the list of revoked tokens, by default that of the keys."""
        self.issuer = issuer
        self._folder = folder
        self._revoked_folder = revoked or folder
        self._keys: dict[str, Any] = {}
        self._revoked: Collection[str] = ()
        self._remembered: dict[str, tuple[Principal, int]] = {}
        self._loaded = float("-inf")

    def remembered(self, token: str) -> Principal | None:
        """The principal of a token that was accepted since the folder was read last, and that has not expired."""
        self._reload()
        principal, expiry = self._remembered.get(token, (None, 0))
        return principal if machine_ms() < (expiry + LEEWAY) * 1000 else None

    async def enter(self, token: str) -> Principal:
        """See `shared.auth.policy.Gate`."""
        if (remembered := self.remembered(token)) is not None:
            return remembered
        kid = _header(token).get("kid")
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise Unauthenticated("Token ditandatangani dengan kunci yang tidak dikenal di sini.")
        claims = verified(token, key, [ALGORITHM], self.issuer.name, AUDIENCE)
        require_lifetime(claims, self.issuer.longest)
        principal = principal_of(claims)
        if principal.role not in self.issuer.roles:
            raise Unauthenticated(f"Penerbit token ini tidak berwenang memberi peran {principal.role}.")
        if principal.jti in self._revoked:
            raise Unauthenticated("Token sudah dicabut.")
        if len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[token] = principal, int(claims["exp"])
        return principal

    def _reload(self) -> None:
        if machine_seconds() - self._loaded < _RELOAD_AFTER:
            return
        self._loaded = machine_seconds()
        self._remembered = {}
        self._keys, unusable = read_keys(self._folder)
        for name, reason in unusable.items():
            log.warning("access.key-unusable", file=name, reason=reason)
        try:
            self._revoked, flaws = read_revoked(self._revoked_folder)
        except OSError as error:  # what was revoked before stays revoked
            flaws = [error.strerror or str(error)]
        for reason in flaws:
            log.error("access.revoked-unusable", file=REVOKED, reason=reason)


def read_keys(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The public keys in a folder by id, and the unusable files with the reason."""
    found: dict[str, Any] = {}
    unusable: dict[str, str] = {}
    for path in sorted(folder.glob("*.pub")):
        try:
            found[path.stem] = read_public(path)
        except (OSError, ValueError) as error:
            unusable[path.name] = str(error)
    return found, unusable


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise Unauthenticated("Token tidak dapat dibaca.") from None
