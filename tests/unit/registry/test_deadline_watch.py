"""`deadline.passed`: when the registry looks, what it finds, and when it says so again."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.registry.innovation.innovation import Innovation
from services.registry.kinds import INNOVATION, KINDS, REGION
from services.registry.regions import region as regions
from services.registry.regions import watch as watching
from services.registry.regions.deadline import Cancellation, NewDeadline
from services.registry.regions.region import Change, Region, RegionTerms
from services.registry.regions.watch import DeadlineWatch
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_seconds
from shared.contracts.deadline import DEADLINE_PASSED, DeadlinePassed
from shared.contracts.event_types import decode_event
from shared.storage.repository import Repository
from tests.support.registry_states import CURATOR, JULY, JUNE, a_draft, a_region

OFFSETS = {"Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"}
DAY = {"y2026": "2026-12-31"}


@dataclass(frozen=True)
class Case:
    """Local times. last: the last moment that is in time."""

    deadline: str
    last: str
    before_ten_minutes: str
    ten_minutes: str


WHOLE_DAY = Case("2026-12-31", "2026-12-31T23:59:59.999", "2027-01-01T00:09:59", "2027-01-01T00:10:00")
HOUR = Case("2026-12-31 16:00", "2026-12-31T16:00:00", "2026-12-31T16:09:59", "2026-12-31T16:10:00")


@dataclass
class Registry:
    """A store with one region and a watch on it. Business time is moved, machine time by `hours`."""

    store: SqliteStore
    clock: Clock
    watch: DeadlineWatch
    regions: Repository[Region]
    innovations: Repository[Innovation]

    async def decide(self, change: Change) -> None:
        """Store a changed region."""
        assert change is not None
        await self.regions.amend("61.12", None, lambda _: change)
        self.watch.wake()

    async def region(self) -> Region:
        return (await self.regions.get("61.12")).value

    async def innovation(self, id: str, first: str | None, *placements: tuple[str, int], **more: Any) -> None:  # noqa: ANN401 - fields
        """Store an innovation that was first submitted then, with these placements, the present one last."""
        agency, year = placements[-1]
        update = {
            "id": id,
            "agency": agency,
            "year": year,
            "first_submitted_at": None if first is None else datetime.fromisoformat(first),
            "assignments": tuple({"agency": each[0], "year": each[1]} for each in placements),
            **more,
        }
        state = a_draft().model_dump(mode="json") | {
            "status": "draft" if first is None else "submitted",
            **Innovation.model_validate({**a_draft().model_dump(), **update}).model_dump(
                mode="json", include=set(update)
            ),
        }
        await self.store.change("innovation", id, lambda _: (state, None))

    async def at(self, moment: str) -> list[DeadlinePassed]:
        """Run at that business time; what was published."""
        self.clock.move_to(datetime.fromisoformat(moment))
        await self.watch.run()
        return await self.published()

    async def published(self) -> list[DeadlinePassed]:
        found = []
        for owed in await self.store.claim_owed(100, timedelta(minutes=1)):
            for each in owed.events:
                if each.type == DEADLINE_PASSED.type:
                    event, payload = decode_event(each.body)
                    assert isinstance(payload, DeadlinePassed)
                    assert event.subject == f"deadline/{payload.region}/{payload.year}"
                    found.append(payload)
            await self.store.settle(owed, [each.id for each in owed.events])
        return found

    def restarted(self) -> None:
        """As after a start of the process."""
        self.watch = DeadlineWatch(self.store, self.regions, self.clock)


@asynccontextmanager
async def registry_with(folder: Path, region: Region) -> AsyncIterator[Registry]:
    store, clock = SqliteStore(folder / "registry.sqlite"), Clock(JULY.time)
    await store.open(KINDS)
    try:
        known = Repository(store, REGION, Region, "")
        await known.create(region.code, region)
        innovations = Repository(store, INNOVATION, Innovation, "")
        yield Registry(store, clock, DeadlineWatch(store, known, clock), known, innovations)
    finally:
        await store.close()


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    """A region in Western Indonesian Time with the end of 2026 as its deadline."""
    async with registry_with(tmp_path, a_region(**DAY)) as registry:
        yield registry


def hours_later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Machine time goes on."""
    monkeypatch.setattr(watching, "machine_seconds", lambda: machine_seconds() + hours * 3600)


