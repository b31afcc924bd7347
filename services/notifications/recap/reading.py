"""Reads the recap of a region's year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.notifications.known import KnownFacts
from services.notifications.obligations.deadlines import closes_at, local_date
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.recap.facts import DutyFacts, duty_facts
from services.notifications.recap.recap import Recap, RecapDeadline, RecapLine, RecapOrder, ordered, totals_of, wanted
from services.notifications.recap.year import YearFacts, YearReader
from shared.clock import Clock
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered, deadline_in_force
from shared.contracts.vocabulary import AgencyKind, ObligationStatus
from shared.faults import Flaw, Invalid, NotFound
from shared.ports.store import Store

MOST_AGENCIES = 5_000  # of one recap: a whole province with its schools is asked for by kind


@dataclass(frozen=True)
class RecapQuestion:
    """kinds, statuses: empty: all; late: None: either."""

    region: str
    year: int
    kinds: tuple[AgencyKind, ...] = ()
    statuses: tuple[ObligationStatus, ...] = ()
    late: bool | None = None
    order: RecapOrder = RecapOrder.STATUS


class RecapReader:
    """Reads recaps, and years of single agencies."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._known_facts = known_facts
        self._years = YearReader(store, known_facts)
        self._clock = clock

    async def recap(self, question: RecapQuestion) -> Recap:
        """The recap. Raises NotFound for an unknown region, Invalid for too many agencies."""
        region = await self.region(question.region)
        agencies = await self._agencies(question)
        year, before = [
            await self.duties(region, each, agencies.values()) for each in (question.year, question.year - 1)
        ]
        lines = [
            RecapLine(
                agency=id,
                agency_name=agencies[id].name,
                kind=agencies[id].kind,
                retired=agencies[id].retired,
                duty=duty,
                before=before.get(id),
            )
            for id, duty in year.items()
        ]
        return Recap(
            region=region.code,
            region_name=region.name,
            year=question.year,
            as_of=self.today(region),
            deadline=_deadline(region, question.year),
            deadline_before=_deadline(region, question.year - 1),
            kinds=question.kinds,
            statuses=question.statuses,
            late=question.late,
            totals=totals_of(question.year, year.values()),
            totals_before=totals_of(question.year - 1, before.values()),
            lines=ordered(wanted(lines, question.statuses, question.late), question.order),
        )

    async def _agencies(self, question: RecapQuestion) -> dict[str, AgencyRegistered]:
        found: dict[str, AgencyRegistered] = {}
        async for each in self._known_facts.agencies(question.region):
            if question.kinds and each.value.kind not in question.kinds:
                continue
            found[each.value.id] = each.value
            if len(found) > MOST_AGENCIES:
                raise Invalid(
                    [Flaw("kind", "too-many", f"lebih dari {MOST_AGENCIES} perangkat daerah; pilih jenisnya")]
                )
        return found

    async def region(self, code: str) -> RegionRegistered:
        """The region. Raises NotFound."""
        known = await self._known_facts.region(code)
        if known is None:
            raise NotFound("Daerah ini tidak dikenal.")
        return known.value

    def today(self, region: RegionRegistered) -> date:
        """The region's local day."""
        return local_date(self._clock.now(), region.zone)

    async def duties(
        self, region: RegionRegistered, year: int, agencies: Iterable[AgencyRegistered]
    ) -> dict[str, DutyFacts]:
        """Agency → its year, of those of the agencies that existed in it."""
        existing = {each.id: each for each in agencies if not _gone(each, year)}
        found = await self._years.read(region.code, year, sorted(existing))
        deadline = deadline_in_force(region.deadlines, year)
        closes = closes_at(deadline, region.zone) if deadline and not deadline.cancelled else None
        return {
            id: self._duty(region, year, id, found, closes)
            for id, agency in existing.items()
            if not _to_come(agency, year, found.entries[id])
        }

    def _duty(
        self, region: RegionRegistered, year: int, id: str, found: YearFacts, closes: datetime | None
    ) -> DutyFacts:
        public, phase = found.duties.get(id, (None, ObligationPhase.UNKNOWN))
        return duty_facts(
            year,
            public,
            phase,
            found.entries[id],
            closes=closes,
            today=self.today(region),
            zone=region.zone,
            decree=found.decrees.get(id),
            commitment=found.commitments.get(id),
        )


def _gone(agency: AgencyRegistered, year: int) -> bool:
    """Whether it no longer existed on the first day of the year."""
    return agency.retired and agency.retired_on is not None and agency.retired_on <= date(year, 1, 1)


def _to_come(agency: AgencyRegistered, year: int, entries: list[Entry]) -> bool:
    """Whether it did not exist yet: it is obliged from a later year on, and has nothing in this one."""
    return agency.obliged_from is not None and year < agency.obliged_from and not entries


def _deadline(region: RegionRegistered, year: int) -> RecapDeadline | None:
    found = deadline_in_force(region.deadlines, year)
    return None if found is None else RecapDeadline(**found.model_dump(include=set(RecapDeadline.model_fields)))
