"""TODO"""

from __future__ import annotations

from fastapi import APIRouter

from services.notifications.api.contacts import ContactsDesk
from services.notifications.api.exemptions import ExemptionsDesk
from services.notifications.api.messages import MessagesDesk
from services.notifications.api.obligations import ObligationsDesk
from services.notifications.contacts.importing import Importing
from services.notifications.handlers import Handlers
from services.notifications.known import Roster
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import CatchingUp
from services.notifications.reminders.due import Question
from services.notifications.reminders.restore_hold import begin
from services.notifications.reminders.sweep import Sweep
from services.notifications.sending.choose import choose
from services.notifications.sending.sender import Postman
from services.notifications.wakeup import Bell
from shared.runtime.service import RestoreFacts, World

NAME = "notifications"
SWEEP_EVERY = 1.0  # seconds between two looks at whether a sweep is needed
POSTMAN_EVERY = 5.0  # seconds between two looks at whether a message's own clock has run


class Notifications:
    """All rooms of the service, put together."""

    def __init__(self, world: World) -> None:
        settings, store, clock = world.settings, world.store, world.clock
        self.store, self.clock = store, clock
        self.channel = choose(settings)
        self.sweep_bell, self.postman_bell = Bell(), Bell()
        self.roster = Roster(store)
        self.ledger = Ledger(store, self.roster, clock, self.sweep_bell)
        self.handlers = Handlers(self.roster, self.ledger)
        self.question = Question(store, self.roster, clock)
        self.importing = Importing(store, self.roster)
        self.sweep = Sweep(
            store,
            clock,
            self.question,
            CatchingUp(store, self.roster, self.ledger, clock),
            self.importing,
            bell=self.sweep_bell,
            postman=self.postman_bell,
        )
        self.postman = Postman(store, self.roster, clock, self.channel, reply_to=bool(settings.mail_reply_to))

    def router(self) -> APIRouter:
        """All its routes."""
        desks = (
            ObligationsDesk(self.store, self.roster),
            ExemptionsDesk(self.store, self.roster, self.ledger),
            ContactsDesk(self.store, self.importing, self.sweep_bell),
            MessagesDesk(self.store, self.question, self.postman.health, self.channel.name),
        )
        router = APIRouter()
        for desk in desks:
            router.include_router(desk.routes())
        return router

    async def start(self) -> None:
        """An operator who starts a service again has mended its channel, or wants to know at once."""
        await self.postman.health.go_on()

    async def hand_over(self) -> None:
        """One run of the postman."""
        await self.postman.run()

    async def after_restore(self, facts: RestoreFacts) -> None:
        """Without its ledger, this service cannot know whom it told since the backup."""
        if not facts.ledger_kept:
            offset = facts.restored_at - self.clock.machine()
            await begin(self.store, backup_at=facts.backup_at, restored_at=self.clock.now() + offset)
