"""What the registry's documents name: an innovation its agencies, an agency its region."""

from __future__ import annotations

from services.registry.kinds import AGENCY, INNOVATION, REGION
from shared.runtime.service import Reference

REFERENCES = (
    Reference(AGENCY.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(INNOVATION.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(
        INNOVATION.name, AGENCY.name, lambda row: [each["agency"] for each in row["assignments"]], ("assignments",)
    ),
)
