"""The ledger on a store: what arrives late, what runs at the same time, what reminders are told, and what it costs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.notifications.application import Notifications
from services.notifications.kinds import KNOWN_SCORE
from services.notifications.known import SCORES, FormerScore
from services.notifications.obligations.document import AT_ONCE, SLEEPS
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Tell, entry_id
from services.notifications.obligations.entry_index import Rank
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.facts import Facts
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.proof import Proof
from services.notifications.obligations.repositories import exemption_repository, obligation_repository
from services.notifications.obligations.scores import score_of
from services.notifications.obligations.summary import SUMMARY_FIELDS, summary_of, summary_of_row
from services.notifications.state import replaced
from shared.contracts.scorecard import InnovationScored
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus
from shared.runtime.service import RestoreFacts
from shared.storage.steps import without_event
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    LAST_DAY,
    REGION,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    notifications_service,
    passed,
    region,
)

LAST_SECOND = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)  # 23.59.59 WIB
MORNING = datetime(2027, 1, 1, 2, tzinfo=UTC)  # 09.00 WIB
MIDNIGHT = datetime(2026, 12, 31, 17, tzinfo=UTC)
ID = f"{agency_id('Dinas Kesehatan')}/{YEAR}"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[NotificationsService]:
    async with notifications_service(tmp_path) as service:
        await service.receive(region())
        await service.receive(agency())
        yield service


def card(*, innovation_sequence: int, missing_mandatory: tuple[str, ...] = ()) -> InnovationScored:
    return InnovationScored(
        innovation=innovation_id("Spirit"),
        innovation_sequence=innovation_sequence,
        region=REGION,
        agency=agency_id("Dinas Kesehatan"),
        year=YEAR,
        status=InnovationStatus.SUBMITTED,
        catalogue="2026.1",
        digest="d",
        claimed=Decimal(50),
        verified=Decimal(0),
        most=Decimal(111),
        rows=(),
        missing_mandatory=missing_mandatory,
    )


async def phase(service: NotificationsService) -> str:
    await service.parts.reconciliation.check_deadlines()
    return (await service.obligation()).phase.value


# --- what was submitted in the last second and arrives in the morning ---


async def test_an_agency_that_submitted_in_the_last_second_is_never_overdue(service: NotificationsService) -> None:
    # Given a submission of 23.59.59 whose event is held up, and nothing heard of the deadline
    service.clock.move_to(MIDNIGHT)
    assert await phase(service) == "registry"

    # When the registry says what was submitted in time, and later the submission itself arrives
    await service.receive(passed("Spirit"))
    assert await phase(service) == "registry"
    service.clock.move_to(MORNING)
    assert await phase(service) == "registry"
    await service.receive(innovation(first=LAST_SECOND))

    # Then it was in time, and no event ever said that it was overdue
    assert (await service.obligation()).public.on_time is True  # type: ignore[union-attr]
    assert {each.type for each in await service.owed_events()} == {"obligation.opened", "obligation.fulfilled"}


async def test_the_event_of_the_deadline_may_be_the_one_that_is_late(service: NotificationsService) -> None:
    service.clock.move_to(MORNING)
    assert await phase(service) == "registry"
    await service.receive(passed())
    assert await phase(service) == "overdue"


async def test_an_innovation_that_was_moved_away_meanwhile_is_enough_to_have_been_heard_of(
    service: NotificationsService,
) -> None:
    service.clock.move_to(MORNING)
    await service.receive(passed("Spirit"))
    assert await phase(service) == "registry"
    await service.receive(
        innovation(first=LAST_SECOND, by="Dinas Sosial", formerly=[("Dinas Kesehatan", YEAR)], turn=2, since=MORNING)
    )
    assert await phase(service) == "overdue"


async def test_an_innovation_that_is_known_as_a_draft_only_has_not_been_heard_of(service: NotificationsService) -> None:
    service.clock.move_to(MORNING)
    await service.receive(innovation(status=InnovationStatus.DRAFT, turn=1, since=BEFORE), 20)
    await service.receive(passed("Spirit"))
    assert await phase(service) == "registry"


async def test_a_newer_version_of_what_was_found_is_asked_for_again(service: NotificationsService) -> None:
    service.clock.move_to(MORNING)
    await service.receive(passed(), 10)
    assert await phase(service) == "overdue"
    await service.receive(passed("Spirit"), 11)
    assert await phase(service) == "registry"
    await service.receive(passed(), 10)
    assert await phase(service) == "registry", "an older version"


async def test_a_moved_deadline_needs_its_own_proof_and_opens_an_overdue_duty(service: NotificationsService) -> None:
    service.clock.move_to(AFTER)
    await service.receive(passed())
    assert await phase(service) == "overdue"
    await service.receive(region(deadline(), deadline(date(2027, 1, 21), revision=2)), 50)
    assert await phase(service) == "open"
    service.clock.move_to(datetime(2027, 1, 22, tzinfo=UTC))
    assert await phase(service) == "registry"
    await service.receive(passed(revision=2))
    assert await phase(service) == "overdue"


async def test_an_hour_is_kept_to_by_the_look_at_deadlines(service: NotificationsService) -> None:
    await service.receive(region(deadline().model_copy(update={"hour": time(14)})), 50)
    at = datetime(2026, 12, 31, 7, tzinfo=UTC)
    service.clock.move_to(at)
    assert await phase(service) == "open"
    service.clock.move_to(at + timedelta(microseconds=1))
    assert await phase(service) == "registry"
    service.clock.move_to(at)
    assert await phase(service) == "open", "the clock was set back"


async def test_a_duty_that_was_fulfilled_when_the_deadline_was_heard_of_asks_again_when_it_opens(
    service: NotificationsService,
) -> None:
    await service.receive(innovation(turn=1, since=BEFORE), 20)
    service.clock.move_to(AFTER)
    await service.receive(passed("Spirit"), 30)
    await service.receive(passed("Spirit", "Gestur"), 31)
    await service.receive(innovation(status=InnovationStatus.RETURNED, turn=2, since=AFTER), 21)
    assert await phase(service) == "registry"
    await service.receive(innovation("Gestur", status=InnovationStatus.WITHDRAWN, turn=2, since=BEFORE), 22)
    assert await phase(service) == "overdue"
    assert (await service.obligation()).spell == f"{innovation_id('Spirit')}/2"


async def test_an_event_that_comes_between_two_looks_of_a_sweep_is_no_proof_of_lateness(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has counted nothing yet when the entry is written, and then finds that nothing is missing."""
    service.clock.move_to(AFTER)
    await service.receive(passed("Spirit"), 30)
    assert await phase(service) == "registry"
    added, entry = Proof.added, innovation(turn=1, since=BEFORE)

    async def not_yet(*_: object) -> None:
        """Whoever wrote the entry has not recomputed the obligation."""

    async def when_it_comes(proof: Proof, facts: Facts, *, again: bool) -> Facts:
        monkeypatch.undo()
        with monkeypatch.context() as before:
            before.setattr(Ledger, "recompute_entries", not_yet)
            await service.receive(entry, 20)
        return await added(proof, facts, again=again)

    monkeypatch.setattr(Proof, "added", when_it_comes)
    await service.parts.ledger.recompute(agency_id("Dinas Kesehatan"), YEAR)

    assert await phase(service) == "fulfilled"
    assert "obligation.overdue" not in {each.type for each in await service.owed_events()}


