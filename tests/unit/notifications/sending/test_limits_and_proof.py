"""A provider's pace, the figures of the day, the kept texts, and the addresses of the simulator."""

from __future__ import annotations

from datetime import date

from services.notifications.kinds import BODY
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.histogram import BOUNDS, DayHistogram, bucket_of
from services.notifications.sending.repositories import body_repository, performance_repository
from tests.support.notifications_service import deadline, person_id, region
from tests.unit.notifications.sending.conftest import Both

DAY = "2027-01-04"


async def figures(both: Both) -> DayHistogram:
    return (await performance_repository(both.service.store).get(DAY)).value


async def test_a_lower_pace_than_the_queue_takes_the_nearest_deadline_first(both: Both) -> None:
    # Given a provider that allows two hand-overs a second, and people with two deadlines
    both.email.per_second = 2.0
    await both.service.receive(region(deadline(), deadline(date(2027, 2, 1), year=2027)))
    for number in range(4):
        await both.overdue(f"Orang{number}", of=f"Dinas {number}", phone=None)

    # When the sender runs in one second, and in the next
    await both.send()
    first = [each.content.subject for each in both.email.handed]
    assert len(first) == 2
    await both.send()
    assert len(both.email.handed) == 2
    await both.pass_by(seconds=1)
    assert len(both.email.handed) == 4
    assert (await figures(both)).deferred == {"pace": 2}


async def test_the_figures_of_the_day_count_what_nothing_deferred(both: Both) -> None:
    for number in range(3):
        await both.overdue(f"Orang{number}", of=f"Dinas {number}", phone=None)
    await both.pass_by(seconds=4)
    await both.overdue("Sari", of="Dinas Sosial", phone=None)
    both.email.answer = Answer(AnswerClass.TRANSIENT, "4.2.1")
    await both.send()
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(seconds=61)
    found = await figures(both)
    assert (found.total, found.in_time) == (4, 3)
    assert 61_000 <= found.longest < 66_000  # since the newest fact that made it due
    assert found.counts[bucket_of(4_000)] == 3


def test_every_duration_has_a_bucket() -> None:
    assert [bucket_of(each) for each in (0, 1000, 1001, 10_000, 10_001, 10**9)] == [0, 0, 1, 3, 4, len(BOUNDS)]


async def test_texts_are_kept_for_some_days_as_proof_and_erased_with_their_person(both: Both) -> None:
    await both.overdue(phone=None)
    await both.overdue("Sari", of="Dinas Sosial", phone=None)
    await both.send()
    kept = (await body_repository(both.service.store).get(f"{person_id('Budi')}/1/1")).value
    assert "Dinas Kesehatan" in kept.text
    assert kept.template == both.email.handed[0].content.stamp

    assert await both.service.parts.bodies.erase_of(person_id("Sari")) == 1
    both.time.pass_by(days=7, seconds=1)
    await both.service.parts.purge()
    assert [row.id async for row in both.service.store.scan(BODY.name, {}, ())] == []


async def test_an_address_of_the_simulator_never_reaches_a_provider(both: Both) -> None:
    await both.overdue("Sukses", of="Dinas 1", email="sukses@simulator.invalid", phone=None)
    await both.overdue("Gagal", of="Dinas 2", email=None, phone="+6280000000002")
    await both.overdue("Pantul", of="Dinas 3", email="pantul@simulator.invalid", phone=None)
    await both.send()
    await both.service.parts.apply_receipts()
    assert (both.email.handed, both.whatsapp.handed) == ([], [])
    status = {each.value.person: each.value.status for each in await both.service.messages()}
    assert status == {
        person_id("Sukses"): "delivered",
        person_id("Gagal"): "failed",
        person_id("Pantul"): "failed",
    }
    assert (await both.contact("Pantul")).email_closed == "simulated"
