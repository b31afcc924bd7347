from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from services.scoring.catalogue.library import keep_digests
from services.scoring.handlers import Scoring
from services.scoring.kinds import KINDS, KNOWN_REGION, SCORECARD
from services.scoring.scorecard.document import scorecard_in
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.contracts.event import Event
from shared.contracts.innovation import InnovationState
from shared.contracts.scorecard import InnovationScored
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Misconfigured, Unreadable
from shared.observability.tracing import of_event
from shared.ports.store import State
from tests.support.scoring_examples import (
    KUBU_RAYA,
    catalogue,
    draft_event,
    entry,
    innovation,
    innovation_event,
    region,
    region_event,
)

CATALOGUES = MappingProxyType({"2026.1": catalogue()})
FIRST = innovation_event(innovation(evidence=[entry("16", level=1)]), 10)
VERIFIED = innovation_event(
    innovation(evidence=[entry("16", level=3, verified_level=2)], status=InnovationStatus.VERIFIED), 12
)
REGION = region_event(region(), 5)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "scoring.sqlite")
    await opened.open(KINDS)
    yield opened
    await opened.close()


@pytest.fixture
def scoring(store: SqliteStore) -> Scoring:
    return Scoring(store, CATALOGUES, Clock())


async def receive(scoring: Scoring, *events: Event) -> None:
    by_type = {type: handler for purpose in scoring.table().values() for type, handler in purpose.items()}
    for event in events:
        with of_event(event):
            await by_type[event.type](*contracts.decode_event(event.encode()))


async def card(scoring: Scoring, id: str = "inovasi-1") -> State:
    document = await scoring.store.get(SCORECARD.name, id)
    assert document is not None
    return document.state


async def owed(scoring: Scoring) -> list[tuple[Event, InnovationScored]]:
    events = []
    for each in await scoring.store.claim_owed(100, timedelta(seconds=30)):
        for event in each.events:
            envelope, payload = contracts.decode_event(event.body)
            assert isinstance(payload, InnovationScored)
            events.append((envelope, payload))
    return events


def test_every_type_of_every_subscription_has_a_handler(scoring: Scoring) -> None:
    wanted = {each.purpose: each.types for each in SUBSCRIPTIONS if each.service == "scoring"}

    assert {purpose: frozenset(types) for purpose, types in scoring.table().items()} == wanted


async def test_a_submission_is_scored_and_its_event_is_owed_with_its_cause(scoring: Scoring) -> None:
    await receive(scoring, REGION, FIRST)

    ((event, said),) = await owed(scoring)
    assert (event.subject, event.causationid, event.correlationid) == (
        "scorecard/inovasi-1",
        FIRST.id,
        FIRST.correlationid,
    )
    assert (said.claimed, said.verified, said.most, said.status) == (3, 0, 111, "submitted")
    assert said.missing_mandatory == ("17", "32", "33", "35")


async def test_the_same_event_again_changes_nothing(scoring: Scoring) -> None:
    await receive(scoring, REGION, FIRST)
    before = await scoring.store.get(SCORECARD.name, "inovasi-1")

    await receive(scoring, FIRST, REGION, FIRST)

    assert await scoring.store.get(SCORECARD.name, "inovasi-1") == before
    assert len(await owed(scoring)) == 1


async def test_a_draft_has_no_scorecard_and_owes_no_event(scoring: Scoring) -> None:
    await receive(scoring, REGION, draft_event("inovasi-9", 3))

    assert scorecard_in(await card(scoring, "inovasi-9")) is None
    assert await owed(scoring) == []


async def test_an_innovation_that_is_a_draft_again_loses_its_scorecard(store: SqliteStore) -> None:
    marked: list[str] = []

    async def mark(region: str) -> None:
        marked.append(region)

    scoring = Scoring(store, CATALOGUES, Clock(), mark)
    await receive(scoring, REGION, FIRST)
    marked.clear()

    await receive(scoring, draft_event("inovasi-1", 11))

    assert scorecard_in(await card(scoring)) is None
    (*_, (_, said)) = await owed(scoring)
    assert (said.innovation, said.innovation_sequence, said.status) == ("inovasi-1", 11, "draft")
    assert (said.claimed, said.verified, said.rows) == (0, 0, ())
    assert marked == [KUBU_RAYA], "the regional index is computed again"
    for where in ({"region": KUBU_RAYA}, {"agency": "bappedalitbang", "year": 2025}, {"year": 2025}):
        assert (await store.find(SCORECARD.name, where)).documents == []


