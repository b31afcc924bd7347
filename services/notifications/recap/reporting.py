"""Reads the facts of agencies' years."""

from __future__ import annotations

from services.notifications.known import KnownFacts
from services.notifications.messages.finding import MessageFilter, MessageFinder
from services.notifications.messages.message import Message
from services.notifications.obligations.deadlines import obligation_years
from services.notifications.recap.facts import DutyBrief
from services.notifications.recap.reading import RecapReader
from services.notifications.recap.report import AgencyFacts, DeadlineFacts, reminders_of
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered, policy_in_force
from shared.contracts.vocabulary import CountsWhen
from shared.faults import NotFound
from shared.ports.store import Store

_YEARS = 5  # former years that are shown
_PAGE = 200
_MOST_MESSAGES = 5_000  # of one agency that are looked at, the newest


class FactsReader:
    """Reads the facts of one agency and year."""

    def __init__(self, store: Store, known_facts: KnownFacts, recaps: RecapReader) -> None:
        self._known_facts = known_facts
        self._recaps = recaps
        self._messages = MessageFinder(store)

    async def facts(self, region: str, agency: str, year: int) -> AgencyFacts:
        """The facts. Raises NotFound for an agency that this region does not have, or that did not exist that year."""
        home = await self._recaps.region(region)
        known = await self._known_facts.agency(agency)
        if known is None or known.value.region != region:
            raise _missing()
        found = await self._recaps.duties(home, year, [known.value])
        if agency not in found:
            raise _missing()
        policy = policy_in_force(home.policies, year)
        return AgencyFacts(
            region=region,
            region_name=home.name,
            agency=agency,
            agency_name=known.value.name,
            kind=known.value.kind,
            obliged_from=known.value.obliged_from,
            retired_on=known.value.retired_on,
            as_of=self._recaps.today(home),
            duty=found[agency],
            counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
            policy_decree=policy.decree if policy else "",
            deadlines=_deadlines(home, year),
            years=await self._former(home, known.value, year),
            reminders=reminders_of(await self._of_agency(region, agency), agency, year),
        )

    async def _former(self, region: RegionRegistered, agency: AgencyRegistered, year: int) -> tuple[DutyBrief, ...]:
        years = [each for each in obligation_years(region) if each < year][-_YEARS:]
        found = [await self._recaps.duties(region, each, [agency]) for each in years]
        duties = [each[agency.id] for each in found if agency.id in each]
        return tuple(DutyBrief(**each.model_dump(include=set(DutyBrief.model_fields))) for each in duties)

    async def _of_agency(self, region: str, agency: str) -> list[Message]:
        found: list[Message] = []
        after: str | None = None
        while len(found) < _MOST_MESSAGES:
            wanted = MessageFilter(region=region, agency=agency)
            page = await self._messages.page(wanted, limit=_PAGE, after=after)
            found += [each.value for each in page.items]
            after = page.after
            if after is None:
                break
        return found


def _deadlines(region: RegionRegistered, year: int) -> tuple[DeadlineFacts, ...]:
    revisions = sorted((each for each in region.deadlines if each.year == year), key=lambda each: each.revision)
    return tuple(DeadlineFacts(**each.model_dump()) for each in revisions)


def _missing() -> NotFound:
    return NotFound("Perangkat daerah ini tidak dikenal di daerah dan tahun itu.")
