"""A registry on a Monday in June 2026, with a region, and an innovation that the curator has verified."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.registry.agencies.agency import Agency
from services.registry.continuation.composition import ContinuationParts
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import AGENCY, INNOVATION
from services.registry.kinds import REGION as REGION_KIND
from services.registry.regions.region import Region
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.storage.repository import Repository
from tests.support.registry_service import REGION, Caller, RegistryService, running_registry

MONDAY = "2026-06-01T09:00:00+07:00"


@dataclass
class Office:
    """A registry and what was made in it. agency: an id; place: the innovation's path."""

    registry: RegistryService
    agency: str
    place: str

    @property
    def curator(self) -> Caller:
        return self.registry.by("curator")

    @property
    def owner(self) -> Caller:
        return self.registry.by(f"agency:{self.agency}")

    async def change(self, caller: Caller, method: str, path: str, body: object = None, **more: Any) -> Any:  # noqa: ANN401
        """Change the innovation's continuation at its present version; the answer's body."""
        done = await caller.change(method, f"{self.place}/continuation{path}", body, of=self.place, **more)
        assert done.is_success, done.text
        return done.json()

    async def read(self) -> Any:  # noqa: ANN401 - JSON
        return (await self.curator("GET", f"{self.place}/continuation")).json()

    async def told(self) -> InnovationState | InnovationDrafted:
        """The one event owed since the last call."""
        ((event, payload),) = await self.registry.owed_events()
        assert isinstance(payload, InnovationState | InnovationDrafted), event.type
        return payload

    async def look(self) -> tuple[int, int]:
        """The watch looks at the region now: first questions planned, questions lapsed."""
        store, clock = self.registry.store, self.registry.clock
        access = InnovationAccess(
            Repository(store, REGION_KIND, Region, ""),
            Repository(store, AGENCY, Agency, ""),
            Repository(store, INNOVATION, Innovation, ""),
            self.registry.files,
            clock,
        )
        watch = ContinuationParts(store, access).watch
        return await watch.look((await access.regions.get(REGION)).value)

    def at(self, moment: str) -> None:
        """Set business time."""
        self.registry.clock.move_to(datetime.fromisoformat(moment))


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path, MONDAY) as registry:
        await registry.region()
        await registry.owed_events()
        yield registry


@pytest.fixture
async def office(registry: RegistryService) -> Office:
    """The innovation is verified; no event is owed."""
    agency = await registry.agency()
    place = await registry.submitted(agency)
    verified = await registry.by("curator").change("POST", f"{place}/verify", {"rows": {}}, of=place)
    assert verified.is_success, verified.text
    await registry.owed_events()
    return Office(registry, agency, place)
