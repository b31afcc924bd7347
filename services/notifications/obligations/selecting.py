"""Asks the store for the few entries that decide an obligation. Every query is served by one index and has a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_index import Rank, group_of
from services.notifications.obligations.facts import Facts, RegionFact
from services.notifications.obligations.selection import Selection, by_began, by_first, latest
from shared.contracts.vocabulary import CountsWhen, InnovationStatus
from shared.ports.store import Range, Where

Order = Callable[[Iterable[Entry], int], tuple[Entry, ...]]

_VERIFIED = (InnovationStatus.VERIFIED,)
_LIVE = (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)


class Entries:
    """The entries of one agency and year."""

    def __init__(self, entries: EntryRepository, agency: str, year: int) -> None:
        self._entries = entries
        self._of = {"agency": agency, "year": year}

    async def select(self, facts: Facts) -> Selection:
        """What decides the obligation with these facts; nothing while the agency, its region or the deadline is not
        known."""
        agency, region = facts.agency, facts.region
        if agency is None or region is None or region.deadline is None:
            return Selection()
        minimum = region.minimum_of(agency.kind)
        furthest = await self._first({"index.rank": Range(below=Rank.GONE.value)}, ("index.rank", "index.since"), 1)
        verified = region.counts_when is CountsWhen.VERIFIED
        groups = _groups(region, _VERIFIED if verified else _LIVE)
        counted = await (self._grouped(groups, minimum) if verified or _restricts(region) else self._live(minimum))
        enough = len(counted) >= minimum
        began: tuple[Entry, ...] = ()
        live: tuple[Entry, ...] = ()
        if verified and enough:
            began = await self._merged(groups, "index.verified", by_began, minimum)
        elif verified:
            both = _groups(region, _LIVE)
            live = await (self._grouped(both, minimum) if _restricts(region) else self._live(minimum))
        return Selection(
            counted=counted,
            began=began,
            live=live,
            furthest=furthest[0] if furthest else None,
            gone=None if enough else await self._gone(),
        )

    async def _live(self, limit: int) -> tuple[Entry, ...]:
        return tuple(await self._first({"index.live": 1}, ("index.first",), limit))

    async def _grouped(self, groups: Sequence[str], limit: int) -> tuple[Entry, ...]:
        return await self._merged(groups, "index.first", by_first, limit)

    async def _merged(self, groups: Sequence[str], path: str, order: Order, limit: int) -> tuple[Entry, ...]:
        found = [each for group in groups for each in await self._first({"index.group": group}, (path,), limit)]
        return order(found, limit)

    async def _gone(self) -> Entry | None:
        found: list[Entry] = []
        for rank in (Rank.RETURNED, Rank.GONE):
            found += await self._first({"index.rank": rank.value}, ("index.since",), 1, direction=-1)
        return latest(found)

    async def _first(self, where: Where, paths: Sequence[str], limit: int, *, direction: int = 1) -> list[Entry]:
        sort = [(path, direction) for path in paths]
        page = await self._entries.list({**self._of, **where}, limit=limit, after=None, sort=sort)
        return [each.value for each in page.items]


def _restricts(region: RegionFact) -> bool:
    """Whether the policy lets only some of the live innovations count."""
    return region.mandatory_rows or not region.community_counts


def _groups(region: RegionFact, statuses: Sequence[InnovationStatus]) -> list[str]:
    """The groups that the policy lets count."""
    return [
        group_of(status, community=community, filled=filled)
        for status in statuses
        for community in ((False, True) if region.community_counts else (False,))
        for filled in ((True,) if region.mandatory_rows else (False, True))
    ]