async def test_a_remembered_draft_is_not_relied_on_when_another_process_has_scored_its_innovation(
    scoring: Scoring, store: SqliteStore
) -> None:
    other = Scoring(store, CATALOGUES, Clock())
    await receive(scoring, REGION, draft_event("inovasi-1", 3))
    await receive(other, FIRST, region_event(region(catalogue="2024.1"), 6))

    await receive(scoring, FIRST, VERIFIED)

    kept = scorecard_in(await card(scoring))
    assert kept is not None
    assert (kept.innovation_sequence, kept.catalogue) == (12, "2026.1"), "the catalogue of the first scoring"
    assert [said.innovation_sequence for _, said in await owed(scoring)] == [10, 12]


async def test_an_older_draft_leaves_the_scorecard_as_it_is(scoring: Scoring) -> None:
    await receive(scoring, REGION, FIRST)
    before = await card(scoring)

    await receive(scoring, draft_event("inovasi-1", 9))

    assert await card(scoring) == before


@pytest.mark.parametrize("seed", range(4))
async def test_a_submission_older_than_the_draft_brings_no_scorecard_back(scoring: Scoring, seed: int) -> None:
    log = [REGION, FIRST, FIRST, draft_event("inovasi-1", 11), draft_event("inovasi-1", 11)]
    random.Random(seed).shuffle(log)

    await receive(scoring, *log)

    assert scorecard_in(await card(scoring)) is None


async def test_a_draft_that_lost_its_scorecard_is_scored_by_the_regions_catalogue_when_submitted(
    store: SqliteStore,
) -> None:
    scoring = Scoring(store, {**CATALOGUES, "2024.1": catalogue("2024.1")}, Clock())
    await receive(scoring, REGION, FIRST, draft_event("inovasi-1", 11), region_event(region(catalogue="2024.1"), 6))

    await receive(scoring, VERIFIED)

    assert ((await card(scoring))["catalogue"], (await card(scoring))["stand"]) == ("2024.1", "scored")


async def test_an_innovation_of_an_unknown_region_waits_until_the_region_is_received(scoring: Scoring) -> None:
    await receive(scoring, FIRST)
    assert (await card(scoring))["stand"] == "waiting: region"
    assert await owed(scoring) == []

    await receive(scoring, REGION)

    assert (await card(scoring))["stand"] == "scored"
    assert len(await owed(scoring)) == 1


async def test_a_region_whose_catalogue_is_unknown_leaves_the_innovation_waiting(scoring: Scoring) -> None:
    await receive(scoring, region_event(region(catalogue="2027.1"), 5), FIRST)
    assert (await card(scoring))["stand"] == "waiting: catalogue"

    await Scoring(scoring.store, {**CATALOGUES, "2027.1": catalogue()}, Clock()).sweep()

    assert (await card(scoring))["stand"] == "scored"


