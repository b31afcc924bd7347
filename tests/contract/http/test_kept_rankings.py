"""A ranking is computed once and kept until one of its inputs changes, also with several processes on one store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from services.scoring.kinds import KINDS, SCORECARD
from services.scoring.ranking.kept import KeptResults
from shared.contracts import event_types as contracts
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import draft
from shared.contracts.vocabulary import AgencyKind
from shared.ports.store import Store
from tests.support.scoring_examples import ORIGIN
from tests.support.scoring_service import PONTIANAK, ScoringService, add_examples, opened
from tests.support.store_engines import Engine

PATH = f"/rankings?year=2025&region={PONTIANAK}"


class Scans:
    """Counts the scans of scorecards that a store makes."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        scan = store.scan

        def counted(kind: str, *arguments: object, **options: object) -> object:
            self.count += kind == SCORECARD.name
            return scan(kind, *arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(store, "scan", counted)


@pytest.fixture
async def two(either: Engine) -> AsyncIterator[tuple[ScoringService, ScoringService]]:
    """Two processes of scoring on one store, each with its own connection."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(opened(await either.open(*KINDS)))
        other = await stack.enter_async_context(opened(await either.open(*KINDS)))
        await add_examples(one)
        yield one, other


async def names(service: ScoringService, path: str = PATH) -> list[str]:
    return [item["innovation"] for item in (await service.get(path))["items"]]


async def test_a_second_request_reads_no_scorecards_and_another_filter_does_once(
    two: tuple[ScoringService, ScoringService], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, _ = two
    scans = Scans(service.store, monkeypatch)

    first = await service.get(PATH)
    counts = [scans.count]
    for path in (PATH, f"{PATH}&limit=1", f"{PATH}&limit=1&after=1"):
        await service.get(path)
    counts.append(scans.count)
    await asyncio.gather(*(service.get(f"{PATH}&nature=digital") for _ in range(20)))
    counts.append(scans.count)

    assert counts == [1, 1, 2]
    assert len(first["items"]) == 4
    assert (await service.get(f"{PATH}&limit=1&after=1"))["items"] == first["items"][1:2]


async def test_every_change_of_an_input_is_seen_by_every_process_at_once(
    two: tuple[ScoringService, ScoringService],
) -> None:
    one, other = two
    nation = "/rankings?year=2025"
    assert await names(one) == await names(other) == await names(other, nation)

    await one.add("baca", 3, verified=1, form="tata_kelola", nature="non_digital")
    assert (await names(other))[0] == (await names(one))[0] == (await names(other, nation))[0] == "peci"

    renamed = AgencyRegistered(id="disdukcapil", region=PONTIANAK, name="Nama Baru", kind=AgencyKind.DINAS)
    event, payload = contracts.decode_event(
        draft(AGENCY_REGISTERED, renamed, PONTIANAK, ORIGIN).stamp("agency", "disdukcapil", 9).encode()
    )
    assert isinstance(payload, AgencyRegistered)
    await one.scoring.on_agency(event, payload)
    assert (await other.get(PATH))["items"][0]["agency_name"] == "Nama Baru"

    assert (await other.get(PATH))["compared_with"] is None
    body = {"region": PONTIANAK, "year": 2025}
    frozen = await one.request("POST", "/rankings/freezes", "curator", body, Idempotency_Key="f")
    assert frozen.status_code == 201, frozen.text
    assert (await other.get(PATH))["compared_with"]["number"] == 1


async def test_what_is_not_verified_is_seen_in_forecasts_and_leaves_verified_rankings_kept(
    two: tuple[ScoringService, ScoringService], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    forecast = f"{PATH}&measure=claimed"

    async def forecasts() -> list[list[str]]:
        answers = [await each.get(forecast, "curator") for each in two]
        return [[item["innovation"] for item in answer["items"]] for answer in answers]

    verified, before = await names(other), await forecasts()
    scans = Scans(other.store, monkeypatch)
    await one.add("baru", 3, status="submitted", verified=None)
    submitted, after = await names(other), await forecasts()
    kept = scans.count - 1  # the forecast alone
    await one.add("baru", 3)
    accepted = await names(other)
    await one.add("baru", 3, status="returned")
    returned = await names(other)

    assert verified == submitted == returned
    assert "baru" not in verified + before[0] + before[1]
    assert ["baru" in each for each in after] == [True, True]
    assert "baru" in accepted
    assert kept == 0


async def test_a_change_while_a_ranking_is_computed_is_in_the_next_answer(
    two: tuple[ScoringService, ScoringService], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    scan, begun, go_on = one.store.scan, asyncio.Event(), asyncio.Event()

    async def slow(kind: str, *arguments: object, **options: object) -> AsyncIterator[object]:
        rows = [row async for row in scan(kind, *arguments, **options)]  # type: ignore[arg-type]
        if kind == SCORECARD.name and not begun.is_set():
            begun.set()
            await go_on.wait()
        for row in rows:
            yield row

    monkeypatch.setattr(one.store, "scan", slow)
    before = asyncio.create_task(names(one))
    await asyncio.wait_for(begun.wait(), 10)
    other.sequences = one.sequences
    await other.add("baca", 3, verified=1, form="tata_kelola", nature="non_digital")
    go_on.set()
    await before

    assert (await names(one))[0] == "peci"


async def test_what_is_kept_is_bounded() -> None:
    computed: list[str] = []
    kept = KeptResults[str](len, most=10)

    async def ask(key: str, version: int = 1) -> str:
        async def compute() -> str:
            computed.append(key)
            return key

        return await kept.get(key, version, compute)

    for key in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb", "much too long", "much too long"):
        assert await ask(key) == key
    await ask("aaaa", version=2)

    assert computed == ["aaaa", "bbbb", "cccc", "bbbb", "much too long", "much too long", "aaaa"]


async def test_a_computation_that_fails_is_not_kept() -> None:
    kept, answers = KeptResults[int](lambda _: 1), iter([RuntimeError("once"), 7])

    async def compute() -> int:
        answer = next(answers)
        if isinstance(answer, RuntimeError):
            raise answer
        return answer

    with pytest.raises(RuntimeError):
        await kept.get("key", 1, compute)
    assert await kept.get("key", 1, compute) == 7
