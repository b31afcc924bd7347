"""List and store of erasures agree again, wherever a crash has come and whichever of the two was lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.ports.store import Store
from shared.storage.erasures.entry import CONTACT, NAME, Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.kinds import ERASURE, ERASURE_KINDS
from shared.storage.erasures.list import ErasureList
from tests.support.store_engines import Engine

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def contact(id: str, service: str = "office") -> Erasure:
    return Erasure(service=service, kind=CONTACT, id=id, region="61.12", at=AT)


class Recorder:
    """Notes what is carried out. owed: erased here, and not recorded."""

    def __init__(self, owed: Sequence[Erasure] = ()) -> None:
        self.done: list[str] = []
        self.owed = owed

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
        assert len(key) == 32
        self.done += [each.id for each in erasures]
        return len(erasures)

    async def unlisted(self, listed: Collection[str]) -> Sequence[Erasure]:
        return [each for each in self.owed if each.key not in listed]


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*ERASURE_KINDS)


@pytest.fixture
def file(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "operator" / "erased.jsonl")


async def noted(store: Store) -> set[str]:
    return {row.id async for row in store.scan(ERASURE.name, {}, ())}


def listed(file: ErasureList) -> list[str]:
    return [each.id for each in file.read().entries]


async def test_what_is_recorded_is_on_the_list_and_in_the_store_once(store: Store, file: ErasureList) -> None:
    erasures = Erasures(store, "office", file)

    await erasures.record([contact("a")])
    await erasures.record([contact("a"), contact("b")])

    assert listed(file) == ["a", "b"]
    assert await noted(store) == {"contact/a", "contact/b"}
    assert await erasures.catch_up(recorder := Recorder()) == 0
    assert recorder.done == []


async def test_a_store_from_an_older_backup_carries_out_what_is_listed_and_only_its_own(
    store: Store, file: ErasureList
) -> None:
    file.begin()
    file.append([contact("a"), contact("z", service="another")])
    erasures, recorder = Erasures(store, "office", file), Recorder()

    assert await erasures.catch_up(recorder) == 1
    assert await erasures.catch_up(recorder) == 0
    assert recorder.done == ["a"]


async def test_a_lost_list_is_made_again_of_what_the_store_knows(store: Store, file: ErasureList) -> None:
    erasures = Erasures(store, "office", file)
    await erasures.catch_up(Recorder())
    await erasures.record([contact("a")])
    former = file.read().id
    file.path.unlink()

    await erasures.catch_up(Recorder())

    assert listed(file) == ["a"]
    assert file.read().id != former


async def test_an_erasure_that_a_crash_left_out_of_the_list_is_added(store: Store, file: ErasureList) -> None:
    erasures = Erasures(store, "office", file)

    await erasures.catch_up(Recorder(owed=[contact("a")]))
    await erasures.catch_up(Recorder(owed=[contact("a")]))

    assert listed(file) == ["a"]
    assert await noted(store) == {"contact/a"}


async def test_an_intention_that_a_crash_cut_off_is_carried_out_at_the_next_start(
    store: Store, file: ErasureList
) -> None:
    erasures, recorder = Erasures(store, "office", file), Recorder()
    await erasures.intend([contact("a")])

    await erasures.catch_up(recorder)

    assert recorder.done == ["a"]
    assert await noted(store) == {"contact/a"}


async def test_another_installation_s_list_is_carried_out_for_a_region_that_comes_from_there(
    store: Store, file: ErasureList, tmp_path: Path
) -> None:
    theirs = ErasureList(tmp_path / "theirs.jsonl")
    theirs.begin()
    named = Erasure(service="office", kind=NAME, id="f" * 32, region="61.12", words=2, at=AT)
    elsewhere = contact("c").model_copy(update={"region": "61.71"})
    theirs.append([contact("a"), named, elsewhere, contact("z", service="another")])
    erasures, recorder = Erasures(store, "office", file), Recorder()

    assert await erasures.adopt(theirs, recorder, "61.12") == 2

    assert recorder.done == ["a", "f" * 32]
    assert listed(file) == ["a"], "a fingerprint means nothing under another key"
    assert await erasures.adopt(file, recorder, "61.12") == 0


async def test_a_failure_while_it_is_carried_out_leaves_it_to_the_next_start(store: Store, file: ErasureList) -> None:
    class Broken(Recorder):
        async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
            await super().carry_out(erasures, key)
            raise OSError("killed")

    erasures = Erasures(store, "office", file)
    await erasures.intend([contact("a")])
    with pytest.raises(OSError, match="killed"):
        await erasures.catch_up(Broken())

    await erasures.catch_up(recorder := Recorder())

    assert recorder.done == ["a"]