async def test_a_region_received_between_our_read_and_our_write_is_not_missed(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring = Scoring(store, CATALOGUES, Clock())
    look = store.get

    async def look_then_region(kind: str, id: str) -> Any:  # noqa: ANN401 - as the store's
        seen = await look(kind, id)
        if kind == KNOWN_REGION.name:
            monkeypatch.setattr(store, "get", look)
            await receive(scoring, REGION)
        return seen

    monkeypatch.setattr(store, "get", look_then_region)
    await receive(scoring, FIRST)

    assert (await card(scoring))["stand"] == "scored"


async def test_many_that_wait_are_all_scored_when_the_region_comes(scoring: Scoring) -> None:
    ids = [f"inovasi-{number}" for number in range(450)]
    await asyncio.gather(*(receive(scoring, innovation_event(innovation(id), 10)) for id in ids))
    elsewhere = innovation_event(innovation("inovasi-lain", region="61.71"), 10)
    await receive(scoring, elsewhere, REGION)

    assert {(await card(scoring, id))["stand"] for id in ids} == {"scored"}
    assert (await card(scoring, "inovasi-lain"))["stand"] == "waiting: region"


async def test_a_changed_region_never_touches_a_scorecard(scoring: Scoring) -> None:
    await receive(scoring, REGION, FIRST)
    before = await scoring.store.get(SCORECARD.name, "inovasi-1")

    await receive(scoring, region_event(region(catalogue="2027.1"), 6))
    await scoring.sweep()

    assert await scoring.store.get(SCORECARD.name, "inovasi-1") == before
    await receive(scoring, VERIFIED)
    assert (await card(scoring))["catalogue"] == "2026.1"


async def test_verification_is_scored_apart_from_the_claim(scoring: Scoring) -> None:
    await receive(scoring, REGION, FIRST, VERIFIED)

    last = (await owed(scoring))[-1][1]
    assert (last.claimed, last.verified, last.innovation_sequence, last.status) == (9, 6, 12, "verified")


async def test_an_event_about_something_else_than_its_payload_is_unreadable(scoring: Scoring) -> None:
    other = FIRST.model_copy(update={"subject": "innovation/other", "id": f"innovation/other/{FIRST.sequence}"})

    with pytest.raises(Unreadable):
        await receive(scoring, other)


@pytest.mark.parametrize("seed", range(8))
async def test_any_shuffle_with_duplicates_at_once_ends_in_the_same_states(store: SqliteStore, seed: int) -> None:
    log: Sequence[Event] = [
        REGION,
        region_event(region(), 6),
        FIRST,
        innovation_event(innovation(evidence=[entry("16", level=1)], status=InnovationStatus.RETURNED), 11),
        VERIFIED,
        draft_event("inovasi-2", 1),
        innovation_event(innovation("inovasi-2", evidence=[entry("17", value="40")]), 20),
        innovation_event(innovation("inovasi-2", status=InnovationStatus.WITHDRAWN), 21),
    ]
    shuffled = [*log, *random.Random(seed).choices(log, k=12)]
    random.Random(seed).shuffle(shuffled)
    scoring = Scoring(store, CATALOGUES, Clock())

    await asyncio.gather(*(receive(scoring, event) for event in shuffled))

    one, two = await card(scoring), await card(scoring, "inovasi-2")
    assert (one["innovation_sequence"], one["scorecard"]["claimed"], one["scorecard"]["verified"]) == (12, 9, 6)
    assert (two["innovation_sequence"], two["status"], two["scorecard"]["claimed"]) == (21, "withdrawn", 0)
    versions = [(said.innovation, said.innovation_sequence) for _, said in await owed(scoring)]
    assert len(versions) == len(set(versions))
    assert {("inovasi-1", 12), ("inovasi-2", 21)} <= set(versions)


async def test_what_was_written_before_a_crash_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "scoring.sqlite"
    for _ in range(3):  # the process dies after its write, before the ack; the message comes again to its successor
        store = SqliteStore(file)
        await store.open(KINDS)
        scoring = Scoring(store, CATALOGUES, Clock())
        await keep_digests(store, CATALOGUES)
        await receive(scoring, REGION, FIRST)
        depth, state = await store.owed_depth(), await card(scoring)
        await store.close()

    assert depth == 1
    assert InnovationState.model_validate(state["innovation"]).id == "inovasi-1"


async def test_scoring_refuses_to_start_with_a_catalogue_that_changed_under_the_same_name(store: SqliteStore) -> None:
    await keep_digests(store, CATALOGUES)
    heavier = catalogue().innovation[0].model_copy(update={"weight": catalogue().innovation[0].weight + 1})
    altered = catalogue().model_copy(update={"innovation": (heavier, *catalogue().innovation[1:])})

    with pytest.raises(Misconfigured, match=r"2026\.1\.yaml: scores differently"):
        await keep_digests(store, {"2026.1": type(altered).model_validate(altered.model_dump())})
    await keep_digests(store, CATALOGUES)


async def test_a_catalogue_that_a_scorecard_uses_must_be_there(scoring: Scoring) -> None:
    await keep_digests(scoring.store, {**CATALOGUES, "2027.1": catalogue()})
    await receive(scoring, REGION, FIRST)

    await keep_digests(scoring.store, CATALOGUES)  # 2027.1 is gone, and no scorecard uses it
    with pytest.raises(Misconfigured, match=r"2026\.1\.yaml: scorecards use this catalogue"):
        await keep_digests(scoring.store, {})
