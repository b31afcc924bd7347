"""Finds obligations that were derived from other facts than the newest, or by former rules. Writes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from services.notifications.kinds import EXEMPTION, OBLIGATION
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.obligations.deadlines import obligation_years
from services.notifications.obligations.document import RULES
from services.notifications.obligations.news import obligation_id
from services.notifications.obligations.obligation import ObligationPhase
from shared.ports.store import ID, OneOf, ScanRow, Store

_AGENCY, _REGION, _EXEMPTION = "facts.agency.heard", "facts.region.heard", "facts.exemption.heard"
_PASSED = "facts.passed.heard"
_FIELDS = ("stands", "rules", _AGENCY, _REGION, _EXEMPTION, _PASSED)
_PROVEN = (ObligationPhase.REGISTRY.value, ObligationPhase.OVERDUE.value)
_AT_ONCE = 200


@dataclass
class Part:
    """Some obligations, by agency and year. whole: all that were looked at; outdated: those to be recomputed; unproven:
    with the region, those that used another `deadline.passed` than the newest."""

    whole: list[tuple[str, int]] = field(default_factory=list)
    outdated: list[tuple[str, int]] = field(default_factory=list)
    unproven: list[tuple[str, str, int]] = field(default_factory=list)


class Outdated:
    """Compares sequences: what an obligation used with what is known."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts

    async def parts(self) -> AsyncIterator[Part]:
        """All obligations that there are or should be, in parts of limited size."""
        sequences: dict[str, int] = {}
        async for region in self._known_facts.regions():
            sequences[region.value.code] = region.sequence
            for year in obligation_years(region.value):
                async for part in self._of_region(region, year):
                    yield part
        async for part in self._unknown(sequences):
            yield part

    async def _of_region(self, region: KnownRegion, year: int) -> AsyncIterator[Part]:
        code = region.value.code
        heard = await self._known_facts.deadline_sequence(code, year)
        async for agencies in self._known_facts.agency_sequences(code):
            ids = [obligation_id(agency, year) for agency in agencies]
            rows = {row.id: row async for row in self._store.scan(OBLIGATION.name, {ID: OneOf(ids)}, _FIELDS)}
            exempted = self._store.scan(EXEMPTION.name, {ID: OneOf(ids)}, ())
            exemptions = {row.id: row.sequence async for row in exempted}
            part = Part(whole=[(agency, year) for agency in agencies])
            for (agency, sequence), id in zip(agencies.items(), ids, strict=True):
                row = rows.get(id)
                if row is None or _used(row) != (RULES, sequence, region.sequence, exemptions.get(id)):
                    part.outdated.append((agency, year))
                if row is not None and row["stands"] in _PROVEN and heard not in (None, row[_PASSED]):
                    part.unproven.append((code, agency, year))
            yield part

    async def _unknown(self, regions: dict[str, int]) -> AsyncIterator[Part]:
        """Obligations that lack a fact which is known by now."""
        rows: list[ScanRow] = []
        fields = ("agency", "year", "rules", _AGENCY, _REGION)
        async for row in self._store.scan(OBLIGATION.name, {"stands": ObligationPhase.UNKNOWN.value}, fields):
            rows.append(row)
            if len(rows) == _AT_ONCE:
                yield await self._of_unknown(rows, regions)
                rows = []
        if rows:
            yield await self._of_unknown(rows, regions)

    async def _of_unknown(self, rows: list[ScanRow], regions: dict[str, int]) -> Part:
        places = await self._known_facts.places({row["agency"] for row in rows})
        part = Part()
        for row in rows:
            code, sequence = places.get(row["agency"], ("", None))
            if (row["rules"], row[_AGENCY], row[_REGION]) != (RULES, sequence, regions.get(code)):
                part.outdated.append((row["agency"], row["year"]))
        return part


def _used(row: ScanRow) -> tuple[int | None, ...]:
    return row["rules"], row[_AGENCY], row[_REGION], row[_EXEMPTION]
