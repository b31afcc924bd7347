"""What the registry's documents name: an innovation its agencies, an agency its region, a passed deadline its region
and what was submitted in time."""

from __future__ import annotations

from services.registry.kinds import AGENCY, DEADLINE, INNOVATION, REGION
from shared.runtime.service import Reference

REFERENCES = (
    Reference(AGENCY.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(
        AGENCY.name,
        AGENCY.name,
        lambda row: [each for each in (row["successor"], row["parent"]) if each],
        ("successor", "parent"),
    ),
    Reference(DEADLINE.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(DEADLINE.name, AGENCY.name, lambda row: row["submitted"], ("submitted",)),
    Reference(
        DEADLINE.name,
        INNOVATION.name,
        lambda row: [id for ids in row["submitted"].values() for id in ids],
        ("submitted",),
    ),
    Reference(INNOVATION.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(
        INNOVATION.name, AGENCY.name, lambda row: [each["agency"] for each in row["assignments"]], ("assignments",)
    ),
)
