"""Submission: the checks, and the change that it makes."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.evidence import evidence
from services.registry.innovation import profile
from services.registry.innovation import year as duty_year
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, event_of
from services.registry.regions.region import Region
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw, Invalid
from shared.storage.models import replaced


def blocking(
    innovation: Innovation, region: Region, agency: Agency, origin: Origin, counted: int | None = None
) -> list[Flaw]:
    """Everything that blocks a submission now. counted: as for `duty.year.blocking`. Raises CountMissing."""
    today = region.today(origin.time)
    flaws = profile.blocking(innovation.profile, today) + evidence.blocking(innovation.evidence, today)
    if innovation.first_submitted_at is None:
        flaws += duty_year.blocking(region, agency, innovation.year, origin.time, counted)
    if agency.is_retired(today):
        flaws.append(Flaw("agency", "retired", "perangkat daerah ini sudah tidak ada; mintalah kurator memindahkannya"))
    return flaws


def submit(
    innovation: Innovation, region: Region, agency: Agency, by: str, origin: Origin, *, counted: int | None = None
) -> tuple[Innovation, Draft]:
    """Submit, for the first time or again. Unchanged rows keep the curator's level; changed rows lose it. counted: how
    many innovations of the agency and year are submitted or verified, if it was read. Raises Conflict for another
    status, Invalid with every blocking flaw, CountMissing."""
    innovation.require(InnovationStatus.DRAFT, InnovationStatus.RETURNED)
    if flaws := blocking(innovation, region, agency, origin, counted):
        raise Invalid(flaws, "Inovasi belum dapat diajukan; perbaiki semua isian yang disebut.")
    levels = {row: innovation.verified_level(row) for row in innovation.evidence}
    after = replaced(
        innovation,
        status=InnovationStatus.SUBMITTED,
        first_submitted_at=innovation.first_submitted_at or origin.time,
        submitted_at=origin.time,
        verified_levels={row: level for row, level in levels.items() if level is not None},
        handed_in=None,
        comments={},
    ).noted(Action.SUBMITTED, by, origin)
    return after, event_of(after, origin)
