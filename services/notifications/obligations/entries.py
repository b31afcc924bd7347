"""Typed access to the entries of the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from services.notifications.kinds import ENTRY
from services.notifications.obligations.entry import Entry, Tell
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Range, Store
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event

_PAGE = 200


class EntryRepository(Repository[Entry]):
    """Id: `<agency>/<year>/<innovation>`. Every method raises StoreAway as the store does."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, ENTRY, Entry, "Inovasi ini tidak ada dalam kewajiban tersebut.")

    async def pending(self, region: str | None = None) -> AsyncIterator[Versioned[Entry]]:
        """The entries of which something is to be told, of one region or of all, a page at a time. One that is told
        while they are read may be left out or not."""
        where = {"tell": Range(least=" ")} | ({} if region is None else {"region": region})
        cursor: str | None = None
        while True:
            page = await self.list(where, limit=_PAGE, after=cursor)
            for each in page.items:
                yield each
            if page.after is None:
                return
            cursor = page.after

    async def of_agency(
        self, agency: str, status: InnovationStatus | None = None, *, limit: int = _PAGE
    ) -> list[Versioned[Entry]]:
        """The innovations that are assigned to the agency now, of all years, at most `limit`."""
        where = {"agency": agency, "here": 1} | ({} if status is None else {"status": status.value})
        return (await self.list(where, limit=limit, after=None)).items

    async def of_year(self, agency: str, year: int, most: int) -> list[Entry] | None:
        """All entries of one agency and year; None when there are more than `most`."""
        found: list[Entry] = []
        cursor: str | None = None
        while True:
            page = await self.list({"agency": agency, "year": year}, limit=_PAGE, after=cursor)
            found += [each.value for each in page.items]
            cursor = page.after
            if cursor is None or len(found) > most:
                return found if len(found) <= most else None

    async def settled(self, id: str, turn: int, tells: Iterable[Tell] = tuple(Tell)) -> bool:
        """Note that these things were dealt with for that turn. False when the entry has another turn by now, or when
        nothing of them was left to tell. Raises NotFound."""
        told = tuple(tells)
        return (await self.amend(id, None, without_event(lambda entry: entry.told(turn, told)))).changed
