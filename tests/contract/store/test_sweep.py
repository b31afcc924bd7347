"""The sweep's queries mean the same on every engine: what is due is put into messages once, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.role import ContactRole
from services.notifications.kinds import KINDS
from services.notifications.known import KnownFacts
from services.notifications.messages.facts.attention import AttentionCounts
from services.notifications.messages.facts.weekly_lines import week_before
from services.notifications.messages.repositories import message_repository
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.composition import Reminders
from services.notifications.reminders.mode import Mode
from services.notifications.reminders.queue import SweepQueue
from services.notifications.state import replaced
from shared.contracts.continuation import ContinuationState
from shared.contracts.idea import IdeaChanged, IdeaStatus
from shared.contracts.innovation import InnovationState, WithdrawalState, WithdrawalStep
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Store
from tests.support.notifications_service import (
    REGION,
    FixedClock,
    agency,
    agency_id,
    asked_nothing,
    deadline,
    innovation,
    region,
)
from tests.support.store_engines import Engine

MORNING = datetime(2026, 12, 5, 3, tzinfo=UTC)


class Swept:
    """The parts of notifications that a sweep needs, on one store."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, queue = store, SweepQueue()
        self.facts = KnownFacts(store)
        self.ledger = Ledger(store, self.facts, clock, lambda _: queue.nudge())
        self.entering = Entering(EntryRepository(store), self.facts, self.ledger, lambda _: queue.nudge())
        self.catching_up = CatchingUp(self.facts, self.ledger, queue.nudge)
        self.reminders = Reminders(
            store,
            self.facts,
            clock,
            ledger=self.ledger,
            catching_up=self.catching_up,
            reconciliation=Reconciliation(store, self.facts, self.ledger, clock),
            importer=ContactImporter(store, self.facts, queue),
            queue=queue,
            messages_due=asyncio.Event(),
            log_only=False,
            has_channels=True,
            public_url="https://inovasi.example",
        )

    async def set_contact(self, person: str, contact: Contact) -> None:
        await ContactDirectory(self.store).register(person, contact)
        await contact_repository(self.store).change(person, lambda _: (contact, None))

    async def sweep(self) -> list[str]:
        """One round of the loop; the reasons of all messages so far."""
        self.reminders.sweep._took = 0.0
        await self.reminders.sweep.run_if_needed()
        page = await message_repository(self.store).list({}, limit=100, after=None)
        return sorted(alert.reason.what for each in page.items for alert in each.value.alerts)


async def test_a_sweep_finds_the_same_on_every_engine(either: Engine) -> None:
    store, clock = await either.open(*KINDS), FixedClock(MORNING)
    swept = Swept(store, clock)
    await swept.reminders.alerting.set_mode(Mode.LIVE, (), "test")
    await swept.facts.keep_region(region(), 1)
    await swept.facts.keep_agency(agency(), 1)
    await swept.catching_up.run()
    officer = Contact.of(region=REGION, agencies=[agency_id("Dinas Kesehatan")], name="Budi", email="b@dinas.example")
    await swept.set_contact("p-officer", replaced(asked_nothing(officer), valid_from=date(2026, 12, 6)))
    closed = replaced(officer, role=ContactRole.HEAD, email_closed="5.1.1", closed=True, reachable=False)
    await swept.set_contact("p-head", asked_nothing(closed))
    curator = Contact.of(region=REGION, name="Kurator", email="k@daerah.example", role=ContactRole.CURATOR)
    await swept.set_contact("p-curator", asked_nothing(curator))

    # Its officer begins tomorrow; the curator gets the week's report and hears of the head
    assert await swept.sweep() == ["unreachable", "weekly"]

    clock.move_to(MORNING + timedelta(days=1))
    assert await swept.sweep() == ["before-30", "unreachable", "weekly"]

    # A return is found by its mark, a stage by its day
    for turn, status in ((1, InnovationStatus.SUBMITTED), (2, InnovationStatus.RETURNED)):
        event = innovation(status=status, turn=turn, since=clock.now())
        assert isinstance(event, InnovationState)
        await swept.entering.enter(event, event.assignments[0], 100 + turn)
    assert await swept.sweep() == ["before-30", "opened-again", "returned", "unreachable", "weekly"]
    clock.move_to(MORNING + timedelta(days=12))
    assert await swept.sweep() == [
        "before-14",
        "before-30",
        "opened-again",
        "returned",
        "unreachable",
        "weekly",
        "weekly",
    ]
    assert await swept.sweep() == await swept.sweep()


