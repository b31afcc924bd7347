"""Who sees which scorecards."""

from __future__ import annotations

from typing import Any

from services.scoring.scorecard.document import ScorecardDocument
from shared.auth.policy import Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf, Where

_FOR_ALL = InnovationStatus.VERIFIED.value


def may_see(who: Principal, standing: ScorecardDocument) -> bool:
    """Whether this scorecard may be shown."""
    return standing.status == _FOR_ALL or _own(who, standing.region, standing.agency)


def sight(who: Principal, *, region: str | None, agency: str | None, year: int | None) -> Where:
    """The condition for a list that asks for these (None: any). Asked for nothing in particular, an agency, a curator
    and an executive see their own, in every status. Of what is not one's own, only verified ones are shown."""
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
        where["status"] = _FOR_ALL
    return where


def _all_own(who: Principal, where: Where) -> bool:
    if who.role is Role.AGENCY:
        asked = where.get("agency")
        return isinstance(asked, OneOf) or asked in who.agencies
    return who.role is Role.OPERATOR or (who.role is not Role.PUBLIC and where.get("region") == who.region)


def _own(who: Principal, region: str, agency: str) -> bool:
    return agency in who.agencies if who.role is Role.AGENCY else who.may_see_region(region)
