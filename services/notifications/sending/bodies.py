"""Keeps the texts of messages for some days, as proof of what was said. They contain personal data (UU 27/2022): they
are in no event and no log, and are erased when their days are over or their person is erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import BODY
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.sending.documents import KeptBody
from services.notifications.sending.repositories import body_repository
from shared.clock import machine_ms
from shared.ports.store import ID, OneOf, Prefix, Range, Store

_PEOPLE = 200  # of one query


@dataclass(frozen=True)
class KeptAttempt:
    """id: the attempt's; content: what it hands over."""

    id: str
    channel: str
    content: RenderedMessage


class Bodies:
    """days: how long texts are kept; 0: not at all."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._bodies = body_repository(store)
        self._contacts = contact_repository(store)
        self._kept = timedelta(days=days)

    async def keep(self, handed_over: Sequence[KeptAttempt]) -> None:
        """Store what attempts hand over. Raises StoreAway if any of it was not stored."""
        if not self._kept:
            return
        until = machine_ms() + round(self._kept.total_seconds() * 1000)
        bodies = {
            each.id: KeptBody(
                person=each.id.partition("/")[0],
                channel=each.channel,
                template=each.content.stamp,
                subject=each.content.subject,
                text=each.content.text,
                kept_until=until,
            )
            for each in handed_over
        }
        for stored in await self._bodies.create_many(bodies):
            if isinstance(stored, Exception):
                raise stored

    async def erase_of(self, person: str) -> int:
        """Erase all texts to a person; returns how many there were."""
        return await self._erase([row.id async for row in self._store.scan(BODY.name, {ID: Prefix(f"{person}/")}, ())])

    async def purge(self) -> int:
        """Erase the texts whose days are over, all when none are to be kept, and those of erased persons; returns how
        many."""
        where = {"kept_until": Range(below=machine_ms())} if self._kept else {}
        erased = await self._erase([row.id async for row in self._store.scan(BODY.name, where, ())])
        people = sorted({row.id.partition("/")[0] async for row in self._store.scan(BODY.name, {}, ())})
        for start in range(0, len(people), _PEOPLE):
            some = people[start : start + _PEOPLE]
            page = await self._contacts.list({ID: OneOf(some)}, limit=len(some), after=None)
            present = {each.id for each in page.items if not each.value.erased}
            for person in sorted(set(some) - present):
                erased += await self.erase_of(person)
        return erased

    async def _erase(self, ids: list[str]) -> int:
        for id in ids:
            await self._store.erase(BODY.name, id)
        return len(ids)
