"""Two curators at once cannot give one name to two agencies, on both engines."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from services.registry.agencies import names
from services.registry.agencies.agency import Agency
from services.registry.agencies.carry import carry_agencies
from services.registry.agencies.names import AgencyNames, HeldName, name_id
from services.registry.kinds import AGENCY, AGENCY_NAME, KINDS
from shared.clock import Clock
from shared.contracts.names import folded
from shared.faults import AlreadyExists
from shared.ports.store import Store
from shared.storage.repository import Repository
from tests.museum.test_registry_documents import documents
from tests.support.registry_states import a_region, an_agency
from tests.support.store_engines import Engine

TODAY = date(2026, 6, 1)
REGION = a_region()


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*KINDS)


async def write(store: Store, id: str, name: str, **more: object) -> None:
    await Repository(store, AGENCY, Agency, "").create(id, an_agency(id, name=name, **more))


async def test_of_many_at_once_one_gets_the_name(store: Store) -> None:
    ids = [f"a{number}" for number in range(8)]
    decided: set[str] = set()
    all_decided = asyncio.Event()

    def decide(id: str) -> None:
        decided.add(id)
        if len(decided) == len(ids):
            all_decided.set()

    async def register(id: str) -> str:
        try:
            async with AgencyNames(store).held(REGION, "Dinas  SOSIAL", id, TODAY):
                decide(id)
                await all_decided.wait()
                await write(store, id, "Dinas Sosial")
        finally:
            decide(id)
        return id

    told = await asyncio.gather(*(register(id) for id in ids), return_exceptions=True)

    (winner,) = [each for each in told if isinstance(each, str)]
    refused = [each for each in told if isinstance(each, AlreadyExists)]
    assert [each.other["id"] for each in refused] == [winner] * 7
    assert await AgencyNames(store).known("61.12", TODAY) == {"dinas sosial": (winner, "Dinas Sosial")}


async def test_the_other_agency_is_named_by_its_id_and_name(store: Store) -> None:
    await write(store, "a1", "Dinas Sosial")
    with pytest.raises(AlreadyExists) as refused:
        async with AgencyNames(store).held(REGION, "dinas sosial", "a2", TODAY):
            pytest.fail("it was let in")
    assert refused.value.other == {"id": "a1", "name": "Dinas Sosial"}


async def test_a_retired_agency_and_another_region_leave_the_name_free(store: Store) -> None:
    await write(store, "a1", "Dinas Sosial", retired_on=TODAY)
    await write(store, "a2", "Dinas Sosial", region="61.71")
    async with AgencyNames(store).held(REGION, "Dinas Sosial", "a3", TODAY):
        pass
    with pytest.raises(AlreadyExists):
        async with AgencyNames(store).held(REGION, "Dinas Sosial", "a3", date(2026, 5, 31)):
            pass


async def test_a_name_that_a_dead_process_held_is_free_after_a_minute(store: Store) -> None:
    held = Repository(store, AGENCY_NAME, HeldName, "")
    now = int(Clock.machine().timestamp() * 1000)
    id = name_id("61.12", "Dinas Sosial")
    await held.create(id, HeldName(region="61.12", agency="a1", held_at=now))

    with pytest.raises(AlreadyExists) as refused:
        async with AgencyNames(store).held(REGION, "Dinas Sosial", "a2", TODAY):
            pass
    assert refused.value.other == {"id": "a1", "name": "Dinas Sosial"}
    async with AgencyNames(store).held(REGION, "Dinas Sosial", "a1", TODAY):
        pass  # the same request again

    gone = HeldName(region="61.12", agency="a1", held_at=now - int(names.HELD.total_seconds() * 1000))
    await held.change(id, lambda _: (gone, None))
    async with AgencyNames(store).held(REGION, "Dinas Sosial", "a2", TODAY):
        pass
    assert (await held.get(id)).value == HeldName(region="61.12", agency="a2", held_at=0)


@pytest.mark.parametrize("sample", ["agency.1", "agency.2", "agency.3"])
async def test_names_of_former_agencies_are_found_once_they_were_carried(store: Store, sample: str) -> None:
    await store.load(AGENCY.name, documents(sample))
    former = {each["_id"]: each["state"] for each in documents(sample)}

    assert await carry_agencies(store) == len(former)
    assert await carry_agencies(store) == 0

    far = date(2100, 1, 1)
    for region in {state["region"] for state in former.values()}:
        found = await AgencyNames(store).known(region, TODAY)
        active = [
            state
            for state in former.values()
            if state["region"] == region and (state["retired_on"] or far.isoformat()) > TODAY.isoformat()
        ]
        assert found.keys() == {folded(state["name"]) for state in active}
    one = next(state for state in former.values() if state["region"] == "61.12" and state["retired_on"] is None)
    with pytest.raises(AlreadyExists):
        async with AgencyNames(store).held(REGION, one["name"].upper(), "new", TODAY):
            pass


async def test_successors_of_former_retired_agencies_wait_to_take_over(store: Store) -> None:
    await store.load(AGENCY.name, documents("agency.3"))
    await carry_agencies(store)
    waiting = await Repository(store, AGENCY, Agency, "").list({"succession": "waiting"}, limit=10, after=None)
    assert [each.value.name for each in waiting.items] == ["Dinas Lama"]
