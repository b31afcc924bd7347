"""Roles, principals and the policies of routes; access is denied by default.

Every route has one policy, which `shared/web/routes.py` makes of the declared roles. An application with a route
without a policy is not built. The role matrix and its test are generated from the policies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from fastapi import Depends, Request

from shared.faults import Forbidden, Unauthenticated


class Role(StrEnum):
    """AGENCY: speaks for its own agencies; CURATOR: the planning agency, decides in its region; EXECUTIVE: reads its
    region; OPERATOR: runs the system; SUBSCRIBER: another system, reads the feed of events and nothing else; PUBLIC:
    without a token, sees verified innovations and rankings."""

    AGENCY = "agency"
    CURATOR = "curator"
    EXECUTIVE = "executive"
    OPERATOR = "operator"
    SUBSCRIBER = "subscriber"
    PUBLIC = "public"


EVERYBODY = (Role.PUBLIC, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
"""Who may call what is public: all people, and no SUBSCRIBER, whose token opens the feed alone. A route that is for
everybody names this set, never all of `Role`."""


@dataclass(frozen=True)
class Principal:
    """The caller of a request. id: the token's `sub`, an account id, never a name; region: Kemendagri's code, None for
    all (operator, and subscriber unless its token names one); agencies: the ids that an agency account speaks for;
    subjects: the kinds of subject that a subscriber reads; province: two digits, when it reads one province's regions;
    jti: the token's id, for the log; None for the public and for tokens without one; expires: when the token ends, in
    seconds since 1970, None for the public."""

    id: str
    role: Role
    region: str | None = None
    agencies: frozenset[str] = field(default_factory=frozenset)
    jti: str | None = field(default=None, compare=False)
    subjects: frozenset[str] = field(default_factory=frozenset)
    province: str | None = None
    expires: int | None = field(default=None, compare=False)

    def may_see_region(self, region: str) -> bool:
        """Whether the scope includes the region. A subscriber sees regions in the feed alone, which asks its own
        question."""
        of_region = self.role not in {Role.PUBLIC, Role.SUBSCRIBER}
        return self.role is Role.OPERATOR or (of_region and self.region == region)

    def require_region(self, region: str) -> None:
        """Raise Forbidden unless the scope includes the region."""
        if not self.may_see_region(region):
            raise Forbidden(f"Akun ini tidak berwenang atas daerah {region}.")

    def require_agency(self, region: str, agency: str) -> None:
        """Raise Forbidden unless the account may act for the agency: an agency account by its list, a curator by its
        region."""
        self.require_region(region)
        if self.role is Role.AGENCY and agency not in self.agencies:
            raise Forbidden(f"Akun ini tidak mewakili perangkat daerah {agency}.")


PUBLIC = Principal(id="public", role=Role.PUBLIC)
PRINCIPAL_KEY = "satu.principal"
"""The key in a request's ASGI scope of the principal that the route's policy has let in."""

CALLER_KEY = "satu.caller"
"""The key in a request's ASGI scope of the principal that sent it, also when the route's policy has refused it. Absent
when its token was refused, and on paths without a policy. For the log only."""


class Gate(Protocol):
    """Authenticates bearer tokens."""

    async def enter(self, token: str) -> Principal:
        """The principal of a valid token. Raises Unauthenticated."""


@dataclass(frozen=True)
class RoutePolicy:
    """A route's policy. roles: those that may call it."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Principal:
        """FastAPI's dependency: the principal. Raises Unauthenticated, Forbidden."""
        principal: Principal | None = request.scope.get(PRINCIPAL_KEY)
        return principal or await self.authorise(request)

    async def authorise(self, request: Request) -> Principal:
        """The principal, also stored in the request's scope. `shared/web/guard.py` calls this before a body is read.
        Raises Unauthenticated, Forbidden."""
        principal = await self._caller(request.headers.get("authorization"), request)
        request.scope[CALLER_KEY] = principal
        if principal.role not in self.roles:
            if principal is PUBLIC:
                raise Unauthenticated("Token akses diperlukan.")
            raise Forbidden(f"Peran {principal.role} tidak berwenang melakukan ini.")
        request.scope[PRINCIPAL_KEY] = principal
        return principal

    async def _caller(self, header: str | None, request: Request) -> Principal:
        token = bearer_of(header)
        if token is None:
            return PUBLIC
        gate: Gate = request.app.state.gate
        return await gate.enter(token)


def bearer_of(header: str | None) -> str | None:
    """The token in an `Authorization` header; None without a header. Raises Unauthenticated for any other content."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Authorization harus berisi `Bearer <token>`.")
    return token.strip()


def allow(*roles: Role) -> Any:  # noqa: ANN401 - FastAPI's Depends has no public type
    """A route's policy as a dependency: only these roles (Role.PUBLIC: also without a token)."""
    return Depends(RoutePolicy(frozenset(roles)))
