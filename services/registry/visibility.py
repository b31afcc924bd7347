"""Who sees what of an innovation: its agency, and the curator and the executive of its region, see its inside;
everybody else sees what is verified, and of that the public part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.registry.innovation import Innovation
from shared.auth.policy import Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf


def sees_inside(principal: Principal, innovation: Innovation) -> bool:
    """Whether the whole of it may be shown, with what is private to the region."""
    if not principal.may_see_region(innovation.region):
        return False
    return principal.role is not Role.AGENCY or innovation.agency in principal.agencies


def sees(principal: Principal, innovation: Innovation) -> bool:
    """Whether the asker may know that it exists."""
    return innovation.status is InnovationStatus.VERIFIED or sees_inside(principal, innovation)


@dataclass(frozen=True)
class Asked:
    """The filters of a list; None: any."""

    region: str | None = None
    agency: str | None = None
    year: int | None = None
    status: InnovationStatus | None = None


def within(principal: Principal, asked: Asked) -> dict[str, Any] | None:
    """The store's condition for what the asker may list; None: nothing can be listed. An agency account that names no
    agency gets its own, a curator or executive who names no region gets theirs; beyond these, all that is verified."""
    where: dict[str, Any] = {
        name: value
        for name, value in (
            ("region", asked.region),
            ("agency", asked.agency),
            ("year", asked.year),
            ("status", asked.status.value if asked.status else None),
        )
        if value is not None
    }
    if principal.role is Role.OPERATOR:
        return where
    if principal.role is not Role.PUBLIC and asked.region in {None, principal.region}:
        if principal.role is not Role.AGENCY:
            return {**where, "region": principal.region}
        if asked.agency is None:
            own = sorted(principal.agencies)
            return {**where, "region": principal.region, "agency": OneOf(own)} if own else None
        if asked.agency in principal.agencies:
            return {**where, "region": principal.region}
    if asked.status not in {None, InnovationStatus.VERIFIED}:
        return None
    return {**where, "status": InnovationStatus.VERIFIED.value}
