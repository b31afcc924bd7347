"""Composes the parts of the notifications service."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from services.notifications.api.confirmation import ConfirmationRoutes
from services.notifications.api.contacts import ContactRoutes
from services.notifications.api.exemptions import ExemptionRoutes
from services.notifications.api.messages import MessageRoutes
from services.notifications.api.obligations import ObligationRoutes
from services.notifications.contacts.carry import carry_contacts
from services.notifications.contacts.confirmation_key import ConfirmationKey
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.importing import ContactImporter
from services.notifications.handlers import Handlers
from services.notifications.known import KnownFacts
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.migration import LedgerMigration
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.reminders.after_restore import begin_hold
from services.notifications.reminders.due import DueList
from services.notifications.reminders.sweep import Sweep
from services.notifications.sending.choose import choose
from services.notifications.sending.sender import Sender
from services.notifications.settings import MailSettings
from shared.runtime.service import Resources, RestoreFacts

NAME = "notifications"
SWEEP_EVERY = 1.0  # seconds between two checks whether a sweep is needed
SENDER_EVERY = 5.0  # seconds between two checks whether a message is due


class SweepWaker:
    """Has the next sweep look at everything."""

    def __init__(self, due: asyncio.Event) -> None:
        self._due = due

    def wake_agency(self, id: str) -> None:  # noqa: ARG002 - see Waker
        """See `Waker`."""
        self._due.set()

    def wake_region(self, code: str) -> None:  # noqa: ARG002 - see Waker
        """See `Waker`."""
        self._due.set()


class Notifications:
    """All parts of the service, for its routes, its loops and its commands."""

    def __init__(self, world: Resources) -> None:
        settings, store, clock = world.settings.of(MailSettings), world.store, world.clock
        self.store, self.clock = store, clock
        self.channel = choose(settings)
        self.sweep_due, self.messages_due = asyncio.Event(), asyncio.Event()
        self.sweep_due.set()
        self.waker = SweepWaker(self.sweep_due)
        self.known_facts = KnownFacts(store)
        self.ledger = Ledger(store, self.known_facts, clock, self.waker.wake_agency)
        self.migration = LedgerMigration(store)
        entering = Entering(EntryRepository(store), self.known_facts, self.ledger, self.waker.wake_agency)
        self.handlers = Handlers(self.known_facts, self.ledger, entering)
        self.due_list = DueList(store, self.known_facts, clock)
        self.directory = ContactDirectory(store)
        self.confirmation_key = ConfirmationKey(store)
        self.importer = ContactImporter(store, self.known_facts, self.waker)
        self.reconciliation = Reconciliation(store, self.known_facts, self.ledger, clock)
        self.sweep = Sweep(
            store,
            clock,
            self.due_list,
            self.reconciliation,
            self.importer,
            due=self.sweep_due,
            messages_due=self.messages_due,
        )
        self.sender = Sender(store, self.known_facts, clock, self.channel, reply_to=bool(settings.mail_reply_to))

    def router(self) -> APIRouter:
        """All routes of the service."""
        router = APIRouter()
        for routes in (
            ObligationRoutes(self.store, self.known_facts),
            ExemptionRoutes(self.store, self.known_facts, self.ledger, self.clock),
            ContactRoutes(self.store, self.known_facts, self.importer, self.waker),
            ConfirmationRoutes(self.store, self.confirmation_key, self.waker),
            MessageRoutes(self.store, self.due_list, self.sender.health, self.channel.name),
        ):
            router.routes.extend(routes.router().routes)
        return router

    async def start(self) -> None:
        """Carry what a former release stored into the present form. Resume a stopped channel: a restart means that it
        was corrected, or is to be tried at once."""
        await self.migration.run()
        await carry_contacts(self.store)
        await self.confirmation_key.load()
        await self.sender.health.resume()

    async def send(self) -> None:
        """One run of the sender."""
        await self.sender.run()

    async def after_restore(self, facts: RestoreFacts) -> None:
        """Carry what a former release stored and the backup had; let all obligations be derived again. Begin the hold
        if the records of sent messages were lost: what was sent since the backup is unknown."""
        await self.migration.run()
        await self.migration.derive_again()
        await carry_contacts(self.store)
        if not facts.ledger_kept:
            offset = facts.restored_at - self.clock.machine()
            await begin_hold(self.store, backup_at=facts.backup_at, restored_at=self.clock.now() + offset)
