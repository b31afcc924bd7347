"""One process with all services fills the portal's read model by itself: one that comes later than what it is filled
with, and one that was reset."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.portal.model.upkeep.mark import Mark, Marks
from services.portal.model.upkeep.reset import reset
from shared.ports.store import Decision, State, Store
from shared.runtime.engines import Engines
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.events import agency_draft
from tests.support.pipeline import eventually

IDS = ("agency/a", "agency/b", "agency/c")


async def test_the_read_model_is_filled_with_what_was_there_before_it_and_again_after_a_reset(tmp_path: Path) -> None:
    settings = load(None, port=0, data_dir=tmp_path)
    async with running(settings, ["registry"]) as process:
        store = process.runners["registry"].resources.store
        for id in "abc":
            await store.change("agency", id, partial(_registered, id=id))
    await Engines(settings).forget_events(["portal"])  # a release without a portal has no such queue

    async with running(settings) as process:
        first = await _complete(process)
        assert await _known(process) == 3

        await reset(_store(process), Marks(_store(process)))
        assert await _known(process) == 0

    async with running(settings) as process:  # it looks again at its start
        second = await _complete(process)
        assert await _known(process) == 3
        assert first.generation != second.generation


def _registered(state: State | None, *, id: str) -> Decision:
    agency = {"id": id, "region": "61.12", "name": f"Dinas {id}", "kind": "dinas", "key": f"dinas {id}"}
    return {"created_by_body": "", **agency}, agency_draft(id)


def _store(process: Running) -> Store:
    return process.runners["portal"].resources.store


async def _known(process: Running) -> int:
    return len((await _store(process).find("known_agency", {})).documents)


async def _complete(process: Running) -> Mark:
    """The mark, once it is complete."""
    marks = Marks(_store(process))

    async def complete() -> bool:
        return (await marks.load()).complete

    await eventually(complete)
    return await marks.load()
