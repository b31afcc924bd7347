"""The shape of a page of each list. next: the cursor of the next page, null on the last."""

from __future__ import annotations

from pydantic import BaseModel

from services.registry.answers import AgencyAnswer, InnovationSummary, RegionAnswer


class Regions(BaseModel):
    """A page of regions."""

    items: list[RegionAnswer]
    next: str | None


class Agencies(BaseModel):
    """A page of agencies."""

    items: list[AgencyAnswer]
    next: str | None


class Innovations(BaseModel):
    """A page of innovations."""

    items: list[InnovationSummary]
    next: str | None
