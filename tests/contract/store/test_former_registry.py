"""Regions, agencies and innovations that earlier releases stored, asked what this release asks, on both engines."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import pytest

from services.registry.agencies.agency import Agency
from services.registry.kinds import AGENCY, DEADLINE, KINDS, REGION
from services.registry.regions.counts import DutyCounts
from services.registry.regions.deadline import StoredDeadline
from services.registry.regions.passed import PassedDeadline
from services.registry.regions.region import Region
from services.registry.regions.watch import DeadlineWatch
from shared.clock import Clock
from shared.ports.store import Store
from shared.storage.repository import Repository
from tests.museum.test_registry_documents import documents
from tests.support.store_engines import Engine

NEW_YEAR = datetime.fromisoformat("2027-01-02T09:00:00+07:00")
INNOVATIONS = {each["_id"]: each["state"] for each in documents("innovation.1")}


@pytest.fixture(params=["1", "2"], ids=["schema 1", "schema 2"])
async def former(either: Engine, request: pytest.FixtureRequest) -> Store:
    """A store of this release with the documents of an earlier one."""
    store = await either.open(*KINDS)
    for name in (f"region.{request.param}", f"agency.{request.param}", "innovation.1"):
        await store.load(name.partition(".")[0], documents(name))
    return store


def regions(store: Store) -> Repository[Region]:
    return Repository(store, REGION, Region, "")


async def test_passed_deadlines_of_former_regions_are_published_once(former: Store) -> None:
    watch = DeadlineWatch(former, regions(former), Clock(NEW_YEAR))
    await watch.check()
    passed = Repository(former, DEADLINE, PassedDeadline, "")
    first = {year: await passed.get(f"61.12/{year}") for year in (2025, 2026)}
    await DeadlineWatch(former, regions(former), Clock(NEW_YEAR)).check()

    expected: dict[str, list[str]] = {}
    for id, state in sorted(INNOVATIONS.items()):
        for each in state["assignments"] if state["first_submitted_at"] else ():
            expected.setdefault(each["agency"], []).append(id)
    assert len(expected) == 2
    assert first[2025].value.submitted == {}
    assert {agency: list(ids) for agency, ids in first[2026].value.submitted.items()} == expected
    assert (first[2026].value.revision, first[2026].value.date) == (3, date(2026, 12, 31))
    assert {year: (await passed.get(f"61.12/{year}")).sequence for year in first} == {
        year: each.sequence for year, each in first.items()
    }
    assert await passed.find("61.71/2026") is None


async def test_counts_read_former_documents(former: Store) -> None:
    """Of four agencies one has the innovations, one is retired, and the policy does not oblige the badan."""
    region = (await regions(former).get("61.12")).value
    counts = DutyCounts(former)
    (owner,) = {state["agency"] for state in INNOVATIONS.values() if state["status"] != "draft"}
    deadline = region.deadline(2026)
    assert isinstance(deadline, StoredDeadline)

    assert await counts.of_agency(owner, 2026, 5) == 2
    assert await counts.of_agency(owner, 2026, 1) == 1
    assert await counts.of_agency(owner, 2025, 5) == 0
    assert await counts.overdue(region, deadline) == 1
    assert await counts.overdue(region, deadline.model_copy(update={"year": 2025, "date": date(2026, 6, 30)})) == 3


async def test_a_former_document_is_stored_in_the_present_form_when_it_is_changed(former: Store) -> None:
    agencies = Repository(former, AGENCY, Agency, "")
    page = await agencies.list({"region": "61.12"}, limit=10, after=None)
    for each in page.items:
        await agencies.amend(each.id, each.sequence, lambda it: (it.model_copy(update={"name": it.name + "!"}), None))
    stored = [document async for document in former.dump(AGENCY.name)]

    assert all(one["schema"] == other["schema"] == AGENCY.schema for one, other in pairwise(stored))
    assert all("successor" in each["state"] for each in stored)
