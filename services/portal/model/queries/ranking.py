"""Reads the ranking of verified innovations.

The rule is scoring's: more verified points come first, then more claimed ones, then the earlier first submission; those
equal in all of these share the rank, and the next one counts all before it (1-2-2-4).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from services.portal.model.kinds import CATALOGUE, KNOWN_AGENCY
from services.portal.model.queries.innovations import views_of
from services.portal.model.views.listed import Listed
from services.portal.model.views.ranking import Ranked, RankingQuery
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Flaw, Invalid
from shared.ports.store import Documents, OneOf, Range

_MOST_AGENCIES = 2_000


@dataclass(frozen=True)
class _Cursor:
    """count: how many come before; rank, place: of the last of them; after: of the store."""

    count: int = 0
    rank: int = 0
    place: str = ""
    after: str | None = None

    def text(self) -> str:
        plain = json.dumps([self.count, self.rank, self.place, self.after], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def of(cls, text: str | None) -> _Cursor:
        """Raises Invalid for a malformed one."""
        if text is None:
            return cls()
        try:
            count, rank, place, after = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            count, rank, place, after = None, None, None, None
        if type(count) is int and type(rank) is int and isinstance(place, str) and isinstance(after, str):
            return cls(count, rank, place, after)
        raise Invalid([Flaw("after", "bad-cursor", "Penanda halaman tidak dikenal; mulai lagi tanpa `after`.")])


class Rankings:
    """All methods raise StoreAway, and Invalid for an unknown cursor."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def ranking(self, query: RankingQuery, after: str | None, limit: int) -> Listed[Ranked]:
        """A page. Ranks count what the query selects."""
        cursor = _Cursor.of(after)
        where: dict[str, Any] = {"year": query.year, "place": Range(least="")}
        for name in ("region", "form", "nature", "main_affair"):
            if (wanted := getattr(query, name)) is not None:
                where[name] = wanted
        if query.kind is not None:
            where["agency"] = OneOf(await self._agencies(query.region, query.kind))
        page = await self._store.find(CATALOGUE.name, where, sort=[("place", -1)], limit=limit, after=cursor.after)
        views = {each.id: each for each in await views_of(self._store, page.documents)}
        ranked = []
        count, rank, place = cursor.count, cursor.rank, cursor.place
        for document in page.documents:
            count += 1
            shared = document.state["place"] == place
            rank, place = rank if shared else count, document.state["place"]
            ranked.append(Ranked(rank, shared, views[document.id]))
        more = _Cursor(count, rank, place, page.after).text() if page.after else None
        return Listed(ranked, more)

    async def _agencies(self, region: str | None, kind: AgencyKind) -> list[str]:
        where = {"kind": kind.value} if region is None else {"kind": kind.value, "region": region}
        return [row.id async for row in self._store.scan(KNOWN_AGENCY.name, where, ())][:_MOST_AGENCIES]
