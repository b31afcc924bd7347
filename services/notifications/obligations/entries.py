"""Typed access to the entries of the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from services.notifications.kinds import ENTRY
from services.notifications.obligations.entry import Entry
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Range, Store
from shared.storage.repository import Amendment, Repository, Versioned
from shared.storage.steps import without_event

_PAGE = 200
_TOGETHER = 100  # entries that are settled in one go


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

    async def settled(self, seen: Sequence[Versioned[Entry]]) -> list[bool]:
        """Note of each of these that what was to be told was dealt with: for its turn, and nothing that came since.
        False for one that has another turn by now, or when nothing of it was left to tell. Raises NotFound."""
        done: list[bool] = []
        for start in range(0, len(seen), _TOGETHER):
            part = [Amendment(each, _told(each.value)) for each in seen[start : start + _TOGETHER]]
            for settled in await self.amend_many(part):
                if isinstance(settled, Exception):
                    raise settled
                done.append(settled.changed)
        return done


def _told(seen: Entry) -> Callable[[Entry], tuple[Entry, None] | None]:
    turn, tells = seen.turn, seen.tells
    return without_event(lambda entry: entry.told(turn, tells))
