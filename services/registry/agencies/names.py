"""Names of agencies, of which a region has each only once: two names are one when they differ in case, blanks or
diacritics only. An agency that is retired leaves its name to others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from hashlib import sha256

from pydantic import BaseModel, ConfigDict

from services.registry.kinds import AGENCY, AGENCY_NAME
from services.registry.regions.region import Region
from shared.clock import Clock
from shared.contracts.names import folded
from shared.faults import AlreadyExists
from shared.ports.store import Store
from shared.storage.repository import Repository, Versioned

HELD = timedelta(minutes=1)
"""Machine time for which a name is held for the one who writes an agency with it: longer than any write takes."""

_TRIES = 20


class HeldName(BaseModel):
    """Who writes an agency with this name. held_at: machine milliseconds, 0: it was written, or given up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    agency: str
    held_at: int


class AgencyNames:
    """Sees to it that no two agencies of a region get one name, also from two curators at once.

    The agencies themselves are what is true. Who writes one holds its name in a document of its own and looks then: of
    two at once one sees the other's hold, or the other's agency. All methods raise StoreAway.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held = Repository(store, AGENCY_NAME, HeldName, "Nama ini tidak dipakai.")

    async def known(self, region: str, day: date) -> dict[str, tuple[str, str]]:
        """Folded name → id and name, of the agencies of a region that are not retired on that day; of several with one
        name, which a former release let in, the first by id."""
        found: dict[str, tuple[str, str]] = {}
        async for row in self._store.scan(AGENCY.name, {"region": region}, ("key", "name", "retired_on")):
            if row["retired_on"] is None or date.fromisoformat(row["retired_on"]) > day:
                found.setdefault(row["key"], (row.id, row["name"]))
        return found

    @asynccontextmanager
    async def held(self, region: Region, name: str, agency: str, day: date) -> AsyncIterator[None]:
        """Hold the name while the agency is written. Raises AlreadyExists when another one has it or is getting it."""
        mine = await self._hold(region.code, name, agency)
        try:
            other = await self._owner(region.code, name, agency, day)
            if other is not None:
                raise _exists(*other)
            yield
        finally:
            await self._held.change(
                name_id(region.code, name),
                lambda before: (mine.model_copy(update={"held_at": 0}), None) if before == mine else None,
            )

    async def _owner(self, region: str, name: str, agency: str, day: date) -> tuple[str, str] | None:
        """Id and name of the other agency that has the name."""
        where = {"region": region, "key": folded(name)}
        async for row in self._store.scan(AGENCY.name, where, ("name", "retired_on")):
            active = row["retired_on"] is None or date.fromisoformat(row["retired_on"]) > day
            if active and row.id != agency:
                return row.id, row["name"]
        return None

    async def _hold(self, region: str, name: str, agency: str) -> HeldName:
        id = name_id(region, name)
        for _ in range(_TRIES):
            found = await self._held.find(id)
            now = int(Clock.machine().timestamp() * 1000)
            if found is not None and found.value.agency != agency and _holds(found.value, now):
                break
            mine = HeldName(region=region, agency=agency, held_at=now)
            if await self._take(id, found, mine):
                return mine
        raise _exists(found.value.agency if found else "", name)

    async def _take(self, id: str, found: Versioned[HeldName] | None, mine: HeldName) -> bool:
        """Whether the hold was written in place of what was found."""
        before = found.value if found else None
        stored = await self._held.change(id, lambda now: (mine, None) if now == before else None, new=found is None)
        return stored.value == mine


def name_id(region: str, name: str) -> str:
    """The id of the document that holds a name."""
    return f"{region}/{sha256(folded(name).encode()).hexdigest()[:32]}"


def _holds(held: HeldName, now: int) -> bool:
    return 0 <= now - held.held_at < HELD // timedelta(milliseconds=1)


def _exists(id: str, name: str) -> AlreadyExists:
    detail = f"Perangkat daerah bernama {name} sudah terdaftar di daerah ini; ubah yang itu, atau pakai nama lain."
    return AlreadyExists(detail, {"id": id, "name": name})
