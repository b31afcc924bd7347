"""What all routes share: the moment of a command, the fields of a path and of a list, and whose region is asked for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from shared.auth.policy import Principal, Role
from shared.contracts.fields import Id, RegionCode, Year
from shared.faults import Forbidden


async def _command(request: Request) -> None:
    """Reached in the guard."""


COMMAND: Any = Depends(_command)
"""A dependency of every route that changes something."""

Limit = Annotated[int, Query(ge=1, le=200, description="How many to a page.")]
After = Annotated[str | None, Query(max_length=1_000, description="The `next` of the page before.")]
RegionAsked = Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])]
AgencyAsked = Annotated[Id | None, Query(description="Only of this agency.")]
YearAsked = Annotated[Year | None, Query(description="Only of this year.", examples=[2026])]
AgencyInPath = Annotated[Id, Path(description="The agency's id.")]
PersonInPath = Annotated[Id, Path(description="The contact's opaque id.")]
YearInPath = Annotated[Year, Path(description="The year of the duty.", examples=[2026])]


def region_for(who: Principal, asked: str | None) -> str | None:
    """The region that a list is limited to; None for an operator who asks for all. Raises Forbidden for another's."""
    if asked is not None:
        who.require_region(asked)
        return asked
    if who.role is Role.OPERATOR:
        return None
    if who.region is None:
        raise Forbidden("Akun ini tidak menyebut daerah.")
    return who.region