@pytest.mark.parametrize(("zone", "offset"), OFFSETS.items())
@pytest.mark.parametrize("case", [WHOLE_DAY, HOUR], ids=["day", "hour"])
async def test_ten_minutes_after_a_deadline_it_says_what_was_submitted_in_time(
    tmp_path: Path, zone: str, offset: str, case: Case
) -> None:
    too_late = (datetime.fromisoformat(case.last + offset) + timedelta(milliseconds=1)).isoformat()
    async with registry_with(tmp_path, a_region(zone, y2026=case.deadline)) as registry:
        await registry.innovation("i2", case.last + offset, ("a1", 2026))
        await registry.innovation("i1", "2026-06-01T09:00:00+07:00", ("a1", 2026))
        await registry.innovation("late", too_late, ("a1", 2026))
        await registry.innovation("draft", None, ("a2", 2026))
        await registry.innovation("other-year", "2026-06-01T09:00:00+07:00", ("a1", 2025))

        assert await registry.at(case.before_ten_minutes + offset) == []
        (passed,) = await registry.at(case.ten_minutes + offset)

    assert (passed.region, passed.year, passed.revision) == ("61.12", 2026, 1)
    assert passed.submitted == {"a1": ("i1", "i2")}
    assert (passed.hour is None) == (case is WHOLE_DAY)


async def test_every_agency_that_it_ever_was_assigned_to_for_that_year_is_named(registry: Registry) -> None:
    june = "2026-06-01T09:00:00+07:00"
    await registry.innovation("here", june, ("a1", 2026))
    await registry.innovation("moved-on", june, ("a1", 2026), ("a2", 2026))
    await registry.innovation("into-another-year", june, ("a1", 2026), ("a1", 2027))
    await registry.innovation("from-another-year", june, ("a3", 2025), ("a3", 2026))
    await registry.innovation("withdrawn", june, ("a4", 2026), status="withdrawn")

    (passed,) = await registry.at("2027-01-01T08:00:00+07:00")

    assert passed.submitted == {
        "a1": ("here", "into-another-year", "moved-on"),
        "a2": ("moved-on",),
        "a3": ("from-another-year",),
        "a4": ("withdrawn",),
    }


async def test_a_deadline_that_nobody_met_is_published_too(registry: Registry) -> None:
    (passed,) = await registry.at("2027-01-01T08:00:00+07:00")
    assert passed.submitted == {}


