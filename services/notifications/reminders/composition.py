"""Puts the parts of `reminders` together."""

from __future__ import annotations

import asyncio

from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.importing import ContactImporter
from services.notifications.known import KnownFacts
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.alerting import Alerting
from services.notifications.reminders.asked.asking import Asking
from services.notifications.reminders.behind import BehindList
from services.notifications.reminders.due import DueList
from services.notifications.reminders.endpoints import EndpointList
from services.notifications.reminders.frame import Frames
from services.notifications.reminders.going_live import GoingLive
from services.notifications.reminders.putting import Putting
from services.notifications.reminders.queue import SweepQueue
from services.notifications.reminders.quiet_times import QuietTimes
from services.notifications.reminders.region_works import RegionWorks
from services.notifications.reminders.sweep import Sweep
from services.notifications.reminders.who.candidates import Candidates
from services.notifications.reminders.who.evaluation import Evaluator
from shared.clock import Clock
from shared.ports.store import Store


class Reminders:
    """All parts. log_only: CHANNEL=log; has_channels: at least one is configured; public_url: where readers open this
    system, may be empty; messages_due: set when a message waits to be sent."""

    def __init__(
        self,
        store: Store,
        known_facts: KnownFacts,
        clock: Clock,
        *,
        ledger: Ledger,
        catching_up: CatchingUp,
        reconciliation: Reconciliation,
        importer: ContactImporter,
        queue: SweepQueue,
        messages_due: asyncio.Event,
        log_only: bool,
        has_channels: bool,
        public_url: str,
    ) -> None:
        self.quiet_times = QuietTimes(store, known_facts)
        self.frames = Frames(store, known_facts, clock, self.quiet_times)
        self.alerting = Alerting(store, clock, log_only=log_only)
        evaluator = Evaluator(
            store,
            ContactDirectory(store),
            BehindList(store),
            EndpointList(store),
            questions=QuestionRepository(store),
            ideas=IdeaRepository(store),
        )
        self.due_list = DueList(store, known_facts, self.frames, evaluator, self.alerting)
        self.asking = Asking(
            store, known_facts, self.frames, evaluator=evaluator, alerting=self.alerting, woken=queue.nudge
        )
        self.going_live = GoingLive(
            store, self.due_list, self.alerting, has_channels=has_channels, public_url=public_url
        )
        self.sweep = Sweep(
            store,
            clock,
            works=RegionWorks(store, known_facts, clock),
            evaluator=evaluator,
            putting=Putting(store, messages_due),
            candidates=Candidates(store, known_facts),
            due_list=self.due_list,
            alerting=self.alerting,
            ledger=ledger,
            catching_up=catching_up,
            reconciliation=reconciliation,
            importer=importer,
            queue=queue,
        )
