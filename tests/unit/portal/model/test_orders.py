"""Whatever the order of the events, and however often each comes, the answers are the same in the end."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest

from services.portal.model.kinds import BOARD, CATALOGUE, INNOVATION
from services.portal.model.states.briefs import CardBrief, InnovationBrief
from services.portal.model.states.innovation import with_card, with_innovation
from shared.contracts.event import Event
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import State
from tests.support.portal_model.answers import answers
from tests.support.portal_model.events import card, innovation
from tests.support.portal_model.story import Story
from tests.support.portal_model.told import Told, told_model

ORDERS = 4


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(8))
async def test_no_order_and_no_repetition_of_events_changes_what_is_answered(part: int, tmp_path: Path) -> None:
    seed = random.getrandbits(32)
    print(f"seed {seed}, part {part}")
    dice = random.Random(seed)
    story = list(Story(dice).events(60))
    async with told_model(tmp_path / "in order") as told:
        await told.tell(*story)
        wanted = await answers(await told.counted())
    for number in range(ORDERS):
        mixed = [*story, *dice.choices(story, k=20)]
        dice.shuffle(mixed)
        async with told_model(tmp_path / str(number)) as told:
            await _in_parts(told, mixed, dice)
            assert await answers(await told.counted()) == wanted


async def _in_parts(told: Told, mixed: list[Event], dice: random.Random) -> None:
    """Some alone, some together, some counted in between."""
    while mixed:
        count = dice.choice((1, 2, 10))
        await told.tell_together(mixed[:count])
        del mixed[:count]
        if dice.random() < 0.3:
            await told.counting.count()


def test_every_permutation_of_an_innovation_s_events_gives_the_same_state() -> None:
    story = [
        innovation("a", InnovationStatus.DRAFT, 1),
        innovation("a", InnovationStatus.SUBMITTED, 2),
        card("a", 40, 0, 3, of=2),
        innovation("a", InnovationStatus.RETURNED, 4),
        card("a", 40, 10, 5, of=4),
    ]

    states = [_told(order) for order in permutations(story)]

    assert all(state == states[0] for state in states)
    assert states[0]["status"] == "returned"


def _told(order: tuple[Event, ...]) -> State:
    state: State | None = None
    for event in order:
        if event.subject.startswith("innovation/"):
            after = with_innovation(state, InnovationBrief.model_validate(event.data, extra="ignore"), event.number)
        else:
            after = with_card(state, CardBrief.model_validate(event.data, extra="ignore"), event.number)
        state = after or state
    assert state is not None
    return state


async def test_a_crash_between_a_document_and_what_follows_from_it_is_made_up_for(told: Told) -> None:
    event = innovation("a", InnovationStatus.VERIFIED, 1)
    await told.tell(event)
    for kind, id in ((CATALOGUE, "a"), (BOARD, "dinkes/2026")):
        await told.store.erase(kind.name, id)
    assert await told.store.get(INNOVATION.name, "a") is not None

    await told.tell(event)

    assert await told.store.get(CATALOGUE.name, "a") is not None
    assert await told.store.get(BOARD.name, "dinkes/2026") is not None
