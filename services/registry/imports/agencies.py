"""Imports agencies: names and kinds first, then what they are part of, then who is closed and who follows."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from services.registry.agencies.agency import Agency, AgencyTerms, NewAgency, Retirement
from services.registry.agencies.directory import AgencyDirectory
from services.registry.imports.agency_names import KnownAgencies, known_agencies
from services.registry.imports.keys import agency_key
from services.registry.imports.planned import Outcome, Step
from services.registry.imports.sheet_import import Context, Plan, Skipped
from shared.contracts.names import folded
from shared.contracts.vocabulary import AgencyKind
from shared.faults import AlreadyExists, Invalid, KeyReused, Stale
from shared.ports.store import ID, OneOf
from shared.storage.repository import Repository
from shared.storage.stored import Fingerprint
from shared.tables.report import Findings
from shared.tables.sheets.agencies import EVERY_YEAR
from shared.tables.table import Table
from shared.tables.typed import TypedRow, about, typed_in_turns

_PAGE = 200
_LOOKS = 5
"""How often a step looks again because another import of the same agencies was faster."""

_TERMS, _PARENT, _RETIREMENT = range(3)
"""The stages: whoever is named by another one exists then."""


class AgencyImport:
    """The import of the sheet `agencies`."""

    def __init__(self, agencies: Repository[Agency], directory: AgencyDirectory) -> None:
        self._agencies = agencies
        self._directory = directory

    async def plan(self, context: Context, tables: Sequence[Table], findings: Findings) -> Plan:
        """See SheetImport."""
        return (await self._planned(context, tables, findings)).plan

    async def coming(self, context: Context, tables: Sequence[Table]) -> tuple[Agency, ...]:
        """The agencies as they would be after these tables, whatever is wrong with some rows. Raises StoreAway."""
        planning = await self._planned(context, tables, Findings())
        planning.know_faulty()
        return tuple(planning.known.by_id.values())

    async def _planned(self, context: Context, tables: Sequence[Table], findings: Findings) -> _Planning:
        known = await known_agencies(self._agencies, context.region.code)
        planning = _Planning(context, known, findings)
        rows = [(table, row) for table in tables async for row in typed_in_turns(table, findings)]
        await self._find_foreign(rows, planning)
        for table, row in rows:
            planning.take(table, row)
        planning.link()
        return planning

    async def apply(self, context: Context, step: Step) -> None:
        """See SheetImport."""
        try:
            for _ in range(_LOOKS - 1):
                with contextlib.suppress(KeyReused, Stale):  # another import was faster: look at what it made
                    return await self._apply(context, step)
            await self._apply(context, step)
        except (Invalid, AlreadyExists, Stale) as fault:
            raise Skipped(fault.detail) from fault

    async def _apply(self, context: Context, step: Step) -> None:
        found = await self._agencies.find(step.id)
        if found is None:
            if step.stage == _TERMS:
                new = NewAgency(region=context.region.code, **step.values)
                mark = f"import {context.id}"
                await self._directory.register(step.id, new, Fingerprint(mark, mark), context.by)
            return
        agency = found.value
        if agency.region != context.region.code:
            raise Skipped("ID ini sudah dipakai di daerah lain")
        if step.stage == _RETIREMENT:
            await self._directory.retire(found, Retirement(**step.values), context.by)
            return
        terms = AgencyTerms(**{"name": agency.name, "kind": agency.kind, **step.values})
        if step.values.items() <= agency.model_dump(mode="json").items():
            return
        await self._directory.revise(found, terms, context.by)

    async def _find_foreign(self, rows: list[tuple[Table, TypedRow]], planning: _Planning) -> None:
        """Look up the ids that are no agency's of this region."""
        ids = sorted({str(row.values["id"]) for _, row in rows if "id" in row.values} - planning.known.by_id.keys())
        for start in range(0, len(ids), _PAGE):
            page = await self._agencies.list({ID: OneOf(ids[start : start + _PAGE])}, limit=_PAGE, after=None)
            planning.foreign |= {each.id for each in page.items}


