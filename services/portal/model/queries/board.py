"""Reads duties, the compliance board and the summaries of regions."""

from __future__ import annotations

from collections.abc import Sequence

from services.portal.model.kinds import BOARD, SUMMARY
from services.portal.model.states.board import board_id, duty_of, row_of
from services.portal.model.states.summary import new_summary, summary_id, summary_of
from services.portal.model.views.duty import BoardOrder, BoardRow, DutyView
from services.portal.model.views.listed import Listed
from services.portal.model.views.summary import RegionSummary, Totals
from shared.ports.store import ID, Documents, OneOf, Sort

_SORTS: dict[BoardOrder, Sort] = {
    BoardOrder.NAME: [("sort_name", 1)],
    BoardOrder.KIND: [("kind", 1), ("sort_name", 1)],
    BoardOrder.LATE: [("urgency", 1), ("sort_name", 1)],
}
_OVERDUE = 0
_MOST_YEARS = 200
_MOST_REGIONS = 1_000


class Board:
    """All methods raise StoreAway, and Invalid for an unknown cursor."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def duties(self, agency: str) -> list[DutyView]:
        """Every known duty of an agency, the newest year first."""
        page = await self._store.find(BOARD.name, {"agency": agency}, sort=[("year", -1)], limit=_MOST_YEARS)
        return [duty for each in page.documents if (duty := duty_of(each.state)) is not None]

    async def row(self, agency: str, year: int) -> BoardRow | None:
        """One row; None where there is none."""
        document = await self._store.get(BOARD.name, board_id(agency, year))
        return None if document is None else row_of(document.state)

    async def board(
        self, region: str, years: Sequence[int], after: str | None, limit: int, order: BoardOrder
    ) -> Listed[BoardRow]:
        """A page of the board of the first of these years, with the duties of all of them."""
        where = {"region": region, "year": years[0]}
        page = await self._store.find(BOARD.name, where, sort=_SORTS[order], limit=limit, after=after)
        others = await self._others([each.state["agency"] for each in page.documents], years[1:])
        rows = [row_of(each.state, others.get(each.state["agency"], {})) for each in page.documents]
        return Listed(rows, page.after)

    async def late(self, region: str, year: int, after: str | None, limit: int) -> Listed[BoardRow]:
        """A page of those whose duty is overdue, by kind of agency and name."""
        where = {"region": region, "year": year, "urgency": _OVERDUE}
        page = await self._store.find(BOARD.name, where, sort=_SORTS[BoardOrder.KIND], limit=limit, after=after)
        return Listed([row_of(each.state) for each in page.documents], page.after)

    async def summary(self, region: str, year: int) -> RegionSummary:
        """A region's year; nothing but zeros when nothing is known."""
        document = await self._store.get(SUMMARY.name, summary_id(region, year))
        return summary_of(new_summary(region, year) if document is None else document.state)

    async def summaries_of(self, region: str) -> list[RegionSummary]:
        """Every year of a region, the newest first."""
        page = await self._store.find(SUMMARY.name, {"region": region}, sort=[("year", -1)], limit=_MOST_YEARS)
        return [summary_of(each.state) for each in page.documents]

    async def summaries(self, year: int) -> list[RegionSummary]:
        """Every region's year, by code."""
        page = await self._store.find(SUMMARY.name, {"year": year}, limit=_MOST_REGIONS)
        return [summary_of(each.state) for each in page.documents]

    async def totals(self, region: str | None) -> Totals:
        """Of a region, or of all; streams a few numbers of each region and year."""
        fields = ("region", "year", "agencies", "tally.innovations.verified")
        agencies: dict[str, int] = {}
        verified: dict[int, int] = {}
        async for row in self._store.scan(SUMMARY.name, {} if region is None else {"region": region}, fields):
            agencies[row["region"]] = max(agencies.get(row["region"], 0), row["agencies"])
            verified[row["year"]] = verified.get(row["year"], 0) + (row["tally.innovations.verified"] or 0)
        years = tuple(sorted((year for year, count in verified.items() if count), reverse=True))
        return Totals(len(agencies), sum(agencies.values()), sum(verified.values()), years)

    async def _others(self, agencies: Sequence[str], years: Sequence[int]) -> dict[str, dict[int, DutyView]]:
        """Agency → year → duty."""
        ids = [board_id(agency, year) for agency in agencies for year in years]
        others: dict[str, dict[int, DutyView]] = {}
        if not ids:
            return others
        found = await self._store.find(BOARD.name, {ID: OneOf(ids)}, limit=len(ids))
        for each in found.documents:
            if (duty := duty_of(each.state)) is not None:
                others.setdefault(duty.agency, {})[duty.year] = duty
        return others
