"""Composes the parts of the notifications service."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from fastapi import APIRouter

from services.notifications.api.confirmation import ConfirmationRoutes
from services.notifications.api.contact_exports import ContactExportRoutes
from services.notifications.api.contact_imports import ContactImportRoutes
from services.notifications.api.contacts import ContactRoutes
from services.notifications.api.due import DueRoutes
from services.notifications.api.exemptions import ExemptionRoutes
from services.notifications.api.held import HeldRoutes
from services.notifications.api.messages import MessageRoutes
from services.notifications.api.mode import ModeRoutes
from services.notifications.api.obligations import ObligationRoutes
from services.notifications.api.office import OfficeRoutes
from services.notifications.api.performance import PerformanceRoutes
from services.notifications.api.policy import AlertPolicyRoutes
from services.notifications.api.preview import PreviewRoutes
from services.notifications.api.recap import RecapRoutes
from services.notifications.api.reminders import ReminderRoutes
from services.notifications.api.webhooks import CloudApiWebhook, WebhookRoutes
from services.notifications.contacts.carry import carry_contacts
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation_key import ConfirmationKey
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.imports.runner import ContactTableRunner
from services.notifications.contacts.succession.watch import ContactSuccessions
from services.notifications.handlers import Handlers
from services.notifications.known import KnownFacts
from services.notifications.known_commitments import KnownCommitments
from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.messages.carry import carry_messages
from services.notifications.messages.facts.weekly import WeeklyReports
from services.notifications.messages.office import Offices
from services.notifications.messages.previewing import Previews
from services.notifications.messages.texts.check import check_templates
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.migration import LedgerMigration
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.privacy.correcting import ContactCorrecting
from services.notifications.privacy.data_kinds import data_kinds
from services.notifications.privacy.erasing import ContactErasure
from services.notifications.privacy.part import NotificationsPersonalData
from services.notifications.privacy.places import PLACES, WHAT
from services.notifications.privacy.retention import ContactRetention
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.after_restore import begin_hold
from services.notifications.reminders.composition import Reminders
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.queue import SweepQueue
from services.notifications.sending.alert_facts import AlertFacts
from services.notifications.sending.bodies import Bodies
from services.notifications.sending.bounces.imap import opened
from services.notifications.sending.bounces.reader import BounceReader
from services.notifications.sending.channel import Channel
from services.notifications.sending.channels import Channels
from services.notifications.sending.choose import LOG, bounce_mailbox, channels, mail_domain
from services.notifications.sending.consequences import Consequences
from services.notifications.sending.heartbeat import Heartbeat
from services.notifications.sending.notices.book import NoticeBook
from services.notifications.sending.notices.effects import NoticeEffects
from services.notifications.sending.preparation import Preparation
from services.notifications.sending.receipts import ReceiptApplier, ReceiptInbox
from services.notifications.sending.sender import Sender
from services.notifications.sending.watch import SendingWatch
from services.notifications.settings import MailSettings
from shared.runtime.named_data import NamedData
from shared.runtime.service import Resources, RestoreFacts
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.web.audit.routes import AuditRoutes

NAME = "notifications"
SWEEP_EVERY = 1.0  # seconds between two checks whether a sweep is needed
CATCH_UP_EVERY = 1.0  # seconds between two looks for regions whose obligations are behind
SENDER_EVERY = 5.0  # seconds between two checks whether a message is due
RECEIPTS_EVERY = 10.0  # seconds between two tries to apply the receipts of unknown attempts
BOUNCES_EVERY = 60.0  # seconds between two looks into the mailbox that bounces return to
HEARTBEAT_EVERY = 60.0  # seconds between two signs of life
RETENTION_EVERY = 3600.0  # seconds between two looks for what need not be kept any longer


class Notifications:
    """All parts of the service, for its routes, its loops and its commands."""

    def __init__(self, world: Resources, configured: Mapping[ChannelName, Channel] | None = None) -> None:
        """configured: the channels, by default those of the settings."""
        settings, store, clock = world.settings.of(MailSettings), world.store, world.clock
        self.store, self.clock = store, clock
        self.queue, self.messages_due = SweepQueue(), asyncio.Event()
        self.known_facts = KnownFacts(store)
        self.ledger = Ledger(store, self.known_facts, clock, self._wake)
        self.migration = LedgerMigration(store)
        self.offices = Offices(store, public_url=settings.public_url, reply_to=settings.mail_reply_to)
        self.previews = Previews(store, self.known_facts, self.offices, clock)
        self.catching_up = CatchingUp(self.known_facts, self.ledger, self.queue.nudge)
        self.successions = ContactSuccessions(store, self.known_facts, clock, self.queue)
        self.handlers = Handlers(
            self.known_facts,
            KnownEndpoints(store),
            self.ledger,
            Entering(EntryRepository(store), self.known_facts, self.ledger, self._wake),
            questions=QuestionRepository(store),
            ideas=IdeaRepository(store),
            successions=self.successions,
            commitments=KnownCommitments(store),
            facts_changed=self.catching_up.event.set,
            wake_region=self.queue.wake_region,
        )
        self.directory, self.confirmation_key = ContactDirectory(store), ConfirmationKey(store)
        self.importer = ContactImporter(store, self.known_facts, self.queue)
        self.contact_tables = ContactTableRunner(store, self.importer, clock)
        self.reconciliation = Reconciliation(store, self.known_facts, self.ledger, clock)
        chosen = channels(settings) if configured is None else configured
        self.reminders = Reminders(
            store,
            self.known_facts,
            clock,
            ledger=self.ledger,
            catching_up=self.catching_up,
            reconciliation=self.reconciliation,
            importer=self.importer,
            queue=self.queue,
            messages_due=self.messages_due,
            log_only=settings.channel == LOG,
            has_channels=bool(chosen),
            public_url=settings.public_url,
        )
        self.sweep, self.due_list = self.reminders.sweep, self.reminders.due_list
        self.receipts_arrived = asyncio.Event()
        self.receipts = ReceiptInbox(store, self.receipts_arrived)
        self.channels = Channels(store, chosen, self.receipts.keep)
        self.consequences = Consequences(store, self.channels, self.queue.wake_agency, self.queue.wake_region)
        self.receipt_applier = ReceiptApplier(store, clock, self.consequences)
        self.notices = NoticeBook(store, NoticeEffects(self.channels))
        self.webhooks = WebhookRoutes(_cloud_api(settings), self.receipts.keep, self.notices.keep)
        mailbox = bounce_mailbox(settings)
        self.bounces = (
            None
            if mailbox is None
            else BounceReader(partial(opened, mailbox), mail_domain(settings), self.receipts.keep)
        )
        self.bodies = Bodies(store, settings.body_retention_days)
        self.erasures = Erasures(store, NAME, ErasureList(world.settings.erasures))
        self.erasing = ContactErasure(store, self.queue, self.bodies, self.erasures)
        self.retention = ContactRetention(store, self.erasing, clock, settings.contact_retention_days)
        self.kept_tables = timedelta(days=settings.contact_table_retention_days)
        self.personal_data = NotificationsPersonalData(
            store,
            data_kinds(settings),
            self.erasing,
            ContactCorrecting(store, self.queue),
            NamedData(store, NAME, PLACES, WHAT, self.erasures),
        )
        self.reports = WeeklyReports(store, self.known_facts)
        facts = AlertFacts(store, self.known_facts, self.reminders.frames, self.confirmation_key, self.reports)
        self.preparation = Preparation(store, facts, self.offices)
        self.sender = Sender(
            store,
            self.known_facts,
            clock,
            self.channels,
            self.consequences,
            bodies=self.bodies,
            preparation=self.preparation,
            quiet_times=self.reminders.quiet_times,
            mode=self._mode,
            again=self._send_again,
        )
        self.heartbeat = Heartbeat(settings.heartbeat_url, ("sweep", "obligations", "sender"))
        self.watch = SendingWatch(
            store, clock, self.channels, self._mode, lambda: self.heartbeat.silent, public_url=settings.public_url
        )

    async def _mode(self) -> AlertingMode:
        return (await self.reminders.alerting.in_force()).mode

    def _wake(self, _agency: str) -> None:
        """What changed is marked in the store."""
        self.queue.nudge()

    def router(self) -> APIRouter:
        """All routes of the service."""
        router = APIRouter()
        for routes in (
            ObligationRoutes(self.store, self.known_facts),
            ExemptionRoutes(self.store, self.known_facts, self.ledger, self.clock),
            ContactImportRoutes(self.contact_tables, self.clock),
            ContactExportRoutes(self.store, self.known_facts),
            RecapRoutes(self.store, self.known_facts, self.clock),
            ContactRoutes(self.store, self.known_facts, self.importer, self.queue, self.erasing),
            ConfirmationRoutes(self.store, self.confirmation_key, self.queue),
            AlertPolicyRoutes(self.store, self.known_facts, self.clock),
            ModeRoutes(self.reminders.alerting, self.reminders.going_live),
            DueRoutes(self.due_list),
            ReminderRoutes(self.reminders.asking, self.known_facts),
            OfficeRoutes(self.store, self.known_facts),
            MessageRoutes(self.store, self.known_facts),
            PreviewRoutes(self.previews),
            PerformanceRoutes(self.store, self.clock),
            HeldRoutes(self.store, self.due_list, self.channels),
            AuditRoutes(self.store, NAME),
            self.webhooks,
        ):
            router.routes.extend(routes.router().routes)
        return router

    async def start(self) -> None:
        """Check the templates. Carry former contacts and obligations into the present form, and give a former store its
        mode. Resume a stopped channel: a restart means that it was corrected, or is to be tried at once. Raises
        Misconfigured for a template with a fault."""
        check_templates()
        await carry_contacts(self.store)
        await carry_messages(self.store)
        await self.migration.run()
        await self.confirmation_key.load()
        await self.reminders.alerting.begin()
        await self.channels.resume()

    async def send(self) -> None:
        """One run of the sender."""
        await self.sender.run()

    async def apply_receipts(self) -> None:
        """Apply what providers have reported."""
        await self.receipt_applier.run()

    async def read_bounces(self) -> None:
        """Read the mailbox that bounces return to, if one is configured."""
        if self.bounces is not None:
            await self.bounces.run()

    async def purge(self) -> None:
        """Erase receipts, texts, tables and contacts that need not be kept any longer."""
        await self.receipt_applier.purge()
        await self.bodies.purge()
        await self.contact_tables.purge(self.kept_tables)
        await self.retention.run()

    async def beat(self) -> None:
        """Measure what is late, and tell the outside watcher that all works."""
        await self.watch.measure()
        await self.heartbeat.beat()

    async def close(self) -> None:
        """Close the connections to providers."""
        await self.channels.close()

    def _send_again(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self.messages_due.set)

    async def after_restore(self, facts: RestoreFacts) -> None:
        """Carry contacts and obligations of a former release that the backup had, and let all obligations be derived
        again. Begin the hold if the records of sent messages were lost: what was sent since the backup is unknown."""
        await carry_contacts(self.store)
        await carry_messages(self.store)
        await self.migration.run()
        await self.migration.derive_again(facts.region)
        if not facts.ledger_kept:
            offset = facts.restored_at - self.clock.machine()
            restored_at = self.clock.now() + offset
            await begin_hold(self.store, backup_at=facts.backup_at, restored_at=restored_at, region=facts.region)


def _cloud_api(settings: MailSettings) -> CloudApiWebhook:
    return CloudApiWebhook(
        settings.whatsapp_app_secret.get_secret_value(),
        settings.whatsapp_verify_token.get_secret_value(),
        settings.whatsapp_phone_number_id,
    )
