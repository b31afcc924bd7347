"""Imports the signed Perjanjian Inovasi. Several lines of one agency, year and number are one commitment with several
promises, as offices list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from services.registry.agencies.agency import Agency
from services.registry.continuation.commitment import (
    Change,
    Commitment,
    CommitmentTerms,
    NewCommitment,
    Promise,
    commitment_id,
    revise,
    sign,
)
from services.registry.imports.agency_names import KnownAgencies, known_agencies
from services.registry.imports.planned import Outcome, Step
from services.registry.imports.sheet_import import Context, Plan, Skipped
from shared.clock import Clock
from shared.contracts.names import folded
from shared.faults import Invalid
from shared.observability.tracing import origin
from shared.ports.store import ID, OneOf
from shared.storage.repository import Repository
from shared.tables.report import Findings
from shared.tables.table import Table
from shared.tables.typed import TypedRow, about, typed_in_turns

_PAGE = 100
_NEEDED = {"agency", "year", "number", "signed_on"}


@dataclass
class _Signed:
    """A commitment of the table; table, row: its first line."""

    table: Table
    row: TypedRow
    agency: str
    year: int
    number: str
    dated: date
    promised: list[str] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """As a step keeps it."""
        return {
            "agency": self.agency,
            "year": self.year,
            "number": self.number,
            "dated": self.dated.isoformat(),
            "promised": self.promised,
        }


class CommitmentImport:
    """The import of the sheet `commitments`."""

    def __init__(self, agencies: Repository[Agency], commitments: Repository[Commitment], clock: Clock) -> None:
        self._agencies = agencies
        self._commitments = commitments
        self._clock = clock

    async def plan(self, context: Context, tables: Sequence[Table], findings: Findings) -> Plan:
        """See SheetImport."""
        agencies = await known_agencies(self._agencies, context.region.code, context.coming)
        signed: dict[str, _Signed] = {}
        for table in tables:
            async for row in typed_in_turns(table, findings):
                _take(table, row, agencies, signed, findings)
        plan, waiting = Plan(), sorted(signed, key=lambda each: signed[each].row.number)
        for start in range(0, len(waiting), _PAGE):
            some = waiting[start : start + _PAGE]
            page = await self._commitments.list({ID: OneOf(some)}, limit=_PAGE, after=None)
            before = {each.id: each.value for each in page.items}
            for id in some:
                self._decide(context, id, signed[id], before.get(id), plan, findings)
        return plan

    def _decide(  # noqa: PLR0917 - one row, and where its outcome goes
        self,
        context: Context,
        id: str,
        signed: _Signed,
        before: Commitment | None,
        plan: Plan,
        findings: Findings,
    ) -> None:
        step = Step(row=signed.row.number, id=id, values=signed.values())
        try:
            change = self._changed(context, step, before)
        except (ValidationError, Invalid) as wrong:
            reason = wrong.flaws[0].message if isinstance(wrong, Invalid) else "isian tidak sesuai"
            findings.add(about(signed.table, signed.row, "signed_on", "malformed", reason))
            return
        plan.outcomes[Outcome.UNCHANGED if change is None else Outcome.UPDATED if before else Outcome.CREATED] += 1
        if change is not None:
            plan.steps.append(step)

    async def apply(self, context: Context, step: Step) -> None:
        """See SheetImport."""

        def decide(before: Commitment | None) -> Change:
            try:
                return self._changed(context, step, before)
            except Invalid as fault:
                raise Skipped(fault.detail) from None

        await self._commitments.change(step.id, decide)

    def _changed(self, context: Context, step: Step, before: Commitment | None) -> Change:
        """The commitment after the step. Raises ValidationError, Invalid."""
        values, source = step.values, replace(origin(self._clock), time=context.at)
        known = {folded(each.name): each for each in before.promises} if before else {}
        named = tuple(known.get(folded(name)) or Promise(name=name) for name in values["promised"])
        promises = named or (before.promises if before else ())
        terms = {"number": values["number"], "dated": values["dated"], "promises": promises}
        if before is None:
            new = NewCommitment(agency=values["agency"], year=values["year"], **terms)
            return sign(context.region.code, new, fingerprint="", today=context.today, by=context.by, origin=source)
        revised = CommitmentTerms(revoked=before.revoked, **terms)
        return revise(before, revised, today=context.today, by=context.by, origin=source)


def _take(table: Table, row: TypedRow, agencies: KnownAgencies, signed: dict[str, _Signed], findings: Findings) -> None:
    values = row.values
    if row.faulty or not values.keys() >= _NEEDED:
        return
    agency = agencies.find(str(values["agency"]))
    if agency is None:
        why = agencies.unknown(str(values["agency"]))
        findings.add(about(table, row, "agency", "unknown", why))
        return
    year, dated = values["year"], values["signed_on"]
    if not isinstance(year, int) or not isinstance(dated, date):
        return
    id = commitment_id(agency.id, year)
    made = _Signed(table, row, agency.id, year, str(values["number"]), dated)
    first = signed.setdefault(id, made)
    if (first.number, first.dated) != (made.number, made.dated):
        why = f"perangkat daerah ini sudah mempunyai perjanjian lain untuk tahun itu pada baris {first.row.number}"
        findings.add(about(table, row, "number", "duplicate", why))
        return
    promised = values.get("promised", ())
    names = promised if isinstance(promised, tuple) else (str(promised),)
    first.promised += [name for name in names if folded(name) not in {folded(each) for each in first.promised}]
