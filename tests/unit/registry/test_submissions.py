"""Submitting with the moment of the run that is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from services.registry.agency import Agency
from services.registry.duty.counts import DutyCounts
from services.registry.innovation import Innovation
from services.registry.innovation_access import InnovationAccess
from services.registry.kinds import AGENCY as AGENCY_KIND
from services.registry.kinds import INNOVATION, KINDS, REGION
from services.registry.region import Region
from services.registry.submissions import Submissions
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.ports.files import Files
from shared.ports.store import Decide, Document, Store
from shared.storage.repository import Repository
from tests.support.registry_states import AGENCY, a_draft, a_region, an_agency

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


async def test_a_decision_that_is_run_twice_takes_the_later_moment(store: SqliteStore) -> None:
    clock = Clock(BEFORE)
    losing = cast("Store", LosingStore(store, clock, AFTER))
    innovations = Repository(losing, INNOVATION, Innovation, "")
    access = InnovationAccess(
        Repository(losing, REGION, Region, ""), Repository(losing, AGENCY_KIND, Agency, ""), innovations,
        cast("Files", None), clock,
    )  # fmt: skip
    await Repository(store, REGION, Region, "").create("61.12", a_region())
    await Repository(store, AGENCY_KIND, Agency, "").create("a1", an_agency())
    given = await Repository(store, INNOVATION, Innovation, "").create("i1", a_draft())

    done = await Submissions(access, DutyCounts(losing)).submit(OFFICER, given.value, given.sequence)

    first = done.value.first_submitted_at
    assert first is not None
    assert timedelta() <= first - AFTER < timedelta(minutes=30)
    assert (done.value.submitted_at, done.value.history[-1].at) == (first, first)