async def test_a_question_is_found_by_its_day_on_every_engine_and_not_looked_at_again_before_it_ends(
    either: Engine,
) -> None:
    store, clock = await either.open(*KINDS), FixedClock(MORNING)
    swept, questions = Swept(store, clock), QuestionRepository(store)
    await swept.reminders.alerting.set_mode(Mode.LIVE, (), "test")
    await swept.facts.keep_region(region(deadline(date(2027, 12, 31))), 1)
    await swept.facts.keep_agency(agency(), 1)
    await swept.catching_up.run()
    officer = Contact.of(region=REGION, agencies=[agency_id("Dinas Kesehatan")], name="Budi", email="b@dinas.example")
    await swept.set_contact("p-officer", asked_nothing(officer))
    await swept.sweep()
    asked_on, until = date(2026, 12, 6), date(2027, 1, 5)
    known = ContinuationState(follow_up=1, follow_up_on=asked_on, follow_up_until=until)
    verified = innovation(status=InnovationStatus.VERIFIED, verified=MORNING)
    assert isinstance(verified, InnovationState)
    await questions.keep(verified.model_copy(update={"continuation": known}), 100)

    async def to_look_at(day: date) -> dict[str, set[str]]:
        return await questions.agencies_to_look_at([REGION, "61.71"], day)

    assert await swept.sweep() == []
    assert await to_look_at(asked_on - timedelta(days=1)) == {}
    assert await to_look_at(asked_on) == {REGION: {agency_id("Dinas Kesehatan")}}
    clock.move_to(MORNING + timedelta(days=1))
    assert await swept.sweep() == ["follow-up"]
    assert await to_look_at(until) == {}
    assert await to_look_at(until + timedelta(days=1)) == {REGION: {agency_id("Dinas Kesehatan")}}
    assert [each.seen.value.follow_up async for each in questions.open_on([agency_id("Dinas Kesehatan")], until)] == [1]
    clock.move_to(MORNING + timedelta(days=40))
    assert await swept.sweep() == ["follow-up"]
    assert [each async for each in questions.open_on([agency_id("Dinas Kesehatan")], date(2027, 2, 1))] == []


async def test_decisions_and_ideas_are_found_and_counted_on_every_engine(either: Engine) -> None:
    store, clock = await either.open(*KINDS), FixedClock(MORNING)
    swept, questions, ideas = Swept(store, clock), QuestionRepository(store), IdeaRepository(store)
    health = agency_id("Dinas Kesehatan")
    await swept.reminders.alerting.set_mode(Mode.LIVE, (), "test")
    await swept.facts.keep_region(region(deadline(date(2027, 12, 31))), 1)
    await swept.facts.keep_agency(agency(), 1)
    await swept.catching_up.run()
    officer = Contact.of(region=REGION, agencies=[health], name="Budi", email="b@dinas.example")
    curator = Contact.of(region=REGION, agencies=[], name="Kur", email="k@dinas.example", role=ContactRole.CURATOR)
    for id, contact in (("p-officer", officer), ("p-curator", curator)):
        await swept.set_contact(id, asked_nothing(contact))
    told = await swept.sweep()
    for name, step in (("asked", WithdrawalStep.ASKED), ("declined", WithdrawalStep.DECLINED)):
        one = innovation(name, status=InnovationStatus.VERIFIED, verified=MORNING)
        assert isinstance(one, InnovationState)
        withdrawal = WithdrawalState(number=1, step=step, since=MORNING)
        await questions.keep(one.model_copy(update={"withdrawal": withdrawal}), 100)
    states = (
        ("new", IdeaStatus.NEW, None),
        ("given", IdeaStatus.HANDED_OVER, health),
        ("shut", IdeaStatus.CLOSED, health),
    )
    for id, status, to in states:
        fields = {"id": id, "region": REGION, "status": status, "received_at": MORNING, "since": MORNING}
        await ideas.keep(IdeaChanged.model_validate({**fields, "agency": to, "handed_over": int(to is not None)}), 100)

    assert await ideas.agencies_to_look_at([REGION, "61.71"], MORNING.date()) == {REGION: {health}}
    assert sorted(await swept.sweep()) == sorted([*told, "idea-handed-over", "withdrawal-declined"])
    assert await ideas.agencies_to_look_at([REGION], MORNING.date()) == {}
    clock.move_to(MORNING + timedelta(days=1))  # the curators are looked at on a new day
    after = [*told, "idea-handed-over", "ideas-received", "withdrawal-asked", "withdrawal-declined"]
    assert sorted(await swept.sweep()) == sorted(after)
    assert sorted(await swept.sweep()) == sorted(after)
    frame = await swept.reminders.frames.of_code(REGION)
    assert frame is not None
    attention = await AttentionCounts(store).of(frame, week_before(MORNING.date(), frame.zone))
    assert (attention.withdrawals, attention.ideas, attention.fostered) == (1, 1, 1)
