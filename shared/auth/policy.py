"""Who may do what: bearer tokens, roles and scopes; default deny.

A route says its policy by its `who` parameter::

    @router.post("/innovations")
    async def draft(who: Annotated[Principal, allow(Role.AGENCY)], …): …

A route without one answers nobody (`shared/web/app.py` refuses to build it). The role matrix test is generated from
these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from fastapi import Depends, Request

from shared.faults import Forbidden, Unauthenticated


class Role(StrEnum):
    """AGENCY: its own agencies; CURATOR: the planning agency, its region; EXECUTIVE: reads its region; OPERATOR: runs
    the system; PUBLIC: nobody in particular, sees verified innovations and rankings."""

    AGENCY = "agency"
    CURATOR = "curator"
    EXECUTIVE = "executive"
    OPERATOR = "operator"
    PUBLIC = "public"


@dataclass(frozen=True)
class Principal:
    """Who asks. id: the token's `sub` (an account id, never a name); region: Kemendagri's code, None for all
    (operator); agencies: the ids that an agency account speaks for."""

    id: str
    role: Role
    region: str | None = None
    agencies: frozenset[str] = field(default_factory=frozenset)

    def may_see_region(self, region: str) -> bool:
        """Whether the scope reaches the region at all."""
        return self.role is Role.OPERATOR or (self.role is not Role.PUBLIC and self.region == region)

    def require_region(self, region: str) -> None:
        """Raise Forbidden unless the scope reaches the region."""
        if not self.may_see_region(region):
            raise Forbidden(f"Akun ini tidak berwenang atas daerah {region}.")

    def require_agency(self, region: str, agency: str) -> None:
        """Raise Forbidden unless the account speaks for the agency: an agency account by its list, a curator by
        region."""
        self.require_region(region)
        if self.role is Role.AGENCY and agency not in self.agencies:
            raise Forbidden(f"Akun ini tidak mewakili perangkat daerah {agency}.")


PUBLIC = Principal(id="public", role=Role.PUBLIC)
ENTERED = "satu.principal"
"""Where a request's ASGI scope keeps the principal that the policy of its route has let in."""


class Gate(Protocol):
    """Turns a bearer token into a principal. Raises Unauthenticated."""

    async def enter(self, token: str) -> Principal:
        """The principal of a token that holds."""


@dataclass(frozen=True)
class RoutePolicy:
    """The roles that a route lets in."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Principal:
        """FastAPI's dependency: the principal, or Unauthenticated, or Forbidden."""
        entered: Principal | None = request.scope.get(ENTERED)
        return entered or await self.enter(request)

    async def enter(self, request: Request) -> Principal:
        """As a call, and remembered for the rest of the request: `shared/web/guard.py` asks before a body is read."""
        principal = await self._principal(request.headers.get("authorization"), request)
        request.scope[ENTERED] = principal
        return principal

    async def _principal(self, header: str | None, request: Request) -> Principal:
        if header is None:
            if Role.PUBLIC in self.roles:
                return PUBLIC
            raise Unauthenticated("Token akses diperlukan.")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Authorization harus berisi `Bearer <token>`.")
        gate: Gate = request.app.state.gate
        principal = await gate.enter(token.strip())
        if principal.role not in self.roles:
            raise Forbidden(f"Peran {principal.role} tidak berwenang melakukan ini.")
        return principal


def allow(*roles: Role) -> Any:  # noqa: ANN401 - FastAPI's Depends has no public type
    """A route's policy: only these roles (Role.PUBLIC: also without a token)."""
    return Depends(RoutePolicy(frozenset(roles)))