async def test_after_twelve_hours_what_is_missing_is_named(service: NotificationsService) -> None:
    service.clock.move_to(MIDNIGHT + timedelta(hours=11))
    await phase(service)
    assert await service.parts.ledger.behind() == []

    service.clock.move_to(MIDNIGHT + timedelta(hours=12))
    (unheard,) = await service.parts.ledger.behind()
    assert (unheard.heard, unheard.agencies, unheard.missing) == (False, 1, ())
    assert "deadline.passed was not received" in unheard.why

    await service.receive(passed("Spirit"))
    (lacking,) = await service.parts.ledger.behind()
    assert (lacking.region, lacking.year, lacking.revision) == (REGION, YEAR, 1)
    assert (lacking.heard, lacking.missing) == (True, (innovation_id("Spirit"),))
    assert innovation_id("Spirit") in lacking.why

    await service.receive(innovation())
    assert await service.parts.ledger.behind() == []


async def test_a_deadline_that_had_passed_when_it_was_set_is_waited_for_from_then(
    service: NotificationsService,
) -> None:
    set_at = MIDNIGHT + timedelta(days=20)
    service.clock.move_to(set_at)
    moved = deadline(LAST_DAY, revision=2).model_copy(update={"set_at": set_at})
    await service.receive(region(deadline(), moved), 50)
    assert await phase(service) == "registry"
    assert await service.parts.ledger.behind() == []
    service.clock.move_to(set_at + timedelta(hours=12))
    assert len(await service.parts.ledger.behind()) == 1


