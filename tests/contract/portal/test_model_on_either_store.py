"""The read model answers the same on every store."""

from __future__ import annotations

import random
from pathlib import Path

from services.portal.model.kinds import KINDS
from services.portal.model.upkeep.mark import Marks
from services.portal.model.upkeep.reset import reset
from tests.support.portal_model.answers import answers
from tests.support.portal_model.story import Story
from tests.support.portal_model.told import Told, told_model
from tests.support.store_engines import Engine


async def test_the_answers_are_those_of_sqlite_and_a_reset_leaves_none(either: Engine, tmp_path: Path) -> None:
    seed = random.getrandbits(32)
    print(f"seed {seed}")
    story = list(Story(random.Random(seed)).events(60))
    async with told_model(tmp_path / "wanted") as told:
        await told.tell_together(story)
        wanted = await answers(await told.counted())
    store = await either.open(*KINDS)
    told = Told(store)

    await told.tell_together(story[:30])
    await told.counting.count()
    await told.tell_together(story[20:])
    assert await answers(await told.counted()) == wanted

    marks = Marks(store)
    await marks.fill()
    before = await marks.load()
    after = await reset(store, marks)
    assert (await told.model.regions(), await told.model.sequence("innovation/a")) == ([], None)
    assert (before.complete, after.complete, after.emptying) == (True, False, False)
    assert before.generation != after.generation

    await told.tell_together(Story.newest_of(story))
    assert await answers(await told.counted()) == wanted
