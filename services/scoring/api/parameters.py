"""Parameters and role sets that several groups of routes share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from shared.auth.policy import Role
from shared.contracts.fields import RegionCode

ANYONE = (Role.PUBLIC, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
INSIDERS = (Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
CatalogueName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]

RegionInPath = Annotated[RegionCode, Path(description="Kemendagri's code of the region.", examples=["61.12"])]
YearInPath = Annotated[int, Path(ge=2000, le=2100, description="The year of the national round.", examples=[2026])]

PageLimit = Annotated[int, Field(ge=1, le=200)]
"""A field of a query model: the most items of a page."""

Cursor = Annotated[str | None, Field(max_length=2000)]
"""A field of a query model: the `next` of the page before."""
