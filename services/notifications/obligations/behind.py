"""Lists what notifications still waits for from the registry, long after a deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.notifications.obligations.deadlines import microseconds
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import obligation_repository
from shared.ports.store import Range, Store

PATIENCE = timedelta(hours=12)  # after a deadline, in business time

_MOST_IDS = 100
_PAGE, _MOST_PAGES = 200, 5


@dataclass
class Behind:
    """A region's year of which the registry's facts have not arrived. revision: of the deadline; heard: whether
    `deadline.passed` of that revision was heard; agencies: how many duties wait; missing: the ids of innovations that
    were submitted in time and not heard of, sorted, at most 100. At most 1,000 duties are counted, the oldest deadlines
    first."""

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
    """What has been waited for longer than PATIENCE at business time `now`, by region, year and revision. Costs what
    waits."""
    found: dict[tuple[str, int, int], Behind] = {}
    where = {"stands": ObligationPhase.REGISTRY.value, "closes": Range(most=microseconds(now - PATIENCE))}
    obligations, cursor = obligation_repository(store), None
    for _ in range(_MOST_PAGES):
        page = await obligations.list(where, sort=(("closes", 1),), limit=_PAGE, after=cursor)
        for each in page.items:
            since = each.value.waiting_since
            if since is None or now - since >= PATIENCE:
                _add(found, each.value)
        cursor = page.after
        if cursor is None:
            break
    return [found[key] for key in sorted(found)]


def _add(found: dict[tuple[str, int, int], Behind], obligation: ObligationDocument) -> None:
    public, passed = obligation.public, obligation.facts.passed
    if public is None:
        return
    key = (public.region, public.year, public.deadline_revision)
    behind = found.setdefault(key, Behind(*key))
    behind.agencies += 1
    behind.heard = behind.heard and passed is not None and passed.revision == public.deadline_revision
    missing = passed.missing if passed else ()
    behind.missing = tuple(sorted({*behind.missing, *missing}))[:_MOST_IDS]
