"""Hands contacts over on the day from which an agency no longer exists. May run any number of times."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial

import structlog

from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.succession.succession import (
    ContactSuccession,
    HandOver,
    done,
    handed_over,
    heard,
)
from services.notifications.contacts.waking import Waker
from services.notifications.contacts.writer import ContactWriter
from services.notifications.kinds import CONTACT_SUCCESSION
from services.notifications.known import KnownAgency, KnownFacts
from services.notifications.obligations.deadlines import local_date
from shared.clock import Clock
from shared.ports.store import Store
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event

EVERY = 30.0  # seconds between two looks
_PAGE = 200
_LONGEST = 20  # successors of successors

log = structlog.get_logger("contacts")


class ContactSuccessions:
    """Hears of retired agencies, and hands over when it is time. woken: set when there is something new."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, waker: Waker) -> None:
        self.woken = asyncio.Event()
        self._known_facts = known_facts
        self._clock = clock
        self._successions = Repository(store, CONTACT_SUCCESSION, ContactSuccession, "Penerusan ini tidak ada.")
        self._directory = ContactDirectory(store)
        self._writer = ContactWriter(store, waker)

    async def heard(self, known: KnownAgency) -> None:
        """Keep what the newest that is known of an agency says. Raises StoreAway."""
        agency, sequence = known.value, known.sequence
        found = await self._successions.find(agency.id)
        if heard(found.value if found else None, agency, sequence) is None:
            return
        kept = await self._successions.change(agency.id, without_event(lambda it: heard(it, agency, sequence)))
        if kept.changed and kept.value.status is HandOver.WAITING:
            self.woken.set()

    async def run(self) -> None:
        """Hand over what is due. Raises StoreAway."""
        after: str | None = None
        while True:
            page = await self._successions.list({"status": HandOver.WAITING.value}, limit=_PAGE, after=after)
            for each in page.items:
                await self._look(each)
            if page.after is None:
                return
            after = page.after

    async def _look(self, found: Versioned[ContactSuccession]) -> None:
        succession = found.value
        region = await self._known_facts.region(succession.region)
        if region is None or succession.retired_on is None:
            return
        today = local_date(self._clock.now(), region.value.zone)
        heir = await self._heir(succession.successor, today) if succession.retired_on <= today else None
        if heir is None:
            return
        handed = 0
        for each in await self._directory.of_agency(succession.agency):
            step = partial(handed_over, agency=succession.agency, successor=heir)
            handed += (await self._writer.change(each.id, step)).changed
        await self._successions.amend(found.id, None, without_event(partial(done, sequence=succession.heard)))
        log.info("contacts.handed_over", agency=succession.agency, successor=heir, contacts=handed)

    async def _heir(self, successor: str, today: date) -> str | None:
        """The successor, or of a retired one its successor; None when it is not known, nobody is left, or they go
        round."""
        for _ in range(_LONGEST):
            known = await self._known_facts.agency(successor)
            if known is None:
                return None
            retired_on = known.value.retired_on
            if retired_on is None or retired_on > today:
                return successor
            if known.value.successor is None:
                return None
            successor = known.value.successor
        return None
