"""Proves the counts: a few rows of the board at a time are counted anew and compared with what is stored.

Marks make this unnecessary; a row that is found to differ is logged, and marked.
"""

from __future__ import annotations

from functools import partial

import structlog

from services.portal.model.keeping.counting import Counting
from services.portal.model.kinds import BOARD
from services.portal.model.metrics import DRIFTED
from services.portal.model.states.board import with_mark
from services.portal.model.states.step import Update, decided
from shared.ports.store import Documents

EVERY = 300.0  # seconds
AT_ONCE = 40  # rows: 1,000 agencies with five years take half a day

log = structlog.get_logger("portal")


class Proving:
    """Walks through the board again and again."""

    def __init__(self, store: Documents, counting: Counting) -> None:
        self._store = store
        self._counting = counting
        self._after: str | None = None

    async def run(self) -> None:
        """Look at the next rows. Raises StoreAway."""
        page = await self._store.find(BOARD.name, {}, limit=AT_ONCE, after=self._after)
        self._after = page.after
        for row in page.documents:
            state = row.state
            if state["due"] or await self._counting.tally(state["agency"], state["year"]) == state["tally"]:
                continue
            now = await self._store.get(BOARD.name, row.id)
            if now is None or now.sequence != row.sequence:  # it was told something meanwhile
                continue
            log.error("portal.drifted", row=row.id)
            DRIFTED.inc()
            step = partial(with_mark, region=state["home"], agency=state["agency"], year=state["year"])
            await self._store.change(BOARD.name, row.id, decided([Update(BOARD.name, row.id, step)]))
            self._counting.wake.set()
