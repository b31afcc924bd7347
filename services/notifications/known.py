"""What this service has heard of regions and agencies: copies of the registry's facts, of each the newer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.notifications.kinds import KNOWN_AGENCY, KNOWN_REGION
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered
from shared.ports.store import ID, Decide, Decision, Document, OneOf, State, Store


@dataclass(frozen=True)
class KnownRegion:
    """heard: the sequence of the registry's document that this copy was taken from."""

    heard: int
    region: RegionRegistered

    @property
    def years(self) -> list[int]:
        """The years that have a deadline, hence a duty."""
        return sorted({deadline.year for deadline in self.region.policy.deadlines})


@dataclass(frozen=True)
class KnownAgency:
    """As KnownRegion."""

    heard: int
    agency: AgencyRegistered


class KnownFacts:
    """Reads and keeps the copies."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def hear_region(self, region: RegionRegistered, heard: int) -> KnownRegion:
        """Keep it if it is the newer; returns the newer."""
        state: State = {"heard": heard, "region": region.model_dump(mode="json")}
        return _region(await self._keep(KNOWN_REGION.name, region.code, state))

    async def hear_agency(self, agency: AgencyRegistered, heard: int) -> KnownAgency:
        """Keep it if it is the newer; returns the newer."""
        # a retirement is the agency's last state, by another name
        plain = AgencyRegistered.model_validate(agency.model_dump())
        state: State = {"heard": heard, "region": agency.region, "agency": plain.model_dump(mode="json")}
        return _agency(await self._keep(KNOWN_AGENCY.name, agency.id, state))

    async def region(self, code: str) -> KnownRegion | None:
        """The region; None: not heard of yet."""
        document = await self._store.get(KNOWN_REGION.name, code)
        return _region(document) if document else None

    async def agency(self, id: str) -> KnownAgency | None:
        """The agency; None: not heard of yet."""
        document = await self._store.get(KNOWN_AGENCY.name, id)
        return _agency(document) if document else None

    async def regions(self) -> AsyncIterator[KnownRegion]:
        """All regions heard of, in the order of their codes."""
        async for row in self._store.scan(KNOWN_REGION.name, {}, ("heard", "region")):
            yield KnownRegion(row["heard"], RegionRegistered.model_validate(row["region"]))

    async def agencies(self, region: str) -> AsyncIterator[KnownAgency]:
        """All agencies of a region, in the order of their ids."""
        async for row in self._store.scan(KNOWN_AGENCY.name, {"region": region}, ("heard", "agency")):
            yield KnownAgency(row["heard"], AgencyRegistered.model_validate(row["agency"]))

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Id → name, of those agencies that have been heard of."""
        if not ids:
            return {}
        page = await self._store.find(KNOWN_AGENCY.name, {ID: OneOf(list(ids))}, limit=len(ids))
        return {document.id: document.state["agency"]["name"] for document in page.documents}

    async def _keep(self, kind: str, id: str, told: State) -> Document:
        return await self._store.change(kind, id, _keep_newer(told))


def _keep_newer(told: State) -> Decide:
    def decide(known: State | None) -> Decision:
        return (told, None) if known is None or known["heard"] < told["heard"] else None

    return decide


def _region(document: Document) -> KnownRegion:
    return KnownRegion(document.state["heard"], RegionRegistered.model_validate(document.state["region"]))


def _agency(document: Document) -> KnownAgency:
    return KnownAgency(document.state["heard"], AgencyRegistered.model_validate(document.state["agency"]))
