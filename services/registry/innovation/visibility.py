"""Who sees what of an innovation.

Its agency, and the curator and the executive of its region, see the whole innovation. Everybody else sees only the
public part, and only once it is verified. The operator runs the system and does not read what agencies write: of an
innovation that is not verified, that it exists, whose it is and in which state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.registry.innovation.innovation import Innovation
from shared.auth.policy import Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf


def sees_inside(principal: Principal, innovation: Innovation) -> bool:
    """Whether the principal may see the whole innovation, with what is private to the region."""
    if principal.role is Role.OPERATOR or not principal.may_see_region(innovation.region):
        return False
    return principal.role is not Role.AGENCY or innovation.agency in principal.agencies


def sees(principal: Principal, innovation: Innovation) -> bool:
    """Whether the principal may know that the innovation exists."""
    return sees_content(principal, innovation) or principal.role is Role.OPERATOR


def sees_content(principal: Principal, innovation: Innovation) -> bool:
    """Whether the principal may see at least the public part."""
    return innovation.status is InnovationStatus.VERIFIED or sees_inside(principal, innovation)


@dataclass(frozen=True)
class Filters:
    """The filters of a list; None: any."""

    region: str | None = None
    agency: str | None = None
    year: int | None = None
    status: InnovationStatus | None = None

    def let(self, innovation: Innovation) -> bool:
        """Whether an innovation of the page passes: it is no deleted draft, and is what is asked for."""
        wanted = ((self.agency, innovation.agency), (self.year, innovation.year), (self.status, innovation.status))
        return not innovation.deleted and all(want in {None, has} for want, has in wanted)


def listable(principal: Principal, filters: Filters) -> dict[str, Any] | None:
    """The store's condition for the innovations that the principal may list; None when there are none.

    Without a filter by agency, an agency account lists its own agencies; without a filter by region, a curator or
    executive lists the own region. Beyond these, only verified innovations are listed.
    """
    where: dict[str, Any] = {
        name: value
        for name, value in (
            ("region", filters.region),
            ("agency", filters.agency),
            ("year", filters.year),
            ("status", filters.status.value if filters.status else None),
        )
        if value is not None
    }
    if principal.role is Role.OPERATOR:
        return where
    if principal.role is not Role.PUBLIC and filters.region in {None, principal.region}:
        if principal.role is not Role.AGENCY:
            return {**where, "region": principal.region}
        if filters.agency is None:
            own = sorted(principal.agencies)
            return {**where, "region": principal.region, "agency": OneOf(own)} if own else None
        if filters.agency in principal.agencies:
            return {**where, "region": principal.region}
    if filters.status not in {None, InnovationStatus.VERIFIED}:
        return None
    return {**where, "status": InnovationStatus.VERIFIED.value}


def withdrawal_asked(principal: Principal, filters: Filters) -> dict[str, Any] | None:
    """As `listable`, for the innovations whose agency asks to withdraw them. Only the curator and the executive of the
    region list these; of the filters only the region is applied."""
    may = principal.role in {Role.CURATOR, Role.EXECUTIVE} and filters.region in {None, principal.region}
    return {"withdrawal.region": principal.region} if may else None
