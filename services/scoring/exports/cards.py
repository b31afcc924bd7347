"""Reads scorecards for an export, page by page: an account sees in a file what lists and answers show, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

from services.scoring.catalogue.library import Catalogues
from services.scoring.exports.scorecard_rows import Card
from services.scoring.kinds import SCORECARD
from services.scoring.known import agencies_of, agency_of
from services.scoring.scorecard.document import scorecard_in
from services.scoring.scorecard.visibility import may_see, visible
from shared.auth.policy import Principal
from shared.faults import NotFound
from shared.ports.store import Store

_BATCH = 50


async def cards_of(
    store: Store, catalogues: Catalogues, who: Principal, *, region: str, year: int | None
) -> AsyncIterator[list[Card]]:
    """The region's cards that this account may see, in pages, in the order of their ids; at least one page."""
    agencies = await agencies_of(store, region)
    where = visible(who, region=region, agency=None, year=year)
    after: str | None = None
    while True:
        page = await store.find(SCORECARD.name, where, limit=_BATCH, after=after)
        documents = (scorecard_in(each.state) for each in page.documents)
        yield [Card(each, catalogues, agencies.get(each.agency)) for each in documents if each is not None]
        after = page.after
        if after is None:
            return


async def card_for(store: Store, catalogues: Catalogues, who: Principal, innovation: str) -> Card:
    """One card. Raises NotFound when there is none that the account may see."""
    document = await store.get(SCORECARD.name, innovation)
    stored_card = scorecard_in(document.state) if document else None
    if stored_card is None or not may_see(who, stored_card):
        raise NotFound("Tidak ada kartu skor untuk inovasi ini yang dapat dilihat.")
    return Card(stored_card, catalogues, await agency_of(store, stored_card.agency))
