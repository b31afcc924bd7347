"""What release 0.1 stored of `innovation.scored`, version 1, is owed again by this release and heard like version 2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.notifications.known import ScoredBrief
from services.scoring.kinds import KINDS, SCORECARD
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.scored_rows import row_caches
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.contracts.innovation import InnovationState
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from shared.ports.store import State
from tests.museum.release_0_1 import put_back
from tests.support.scoring_examples import ORIGIN, catalogue


@pytest.fixture(params=["mailed", "logged"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    put_back(request.param, tmp_path)
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    yield store
    await store.close()


async def owed_again(store: SqliteStore) -> list[tuple[State, bytes]]:
    """Each stored scorecard, and the event that a resync sends of it."""
    ids = [row.id async for row in store.scan(SCORECARD.name, {}, ())]
    for id in ids:
        assert await store.owe_again(SCORECARD.name, id)
    bodies = {owed.id: owed.events[-1].body for owed in await store.claim_owed(50, timedelta(minutes=1))}
    documents = {id: await store.get(SCORECARD.name, id) for id in ids}
    return [(document.state, bodies[id]) for id, document in documents.items() if document is not None]


async def test_a_former_event_says_what_the_present_one_would_say(store: SqliteStore) -> None:
    cards = await owed_again(store)

    for state, body in cards:
        former, heard = decode_event(body)
        innovation = InnovationState.model_validate(state["innovation"])
        used = RegionUsed.model_validate(state["region_used"])
        version = InnovationVersion(innovation, state["innovation_sequence"])
        present = with_innovation(None, version, used, row_caches({"2026.1": catalogue()}), ORIGIN)
        assert former.version == 1
        assert present is not None
        assert present[1] is not None
        assert heard == InnovationScored.model_validate(present[1].data)
    assert cards


async def test_the_lift_leaves_exactly_what_a_producer_of_version_2_may_write(store: SqliteStore) -> None:
    for _, body in await owed_again(store):
        lifted = INNOVATION_SCORED.lifts[1](Event.decode(body).data)
        assert InnovationScored.model_validate(lifted).model_dump(mode="json") == lifted


async def test_notifications_reads_its_brief_from_a_former_event(store: SqliteStore) -> None:
    for _, body in await owed_again(store):
        card = decode_event(body)[1]
        brief = decode_event(body, {INNOVATION_SCORED.type: ScoredBrief})[1]
        assert brief == ScoredBrief(**{name: getattr(card, name) for name in ScoredBrief.model_fields})
