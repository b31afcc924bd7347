"""The relay moves audit entries to documents of their own, never to the bus, whatever happens between two steps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.messaging.audit_filing import AuditFiling
from shared.messaging.relay import Relay
from shared.observability import failpoints
from shared.observability.failpoints import Failpoint
from shared.ports.audit import ENTRY, SEAL, canonical, owed_id
from shared.ports.store import AUDIT, MOST_OWED, OwedEvent, Store
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.audit.seal import Seal, SealStatus
from tests.support.audit.notes import NOTE_KINDS, filed
from tests.support.pipeline import eventually, running
from tests.support.relay.recording_bus import RecordingBus
from tests.support.store_engines import Engine
from tests.support.store_samples import LEASE, claimed, counted, draft, saved

SHORT = timedelta(milliseconds=50)


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*NOTE_KINDS)


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@pytest.fixture
def killed_at() -> Iterator[list[Failpoint]]:
    """The process is killed at these failpoints, once at each."""
    places: list[Failpoint] = []

    def listener(failpoint: Failpoint, _: str) -> None:
        if failpoint in places:
            places.remove(failpoint)
            raise Killed

    failpoints.listen(listener)
    yield places
    failpoints._listeners.remove(listener)


async def soon(_: float) -> None:
    await asyncio.sleep(0.001)


def relay(store: Store, bus: RecordingBus) -> Relay:
    options: dict[str, Any] = {"lease": SHORT, "sleep": soon, "filing": AuditFiling(store)}
    return Relay(store, bus, **options)  # type: ignore[arg-type]


async def nothing_owed(store: Store) -> bool:
    return await store.owed_depth() == 0


async def test_entries_are_filed_and_events_published(store: Store, bus: RecordingBus) -> None:
    async with running(relay(store, bus)):
        await store.change("note", "a", lambda _: ({"status": "open"}, draft(n=1)))
        await store.change("note", "b", saved({"status": "open"}))
        await store.change("thing", "c", counted())
        await eventually(lambda: nothing_owed(store))

    assert sorted(id.rpartition("/")[0] for id in bus.published) == ["note/a", "thing/c"]
    assert [each["document"] for each in await filed(store)] == ["note/a", "note/b"]


async def test_entries_do_not_wait_for_the_bus(store: Store, bus: RecordingBus) -> None:
    bus.away = True
    await store.change("thing", "c", counted())
    async with running(relay(store, bus)):
        for n in range(MOST_OWED + 2):  # more than a document may owe at once
            await store.change("note", "a", lambda _, n=n: ({"status": str(n)}, None))
            await eventually(lambda n=n: _is_filed(store, n + 1))

    assert bus.published == []


async def _is_filed(store: Store, count: int) -> bool:
    return len(await filed(store)) == count


async def test_a_relay_without_filing_leaves_entries_owed(store: Store, bus: RecordingBus) -> None:
    await store.change("note", "a", lambda _: ({"status": "open"}, draft(n=1)))

    async with running(Relay(store, bus, sleep=soon)):  # type: ignore[arg-type]
        await eventually(lambda: asyncio.sleep(0, bool(bus.published)))

    assert len(bus.published) == 1
    assert await store.oldest_owed(of=AUDIT) is not None


@pytest.mark.parametrize("failpoint", [Failpoint.AUDIT_FILED, Failpoint.RELAY_SETTLED])
async def test_a_process_that_is_killed_at_a_step_files_each_entry_once(
    either: Engine, failpoint: Failpoint, killed_at: list[Failpoint]
) -> None:
    store = await either.open(*NOTE_KINDS)
    for id in "abc":
        await store.change("note", id, saved({"status": "open"}))
    killed_at.append(failpoint)
    with pytest.raises(Killed):
        await _file_once(store, SHORT)

    later = await either.open(*NOTE_KINDS)
    await eventually(lambda: _file_rest(later))

    assert [each["document"] for each in await filed(later)] == ["note/a", "note/b", "note/c"]
    assert await later.owed_depth() == 0


async def _file_once(store: Store, lease: timedelta) -> None:
    owed = await claimed(store, 10, lease)
    await AuditFiling(store).file(entry for each in owed for entry in each.events)
    await store.settle_many([(each, [entry.id for entry in each.events]) for each in owed])
    failpoints.reach(Failpoint.RELAY_SETTLED, "")


async def _file_rest(store: Store) -> bool:
    await AuditFiling(store).file_all(LEASE)
    return await store.owed_depth() == 0


async def test_an_entry_of_a_closed_day_goes_to_today(store: Store) -> None:
    await _closed(store, "2026-01-02")
    late, early = _entry("2026-01-02", "a"), _entry("2026-01-03", "b")

    await AuditFiling(store).file([late, early])

    today = datetime.now(UTC).date().isoformat()
    ids = [each.id async for each in AuditLog(store).entries(AuditFilter())]
    assert ids == ["2026-01-03/note/b/0000000000000001", f"{today}/note/a/0000000000000001"]


async def test_an_entry_that_is_on_its_closed_day_already_is_not_filed_again(store: Store) -> None:
    entry = _entry("2026-01-02", "a")
    await AuditFiling(store).file([entry])
    await _closed(store, "2026-01-02")

    await AuditFiling(store).file([entry])

    assert len(await filed(store)) == 1
    assert len((await store.find(ENTRY.name, {"document": "note/a"})).documents) == 1


async def _closed(store: Store, day: str) -> None:
    await store.change(SEAL.name, day, saved(Seal(status=SealStatus.CLOSED).model_dump(mode="json")))


def _entry(day: str, id: str) -> OwedEvent:
    digits = "0000000000000001"
    body = canonical({"at": f"{day}T08:00:00.000Z", "document": f"note/{id}", "sequence": digits})
    return OwedEvent(owed_id(day, "note", id, digits), AUDIT, body.encode(), "61.12")


async def test_after_a_clock_that_was_years_ahead_entries_go_to_the_first_open_day(store: Store) -> None:
    await _closed(store, "2199-12-31")

    await AuditFiling(store).file([_entry("2026-01-02", "a")])

    ids = [each.id async for each in AuditLog(store).entries(AuditFilter())]
    assert ids == ["2200-01-01/note/a/0000000000000001"]
