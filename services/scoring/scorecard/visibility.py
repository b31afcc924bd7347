"""Who sees which scorecards."""

from __future__ import annotations

from typing import Any

from services.scoring.scorecard.document import ScorecardDocument
from shared.auth.policy import Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf, Where

_PUBLIC = InnovationStatus.VERIFIED.value


def may_see(who: Principal, document: ScorecardDocument) -> bool:
    """Whether this scorecard may be shown."""
    return document.status == _PUBLIC or _is_own(who, document.region, document.agency)


def sees_unverified(who: Principal, region: str) -> bool:
    """Whether the account may see results of this region that are not verified."""
    return who.role in {Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR} and who.may_see_region(region)


def visible(who: Principal, *, region: str | None, agency: str | None, year: int | None) -> Where:
    """The condition for a list with these filters (None: any). Without filters an agency, a curator and an executive
    see their own, in every status. Of what is not one's own, only verified scorecards are shown."""
    where: dict[str, Any] = {}
    if region is not None:
        where["region"] = region
    elif who.role in {Role.CURATOR, Role.EXECUTIVE}:
        where["region"] = who.region
    if agency is not None:
        where["agency"] = agency
    elif who.role is Role.AGENCY and (region is None or region == who.region):
        where["agency"] = OneOf(sorted(who.agencies))
    if year is not None:
        where["year"] = year
    if not _all_own(who, where):
        where["status"] = _PUBLIC
    return where


def _all_own(who: Principal, where: Where) -> bool:
    if who.role is Role.AGENCY:
        agency = where.get("agency")
        return isinstance(agency, OneOf) or agency in who.agencies
    return who.role is Role.OPERATOR or (who.role is not Role.PUBLIC and where.get("region") == who.region)


def _is_own(who: Principal, region: str, agency: str) -> bool:
    return agency in who.agencies if who.role is Role.AGENCY else who.may_see_region(region)
