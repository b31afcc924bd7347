"""Counts what has changed: the rows of the board that are marked, and the summaries of their regions.

A row stays marked until its region's summary is written. Whoever marks it again meanwhile gives it a new version, and
the mark of that version stays. So the counts follow whatever happens in between, and however many processes count.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

from services.portal.model.kinds import BOARD, INNOVATION, SUMMARY
from services.portal.model.metrics import COUNT_SECONDS
from services.portal.model.names import agencies_by_id
from services.portal.model.states.board import with_count
from services.portal.model.states.step import Step, Update, decided
from services.portal.model.states.summary import new_summary, summary_id, sums_of
from services.portal.model.states.tally import COUNTED, Tally, Tallying, sum_of
from services.portal.model.views.region import AgencyView
from shared.backoff import rest
from shared.clock import machine_seconds
from shared.faults import Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Change, Document, Documents, State, Where

EVERY = 5.0  # seconds between two looks whether another process has marked something
AT_ONCE = 200  # rows
_PAGE = 50  # documents after which others get a turn: a millisecond or two of work
_GAP = 0.005  # seconds: what people wait for passes the loop several times
_REST = 59  # times as long as a count worked, until the next: a sixtieth of a processor
_LONGEST_REST = 10.0  # seconds


class Counting:
    """One for a process. wake: set when something was marked."""

    def __init__(self, store: Documents, *, rest: float = _REST) -> None:
        """rest: see _REST."""
        self.wake = asyncio.Event()
        self._store = store
        self._rest = rest
        self._not_before = 0.0
        self._read = 0  # documents since the last gap
        self._gaps = 0.0  # seconds, since the count began
        self._stopping = asyncio.Event()

    def stopping(self) -> None:
        """End a rest: what is marked is counted after the next start."""
        self._stopping.set()

    async def run(self) -> None:
        """Count what is marked now, at most AT_ONCE rows, after a rest. Raises StoreAway."""
        await rest(self._not_before - machine_seconds(), self._stopping)
        if self._stopping.is_set():
            return
        began, self._gaps = machine_seconds(), 0.0
        if not await self.count():
            return
        took = machine_seconds() - began - self._gaps
        COUNT_SECONDS.observe(took)
        self._not_before = machine_seconds() + min(took * self._rest, _LONGEST_REST)
        self.wake.set()

    async def count(self) -> bool:
        """Count what is marked now, at most AT_ONCE rows; False: nothing was. Raises StoreAway."""
        page = await self._store.find(BOARD.name, {"due": 1}, sort=[("year", -1)], limit=AT_ONCE)
        groups: dict[tuple[str, int], list[Document]] = {}
        for row in page.documents:
            groups.setdefault((row.state["home"], row.state["year"]), []).append(row)
        for (region, year), rows in groups.items():
            await self._region(region, year, rows)
        return bool(groups)

    async def tally(self, agency: str, year: int) -> Tally:
        """The innovations of an agency's year, counted now. Raises StoreAway."""
        tallying = Tallying()
        async for each in self._store.scan(INNOVATION.name, {"agency": agency, "year": year}, COUNTED):
            tallying.add(each)
            await self._pause(1)
        return tallying.tally()

    async def _region(self, region: str, year: int, marked: Sequence[Document]) -> None:
        """Count these rows, then sum up the region's year, then remove the marks."""
        existing = Update(SUMMARY.name, summary_id(region, year), partial(_existing, region, year))
        summary = await self._store.change(*existing.key, decided([existing]))
        counted = await self._counted(marked)
        reach(Failpoint.BOARD_COUNTED, f"{region}/{year}")
        sums = Update(*existing.key, partial(_summed, await self._sums(region, year)))
        try:
            await self._store.change(*sums.key, decided([sums]), expected=summary.sequence)
        except Stale:  # an index has arrived, or another process has counted: the marks stay
            return
        reach(Failpoint.SUMMARY_WRITTEN, f"{region}/{year}")
        _known(await self._store.change_many([_expecting(row, _done) for row in counted]))

    async def _counted(self, marked: Sequence[Document]) -> list[Document]:
        """The rows as they were counted; those that were marked again meanwhile are left out."""
        agencies = await agencies_by_id(self._store, [row.state["agency"] for row in marked])
        changes = []
        for row in marked:
            agency, year = row.state["agency"], row.state["year"]
            step = partial(_with_count, await self.tally(agency, year), agencies.get(agency))
            changes.append(_expecting(row, step))
        return _known(await self._store.change_many(changes))

    async def _sums(self, region: str, year: int) -> State:
        rows: list[State] = []
        tallies: list[Tally] = []
        async for page in self._pages(BOARD.name, {"region": region, "year": year}):
            rows += page
            tallies.append(sum_of([row["tally"] for row in page]))
        return sums_of(rows, sum_of(tallies))

    async def _pages(self, kind: str, where: Where) -> AsyncIterator[list[State]]:
        after: str | None = None
        while True:
            page = await self._store.find(kind, where, limit=_PAGE, after=after)
            yield [document.state for document in page.documents]
            if page.after is None:
                return
            after = page.after
            await self._pause(_PAGE)

    async def _pause(self, read: int) -> None:
        """Leave the loop to others for a moment, once per so many documents read."""
        self._read += read
        if self._read >= _PAGE:
            began, self._read = machine_seconds(), 0
            await rest(_GAP, self._stopping)
            self._gaps += machine_seconds() - began


def _expecting(row: Document, step: Step) -> Change:
    return Change(row.kind, row.id, decided([Update(row.kind, row.id, step)]), row.sequence)


def _known(results: Sequence[Document | Exception]) -> list[Document]:
    """The documents; those that somebody else has changed are left out. Raises StoreAway."""
    for each in results:
        if isinstance(each, Exception) and not isinstance(each, Stale):
            raise each
    return [each for each in results if isinstance(each, Document)]


def _existing(region: str, year: int, state: State | None) -> State | None:
    return new_summary(region, year) if state is None else None


def _with_count(tally: Tally, agency: AgencyView | None, state: State | None) -> State | None:
    if state is None:
        return None
    name, kind = (agency.name, agency.kind.value) if agency else (None, None)
    return with_count(state, tally, name, kind, retired=agency is not None and agency.retired)


def _summed(sums: State, state: State | None) -> State | None:
    return None if state is None else {**state, **sums}


def _done(state: State | None) -> State | None:
    return None if state is None else {**state, "due": 0}
