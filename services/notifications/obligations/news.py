"""The facts of an obligation as they are known now, besides its entries."""

from __future__ import annotations

from typing import TypedDict

from services.notifications.known import KnownAgency, KnownFacts, KnownRegion
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.facts import AgencyFact, ExemptionFact, PassedFact, RegionFact
from services.notifications.obligations.repositories import exemption_repository
from shared.ports.store import Store
from shared.storage.repository import Versioned


class NewFacts(TypedDict, total=False):
    """The arguments of `Facts.updated`."""

    agency: AgencyFact | None
    region: RegionFact | None
    exemption: ExemptionFact | None
    passed: PassedFact | None


def obligation_id(agency: str, year: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{agency}/{year}"


class News:
    """Reads them from one store."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._known_facts = known_facts
        self._exemptions = exemption_repository(store)

    async def known(self, agency_id: str, year: int) -> NewFacts:
        """What is known of an agency, its region and its exemption."""
        agency = await self._known_facts.agency(agency_id)
        region = await self._known_facts.region(agency.value.region) if agency else None
        return await self.of(agency_id, year, agency, region_fact(region, year))

    async def is_newer(self, region: RegionFact | None) -> bool:
        """Whether another version of the region is known than the one that was used."""
        return region is not None and await self._known_facts.region_sequence(region.code) != region.sequence

    async def of(self, agency_id: str, year: int, agency: KnownAgency | None, region: RegionFact | None) -> NewFacts:
        """The same, of an agency and a region that are at hand."""
        exemption = _exemption_fact(await self._exemptions.find(obligation_id(agency_id, year)))
        return NewFacts(agency=_agency_fact(agency), region=region, exemption=exemption)


def region_fact(region: KnownRegion | None, year: int) -> RegionFact | None:
    """The region's fact for a year."""
    return RegionFact.of(region.value, year, region.sequence) if region else None


def _agency_fact(known: KnownAgency | None) -> AgencyFact | None:
    if known is None:
        return None
    agency = known.value
    return AgencyFact(
        sequence=known.sequence,
        region=agency.region,
        kind=agency.kind,
        retired=agency.retired,
        retired_on=agency.retired_on,
        obliged_from=agency.obliged_from,
    )


def _exemption_fact(found: Versioned[Exemption] | None) -> ExemptionFact | None:
    if found is None:
        return None
    exemption = found.value
    return ExemptionFact(
        sequence=found.sequence,
        in_force=exemption.in_force,
        lifts=exemption.lifts,
        lifted_at=exemption.lifted_at,
    )
