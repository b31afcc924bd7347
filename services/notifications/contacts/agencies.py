"""Which agencies a contact may name: those of its own region that this service has heard of."""

from __future__ import annotations

from collections.abc import Collection

from services.notifications.known import KnownFacts

_AT_ONCE = 200  # ids of one query

REFUSALS = {
    "other-region": "perangkat daerah ini bukan bagian dari daerah {region}",
    "unknown": "perangkat daerah ini belum dikenal; bila baru didaftarkan, ulangi sebentar lagi",
}
"""Code of a flaw → its sentence."""


async def refused_agencies(known_facts: KnownFacts, region: str, ids: Collection[str]) -> dict[str, str]:
    """Id → code, of those that a contact of the region may not name."""
    foreign = await known_facts.foreign(region, ids)
    waiting = sorted(set(ids) - foreign)
    known: set[str] = set()
    for start in range(0, len(waiting), _AT_ONCE):
        known |= (await known_facts.names(waiting[start : start + _AT_ONCE])).keys()
    return dict.fromkeys(foreign, "other-region") | {id: "unknown" for id in waiting if id not in known}
