"""Imports innovations: drafts of the present, and what was submitted and decided in former years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from services.registry.agencies.agency import Agency
from services.registry.imports.agency_names import KnownAgencies, known_agencies
from services.registry.imports.innovation_entry import InnovationEntry, WrongEntry
from services.registry.imports.innovation_merging import Source, merged
from services.registry.imports.keys import innovation_key
from services.registry.imports.planned import Outcome, Step
from services.registry.imports.sheet_import import Context, Plan, Skipped
from services.registry.innovation.innovation import Change, Innovation
from services.registry.kinds import INNOVATION
from shared.clock import Clock
from shared.contracts.names import folded
from shared.contracts.vocabulary import InnovationStatus
from shared.observability.tracing import origin
from shared.ports.store import ID, OneOf, Store
from shared.storage.repository import Repository
from shared.tables.report import Findings
from shared.tables.table import Table
from shared.tables.typed import TypedRow, about, typed_in_turns

_PAGE = 100
_Key = tuple[str, int, str]  # agency, year, folded name


class InnovationImport:
    """The import of the sheet `innovations`."""

    def __init__(
        self, store: Store, agencies: Repository[Agency], innovations: Repository[Innovation], clock: Clock
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._innovations = innovations
        self._clock = clock

    async def plan(self, context: Context, tables: Sequence[Table], findings: Findings) -> Plan:
        """See SheetImport."""
        region = context.region.code
        agencies = await known_agencies(self._agencies, region, context.coming)
        entries = _Entries(context, agencies, await self._known(region), findings)
        plan = Plan()
        waiting: list[_Found] = []
        for table in tables:
            async for row in typed_in_turns(table, findings):
                found = entries.found(table, row)
                if found is not None:
                    waiting.append(found)
                if len(waiting) == _PAGE:
                    await self._decide_all(context, waiting, plan, findings)
                    waiting = []
        await self._decide_all(context, waiting, plan, findings)
        return plan

    async def _decide_all(self, context: Context, some: list[_Found], plan: Plan, findings: Findings) -> None:
        """Decide on some rows, which are not needed any more then."""
        where = {ID: OneOf(sorted({each.id for each in some}))}
        page = await self._innovations.list(where, limit=_PAGE, after=None)
        before = {each.id: each.value for each in page.items}
        for each in some:
            self._decide(context, each, before.get(each.id), plan, findings)

    def _decide(
        self, context: Context, found: _Found, before: Innovation | None, plan: Plan, findings: Findings
    ) -> None:
        if before is not None and before.region != context.region.code:
            findings.add(about(found.table, found.row, "id", "other-region", "ID ini sudah dipakai di daerah lain"))
            return
        try:
            change = merged(found.id, before, found.entry, self._source(context))
        except WrongEntry as wrong:
            findings.add(about(found.table, found.row, wrong.key, wrong.code, wrong.reason))
            return
        outcome = Outcome.UNCHANGED if change is None else Outcome.UPDATED if before else Outcome.CREATED
        plan.outcomes[outcome] += 1
        if change is not None and findings.errors == 0:
            values = found.entry.model_dump(mode="json")
            plan.steps.append(Step(row=found.row.number, id=found.id, values=values))

    async def apply(self, context: Context, step: Step) -> None:
        """See SheetImport."""
        entry, source = InnovationEntry.model_validate(step.values), self._source(context)

        def decide(before: Innovation | None) -> Change:
            if before is not None and before.region != context.region.code:
                raise Skipped("ID ini sudah dipakai di daerah lain")
            try:
                return merged(step.id, before, entry, source)
            except WrongEntry as wrong:
                raise Skipped(wrong.reason) from None

        await self._innovations.change(step.id, decide)

    def _source(self, context: Context) -> Source:
        return Source(context.region, context.by, replace(origin(self._clock), time=context.at))

    async def _known(self, region: str) -> dict[_Key, str]:
        """Where each innovation of the region is found by its name. Of several the first by id."""
        found: dict[_Key, str] = {}
        fields = ("agency", "year", "profile.name", "status", "first_submitted_at")
        async for row in self._store.scan(INNOVATION.name, {"region": region}, fields):
            deleted = row["status"] == InnovationStatus.WITHDRAWN.value and row["first_submitted_at"] is None
            if row["profile.name"] and not deleted:
                found.setdefault((row["agency"], row["year"], folded(row["profile.name"])), row.id)
        return found


class _Found:
    """A row, and the innovation that it is about."""

    def __init__(self, table: Table, row: TypedRow, id: str, entry: InnovationEntry) -> None:
        self.table = table
        self.row = row
        self.id = id
        self.entry = entry


class _Entries:
    """Finds the innovation of each row."""

    def __init__(self, context: Context, agencies: KnownAgencies, known: dict[_Key, str], findings: Findings) -> None:
        self._context = context
        self._agencies = agencies
        self._known = known
        self._taken = set(known.values())
        self._findings = findings
        self._seen: dict[str, int] = {}

    def found(self, table: Table, row: TypedRow) -> _Found | None:
        """A row with its innovation; None when something is wrong with it, which is in the findings then."""
        if row.faulty or not {"agency", "year", "name"} <= row.values.keys():
            return None
        agency = self._agency(table, row)
        if agency is None:
            return None
        try:
            entry = InnovationEntry.of(row.values, agency.id)
        except ValidationError as error:
            where = str(error.errors()[0]["loc"][0])
            self._say(table, row, where if where in table.columns.by_key else "", "malformed", "isian tidak sesuai")
            return None
        drafted = entry.status in (None, InnovationStatus.DRAFT)
        id = self._id(row, agency.id)
        if drafted and id not in self._taken and agency.is_retired(self._context.today):
            self._say(table, row, "agency", "retired", "perangkat daerah ini sudah tidak ada")
        elif id in self._seen:
            self._say(table, row, "name", "duplicate", f"inovasi ini sudah ada pada baris {self._seen[id]}")
        else:
            self._seen[id] = row.number
            return _Found(table, row, id, entry)
        return None

    def _agency(self, table: Table, row: TypedRow) -> Agency | None:
        text = str(row.values["agency"])
        named = [each for each in self._agencies.named(text) if each.retired_on is None]
        if len(named) > 1:
            self._say(table, row, "agency", "ambiguous", "beberapa perangkat daerah bernama ini; isi ID-nya")
            return None
        found = self._agencies.find(text)
        if found is None:
            self._say(table, row, "agency", "unknown", self._agencies.unknown(text))
        return found

    def _id(self, row: TypedRow, agency: str) -> str:
        if "id" in row.values:
            return str(row.values["id"])
        year, name = int(str(row.values["year"])), folded(str(row.values["name"]))
        known = self._known.get((agency, year, name))
        if known is not None:
            return known
        number = 0
        while (id := innovation_key(agency, year, name, number)) in self._taken:
            number += 1
        return id

    def _say(self, table: Table, row: TypedRow, key: str, code: str, reason: str) -> None:
        self._findings.add(about(table, row, key, code, reason))