# --- two that work at the same time ---


async def test_a_change_that_another_process_found_needless_is_not_lost(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that has read the entries after a submission, and is slow to write that the duty is fulfilled
    read, go_on = asyncio.Event(), asyncio.Event()
    saved = service.parts.ledger._saved

    async def slow(*what):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202
        read.set()
        await go_on.wait()
        return await saved(*what)

    monkeypatch.setattr(service.parts.ledger, "_saved", slow)
    first = asyncio.create_task(service.receive(innovation(), 20))
    await read.wait()

    # When another process hears that it was withdrawn, which leaves the open duty as it is
    other = Notifications(service.world)
    before = await service.obligation()
    await service.receive(innovation(status=InnovationStatus.WITHDRAWN), 21, parts=other)
    assert await service.obligation() == before
    go_on.set()
    await first

    # Then the duty is open
    assert (await service.obligation()).phase == "open"


async def test_what_is_heard_of_a_deadline_while_a_duty_opens_again_is_not_overlooked(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a fulfilled duty after its deadline, and a process that is slow to write that it is open and overdue again
    await service.receive(innovation(turn=1, since=BEFORE), 20)
    service.clock.move_to(AFTER)
    await service.receive(passed("Spirit"), 30)
    read, go_on = asyncio.Event(), asyncio.Event()
    saved = service.parts.ledger._saved

    async def slow(*what):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202
        read.set()
        await go_on.wait()
        return await saved(*what)

    monkeypatch.setattr(service.parts.ledger, "_saved", slow)
    first = asyncio.create_task(service.receive(innovation(status=InnovationStatus.WITHDRAWN), 21))
    await read.wait()

    # When another process hears meanwhile that one more innovation was submitted in time
    await service.receive(passed("Spirit", "Gestur"), 31, parts=Notifications(service.world))
    go_on.set()
    await first

    # Then the duty waits for that innovation
    assert (await service.obligation()).phase == "registry"


async def test_two_processes_that_enter_different_innovations_both_count(service: NotificationsService) -> None:
    await service.receive(region(minimum=2), 50)
    other = Notifications(service.world)
    await asyncio.gather(
        *(
            service.receive(innovation(f"I {number}"), 100 + number, parts=parts)
            for number, parts in enumerate([service.parts, other] * 4)
        )
    )
    public = (await service.obligation()).public
    assert public is not None
    assert (public.status, len(public.counted)) == ("fulfilled", 2)


# --- what reminders are told ---


async def test_whatever_is_derived_anew_makes_reminders_look_at_once_and_looked_moves_that_on(
    service: NotificationsService,
) -> None:
    repository = obligation_repository(service.store)
    fresh = await repository.get(ID)
    assert fresh.value.look == AT_ONCE

    await service.parts.ledger.looked(ID, fresh.sequence, "2026-11-01")
    assert (await repository.get(ID)).value.look == "2026-11-01"
    await service.receive(
        agency(name="Dinas Kesehatan (nama lain)").model_copy(update={"id": agency_id("Dinas Kesehatan")})
    )
    assert (await repository.get(ID)).value.look == "2026-11-01", "only a fact has changed"

    await service.receive(innovation(status=InnovationStatus.DRAFT))
    changed = await repository.get(ID)
    assert (changed.value.look, changed.value.progress) == (AT_ONCE, "draft")
    await service.parts.ledger.looked(ID, fresh.sequence, "2026-12-01")
    assert (await repository.get(ID)).value.look == AT_ONCE, "it has changed since"


async def test_a_duty_without_a_deadline_sleeps(service: NotificationsService) -> None:
    await service.receive(innovation(year=2030))
    assert (await service.obligation(year=2030)).look == SLEEPS


async def test_a_summary_is_the_same_from_a_row_and_from_a_document(service: NotificationsService) -> None:
    cancelled = deadline(revision=3).model_copy(update={"cancelled": True, "basis": "SE 3/2026"})
    moved = deadline(date(2026, 12, 20), revision=2).model_copy(update={"hour": time(14), "basis": "SE 2/2026"})
    for deadlines in ([deadline()], [deadline(), moved], [deadline(), moved, cancelled]):
        await service.receive(region(*deadlines))
        for extra in (None, innovation(status=InnovationStatus.RETURNED, turn=2, since=BEFORE), innovation(turn=3)):
            if extra:
                await service.receive(extra)
            stored = await service.obligation()
            (row,) = [row async for row in service.store.scan("obligation", {"agency": stored.agency}, SUMMARY_FIELDS)]
            assert summary_of_row(row) == summary_of(stored)

    summary = summary_of(stored)
    assert summary is not None
    assert (summary.cancelled, summary.cancelled_at, summary.moved_at) == (True, BEFORE, None)
    assert (summary.previous, summary.previous_hour) == (date(2026, 12, 20), time(14))
    assert (summary.basis, summary.counted, summary.agency_kind) == ("SE 3/2026", 1, AgencyKind.DINAS)


async def test_a_moved_deadline_says_from_when_and_by_which_decree(service: NotificationsService) -> None:
    moved = deadline(date(2027, 1, 21), revision=2).model_copy(update={"set_at": AFTER, "basis": "SE 2/2026"})
    await service.receive(region(deadline(), moved))
    summary = summary_of(await service.obligation())
    assert summary is not None
    assert (summary.previous, summary.deadline, summary.moved_at) == (LAST_DAY, date(2027, 1, 21), AFTER)
    assert (summary.basis, summary.cancelled) == ("SE 2/2026", False)


async def test_what_is_to_be_told_is_found_and_settled(service: NotificationsService) -> None:
    entries = EntryRepository(service.store)
    await service.receive(innovation(turn=1, since=BEFORE), 20)
    await service.receive(innovation("Gestur", status=InnovationStatus.RETURNED, turn=2, since=BEFORE), 21)
    await service.receive(card(innovation_sequence=20), 1)

    pending = {each.value.innovation: each async for each in entries.pending(REGION)}
    assert {id: each.value.tells for id, each in pending.items()} == {
        innovation_id("Spirit"): (Tell.SCORED,),
        innovation_id("Gestur"): (Tell.RETURNED,),
    }
    assert await entries.settled(list(pending.values())) == [True, True]
    assert await entries.settled(list(pending.values())) == [False, False]
    assert [each async for each in entries.pending()] == []
    assert {each.value.innovation for each in await entries.of_agency(agency_id("Dinas Kesehatan"))} == pending.keys()
    returned = await entries.of_agency(agency_id("Dinas Kesehatan"), InnovationStatus.RETURNED)
    assert [each.value.innovation for each in returned] == [innovation_id("Gestur")]


@pytest.mark.parametrize("card_first", [True, False])
async def test_a_score_counts_whether_it_comes_before_or_after_the_innovation(
    service: NotificationsService, *, card_first: bool
) -> None:
    await service.receive(region(mandatory_rows=True), 50)
    events = [(card(innovation_sequence=20), 1), (innovation(turn=1, since=BEFORE), 20)]
    for payload, sequence in events if card_first else reversed(events):
        await service.receive(payload, sequence)
    assert (await service.obligation()).phase == "fulfilled"

    await service.receive(card(innovation_sequence=20, missing_mandatory=("16",)), 2)
    assert (await service.obligation()).phase == "open"


async def test_lifting_an_exemption_opens_the_duty_under_its_own_spell(service: NotificationsService) -> None:
    exemptions = exemption_repository(service.store)
    grant = Exemption(agency=agency_id("Dinas Kesehatan"), region=REGION, year=YEAR, decree="1", reason="x", by="c")
    for number in (1, 2):
        await exemptions.change(ID, without_event(grant.granted))
        await service.parts.ledger.recompute(agency_id("Dinas Kesehatan"), YEAR)
        exempted = await service.obligation()
        assert (exempted.phase, exempted.spell) == ("exempted", "")
        await exemptions.amend(ID, None, without_event(lambda exemption: exemption.lifted("c", AFTER)))
        await service.parts.ledger.recompute(agency_id("Dinas Kesehatan"), YEAR)
        assert ((await service.obligation()).phase, (await service.obligation()).spell) == (
            "open",
            f"exemption/{number}",
        )


# --- what it costs ---


@contextmanager
def statements(service: NotificationsService) -> Iterator[list[str]]:
    """The statements on the store's file meanwhile."""
    seen: list[str] = []
    connections = [service.store._reader, service.store._commits._connection]
    for each in connections:
        assert isinstance(each, sqlite3.Connection)
        each.set_trace_callback(lambda text: seen.append(text.split()[0]))
    yield seen
    for each in connections:
        each.set_trace_callback(None)  # type: ignore[union-attr]


@pytest.mark.parametrize("counts_when", list(CountsWhen))
async def test_an_event_costs_the_same_statements_however_many_innovations_there_are(
    service: NotificationsService, counts_when: CountsWhen
) -> None:
    await service.receive(region(counts_when=counts_when), 50)
    counts = []
    for number in range(60):
        with statements(service) as seen:
            await service.receive(innovation(f"I {number}", turn=1, since=BEFORE))
        counts.append(len(seen))
    assert counts[59] == counts[2]


async def test_an_event_that_changes_nothing_of_the_duty_writes_no_obligation(service: NotificationsService) -> None:
    await service.receive(innovation("Satu", first=BEFORE, turn=1, since=BEFORE))
    repository = obligation_repository(service.store)
    before = await repository.get(ID)
    owed = len(await service.owed_events())

    await service.receive(innovation("Dua", first=BEFORE + timedelta(days=1), turn=1, since=BEFORE + timedelta(days=1)))

    assert (await repository.get(ID)).sequence == before.sequence
    assert len(await service.owed_events()) == owed


async def test_a_look_that_finds_nothing_costs_three_statements(service: NotificationsService) -> None:
    await service.receive(innovation(year=2030))
    await service.parts.reconciliation.run()
    with statements(service) as seen:
        for _ in range(3):
            await service.parts.reconciliation.run()
    assert seen == ["SELECT"] * 9


async def test_after_a_restore_everything_is_derived_again(service: NotificationsService) -> None:
    # Given a backup whose obligation is older than its entries
    await service.receive(innovation())
    former = [each async for each in service.store.dump("obligation")]
    await service.receive(innovation(status=InnovationStatus.WITHDRAWN))
    await service.store.load("obligation", former)
    await service.parts.reconciliation.check_everything()
    restored = (await service.obligation()).phase

    # When the service is told of the restore and starts
    assert service.service.after_restore is not None
    now = datetime.now(UTC)
    await service.service.after_restore(RestoreFacts(now, now, ledger_kept=True))
    await Notifications(service.world).reconciliation.run()

    # Then it is as the entries say
    assert (await service.obligation()).phase == "open", restored


async def test_a_check_of_everything_mends_what_a_crash_left_behind(service: NotificationsService) -> None:
    # Given an obligation and an exemption whose recomputation never happened
    await service.store.erase("obligation", ID)
    other = f"{agency_id('Dinas Sosial')}/{YEAR}"
    await service.receive(agency("Dinas Sosial"))
    grant = Exemption(agency=agency_id("Dinas Sosial"), region=REGION, year=YEAR, decree="1", reason="x", by="c")
    await exemption_repository(service.store).change(other, without_event(grant.granted))

    await service.parts.reconciliation.check_everything()

    assert (await service.obligation()).phase == "open"
    assert (await service.obligation("Dinas Sosial")).phase == "exempted"


async def test_a_recount_finds_an_obligation_that_is_not_as_its_entries_say(service: NotificationsService) -> None:
    await service.receive(innovation())
    await service.store.erase("entry", f"{ID}/{innovation_id('Spirit')}")
    recount = service.parts.reconciliation._recount

    assert await recount.check(agency_id("Dinas Kesehatan"), YEAR), "mended"
    assert (await service.obligation()).phase == "open"


async def test_what_comes_while_something_is_told_is_still_to_be_told(service: NotificationsService) -> None:
    entries = EntryRepository(service.store)
    await service.receive(innovation(status=InnovationStatus.VERIFIED, verified=BEFORE, turn=1, since=BEFORE), 20)
    await service.receive(innovation("Gestur", status=InnovationStatus.RETURNED, turn=1, since=BEFORE), 21)
    seen = [each async for each in entries.pending(REGION)]

    await service.receive(card(innovation_sequence=20), 22)
    await service.receive(innovation("Gestur", status=InnovationStatus.RETURNED, turn=3, since=BEFORE), 23)
    await entries.settled(seen)

    left = {each.value.innovation: each.value.tells async for each in entries.pending(REGION)}
    assert left == {innovation_id("Spirit"): (Tell.SCORED,), innovation_id("Gestur"): (Tell.RETURNED,)}


async def test_a_score_that_comes_first_waits_with_an_entry_on_which_nothing_depends(
    service: NotificationsService,
) -> None:
    entries, id = EntryRepository(service.store), entry_id(agency_id("Dinas Kesehatan"), YEAR, innovation_id("Spirit"))
    await service.receive(card(innovation_sequence=20), 7)
    await service.receive(card(innovation_sequence=19), 6)  # an older one
    before = (await entries.get(id)).value
    assert (before.sequence, before.here, before.index.rank) == (0, False, Rank.NONE)
    assert before.score is not None
    assert (before.score.sequence, before.score.innovation_sequence) == (7, 20)
    assert await phase(service) == "open"
    assert await service.parts.reconciliation._recount.check(agency_id("Dinas Kesehatan"), YEAR)

    await service.receive(innovation(turn=1, since=BEFORE), 20)
    entry = (await entries.get(id)).value
    assert (entry.sequence, entry.here, entry.score, entry.tells) == (20, True, before.score, (Tell.SCORED,))
    assert await phase(service) == "fulfilled"


async def test_a_score_that_a_former_release_has_kept_is_taken_over_and_an_older_one_is_not(
    service: NotificationsService,
) -> None:
    former = FormerScore(
        innovation=innovation_id("Spirit"),
        innovation_sequence=20,
        agency=agency_id("Dinas Kesehatan"),
        year=YEAR,
        claimed=Decimal(70),
        verified=Decimal(0),
        most=Decimal(111),
        missing_mandatory=0,
    )
    kept = SCORES.state_of(former, 7)
    await service.store.change(KNOWN_SCORE.name, former.innovation, lambda _: (kept, None))
    await service.receive(card(innovation_sequence=19, missing_mandatory=("16",)), 6)
    await service.receive(innovation(turn=1, since=BEFORE), 20)

    entry = (await EntryRepository(service.store).of_agency(agency_id("Dinas Kesehatan")))[0].value
    assert (entry.mandatory_filled, entry.tells, entry.score) == (True, (Tell.SCORED,), None)
    assert await score_of(entry, service.parts.known_facts) == former

    await service.receive(card(innovation_sequence=20), 8)
    entry = (await EntryRepository(service.store).of_agency(agency_id("Dinas Kesehatan")))[0].value
    score = await score_of(entry, service.parts.known_facts)
    assert score is not None
    assert score.claimed == Decimal(50)


async def test_former_scores_are_not_looked_for_where_there_are_none(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unexpected(_: str) -> None:
        raise AssertionError

    monkeypatch.setattr(service.parts.known_facts._scores, "get", unexpected)
    await service.receive(innovation(turn=1, since=BEFORE), 20)
    await service.receive(card(innovation_sequence=20), 7)
    assert (await EntryRepository(service.store).of_agency(agency_id("Dinas Kesehatan")))[0].value.score


async def test_a_card_soon_after_its_innovation_reads_no_entry_and_one_after_others_have_written_it_does(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = EntryRepository(service.store)
    id = entry_id(agency_id("Dinas Kesehatan"), YEAR, innovation_id("Spirit"))
    await service.receive(innovation(turn=1, since=BEFORE), 20)

    async def unexpected(_: str) -> None:
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr(service.parts.handlers._entering._entries, "find", unexpected)
        await service.receive(card(innovation_sequence=20), 7)
    scored = (await repository.get(id)).value
    assert (scored.score is not None, scored.tells) == (True, (Tell.SCORED,))

    await service.receive(innovation(turn=2, since=BEFORE), 21)
    await repository.amend(id, None, lambda entry: (replaced(entry, name="by another process"), None))
    await service.receive(card(innovation_sequence=21), 8)
    entry = (await repository.get(id)).value
    assert (entry.name, entry.score and entry.score.sequence) == ("by another process", 8)


async def test_a_repeated_score_mends_what_a_crash_left_behind(
    service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.receive(region(mandatory_rows=True), 50)
    await service.receive(innovation(turn=1, since=BEFORE), 20)

    async def killed(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(service.parts.ledger, "recompute_entries", killed)
        with pytest.raises(ConnectionError):
            await service.receive(card(innovation_sequence=20), 7)
    assert await phase(service) == "open"

    await service.receive(card(innovation_sequence=20), 7)
    assert await phase(service) == "fulfilled"
