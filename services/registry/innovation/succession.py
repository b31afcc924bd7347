"""Hands over to the successor of a retired agency, from its day on.

Moved to the successor are: innovations that are still drafts or returned; of the years for which the agency owes
nothing because it was retired, all others too, so that a duty that was met stays met (what was imported for past years
stays where the table has it); public ideas that it was given; and its parts. The successor owes for those years, if it
did not. Contacts are handed over by notifications, which hears of the retirement. Everything may run any number of
times, and in several processes at once.
"""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial

import structlog

from services.registry.agencies import agency as agencies
from services.registry.agencies.agency import Agency, Succession
from services.registry.continuation.public_ideas.idea import Idea, hand_over
from services.registry.innovation.innovation import Change, Innovation
from services.registry.innovation.reassignment import Reassignment, reassign
from services.registry.regions.region import Region
from shared.clock import Clock, machine_seconds
from shared.contracts.event import Draft
from shared.contracts.idea import IdeaStatus
from shared.contracts.vocabulary import InnovationStatus
from shared.observability.tracing import origin
from shared.storage.repository import Repository, Versioned

EVERY = 30.0  # seconds between two looks
SETTLED = 60.0  # seconds after which no request is under way any more that saw the agency before it was retired
_PAGE = 200
_LONGEST = 20  # successors of successors

_UNDECIDED = frozenset({InnovationStatus.DRAFT, InnovationStatus.RETURNED})

log = structlog.get_logger("agencies")


