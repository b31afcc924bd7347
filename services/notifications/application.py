"""TODO"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from services.notifications.api.contacts import ContactsRoutes
from services.notifications.api.exemptions import ExemptionsRoutes
from services.notifications.api.messages import MessagesRoutes
from services.notifications.api.obligations import ObligationsRoutes
from services.notifications.contacts.importing import Importing
from services.notifications.handlers import Handlers
from services.notifications.known import KnownFacts
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.reminders.due import DueList
from services.notifications.reminders.restore_hold import begin
from services.notifications.reminders.sweep import Sweep
from services.notifications.sending.choose import choose
from services.notifications.sending.sender import Sender
from services.notifications.settings import MailSettings
from shared.runtime.service import Resources, RestoreFacts

NAME = "notifications"
SWEEP_EVERY = 1.0  # seconds between two looks at whether a sweep is needed
SENDER_EVERY = 5.0  # seconds between two looks at whether a message's own clock has run


class Notifications:
    """All rooms of the service, put together."""

    def __init__(self, world: Resources) -> None:
        settings, store, clock = world.settings.of(MailSettings), world.store, world.clock
        self.store, self.clock = store, clock
        self.channel = choose(settings)
        self.sweep_due, self.messages_due = asyncio.Event(), asyncio.Event()
        self.sweep_due.set()
        self.known_facts = KnownFacts(store)
        self.ledger = Ledger(store, self.known_facts, clock, self.sweep_due)
        self.handlers = Handlers(self.known_facts, self.ledger)
        self.question = DueList(store, self.known_facts, clock)
        self.importing = Importing(store, self.known_facts)
        self.sweep = Sweep(
            store,
            clock,
            self.question,
            Reconciliation(store, self.known_facts, self.ledger, clock),
            self.importing,
            due=self.sweep_due,
            messages_due=self.messages_due,
        )
        self.sender = Sender(store, self.known_facts, clock, self.channel, reply_to=bool(settings.mail_reply_to))

    def router(self) -> APIRouter:
        """All its routes."""
        desks = (
            ObligationsRoutes(self.store, self.known_facts),
            ExemptionsRoutes(self.store, self.known_facts, self.ledger),
            ContactsRoutes(self.store, self.importing, self.sweep_due),
            MessagesRoutes(self.store, self.question, self.sender.health, self.channel.name),
        )
        router = APIRouter()
        for desk in desks:
            router.routes.extend(desk.routes().routes)
        return router

    async def start(self) -> None:
        """An operator who starts a service again has mended its channel, or wants to know at once."""
        await self.sender.health.go_on()

    async def hand_over(self) -> None:
        """One run of the postman."""
        await self.sender.run()

    async def after_restore(self, facts: RestoreFacts) -> None:
        """Without its ledger, this service cannot know whom it told since the backup."""
        if not facts.ledger_kept:
            offset = facts.restored_at - self.clock.machine()
            await begin(self.store, backup_at=facts.backup_at, restored_at=self.clock.now() + offset)
