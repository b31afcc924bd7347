"""Authenticates tokens of an OIDC issuer. Its keys (JWKS) are cached and fetched again for an unknown key id."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import httpx2
import jwt
import structlog

from shared.auth.claims import principal_of, verified
from shared.auth.policy import Principal, Role
from shared.clock import machine_seconds
from shared.faults import Away, Unauthenticated
from shared.settings import require_encrypted

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Only algorithms with a private key at the issuer: never `none`, never a shared secret."""

_PAUSE = 10.0  # seconds; the least time between two fetches, so that invented key ids cannot flood the issuer
_FRESH = 3600.0  # seconds; older keys are fetched again, so that a withdrawn key becomes invalid
_LONGEST = 24 * 3600.0  # seconds; older keys are no keys: who keeps the issuer away must not keep a withdrawn key valid
_TIMEOUT = 5.0  # seconds for one request to the issuer
_WHOLE = 15.0  # seconds for a fetch, however slowly the issuer sends

log = structlog.get_logger("access")


class OidcGate:
    """Accepts the tokens of one issuer for one audience. names: this system's claim → the issuer's claim; roles: those
    that it may give."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        names: Mapping[str, str],
        roles: Collection[Role],
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        pause: float = _PAUSE,
    ) -> None:
        self.issuer = issuer
        self._audience = audience
        self._names = names
        self._roles = roles
        self._transport = transport
        self._pause = pause
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._fetching = False

    async def enter(self, token: str) -> Principal:
        """See `shared.auth.policy.Gate`. Raises Away while no keys of the last 24 hours are cached."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise Unauthenticated("Token tidak dapat dibaca.") from None
        key = await self._key(str(header.get("kid", "")))
        claims = dict(verified(token, key.key, self._algorithms(key), self.issuer, self._audience))
        principal = principal_of(
            {"sub": claims["sub"], "exp": claims["exp"]}
            | {ours: claims.get(theirs) for ours, theirs in self._present(claims)}
        )
        if principal.role not in self._roles:
            raise Unauthenticated(f"Penerbit token ini tidak berwenang memberi peran {principal.role}.")
        return principal

    def _present(self, claims: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(ours, theirs) for ours, theirs in self._names.items() if claims.get(theirs) is not None]

    @staticmethod
    def _algorithms(key: jwt.PyJWK) -> list[str]:
        return [key.algorithm_name] if key.algorithm_name in ALGORITHMS else ["not-accepted"]

    async def _key(self, kid: str) -> jwt.PyJWK:
        """At most one request at a time waits for the issuer: who invents tokens holds up nobody else."""
        if self._is_due(kid) and not self._fetching:
            await self._refresh()
        if machine_seconds() - self._fetched > _LONGEST:
            raise Away("Penerbit token ini tidak menjawab.")
        if kid not in self._keys:
            raise Unauthenticated("Token ditandatangani dengan kunci yang tidak disebut penerbitnya.")
        return self._keys[kid]

    def _is_due(self, kid: str) -> bool:
        now = machine_seconds()
        needed = kid not in self._keys or now - self._fetched > _FRESH
        return needed and now - self._tried >= self._pause

    async def _refresh(self) -> None:
        self._fetching = True
        self._tried = machine_seconds()
        try:
            async with asyncio.timeout(_WHOLE):
                self._keys = await self._fetch()
            self._fetched = machine_seconds()
        except (httpx2.HTTPError, ValueError, KeyError, TypeError, TimeoutError, jwt.PyJWTError) as error:
            log.warning("access.issuer-away", issuer=self.issuer, reason=f"{type(error).__name__}: {error}")
            if not self._keys:
                self._tried = float("-inf")  # nobody can enter: the next request tries again
        finally:
            self._fetching = False

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        async with httpx2.AsyncClient(transport=self._transport, timeout=_TIMEOUT) as client:
            discovery = await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            document = discovery.raise_for_status().json()
            if document["issuer"] != self.issuer:
                raise ValueError("the discovery document is of another issuer")
            require_encrypted(str(document["jwks_uri"]))
            keys = await client.get(document["jwks_uri"])
        found: dict[str, jwt.PyJWK] = {}
        for each in keys.raise_for_status().json()["keys"]:
            try:
                found[str(each["kid"])] = jwt.PyJWK.from_dict(each)
            except (jwt.PyJWTError, KeyError):
                continue  # a key of an unsupported type, or without an id
        return found
