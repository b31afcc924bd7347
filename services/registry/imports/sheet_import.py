"""What the runner needs of each sheet: to plan a table, and to apply a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from services.registry.agencies.agency import Agency
from services.registry.imports.planned import Outcome, Step
from services.registry.imports.planned_steps import PlannedSteps
from services.registry.regions.region import Region
from shared.faults import Fault
from shared.tables.report import Findings
from shared.tables.table import Table


@dataclass(frozen=True)
class Context:
    """The import that is planned or applied. id: of its document; at, today: business time; by: the account; coming:
    agencies that count as known in a dry run: those that the same office would bring in before."""

    id: str
    region: Region
    by: str
    at: datetime
    coming: tuple[Agency, ...] = ()

    @property
    def today(self) -> date:
        """The day in the region."""
        return self.region.today(self.at)


@dataclass
class Plan:
    """steps: in the order in which they are applied; outcomes: of rows."""

    steps: PlannedSteps = field(default_factory=PlannedSteps)
    outcomes: Counter[Outcome] = field(default_factory=Counter)


class Skipped(Fault):
    """The row was right when it was checked, and what it changes has changed since."""

    slug = "changed-meanwhile"


class SheetImport(Protocol):
    """The import of one sheet."""

    async def plan(self, context: Context, tables: Sequence[Table], findings: Findings) -> Plan:
        """Check all rows; what is wrong goes to `findings`, and the plan counts only without errors. Changes nothing.
        Raises StoreAway."""

    async def apply(self, context: Context, step: Step) -> None:
        """Apply a step; applied again, it changes nothing. Raises Skipped, StoreAway."""
