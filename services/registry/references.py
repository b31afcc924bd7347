"""What the registry's documents name: an innovation its agencies, an agency its region, a passed deadline its region
and what was submitted in time, a commitment its agency and what came of it, an idea who fosters it."""

from __future__ import annotations

from services.registry.kinds import AGENCY, COMMITMENT, DEADLINE, IDEA, INNOVATION, MENTOR, REGION
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
    Reference(
        INNOVATION.name,
        AGENCY.name,
        lambda row: [each for each in (row["continuation.origin.fostering_agency"],) if each],
        ("continuation.origin.fostering_agency",),
    ),
    Reference(COMMITMENT.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(COMMITMENT.name, AGENCY.name, lambda row: [row["agency"]], ("agency",)),
    Reference(
        COMMITMENT.name,
        INNOVATION.name,
        lambda row: [each["innovation"] for each in row["promises"] if each["innovation"]],
        ("promises",),
    ),
    Reference(IDEA.name, REGION.name, lambda row: [row["region"]], ("region",)),
    Reference(IDEA.name, AGENCY.name, lambda row: [each for each in (row["agency"],) if each], ("agency",)),
    Reference(MENTOR.name, AGENCY.name, lambda row: [row.id]),
)
