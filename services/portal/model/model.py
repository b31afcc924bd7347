"""The read model as pages see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from services.portal.model.kinds import BOARD, INNOVATION, KNOWN_AGENCY, KNOWN_REGION, MESSAGE, SUMMARY
from services.portal.model.names import agencies_by_id, agency_in, region_in
from services.portal.model.queries.agencies import AgencySearch
from services.portal.model.queries.board import Board
from services.portal.model.queries.catalogue import Catalogue
from services.portal.model.queries.innovations import Innovations
from services.portal.model.queries.ranking import Rankings
from services.portal.model.states.agency_name import AgencyName
from services.portal.model.states.innovation import CARDED
from services.portal.model.states.message import message_of
from services.portal.model.states.step import HEARD
from services.portal.model.views.duty import BoardOrder, BoardRow, DutyView
from services.portal.model.views.freshness import Freshness
from services.portal.model.views.innovation import InnovationOrder, InnovationQuery, InnovationView, SearchQuery
from services.portal.model.views.listed import Listed
from services.portal.model.views.message import SentMessage
from services.portal.model.views.ranking import Ranked, RankingQuery
from services.portal.model.views.region import AgencyView, RegionView
from services.portal.model.views.summary import IndexView, QueueState, RegionSummary, Totals
from shared.clock import machine_seconds
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Documents

_MOST_REGIONS = 1_000
_TOTALS_FOR = 30.0  # seconds
_SUBJECTS = {
    "region": (KNOWN_REGION.name, HEARD),
    "agency": (KNOWN_AGENCY.name, HEARD),
    "innovation": (INNOVATION.name, HEARD),
    "scorecard": (INNOVATION.name, CARDED),
    "obligation": (BOARD.name, HEARD),
    "region_index": (SUMMARY.name, HEARD),
}
"""Kind of subject → the kind of its document here, and the field with its sequence."""


class Model:
    """All that was heard, up to the last events that have arrived. Every method raises StoreAway.

    `after` is None for the first page, else `Listed.after` of the page before; another text raises Invalid. Whoever may
    see only some of it is the caller's matter: only `search`, `ranking` and innovations that are `public` are for
    everybody.
    """

    def __init__(self, store: Documents, freshness: Callable[[], Freshness]) -> None:
        self._store = store
        self._freshness = freshness
        self._innovations = Innovations(store)
        self._catalogue = Catalogue(store)
        self._rankings = Rankings(store)
        self._board = Board(store)
        self._agency_search = AgencySearch(store)
        self._totals: dict[str | None, tuple[float, Totals]] = {}

    def freshness(self) -> Freshness:
        """Whether it is being built, and how fresh it is."""
        return self._freshness()

    async def sequence(self, subject: str) -> int | None:
        """The sequence of a subject (`innovation/<id>`, `scorecard/<innovation>`, `obligation/<agency>/<year>`,
        `agency/<id>`, `region/<code>`, `region_index/<region>/<year>`) up to which it is known here: at least the
        number in its owner's ETag once that version has arrived. None: nothing of it has."""
        kind, _, id = subject.partition("/")
        if kind not in _SUBJECTS:
            return None
        name, field = _SUBJECTS[kind]
        document = await self._store.get(name, id)
        return (document.state[field] or None) if document is not None else None

    async def region(self, code: str) -> RegionView | None:
        """A region; None while it is not known."""
        document = await self._store.get(KNOWN_REGION.name, code)
        return None if document is None else region_in(document)

    async def regions(self) -> list[RegionView]:
        """Every region, by code."""
        page = await self._store.find(KNOWN_REGION.name, {}, limit=_MOST_REGIONS)
        return [region_in(each) for each in page.documents]

    async def agency(self, id: str) -> AgencyView | None:
        """An agency; None while it is not known."""
        document = await self._store.get(KNOWN_AGENCY.name, id)
        return None if document is None else agency_in(document)

    async def agencies_by_id(self, ids: Collection[str]) -> dict[str, AgencyView]:
        """Id → agency, of those that are known; for a page of ids."""
        return await agencies_by_id(self._store, ids)

    async def agencies(self, region: str, after: str | None = None, limit: int = 1_000) -> Listed[AgencyView]:
        """A page of a region's agencies by name, also retired ones."""
        page = await self._store.find(
            KNOWN_AGENCY.name, {"region": region}, sort=[("sort_name", 1)], limit=limit, after=after
        )
        return Listed([agency_in(each) for each in page.documents], page.after)

    async def agencies_called(self, region: str, text: str) -> list[AgencyName]:
        """All agencies of a region that a text means, also retired ones: a part of the name, or an abbreviation."""
        return await self._agency_search.find(region, text)

    async def innovation(self, id: str) -> InnovationView | None:
        """An innovation of any status, also a draft; None while it is not known."""
        return await self._innovations.get(id)

    async def innovations_by_id(self, ids: Sequence[str]) -> dict[str, InnovationView]:
        """Id → innovation, of those that are known; at most 200 ids."""
        return await self._innovations.some(ids)

    async def innovations(
        self, query: InnovationQuery, after: str | None = None, limit: int = 25
    ) -> Listed[InnovationView]:
        """A page of a region's or an agency's innovations."""
        return await self._innovations.listed(query, after, limit)

    async def queue(self, region: str, after: str | None = None, limit: int = 25) -> Listed[InnovationView]:
        """A page of what waits for the curator, the longest waiting first."""
        query = InnovationQuery(region=region, statuses=(InnovationStatus.SUBMITTED,), order=InnovationOrder.OLDEST)
        return await self._innovations.listed(query, after, limit)

    async def search(self, query: SearchQuery, after: str | None = None, limit: int = 25) -> Listed[InnovationView]:
        """A page of the verified innovations; its total is known if nothing but region and year selects."""
        page = await self._catalogue.search(query, after, limit)
        return replace(page, total=await self._total(query))

    async def _total(self, query: SearchQuery) -> int | None:
        if query != SearchQuery(region=query.region, year=query.year, order=query.order):
            return None
        if query.year is None:
            return (await self.totals(query.region)).verified
        if query.region is None:
            summaries = await self._board.summaries(query.year)
        else:
            summaries = [await self._board.summary(query.region, query.year)]
        return sum(each.innovations.get(InnovationStatus.VERIFIED, 0) for each in summaries)

    async def ranking(self, query: RankingQuery, after: str | None = None, limit: int = 25) -> Listed[Ranked]:
        """A page of the ranking of a duty year's verified innovations, ranked among those that the query selects."""
        return await self._rankings.ranking(query, after, limit)

    async def duties(self, agency: str) -> list[DutyView]:
        """Every known duty of an agency, the newest year first."""
        return await self._board.duties(agency)

    async def board_row(self, agency: str, year: int) -> BoardRow | None:
        """An agency in a year: its duty, and its innovations counted; None: nothing of that year is known."""
        return await self._board.row(agency, year)

    async def duty_years(self, region: str) -> tuple[int, ...]:
        """The years of a region that have a deadline, the newest first."""
        found = await self.region(region)
        return () if found is None else found.years

    async def board(
        self,
        region: str,
        years: Sequence[int],
        after: str | None = None,
        limit: int = 50,
        order: BoardOrder = BoardOrder.LATE,
    ) -> Listed[BoardRow]:
        """A page of the compliance board: one row for each agency that has a duty or innovations in the first of these
        years, by which it is ordered, with its duties of all of them."""
        return await self._board.board(region, years, after, limit, order)

    async def late(self, region: str, year: int, after: str | None = None, limit: int = 50) -> Listed[BoardRow]:
        """A page of the agencies whose duty of a year is overdue, by kind and name."""
        return await self._board.late(region, year, after, limit)

    async def summary(self, region: str, year: int) -> RegionSummary:
        """A region's year in figures, about a second behind the lists; zeros where nothing is known."""
        return await self._board.summary(region, year)

    async def summaries_of(self, region: str) -> list[RegionSummary]:
        """All years of a region of which something is known, the newest first."""
        return await self._board.summaries_of(region)

    async def indices(self, region: str) -> list[IndexView]:
        """The indices of a region, the newest national round first."""
        return [each.index for each in await self._board.summaries_of(region) if each.index is not None]

    async def queue_state(self, region: str) -> QueueState:
        """How many innovations of a region wait for the curator, and since when the first one does."""
        summaries = await self._board.summaries_of(region)
        length = sum(each.innovations.get(InnovationStatus.SUBMITTED, 0) for each in summaries)
        first = (await self.queue(region, limit=1)).items
        return QueueState(max(length, len(first)), first[0].waiting_since if first else None)

    async def totals(self, region: str | None) -> Totals:
        """Figures of a region, or of all of them; up to half a minute old."""
        kept = self._totals.get(region)
        if kept is None or machine_seconds() - kept[0] > _TOTALS_FOR:
            kept = self._totals[region] = (machine_seconds(), await self._board.totals(region))
        return kept[1]

    async def summaries(self, year: int) -> list[RegionSummary]:
        """All regions of which something of that year is known, by code."""
        return await self._board.summaries(year)

    async def messages(self, agency: str, after: str | None = None, limit: int = 25) -> Listed[SentMessage]:
        """A page of the messages that were sent, or failed, about an agency, the newest first."""
        page = await self._store.find(
            MESSAGE.name, {"agency": agency}, sort=[("settled", -1)], limit=limit, after=after
        )
        return Listed([message_of(each.state) for each in page.documents], page.after)