async def test_it_is_said_once_and_again_only_with_another_answer(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(await registry.at("2027-01-01T08:00:00+07:00")) == 1
    hours_later(monkeypatch, 1.1)
    assert await registry.at("2027-01-01T09:00:00+07:00") == []
    await registry.innovation("moved", "2026-06-01T09:00:00+07:00", ("a3", 2027), ("a3", 2026))

    within_the_hour = await registry.at("2027-01-01T09:30:00+07:00")
    hours_later(monkeypatch, 2.2)
    (again,) = await registry.at("2027-01-01T10:30:00+07:00")

    assert within_the_hour == []
    assert again.submitted == {"a3": ("moved",)}
    assert again.revision == 1


async def test_a_start_of_the_process_looks_at_once(registry: Registry) -> None:
    await registry.at("2027-01-01T08:00:00+07:00")
    await registry.innovation("moved", "2026-06-01T09:00:00+07:00", ("a3", 2027), ("a3", 2026))

    registry.restarted()

    assert [each.submitted for each in await registry.at("2027-01-01T08:01:00+07:00")] == [{"a3": ("moved",)}]


async def test_after_thirty_days_a_known_answer_is_final(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    await registry.at("2027-01-01T08:00:00+07:00")
    await registry.innovation("moved", "2026-06-01T09:00:00+07:00", ("a3", 2027), ("a3", 2026))

    registry.restarted()
    assert await registry.at("2027-02-01T08:00:00+07:00") == []
    hours_later(monkeypatch, 24)
    assert await registry.at("2027-02-02T08:00:00+07:00") == []


async def test_a_deadline_that_passed_long_before_this_release_is_published_once(registry: Registry) -> None:
    assert len(await registry.at("2029-05-01T08:00:00+07:00")) == 1
    registry.restarted()
    assert await registry.at("2029-05-01T08:01:00+07:00") == []


async def test_a_moved_deadline_is_published_when_it_has_passed_itself(registry: Registry) -> None:
    await registry.innovation("i1", "2026-06-01T09:00:00+07:00", ("a1", 2026))
    (first,) = await registry.at("2027-01-01T08:00:00+07:00")
    january = NewDeadline.model_validate({"year": 2026, "date": "2027-01-31", "basis": "SE 2"})
    await registry.decide(regions.set_deadline(await registry.region(), january, CURATOR, JULY))
    await registry.innovation("i2", "2027-01-20T09:00:00+07:00", ("a1", 2026))

    meanwhile = await registry.at("2027-01-31T23:59:00+07:00")
    (second,) = await registry.at("2027-02-01T00:10:00+07:00")

    assert meanwhile == []
    assert (first.revision, first.submitted) == (1, {"a1": ("i1",)})
    assert (second.revision, second.date.isoformat(), second.submitted) == (2, "2027-01-31", {"a1": ("i1", "i2")})


async def test_a_cancelled_deadline_is_not_published(registry: Registry) -> None:
    cancelled = regions.cancel_deadline(await registry.region(), 2026, Cancellation(basis="SE 2"), CURATOR, JUNE)
    await registry.decide(cancelled)
    assert await registry.at("2027-01-01T08:00:00+07:00") == []


async def test_a_corrected_basis_says_nothing_again(registry: Registry) -> None:
    await registry.at("2027-01-01T08:00:00+07:00")
    new = NewDeadline.model_validate({"year": 2026, "date": "2026-12-31", "basis": "SE 1/2026"})
    await registry.decide(regions.set_deadline(await registry.region(), new, CURATOR, JULY))
    assert await registry.at("2027-01-01T08:01:00+07:00") == []


async def test_another_zone_of_the_region_is_another_question(registry: Registry) -> None:
    await registry.innovation("i1", "2026-12-31T23:30:00+07:00", ("a1", 2026))
    (first,) = await registry.at("2027-01-01T08:00:00+07:00")
    terms = {
        "name": "Kabupaten",
        "zone": "Asia/Jayapura",
        "catalogue": "2026.1",
        "policy": {"obliged_kinds": ["dinas"]},
    }
    wit = RegionTerms.model_validate(terms)
    await registry.decide(regions.revise(await registry.region(), wit, CURATOR, JULY))

    (second,) = await registry.at("2027-01-01T08:01:00+07:00")

    assert (first.submitted, second.submitted) == ({"a1": ("i1",)}, {})


async def test_a_replica_that_still_knows_the_former_revision_changes_nothing(registry: Registry) -> None:
    former = await registry.region()
    earlier = NewDeadline.model_validate({"year": 2026, "date": "2026-11-30", "basis": "SE 2"})
    await registry.decide(regions.set_deadline(former, earlier, CURATOR, JULY))
    await registry.at("2027-01-01T08:00:00+07:00")

    deadline = former.deadline(2026)
    assert deadline is not None
    await registry.watch.look(former, deadline)

    assert await registry.published() == []


async def test_while_nothing_is_due_the_store_is_not_read(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    await registry.at("2026-12-31T12:00:00+07:00")
    reads: list[str] = []
    monkeypatch.setattr(registry.regions, "list", lambda *_, **__: reads.append("list"))

    for minute in range(30):
        await registry.at(f"2026-12-31T12:{minute:02}:00+07:00")

    assert reads == []


async def test_a_clock_that_is_set_forward_is_noticed_at_the_next_run(registry: Registry) -> None:
    assert await registry.at("2026-12-31T12:00:00+07:00") == []
    assert len(await registry.at("2027-01-01T00:10:00+07:00")) == 1


async def test_a_run_that_fails_is_repeated_at_once(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = registry.store.scan
    monkeypatch.setattr(registry.store, "scan", lambda *_: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError, match="broken"):
        await registry.at("2027-01-01T08:00:00+07:00")
    monkeypatch.setattr(registry.store, "scan", scan)
    assert len(await registry.at("2027-01-01T08:00:01+07:00")) == 1


async def test_a_look_holds_ids_only_however_much_innovations_contain(registry: Registry) -> None:
    texts = {"profile": {**a_draft().profile.model_dump(), "design": "kata " * 3_900}}
    for number in range(400):
        await registry.innovation(f"i{number:04}", "2026-06-01T09:00:00+07:00", ("a1", 2026), **texts)
    region = await registry.region()
    deadline = region.deadline(2026)
    assert deadline is not None
    await registry.watch.look(region, deadline)

    tracemalloc.start()
    try:
        await registry.watch.look(region, deadline)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2_000_000  # bytes; the documents have 8 million
