"""All that a read model answers, to be compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.portal.model.model import Model
from services.portal.model.views.duty import BoardOrder
from services.portal.model.views.innovation import InnovationQuery, SearchQuery
from services.portal.model.views.listed import Listed
from services.portal.model.views.ranking import RankingQuery
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
        told[f"ranking {year}"] = await whole(lambda after, y=year: model.ranking(RankingQuery(y, REGION), after, 2))
        told[f"late {year}"] = await whole(lambda after, y=year: model.late(REGION, y, after, 2))
        for order in BoardOrder:
            told[f"board {year} {order}"] = await whole(
                lambda after, y=year, o=order: model.board(REGION, [y, YEAR], after, 2, o)
            )
    for word in WORDS:
        told[f"search {word}"] = await whole(lambda after, w=word: model.search(SearchQuery(text=w), after, 2))
    for agency in await whole(lambda after: model.agencies(REGION, after, 50)):
        told[f"duties {agency.id}"] = await model.duties(agency.id)
        told[f"messages {agency.id}"] = await whole(lambda after, a=agency.id: model.messages(a, after, 2))
    return told
