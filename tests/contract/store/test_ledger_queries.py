"""The ledger on every kind of engine: its queries find what a recount of all entries finds, also when two processes
write at the same time."""

from __future__ import annotations

import asyncio
import itertools
import random
from datetime import datetime, timedelta

from services.notifications.contacts.succession.watch import ContactSuccessions
from services.notifications.handlers import Handlers
from services.notifications.kinds import ENTRY, KINDS
from services.notifications.known import KnownFacts
from services.notifications.known_commitments import KnownCommitments
from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.facts import AgencyFact, Facts, RegionFact
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.obligation import derive
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.selecting import Entries
from services.notifications.obligations.selection import recounted
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.queue import SweepQueue
from shared.contracts.contract import Payload
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus
from shared.ports.store import Store
from shared.storage.batches import in_parallel
from tests.support.notifications_service import (
    BEFORE,
    REGION,
    YEAR,
    FixedClock,
    agency,
    agency_id,
    event,
    innovation,
    region,
)
from tests.support.store_engines import Engine

AGENCY = agency_id("Dinas Kesehatan")
COUNT = 120


def moment(dice: random.Random) -> datetime:
    """Some are equal, some have microseconds, some have another zone."""
    return BEFORE + timedelta(days=dice.randrange(12), microseconds=dice.choice([0, 0, 1, 500_000]))


def entry(dice: random.Random, number: int) -> Entry:
    status = dice.choice(list(InnovationStatus))
    first = None if status is InnovationStatus.DRAFT else moment(dice)
    turn = dice.choice([0, 1, 5])
    return Entry(
        agency=AGENCY if number % 10 else agency_id("Dinas Sosial"),
        year=YEAR if number % 7 else YEAR + 1,
        region=REGION,
        innovation=f"i-{dice.randrange(10**6):06}-{number}",
        sequence=number,
        here=dice.random() < 0.8,
        status=status,
        community=dice.random() < 0.4,
        first_submitted_at=first,
        verified_at=moment(dice) if status is InnovationStatus.VERIFIED and dice.random() < 0.9 else None,
        turn=turn,
        status_since=moment(dice) if turn else None,
        mandatory_filled=dice.choice([None, True, False]),
    ).indexed()


async def test_what_decides_is_found_under_every_policy(either: Engine) -> None:
    store, dice = await either.open(ENTRY), random.Random(20261)
    repository = EntryRepository(store)
    entries = [entry(dice, number) for number in range(COUNT)]
    await in_parallel(entries, lambda each: repository.change(each.id, lambda _: (each, None)))
    mine = [each for each in entries if (each.agency, each.year) == (AGENCY, YEAR)]
    agency = AgencyFact(
        sequence=1, region=REGION, kind=AgencyKind.DINAS, retired=False, retired_on=None, obliged_from=None
    )

    for minimum, counts_when, community, mandatory in itertools.product(
        (1, 3, 100), CountsWhen, (True, False), (True, False)
    ):
        policy = region(minimum=minimum, counts_when=counts_when, community_counts=community, mandatory_rows=mandatory)
        facts = Facts(agency_id=AGENCY, year=YEAR, agency=agency, region=RegionFact.of(policy, YEAR, 1))

        found = await Entries(repository, AGENCY, YEAR).select(facts)

        assert found == recounted(mine, facts)
        assert len(found.counted) <= minimum


def handlers_on(store: Store) -> Handlers:
    """Of one process."""
    clock, known = FixedClock(BEFORE), KnownFacts(store)
    ledger = Ledger(store, known, clock, lambda _: None)
    entering = Entering(EntryRepository(store), known, ledger, lambda _: None)
    endpoints = KnownEndpoints(store)
    successions = ContactSuccessions(store, known, clock, SweepQueue())
    return Handlers(
        known,
        endpoints,
        ledger,
        entering,
        questions=QuestionRepository(store),
        ideas=IdeaRepository(store),
        commitments=KnownCommitments(store),
        successions=successions,
        facts_changed=lambda: None,
        wake_region=lambda _: None,
    )


async def test_two_processes_on_one_store_end_with_what_a_recount_says(either: Engine) -> None:
    # Given two processes and one agency that owes two innovations
    store, dice = await either.open(*KINDS), random.Random(7)
    both = [handlers_on(store), handlers_on(store)]

    async def hear(payload: Payload, sequence: int) -> None:
        received = event(payload, sequence)
        subject = received.subject.partition("/")[0]
        purpose = {"agency": "agencies"}.get(subject, f"{subject}s")
        await dice.choice(both).by_purpose()[purpose][received.type](received, payload)

    await hear(region(minimum=2), 1)
    await hear(agency(), 1)

    # When both hear of many changes at the same time
    statuses = [InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN]
    said = [
        innovation(f"I {dice.randrange(6)}", status=dice.choice(statuses), turn=turn, since=moment(dice))
        for turn in range(1, 61)
    ]
    for start in range(0, len(said), 12):
        await asyncio.gather(*(hear(each, 10 + start + place) for place, each in enumerate(said[start : start + 12])))

    # Then the obligation is as all entries say
    obligation = (await obligation_repository(store).get(f"{AGENCY}/{YEAR}")).value
    entries = await EntryRepository(store).of_year(AGENCY, YEAR, 100)
    assert entries is not None
    outcome = derive(obligation.facts, recounted(entries, obligation.facts), BEFORE)
    assert ObligationDocument.of(obligation.facts, outcome, obligation) == obligation
