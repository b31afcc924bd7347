"""Answers of one document: its body, with its version as ETag."""

from __future__ import annotations

from datetime import datetime

from fastapi import Response

from services.registry.agencies.agency import Agency
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.views import AgencyAnswer, InnovationAnswer, RegionAnswer
from services.registry.regions.region import Region
from shared.storage.repository import Versioned
from shared.web.preconditions import etag


def region_answer(response: Response, region: Versioned[Region], moment: datetime) -> RegionAnswer:
    """A region, for everybody, at that moment."""
    etag(response, region.sequence)
    return RegionAnswer.of(region, moment)


def agency_answer(response: Response, agency: Versioned[Agency]) -> AgencyAnswer:
    """An agency, for everybody."""
    etag(response, agency.sequence)
    return AgencyAnswer.of(agency)


def innovation_answer(response: Response, innovation: Versioned[Innovation]) -> InnovationAnswer:
    """An innovation with everything in it, for its agency and its region."""
    etag(response, innovation.sequence)
    return InnovationAnswer.of(innovation)
