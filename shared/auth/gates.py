"""Authenticates bearer tokens: those of this system (EdDSA, public keys in a folder) and of one OIDC issuer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import structlog

from shared.auth.claims import principal_of, verified
from shared.auth.keys import ALGORITHM, AUDIENCE, ISSUER, read_public
from shared.auth.policy import Gate, Principal
from shared.clock import machine_seconds
from shared.faults import Unauthenticated
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.auth.oidc import OidcGate

_RELOAD_AFTER = 2.0  # seconds until the folder is read again, so that a removed key soon becomes invalid
_MOST = 8192  # characters; longer tokens are refused

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
        oidc = OidcGate(settings.oidc_issuer, settings.oidc_audience, names)
    return GateByIssuer(KeyFolderGate(settings.keys), oidc)


class GateByIssuer:
    """Passes a token on to the gate of its issuer."""

    def __init__(self, own: Gate, oidc: OidcGate | None) -> None:
        self._own = own
        self._oidc = oidc

    async def enter(self, token: str) -> Principal:
        """See `shared.auth.policy.Gate`. The unverified issuer is used only to choose the gate, which verifies it."""
        if len(token) > _MOST:
            raise Unauthenticated("Token terlalu panjang.")
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise Unauthenticated("Token tidak dapat dibaca.") from None
        if self._oidc is not None and issuer == self._oidc.issuer:
            return await self._oidc.enter(token)
        return await self._own.enter(token)


class KeyFolderGate:
    """Accepts tokens that were signed with a key whose public half is in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, Any] = {}
        self._loaded = float("-inf")

    async def enter(self, token: str) -> Principal:
        """See `shared.auth.policy.Gate`."""
        kid = _header(token).get("kid")
        key = self._key(kid) if isinstance(kid, str) else None
        if key is None:
            raise Unauthenticated("Token ditandatangani dengan kunci yang tidak dikenal di sini.")
        return principal_of(verified(token, key, [ALGORITHM], ISSUER, AUDIENCE))

    def _key(self, kid: str) -> Any:  # noqa: ANN401 - PyJWT's key
        if machine_seconds() - self._loaded > _RELOAD_AFTER:
            self._loaded = machine_seconds()
            self._keys, unusable = read_keys(self._folder)
            for name, reason in unusable.items():
                log.warning("access.key-unusable", file=name, reason=reason)
        return self._keys.get(kid)


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
