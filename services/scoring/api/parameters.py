"""TODO"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints

from shared.auth.policy import Principal, Role, allow
from shared.contracts.fields import RegionCode

Curator = Annotated[Principal, allow(Role.CURATOR)]
Insider = Annotated[Principal, allow(Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)]


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


Anyone = Annotated[Principal, allow(Role.PUBLIC, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)]
CatalogueName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]


RegionInPath = Annotated[RegionCode, Path(description="Kemendagri's code of the region.", examples=["61.12"])]
YearInPath = Annotated[int, Path(ge=2000, le=2100, description="The year of the national round.", examples=[2026])]


def is_inside(who: Principal, region: str) -> bool:
    """Whether the asker may see what of this region is not verified."""
    return who.role in {Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR} and who.may_see_region(region)
