"""Who sees which scorecards. The operator runs the system and sees what the public sees."""

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
    """Whether the account may see results of this region's innovations that are not verified."""
    return who.role in {Role.CURATOR, Role.EXECUTIVE} and who.may_see_region(region)


def sees_claimed_index(who: Principal, region: str) -> bool:
    """Whether the account may see the region's index by claims: a figure of the region, of no single innovation."""
    return sees_unverified(who, region) or who.role is Role.OPERATOR


def visible(who: Principal, *, region: str | None, agency: str | None, year: int | None) -> Where:
    """The condition for a list with these filters (None: any). Without filters an agency, a curator and an executive
    see their own, in every status. Of what is not one's own, only verified scorecards are shown."""
    where: dict[str, Any] = {}
    speaks = who.role is Role.AGENCY and region in {None, who.region} and (agency is None or agency in who.agencies)
    if region is not None:
        where["region"] = region
    elif speaks or who.role in {Role.CURATOR, Role.EXECUTIVE}:
        where["region"] = who.region
    if agency is not None:
        where["agency"] = agency
    elif speaks:
        where["agency"] = OneOf(sorted(who.agencies))
    if year is not None:
        where["year"] = year
    if not speaks and not _whole_region(who, where):
        where["status"] = _PUBLIC
    return where


def _whole_region(who: Principal, where: Where) -> bool:
    return who.role in {Role.CURATOR, Role.EXECUTIVE} and where.get("region") == who.region


def _is_own(who: Principal, region: str, agency: str) -> bool:
    if who.role is Role.AGENCY:
        return who.may_see_region(region) and agency in who.agencies
    return sees_unverified(who, region)
