"""Lists what notifications still waits for from the registry, long after a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.notifications.kinds import OBLIGATION
from services.notifications.obligations.deadlines import microseconds
from services.notifications.obligations.obligation import ObligationPhase
from shared.ports.store import Range, Store

PATIENCE = timedelta(hours=12)  # after a deadline, in business time

_FIELDS = ("region", "year", "public.deadline_revision", "facts.passed.revision", "facts.passed.missing")
_MOST_IDS = 100


@dataclass
class Behind:
    """A region's year of which the registry's facts have not arrived. revision: of the deadline; heard: whether
    `deadline.passed` of that revision was heard; agencies: how many duties wait; missing: the ids of innovations that
    were submitted in time and not heard of, sorted, at most 100."""

    region: str
    year: int
    revision: int
    heard: bool = True
    agencies: int = 0
    missing: tuple[str, ...] = field(default_factory=tuple)

    @property
    def why(self) -> str:
        """In one sentence, for readiness and the operator."""
        of = f"region {self.region}, {self.year}, deadline revision {self.revision}"
        if not self.heard:
            return f"{of}: deadline.passed was not received; {self.agencies} duties wait"
        shown = ", ".join(self.missing[:5]) + (", …" if len(self.missing) > 5 else "")  # noqa: PLR2004 - as shown
        return f"{of}: {len(self.missing)} innovations were not received ({shown}); {self.agencies} duties wait"


async def behind(store: Store, now: datetime) -> list[Behind]:
    """What is overdue by PATIENCE at business time `now`, by region, year and revision. Costs what waits."""
    found: dict[tuple[str, int, int], Behind] = {}
    where = {"stands": ObligationPhase.REGISTRY.value, "closes": Range(most=microseconds(now - PATIENCE))}
    async for row in store.scan(OBLIGATION.name, where, _FIELDS):
        region, year, revision = row["region"], row["year"], row["public.deadline_revision"]
        each = found.setdefault((region, year, revision), Behind(region, year, revision))
        each.agencies += 1
        each.heard = each.heard and row["facts.passed.revision"] == revision
        each.missing = _with(each.missing, row["facts.passed.missing"] or ())
    return [found[key] for key in sorted(found)]


def _with(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*known, *more}))[:_MOST_IDS]
