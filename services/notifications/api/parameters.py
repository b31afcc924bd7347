"""The path and query parameters that several routes share, and the region that a list is limited to."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Header, Path, Query
from pydantic import BaseModel

from shared.auth.policy import Principal, Role
from shared.contracts.fields import Id, RegionCode, Year
from shared.faults import Forbidden, PreconditionRequired, Stale
from shared.storage.repository import Versioned

M = TypeVar("M", bound=BaseModel)

RegionFilter = Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])]
AgencyFilter = Annotated[Id | None, Query(description="Only of this agency.")]
YearFilter = Annotated[Year | None, Query(description="Only of this year.", examples=[2026])]
AgencyInPath = Annotated[Id, Path(description="The agency's id.")]
PersonInPath = Annotated[Id, Path(description="The contact's opaque id.")]
YearInPath = Annotated[Year, Path(description="The year of the obligation.", examples=[2026])]

IfMatchIfInForce = Annotated[
    str | None,
    Header(alias="if-match", description="The ETag that you have read, if there is one in force."),
]


def expected_version(header: str | None, found: Versioned[M]) -> int:
    """The version that the caller has read, of a document that is to be replaced. Raises PreconditionRequired without
    the header, Stale for another version."""
    if header is None:
        raise PreconditionRequired("Perubahan memerlukan If-Match berisi ETag dari jawaban terakhir.")
    if header.strip() != f'"{found.sequence}"':
        raise Stale("If-Match tidak menyebut versi yang berlaku.")
    return found.sequence


def region_for(who: Principal, requested: str | None) -> str | None:
    """The region that a list is limited to; None for an operator who requests all. Raises Forbidden for another's."""
    if requested is not None:
        who.require_region(requested)
        return requested
    if who.role is Role.OPERATOR:
        return None
    if who.region is None:
        raise Forbidden("Akun ini tidak menyebut daerah.")
    return who.region