class SuccessionWatch:
    """Looks for retired agencies whose successor has not taken over yet."""

    def __init__(
        self,
        agencies: Repository[Agency],
        regions: Repository[Region],
        innovations: Repository[Innovation],
        ideas: Repository[Idea],
        clock: Clock,
        *,
        settled: float = SETTLED,
    ) -> None:
        """settled: seconds, see SETTLED."""
        self.woken = asyncio.Event()
        self._agencies = agencies
        self._regions = regions
        self._innovations = innovations
        self._ideas = ideas
        self._clock = clock
        self._settled = settled
        self._first_looks: dict[tuple[str, int], float] = {}  # by id and version: monotonic seconds

    def wake(self) -> None:
        """An agency was retired: look at once."""
        self.woken.set()

    async def run(self) -> None:
        """The loop's run: hand over what is due. Raises StoreAway."""
        after: str | None = None
        while True:
            page = await self._agencies.list({"succession": Succession.WAITING.value}, limit=_PAGE, after=after)
            for each in page.items:
                await self._look(each)
            if page.after is None:
                return
            after = page.after

    async def _look(self, retired: Versioned[Agency]) -> None:
        agency = retired.value
        region = (await self._regions.get(agency.region)).value
        today = region.today(self._clock.now())
        heir = await self._heir(agency, today) if agency.is_retired(today) else None
        if heir is None:
            return
        moved = await self._move(agency, heir, region)
        moved += await self._pass_ideas_on(agency, heir)
        moved += await self._adopt(agency, heir)
        if (year := _first_year(agency, region, today)) is not None:
            await self._agencies.amend(
                heir.id, None, lambda it: agencies.taking_over(it, year, agency.by, origin(self._clock))
            )
        if moved:
            log.info("agency.succeeded", agency=agency.id, successor=heir.id, moved=moved)
        first = self._first_looks.setdefault((retired.id, retired.sequence), machine_seconds())
        if not moved and machine_seconds() >= first + self._settled:
            named = agency.successor or ""
            await self._agencies.amend(agency.id, None, lambda it: agencies.succeeded(it, named))
            del self._first_looks[retired.id, retired.sequence]

    async def _heir(self, agency: Agency, today: date) -> Agency | None:
        """The successor, or of a retired one its successor; None when nobody is left or they go round."""
        for _ in range(_LONGEST):
            found = await self._agencies.find(agency.successor) if agency.successor else None
            if found is None:
                return None
            agency = found.value
            if not agency.is_retired(today):
                return agency
        return None

    async def _move(self, agency: Agency, heir: Agency, region: Region) -> int:
        """Move the innovations; returns how many."""
        moved, after = 0, None
        while True:
            page = await self._innovations.list({"agency": agency.id}, limit=_PAGE, after=after)
            for each in page.items:
                if _goes_along(each.value, agency, region, region.today(self._clock.now())):
                    changed = await self._innovations.amend(
                        each.id, None, lambda it: self._moved(it, agency, heir, region)
                    )
                    moved += changed.changed
            if page.after is None:
                return moved
            after = page.after

    def _moved(self, innovation: Innovation, agency: Agency, heir: Agency, region: Region) -> Change:
        if innovation.agency != agency.id or not _goes_along(
            innovation, agency, region, region.today(self._clock.now())
        ):
            return None
        why = f"Diteruskan oleh {heir.name} setelah {agency.name} ditutup."
        change = Reassignment(agency=heir.id, year=innovation.year, reason=why)
        return reassign(innovation, change, agency.by, origin(self._clock))

    async def _pass_ideas_on(self, agency: Agency, heir: Agency) -> int:
        """Give the heir the ideas of which nothing has come yet; returns how many."""
        where = {"agency": agency.id, "status": IdeaStatus.HANDED_OVER.value}
        page = await self._ideas.list(where, limit=_PAGE, after=None)
        step = partial(self._passed_on, former=agency, heir=heir)
        return sum([(await self._ideas.amend(each.id, None, step)).changed for each in page.items])

    def _passed_on(self, idea: Idea, former: Agency, heir: Agency) -> tuple[Idea, Draft] | None:
        if idea.status is not IdeaStatus.HANDED_OVER or idea.agency != former.id:
            return None
        return hand_over(idea, heir.id, former.by, origin(self._clock))

    async def _adopt(self, agency: Agency, heir: Agency) -> int:
        """Make the agency's parts the heir's; returns how many. The heir, if it was one, takes the agency's place."""
        page = await self._agencies.list({"region": agency.region, "parent": agency.id}, limit=_PAGE, after=None)
        for each in page.items:
            parent = agency.parent if each.id == heir.id else heir.id
            await self._agencies.amend(each.id, None, partial(self._adopted, former=agency, parent=parent))
        return len(page.items)

    def _adopted(self, part: Agency, former: Agency, parent: str | None) -> agencies.Change:
        return agencies.adopted(part, former.id, parent, former.by, origin(self._clock))


def _goes_along(innovation: Innovation, agency: Agency, region: Region, today: date) -> bool:
    """Whether it is the heir's. What was imported for a year that is over is of the agency that the table names."""
    if innovation.imported and innovation.year < today.year:
        return False
    if innovation.status in _UNDECIDED:
        return True
    return innovation.status is not InnovationStatus.WITHDRAWN and _owes_no_more(agency, innovation.year, region)


def _owes_no_more(agency: Agency, year: int, region: Region) -> bool:
    """Whether the agency owes nothing for that year because it was retired by its deadline."""
    return agency.retired_on is not None and agency.retired_on <= _last_day(region, year)


def _first_year(agency: Agency, region: Region, today: date) -> int | None:
    """The first year whose duty the successor takes over: of those that the agency owes no more, one that is not over.
    A successor must not be late all at once for a year that nobody asked it about."""
    years = {today.year, *(each.year for each in region.deadlines)}
    begun = agency.obliged_from or min(years)
    coming = [year for year in years if year >= begun and _last_day(region, year) >= today]
    return min((year for year in coming if _owes_no_more(agency, year, region)), default=None)


def _last_day(region: Region, year: int) -> date:
    """The deadline's day; of a year without one the last day of the year."""
    deadline = region.deadline(year)
    return deadline.date if deadline else date(year, 12, 31)
