"""The index of alike innovations, on every engine of the store."""

from __future__ import annotations

from random import Random
from typing import Any

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.index import MOST_CANDIDATES, LikenessIndex
from services.registry.innovation.likeness.noting import LikenessUpkeep, NotedInnovations
from services.registry.innovation.profile import Profile
from services.registry.kinds import INNOVATION, LIKENESS, PUBLIC_LIKENESS
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Store
from tests.support.likeness.proposals import content, copied, proposal
from tests.support.registry_states import submitted
from tests.support.store_engines import Engine

KINDS = (INNOVATION, LIKENESS, PUBLIC_LIKENESS)
MANY = 60


def innovation(
    id: str, profile: dict[str, Any], *, region: str = "61.12", status: InnovationStatus = InnovationStatus.SUBMITTED
) -> Innovation:
    update = {"id": id, "region": region, "status": status, "profile": Profile.model_validate(profile)}
    return submitted().model_copy(update=update)


class Parts:
    """The index with its upkeep on one store."""

    def __init__(self, store: Store) -> None:
        self.innovations = NotedInnovations(store, INNOVATION, Innovation, "tidak ada")
        self.index = LikenessIndex(store, self.innovations)
        self.upkeep = LikenessUpkeep(self.index, self.innovations)


async def test_a_copy_is_found_among_many_without_reading_them_all(either: Engine) -> None:
    random = Random(3)
    parts = Parts(await either.open(*KINDS))
    originals = [proposal(random, number) for number in range(MANY)]
    await parts.innovations.create_many(
        {f"i{number:03}": innovation(f"i{number:03}", profile) for number, profile in enumerate(originals)}
    )
    assert await parts.upkeep.catch_up() == MANY

    for number in random.sample(range(MANY), 10):
        found = await parts.index.in_region("61.12", content(copied(random, originals[number])))
        assert f"i{number:03}" in found[:5]
        assert len(found) <= MOST_CANDIDATES


async def test_it_follows_what_is_changed_and_what_another_process_changed(either: Engine) -> None:
    store = await either.open(*KINDS)
    here, there = Parts(store), Parts(await either.open(*KINDS))
    profile = proposal(Random(4), 0)
    await here.innovations.create("i1", innovation("i1", profile))
    await here.upkeep.catch_up()
    assert await there.index.in_region("61.12", content(profile)) == ["i1"]

    async def set_status(status: InnovationStatus) -> None:
        await there.innovations.amend("i1", None, lambda it: (it.model_copy(update={"status": status}), None))

    await set_status(InnovationStatus.VERIFIED)
    assert await here.index.outdated() == ["i1"]
    await here.upkeep.look_and_catch_up()
    assert await here.index.public(["kesehatan"], content(profile)) == ["i1"]
    assert await here.index.public(["pangan"], content({**profile, "name": "Nama lain"})) == []

    await set_status(InnovationStatus.WITHDRAWN)
    await here.upkeep.look_and_catch_up()
    assert await here.index.in_region("61.12", content(profile)) == []
    assert await here.index.public(["kesehatan"], content(profile)) == []
    assert await here.index.outdated() == []


async def test_an_entry_without_an_innovation_is_removed(either: Engine) -> None:
    store = await either.open(*KINDS)
    parts = Parts(store)
    for id in ("i1", "i2", "i3"):
        await parts.innovations.create(id, innovation(id, proposal(Random(5), 0)))
    await parts.upkeep.catch_up()
    for id in ("i1", "i3"):
        await store.erase(INNOVATION.name, id)

    assert await parts.index.outdated() == ["i1", "i3"]
    await parts.upkeep.look_and_catch_up()

    assert [row.id async for row in store.scan(LIKENESS.name, {}, ())] == ["i2"]


async def test_regions_share_no_keys(either: Engine) -> None:
    parts = Parts(await either.open(*KINDS))
    profile = proposal(Random(6), 0)
    await parts.innovations.create("i1", innovation("i1", profile, region="61.71"))
    await parts.upkeep.catch_up()

    assert await parts.index.in_region("61.12", content(profile)) == []
    assert await parts.index.in_region("61.71", content(profile)) == ["i1"]