class _Planning:
    """The plan while it is made. known: as the agencies will be; before: as they are."""

    def __init__(self, context: Context, known: KnownAgencies, findings: Findings) -> None:
        self.known = known
        self.plan = Plan()
        self.foreign: set[str] = set()
        self._context = context
        self._findings = findings
        self._before = dict(known.by_id)
        self._seen: dict[str, int] = {}
        self._faulty: list[TypedRow] = []
        self._rows: list[tuple[Table, TypedRow, Agency]] = []
        self._steps: dict[int, list[Step]] = {_TERMS: [], _PARENT: [], _RETIREMENT: []}

    def take(self, table: Table, row: TypedRow) -> None:
        """The first stage of a row."""
        values = row.values
        if row.faulty or not {"name", "kind"} <= values.keys():
            self._faulty.append(row)
            return
        before = self._find(row)
        if before is None and str(values.get("id")) in self.foreign:
            self._say(table, row, "id", "other-region", "ID ini sudah dipakai di daerah lain")
            return
        id = before.id if before else self._new_id(row)
        if id in self._seen:
            self._say(table, row, "name", "duplicate", f"perangkat daerah ini sudah ada pada baris {self._seen[id]}")
            return
        self._seen[id] = row.number
        given: dict[str, Any] = {"name": values["name"], "kind": values["kind"]}
        if "obliged_from" in values:
            given["obliged_from"] = None if values["obliged_from"] == EVERY_YEAR else values["obliged_from"]
        try:
            NewAgency(region=self._context.region.code, **given)
        except ValidationError as error:
            self._say(table, row, "name", "malformed", str(error.errors()[0]["msg"]).removeprefix("Value error, "))
            return
        other = next((each for each in self.known.named(str(values["name"])) if each.retired_on is None), None)
        if other is not None and other.id != id and "retired_on" not in values:
            self._say(table, row, "name", "taken", f"nama ini sudah dipakai perangkat daerah lain ({other.id})")
            return
        state = {"obliged_from": self._context.today.year, **(before.model_dump() if before else {}), **given}
        state |= {
            "id": id,
            "region": self._context.region.code,
            "created_by_body": "",
            "key": folded(str(given["name"])),
        }
        after = Agency.model_validate(state)
        self.known.add(after)
        self._rows.append((table, row, after))
        if before is None or (after.name, after.kind, after.obliged_from) != (
            before.name,
            before.kind,
            before.obliged_from,
        ):
            self._steps[_TERMS].append(Step(row=row.number, stage=_TERMS, id=id, values=given))

    def link(self) -> None:
        """The other stages of all rows, and the outcomes."""
        termed = {step.id for step in self._steps[_TERMS]}
        for table, row, agency in self._rows:
            before = self._before.get(agency.id)
            changed = agency.id in termed
            for step in (self._parent(table, row, agency, before), self._retirement(table, row, agency, before)):
                if step is not None:
                    self._steps[step.stage].append(step)
                    changed = True
            outcome = Outcome.CREATED if before is None else Outcome.UPDATED if changed else Outcome.UNCHANGED
            self.plan.outcomes[outcome] += 1
        for stage in sorted(self._steps):
            for step in self._steps[stage]:
                self.plan.steps.append(step)

    def _parent(self, table: Table, row: TypedRow, agency: Agency, before: Agency | None) -> Step | None:
        if "parent" not in row.values:
            return None
        parent = self._named(table, row, "parent", agency)
        if parent is None or (before is not None and before.parent == parent.id):
            return None
        if parent.is_retired(self._context.today):
            self._say(table, row, "parent", "retired", "perangkat daerah ini sudah tidak ada")
            return None
        self.known.add(agency.model_copy(update={"parent": parent.id}))
        if self._is_circular(agency.id):
            why = "perangkat daerah tidak dapat menjadi bagian dari dirinya sendiri atau dari bagiannya"
            self._say(table, row, "parent", "circular", why)
            return None
        return Step(row=row.number, stage=_PARENT, id=agency.id, values={"parent": parent.id})

    def know_faulty(self) -> None:
        """Let agencies count as known whose rows have errors: other rows that name them are not wrong for that."""
        for row in self._faulty:
            name = str(row.values.get("name", ""))
            if name and not self.known.named(name):
                kind = row.values.get("kind", AgencyKind.DINAS)
                state = {"id": self._new_id(row), "region": self._context.region.code, "name": name, "kind": kind}
                self.known.add(Agency.model_validate({**state, "key": folded(name), "created_by_body": ""}))

    def _is_circular(self, id: str) -> bool:
        seen, above = {id}, self.known.by_id[id].parent
        while above is not None and above not in seen:
            seen.add(above)
            above = self.known.by_id[above].parent if above in self.known.by_id else None
        return above is not None

    def _retirement(self, table: Table, row: TypedRow, agency: Agency, before: Agency | None) -> Step | None:
        retired_on = row.values.get("retired_on", before.retired_on if before else None)
        if not isinstance(retired_on, date):
            if "successor" in row.values:
                why = "penerus hanya untuk perangkat daerah yang ditutup; isi tanggalnya"
                self._say(table, row, "successor", "not-retired", why)
            return None
        values: dict[str, Any] = {"retired_on": retired_on.isoformat()}
        if "successor" in row.values:
            successor = self._named(table, row, "successor", agency)
            if successor is None:
                return None
            values["successor"] = successor.id
        same_day = before is not None and before.retired_on == retired_on
        if before is not None and same_day and values.get("successor", before.successor) == before.successor:
            return None
        return Step(row=row.number, stage=_RETIREMENT, id=agency.id, values=values)

    def _named(self, table: Table, row: TypedRow, key: str, agency: Agency) -> Agency | None:
        found = self.known.find(str(row.values[key]))
        if found is None:
            why = "perangkat daerah ini tidak ada di daerah ini dan tidak di berkas ini"
            self._say(table, row, key, "unknown", f"{why}{self.known.meant(str(row.values[key]))}")
        elif found.id == agency.id:
            self._say(table, row, key, "same", "tidak dapat perangkat daerah itu sendiri")
            return None
        return found

    def _find(self, row: TypedRow) -> Agency | None:
        """The agency that the row is about; None: a new one."""
        id = row.values.get("id")
        if id is not None:
            return self._before.get(str(id))
        named = [each for each in self.known.named(str(row.values["name"])) if each.id in self._before]
        retired_on = row.values.get("retired_on")
        same = [each for each in named if retired_on is not None and each.retired_on == retired_on]
        return next(iter(same or named), None)

    def _new_id(self, row: TypedRow) -> str:
        if "id" in row.values:
            return str(row.values["id"])
        name = folded(str(row.values["name"]))
        for number in range(1_000):
            id = agency_key(self._context.region.code, name, number)
            former = self._before.get(id)
            if former is None or folded(former.name) == name:
                return id
        raise AssertionError("as many agencies have had this name")

    def _say(self, table: Table, row: TypedRow, key: str, code: str, reason: str) -> None:
        self._findings.add(about(table, row, key, code, reason))
