"""Submitting with the moment of the run that is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from services.registry.agencies.agency import Agency
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.submissions import Submissions
from services.registry.kinds import AGENCY as AGENCY_KIND
from services.registry.kinds import INNOVATION, KINDS, REGION
from services.registry.regions.counts import DutyCounts
from services.registry.regions.region import Region
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.faults import Invalid, Stale
from shared.ports.files import Files
from shared.ports.store import Decide, Document, Page, Store, Where
from shared.storage.repository import Repository, Versioned
from tests.support.registry_states import AGENCY, a_draft, a_region, an_agency, submitted

BEFORE, AFTER = (datetime.fromisoformat(f"2026-06-30T{hour}:00:00+07:00") for hour in ("15", "17"))
OFFICER = Principal(AGENCY, Role.AGENCY, "61.12", frozenset({"a1"}))


class LosingStore:
    """A store whose first run of a decision loses the compare-and-set; meanwhile business time goes on."""

    def __init__(self, store: SqliteStore, clock: Clock, moment: datetime) -> None:
        self.runs = 0
        self._store = store
        self._clock = clock
        self._moment = moment

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def change(self, kind: str, id: str, decide: Decide, *, expected: int | None = None) -> Document:
        found = await self._store.get(kind, id)
        assert found is not None
        decide(found.state)
        self._clock.move_to(self._moment)
        return await self._store.change(kind, id, decide, expected=expected)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "registry.sqlite")
    await store.open(KINDS)
    yield store
    await store.close()


class CountingStore:
    """A store that notes the limits of its queries."""

    def __init__(self, store: SqliteStore) -> None:
        self.limits: list[int] = []
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def find(self, kind: str, where: Where, **how: Any) -> Page:  # noqa: ANN401 - as the port has it
        self.limits.append(how["limit"])
        return await self._store.find(kind, where, **how)


def access_to(store: Store, clock: Clock) -> InnovationAccess:
    regions = Repository(store, REGION, Region, "")
    agencies = Repository(store, AGENCY_KIND, Agency, "")
    innovations = Repository(store, INNOVATION, Innovation, "")
    return InnovationAccess(regions, agencies, innovations, cast("Files", None), clock)


async def stored(store: Store, region: Region, *innovations: Innovation) -> list[Versioned[Innovation]]:
    await Repository(store, REGION, Region, "").create("61.12", region)
    await Repository(store, AGENCY_KIND, Agency, "").create("a1", an_agency())
    repository = Repository(store, INNOVATION, Innovation, "")
    return [await repository.create(each.id, each) for each in innovations]


async def test_a_decision_that_is_run_twice_takes_the_later_moment(store: SqliteStore) -> None:
    clock = Clock(BEFORE)
    losing = cast("Store", LosingStore(store, clock, AFTER))
    (given,) = await stored(store, a_region(), a_draft())

    done = await Submissions(access_to(losing, clock), DutyCounts(losing)).submit(OFFICER, given)

    first = done.value.first_submitted_at
    assert first is not None
    assert timedelta() <= first - AFTER < timedelta(minutes=30)
    assert (done.value.submitted_at, done.value.history[-1].at) == (first, first)


@pytest.mark.parametrize(("year", "limits"), [(2025, [1]), (2026, [])])
async def test_innovations_are_counted_for_an_earlier_year_only_and_no_more_than_the_minimum(
    store: SqliteStore, year: int, limits: list[int]
) -> None:
    counting = CountingStore(store)
    port = cast("Store", counting)
    (given,) = await stored(store, a_region(y2025="2025-12-31"), a_draft(year=year))

    await Submissions(access_to(port, Clock(BEFORE)), DutyCounts(port)).submit(OFFICER, given)

    assert counting.limits == limits


async def test_a_year_that_ends_between_two_runs_of_the_decision_is_counted(store: SqliteStore) -> None:
    """The first run was for the current year; the run that is stored is for an earlier one, whose duty is met."""
    clock = Clock(datetime.fromisoformat("2026-12-31T23:59:59+07:00"))
    port = cast("Store", LosingStore(store, clock, datetime.fromisoformat("2027-01-01T00:00:01+07:00")))
    other = submitted().model_copy(update={"id": "i2"})
    given, _ = await stored(store, a_region(y2026="2026-12-31"), a_draft(), other)

    with pytest.raises(Invalid) as caught:
        await Submissions(access_to(port, clock), DutyCounts(port)).submit(OFFICER, given)

    assert [flaw.code for flaw in caught.value.flaws] == ["already-met"]


async def test_a_version_that_was_changed_after_it_was_read_is_not_submitted(store: SqliteStore) -> None:
    access = access_to(store, Clock(BEFORE))
    (given,) = await stored(store, a_region(), a_draft())
    read = await access.read_for_change(OFFICER, given.id, given.sequence)
    moved = await access.change_read(read, lambda it: (it.model_copy(update={"region": "64.09"}), None))

    with pytest.raises(Stale):
        await Submissions(access, DutyCounts(store)).submit(OFFICER, read)

    assert (await access.innovations.get(given.id)).sequence == moved.sequence
