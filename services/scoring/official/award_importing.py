"""Imports awards from a table: nothing, or in the end all. The checked rows are stored as one document and applied
under deterministic ids; after a crash the loop goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid5

from services.scoring.kinds import AWARD, AWARD_IMPORT
from services.scoring.known import agencies_of, region_of, today_in
from services.scoring.official.award import Award, AwardTerms
from services.scoring.official.award_import import AwardImport, AwardImportStatus, PlannedAward
from services.scoring.official.award_rows import AwardReader, ReadAwards
from services.scoring.official.comparing import Forecasts
from services.scoring.official.store import award_imports, awards
from shared.clock import Clock
from shared.contracts.names import folded
from shared.observability.actor import acting, importing
from shared.ports.store import ID, OneOf, Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint

EVERY = 15.0  # seconds between two looks for imports that a crash has cut off

_KEYS = UUID("b7a3f6d0-6f0e-5c1b-9a55-0f8e2f6f4f11")  # never changes
_PAGE = 200
_AT_ONCE = 16
_Key = tuple[object, ...]


@dataclass
class CheckedAwards:
    """What a table would do. planned: the awards that it creates or changes."""

    read: ReadAwards
    planned: list[PlannedAward]
    created: int = 0
    updated: int = 0
    unchanged: int = 0


class AwardImporter:
    """Methods raise StoreAway."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._awards = awards(store)
        self._imports = award_imports(store)
        self._forecasts = Forecasts(store)

    async def check(self, region: str, file: bytes) -> CheckedAwards:
        """Read a table and find out what it would do. Raises Invalid for a file that cannot be read."""
        agencies = {id: each.name for id, each in (await agencies_of(self._store, region)).items()}
        innovations = (await self._forecasts.known(region)).values()
        summary = await region_of(self._store, region)
        names = [region, *([summary.name] if summary.name else [])]
        today = await today_in(self._store, region, self._clock)
        reader = AwardReader(agencies, innovations, region_names=names, today=today)
        read = await asyncio.to_thread(reader.read, file)
        checked = CheckedAwards(read, [])
        await self._plan(region, checked)
        return checked

    async def run(
        self, id: str, region: str, checked: CheckedAwards, *, by: str, fingerprint: Fingerprint
    ) -> Versioned[AwardImport]:
        """Apply a table without errors. A repeat under the same id finishes the import or returns its result. Raises
        KeyReused."""
        made = AwardImport(
            region=region,
            rows=tuple(checked.planned),
            created=checked.created,
            updated=checked.updated,
            unchanged=checked.unchanged,
            by=by,
            created_by_body=fingerprint.sent,
        )
        return await self._apply(await self._imports.create(id, made, fingerprint=fingerprint))

    async def repeated(self, id: str, fingerprint: Fingerprint) -> Versioned[AwardImport] | None:
        """The import of an earlier, equal request, which is finished; None when there is none. Raises KeyReused."""
        found = await self._imports.repeated(id, fingerprint)
        return None if found is None else await self._apply(found)

    async def finish(self) -> None:
        """Apply what an earlier process left unfinished."""
        where = {"status": AwardImportStatus.APPLYING.value}
        for id in [row.id async for row in self._store.scan(AWARD_IMPORT.name, where, ())]:
            found = await self._imports.find(id)
            if found is not None:
                await self._apply(found)

    async def _apply(self, found: Versioned[AwardImport]) -> Versioned[AwardImport]:
        if found.value.status is AwardImportStatus.DONE:
            return found
        with acting(importing(found.value.by, found.id)):
            await in_parallel(found.value.rows, partial(self._apply_row, found.value), at_once=_AT_ONCE)
        return await self._imports.amend(found.id, None, without_event(AwardImport.done), known=found)

    async def _apply_row(self, run: AwardImport, row: PlannedAward) -> None:
        def changed(before: Award | None) -> Award | None:
            if before is None:
                return Award.of(run.region, row.terms, by=run.by, created_by_body="")
            if before.region != run.region or before.removed:
                return None  # removed since it was checked
            return before.changed(row.terms, run.by)

        await self._awards.change(row.id, without_event(changed))

    async def _plan(self, region: str, checked: CheckedAwards) -> None:
        known = {each.id: each.value async for each in self._all(region)}
        by_key: dict[_Key, str] = {}
        for id, award in known.items():
            by_key.setdefault(_key(award), id)
        foreign = await self._foreign(checked.read, known)
        seen: dict[str, int] = {}
        for row in checked.read.rows:
            if row.id is not None and row.id in foreign:
                checked.read.say(row, "id", "taken", "ID ini sudah dipakai, atau penghargaannya sudah dihapus")
                continue
            id = row.id or by_key.get(_key(row.terms)) or await self._new_id(region, row.terms)
            if id in seen:
                checked.read.say(row, "title", "duplicate", f"penghargaan ini sudah ada pada baris {seen[id]}")
                continue
            seen[id] = row.row.number
            before = known.get(id)
            terms = row.terms if before is None else _kept(row.terms, before)
            if before is not None and before.changed(terms, "") is None:
                checked.unchanged += 1
                continue
            checked.created += before is None
            checked.updated += before is not None
            checked.planned.append(PlannedAward(id=id, terms=terms))

    async def _all(self, region: str) -> AsyncIterator[Versioned[Award]]:
        after: str | None = None
        while True:
            page = await self._awards.list({"region": region, "removed": 0}, limit=_PAGE, after=after)
            for each in page.items:
                yield each
            after = page.after
            if after is None:
                return

    async def _foreign(self, read: ReadAwards, known: dict[str, Award]) -> set[str]:
        """The ids of the table that are an award's which is removed or of another region."""
        ids = sorted({row.id for row in read.rows if row.id is not None} - known.keys())
        found: set[str] = set()
        for start in range(0, len(ids), _PAGE):
            where = {ID: OneOf(ids[start : start + _PAGE])}
            found |= {row.id async for row in self._store.scan(AWARD.name, where, ())}
        return found

    async def _new_id(self, region: str, terms: AwardTerms) -> str:
        """An id that follows from what the award is, as long as no award with it was removed."""
        number = 0
        while True:
            parts = json.dumps([region, *_key(terms), number], separators=(",", ":"))
            id = str(uuid5(_KEYS, parts))
            found = await self._awards.find(id)
            if found is None or not found.value.removed:
                return id
            number += 1


def _key(award: Award | AwardTerms) -> _Key:
    """What makes two rows one award."""
    names = folded(award.title), folded(award.giver)
    return award.year, award.kind.value, *names, award.agency or "", award.innovation or ""


def _kept(terms: AwardTerms, before: Award) -> AwardTerms:
    """The terms, with what is stored where the table says nothing."""
    return terms.model_copy(update={"number": terms.number or before.number, "dated": terms.dated or before.dated})
