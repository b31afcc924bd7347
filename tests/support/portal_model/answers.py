"""All that a read model answers, to be compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from services.portal.model.model import Model
from services.portal.model.views.duty import BoardOrder, BoardRow
from services.portal.model.views.innovation import InnovationQuery, InnovationView, SearchQuery
from services.portal.model.views.listed import Listed
from services.portal.model.views.message import SentMessage
from services.portal.model.views.ranking import Ranked, RankingQuery
from tests.support.portal_model.events import REGION, YEAR

V = TypeVar("V")

YEARS = (YEAR, YEAR - 1)
WORDS = ("gestur", "gerak", "dinas", "sehat", "layanan n", "")


async def whole(ask: Callable[[str | None], Awaitable[Listed[V]]]) -> list[V]:
    """Every page."""
    found: list[V] = []
    after: str | None = None
    while True:
        page = await ask(after)
        found += page.items
        after = page.after
        if after is None:
            return found


async def answers(model: Model) -> dict[str, object]:
    """By question. Pages are small, so that there are some."""
    told: dict[str, object] = {
        "regions": await model.regions(),
        "agencies": await whole(lambda after: model.agencies(REGION, after, 2)),
        "innovations": await whole(lambda after: model.innovations(InnovationQuery(region=REGION), after, 3)),
        "queue": await whole(lambda after: model.queue(REGION, after, 3)),
        "summaries": await model.summaries_of(REGION),
        "totals": await model._board.totals(None),
    }
    for year in YEARS:
        ranking, first = RankingQuery(year, REGION), (year, YEAR)
        told[f"ranking {year}"] = await whole(partial(_ranking, model, ranking))
        told[f"late {year}"] = await whole(partial(_late, model, year))
        for order in BoardOrder:
            told[f"board {year} {order}"] = await whole(partial(_board, model, first, order))
    for word in WORDS:
        told[f"search {word}"] = await whole(partial(_search, model, SearchQuery(text=word)))
    for agency in await whole(lambda after: model.agencies(REGION, after, 50)):
        told[f"duties {agency.id}"] = await model.duties(agency.id)
        told[f"messages {agency.id}"] = await whole(partial(_messages, model, agency.id))
    return told


async def _ranking(model: Model, query: RankingQuery, after: str | None) -> Listed[Ranked]:
    return await model.ranking(query, after, 2)


async def _late(model: Model, year: int, after: str | None) -> Listed[BoardRow]:
    return await model.late(REGION, year, after, 2)


async def _board(model: Model, years: tuple[int, ...], order: BoardOrder, after: str | None) -> Listed[BoardRow]:
    return await model.board(REGION, years, after, 2, order)


async def _search(model: Model, query: SearchQuery, after: str | None) -> Listed[InnovationView]:
    return await model.search(query, after, 2)


async def _messages(model: Model, agency: str, after: str | None) -> Listed[SentMessage]:
    return await model.messages(agency, after, 2)
