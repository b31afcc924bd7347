"""Finds agencies by what a table writes: an id, or a name in any case, with any blanks and diacritics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from difflib import get_close_matches

from services.registry.agencies.agency import Agency
from shared.contracts.names import folded
from shared.storage.repository import Repository

_PAGE = 200
_NEAR = 0.8  # of `difflib`'s measure of likeness, from 0 to 1
_MOST_COMPARED = 20_000  # names, in some tenths of a second


class KnownAgencies:
    """The agencies of a region. An agency that exists is found before one that is retired."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.by_id: dict[str, Agency] = {}
        self._by_name: dict[str, list[Agency]] = defaultdict(list)
        self._nearest: dict[str, str] = {}  # folded name → what is said of the nearest agency
        for each in agencies:
            self.add(each)

    def add(self, agency: Agency) -> None:
        """Another agency, or another state of one."""
        self.remove(agency.id)
        self.by_id[agency.id] = agency
        self._by_name[folded(agency.name)].append(agency)

    def remove(self, id: str) -> None:
        """Forget one."""
        former = self.by_id.pop(id, None)
        if former is not None:
            self._by_name[folded(former.name)].remove(former)

    def named(self, name: str) -> list[Agency]:
        """Those with this name: that are not retired first, then the one that was retired last."""
        return sorted(
            self._by_name.get(folded(name), ()),
            key=lambda each: (
                each.retired_on is not None,
                -(each.retired_on.toordinal() if each.retired_on else 0),
                each.id,
            ),
        )

    def unknown(self, text: str) -> str:
        """What a report says of a name that no agency has."""
        return f"perangkat daerah ini tidak terdaftar di daerah ini{self.meant(text)}"

    def meant(self, text: str) -> str:
        """`; mungkin: Dinas Sosial`: the agency whose name is nearest to this one; empty if none is near."""
        name = folded(text)
        if name not in self._nearest and len(self._nearest) * len(self._by_name) < _MOST_COMPARED:
            standing = [each for each, same in self._by_name.items() if any(one.retired_on is None for one in same)]
            near = get_close_matches(name, standing, n=1, cutoff=_NEAR)
            self._nearest[name] = f"; mungkin: {self.named(near[0])[0].name}" if near else ""
        return self._nearest.get(name, "")

    def find(self, text: str) -> Agency | None:
        """The agency with this id or name."""
        found = self.by_id.get(text.strip().lower())
        return found or next(iter(self.named(text)), None)


async def known_agencies(agencies: Repository[Agency], region: str, coming: Iterable[Agency] = ()) -> KnownAgencies:
    """All agencies of a region. coming: that count as known too, in this state. Raises StoreAway."""
    known = KnownAgencies([each async for each in agencies_of(agencies, region)])
    for each in coming:
        known.add(each)
    return known


async def agencies_of(agencies: Repository[Agency], region: str) -> AsyncIterator[Agency]:
    """All agencies of a region. Raises StoreAway."""
    after: str | None = None
    while True:
        page = await agencies.list({"region": region}, limit=_PAGE, after=after)
        for each in page.items:
            yield each.value
        after = page.after
        if after is None:
            return
