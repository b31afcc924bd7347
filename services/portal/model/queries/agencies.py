"""Finds agencies of a region by name. Their names are kept for some seconds: a search that follows typing does not read
a thousand documents for each key."""

from __future__ import annotations

from dataclasses import dataclass

from services.portal.model.kinds import KNOWN_AGENCY
from services.portal.model.names import agency_in
from services.portal.model.states.agency_name import AgencyName, matching
from services.portal.model.views.region import AgencyView
from shared.clock import machine_seconds
from shared.ports.store import Documents

_MOST = 5_000  # agencies of a region
_KEPT_FOR = 10.0  # seconds
_KEPT_AT_LEAST = 1.0  # seconds; what is not found is looked for again in younger names


@dataclass(frozen=True)
class _Kept:
    names: tuple[AgencyName, ...]
    at: float

    @property
    def age(self) -> float:
        return machine_seconds() - self.at


class AgencySearch:
    """All methods raise StoreAway."""

    def __init__(self, store: Documents) -> None:
        self._store = store
        self._kept: dict[str, _Kept] = {}

    async def find(self, region: str, text: str) -> list[AgencyName]:
        """All whose name a text means, also retired ones. One that was registered in the last seconds may be missing
        beside others, but never alone."""
        kept = self._kept.get(region)
        if kept is None or kept.age > _KEPT_FOR:
            kept = await self._read(region)
        found = matching(kept.names, text)
        if not found and kept.age > _KEPT_AT_LEAST:
            found = matching((await self._read(region)).names, text)
        return found

    async def _read(self, region: str) -> _Kept:
        page = await self._store.find(KNOWN_AGENCY.name, {"region": region}, sort=[("sort_name", 1)], limit=_MOST)
        former = self._kept.get(region)
        known = {each.id: each for each in former.names} if former else {}
        names = tuple(_named(agency_in(each), known.get(each.id)) for each in page.documents)
        kept = self._kept[region] = _Kept(names, machine_seconds())
        return kept


def _named(agency: AgencyView, known: AgencyName | None) -> AgencyName:
    """Folding a name costs more than reading it: what is known is taken over."""
    if known is not None and (known.name, known.retired) == (agency.name, agency.retired):
        return known
    return AgencyName.of(agency.id, agency.name, retired=agency.retired)
