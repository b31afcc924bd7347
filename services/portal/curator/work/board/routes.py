"""The compliance board, `/kurator/kepatuhan`, and one agency's line of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work import words
from services.portal.curator.work.board.cell import BoardLine, CellState, cell_of, line_of
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.entered import year_of
from services.portal.model.views.duty import BoardOrder, BoardRow
from services.portal.model.views.innovation import InnovationQuery
from services.portal.model.views.summary import RegionSummary
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get

FORMER_YEARS = 3
"""Columns beside the year that is asked for: what one A4 holds."""

ON_ONE_LOOK = 200
"""Agencies on one page: those of any region but the largest."""

ONE_COLUMN = 12
"""Agencies that are shown in one column; more are in two, side by side."""

ORDERS = {"mendesak": BoardOrder.LATE, "nama": BoardOrder.NAME}

Count = tuple[str, str, int, str]
"""State, word, how many agencies, and a remark."""


class BoardPages(Routes):
    """Every agency and year on one look."""

    prefix = "/kurator/kepatuhan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def board(self, request: Request) -> Response:
        """The board of a year (`?tahun=`, by default the newest with a deadline), with the years before it."""
        here = await self._desk.here(request)
        year, model = year_of(request.query_params.get("tahun"), here.duty_year), self._desk.model
        order = request.query_params.get("urut", "")
        order = order if order in ORDERS else "mendesak"
        after = request.query_params.get("sesudah")
        years = (year, *(each for each in here.years if each < year))[: 1 + FORMER_YEARS]
        page = await model.board(here.region, years, after, ON_ONE_LOOK, ORDERS[order])
        summary = await model.summary(here.region, year)
        deadline = here.view.deadline(year) if here.view else None
        query = {"tahun": year, "urut": order}
        return await self._desk.pages(
            request,
            "curator/work/board/board.html",
            year=year,
            years=years,
            all_years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            order=order,
            tables=side_by_side([line_of(each, years, here.today) for each in await self._named(page.items)]),
            counts=counts_of(summary),
            owed=summary.duties.open + summary.duties.overdue > 0,
            deadline=deadline,
            days_left=(deadline.date - here.today).days if deadline else 0,
            next_page=f"?{urlencode({**query, 'sesudah': page.after})}" if page.after else None,
            first_page=f"?{urlencode(query)}" if after else None,
            fresh=model.freshness(),
            now=here.now,
            zone=here.zone,
        )

    @get("/{agency}", Role.CURATOR)
    async def agency(self, request: Request, agency: str) -> Response:
        """One agency: its duty of each year, and its innovations."""
        here = await self._desk.here(request)
        model = self._desk.model
        view = await model.agency(agency)
        if view is None or view.region != here.region:
            raise NotFound
        duties = await model.duties(agency)
        after = request.query_params.get("sesudah")
        found = await model.innovations(InnovationQuery(region=here.region, agency=agency), after=after, limit=50)
        return await self._desk.pages(
            request,
            "curator/work/board/agency.html",
            agency=view,
            cells=[(each, cell_of(each.year, each, here.today)) for each in duties],
            found=found.items,
            next_page=f"?{urlencode({'sesudah': found.after})}" if found.after else None,
            first_page="?" if after else None,
            fresh=model.freshness(),
            words=words,
            zone=here.zone,
        )

    async def _named(self, rows: Sequence[BoardRow]) -> list[BoardRow]:
        """The rows with names: a row is counted now and then, and until then has none."""
        nameless = [each.agency for each in rows if not each.agency_name]
        known = await self._desk.model.agencies_by_id(nameless) if nameless else {}
        return [replace(each, agency_name=known[each.agency].name) if each.agency in known else each for each in rows]


def side_by_side(lines: Sequence[BoardLine]) -> list[Sequence[BoardLine]]:
    """The lines in one table, or in two of the same length."""
    half = -(-len(lines) // 2)
    return [lines[:half], lines[half:]] if len(lines) > ONE_COLUMN else [lines]


def counts_of(summary: RegionSummary) -> list[Count]:
    """The figures above the board, the most urgent first; what nobody is in is left out."""
    duties = summary.duties
    late = _("%(count)s terlambat") % {"count": duties.late} if duties.late else ""
    counts = [
        (CellState.OVERDUE.value, words.CELL[CellState.OVERDUE], duties.overdue, ""),
        (CellState.WAITING.value, words.CELL[CellState.WAITING], duties.waiting, ""),
        (CellState.OPEN.value, words.CELL[CellState.OPEN], max(0, duties.open - duties.waiting), ""),
        (CellState.FULFILLED.value, words.CELL[CellState.FULFILLED], duties.fulfilled, late),
        (CellState.EXEMPT.value, words.CELL[CellState.EXEMPT], duties.exempted, ""),
    ]
    return [each for each in counts if each[2]]
