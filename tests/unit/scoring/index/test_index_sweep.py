"""The sweep over real documents in a real store."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.scoring.handlers import Scoring
from services.scoring.index import sweep as sweeping
from services.scoring.index.document import RegionIndex, RoundTotals, ScoredCard, computed, keep
from services.scoring.index.marks import LEASE, PACE, Freshness
from services.scoring.index.rounds import Figure, rounds_of
from services.scoring.index.spd import Proof, SpdRow
from services.scoring.index.spd_document import enter, spd_id
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS, REGION_INDEX, REGION_MARK, SPD
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.contracts.innovation import InnovationState
from shared.contracts.region_index import RegionIndexed
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import StoreAway
from shared.ports.store import ScanRow, Where
from tests.support.scoring_examples import (
    KUBU_RAYA,
    MOMENT,
    ORIGIN,
    catalogue,
    everything,
    innovation,
    innovation_event,
    region,
    region_event,
)

ROUNDS = rounds_of({2026: catalogue().constants})
BASIC = (
    "pendidikan",
    "kesehatan",
    "sosial",
    "perumahan_rakyat_dan_kawasan_permukiman",
    "pekerjaan_umum_dan_penataan_ruang",
)
IN_WINDOW = date(2025, 3, 1)


@dataclass
class IndexedRegion:
    """A scoring service's store, handlers and sweep; machine time moves only by `pass_by`."""

    store: SqliteStore
    scoring: Scoring
    sweep: RegionSweep
    time: list[int]

    async def receive(self, id: str, sequence: int = 10, **fields: Any) -> None:  # noqa: ANN401 - any field
        await self.scoring.on_innovation(
            *contracts.decode_event(innovation_event(made(id, **fields), sequence).encode())
        )

    async def swept(self) -> RegionIndex | None:
        """The index after one more run, a moment later."""
        self.pass_by(10 * PACE)
        await self.sweep.run()
        return await self.index()

    async def index(self) -> RegionIndex | None:
        document = await self.store.get(REGION_INDEX.name, f"{KUBU_RAYA}/2026")
        return RegionIndex.model_validate(document.state) if document else None

    async def owed(self) -> list[RegionIndexed]:
        """Every region.indexed that is owed, oldest first."""
        payloads = []
        for owed in await self.store.claim_owed(1000, timedelta(seconds=30)):
            for each in owed.events:
                _, payload = contracts.decode_event(each.body)
                if isinstance(payload, RegionIndexed):
                    payloads.append(payload)
            await self.store.settle(owed, [each.id for each in owed.events])
        return payloads

    async def freshness(self) -> str:
        document = await self.store.get(REGION_MARK.name, KUBU_RAYA)
        assert document is not None
        return str(document.state["freshness"])

    def pass_by(self, ms: int) -> None:
        self.time[0] += ms


def made(id: str, level: int = 2, **fields: Any) -> InnovationState:  # noqa: ANN401 - any field
    verified = fields.pop("verified", None)
    state = innovation(id, evidence=everything(level, verified=verified))
    return InnovationState.model_validate(
        state.model_dump() | {"applied_on": IN_WINDOW, "main_affair": "sosial"} | fields
    )


@pytest.fixture
async def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IndexedRegion]:
    time = [1_700_000_000_000]
    monkeypatch.setattr(sweeping, "machine_ms", lambda: time[0])
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    clock = Clock(MOMENT)
    sweep = RegionSweep(store, ROUNDS, clock)
    scoring = Scoring(store, {"2026.1": catalogue()}, clock, sweep.mark_followed, figures=sweep.figures)
    await scoring.on_region(*contracts.decode_event(region_event(region(), 5).encode()))
    yield IndexedRegion(store, scoring, sweep, time)
    await store.close()


async def test_received_innovations_become_an_index_and_one_event(indexed: IndexedRegion) -> None:
    for number in range(20):
        await indexed.receive(f"i{number}", 10, level=2, main_affair=BASIC[number % 5])

    index = await indexed.swept()

    # 20 × 74 / 20 = 74, JI 7,6; 81,6 / 250 = 32,64
    assert index is not None
    assert (index.claimed.index, index.claimed.predicate) == (Decimal("32.64"), "kurang inovatif")
    assert (index.verified.index, index.verified.predicate) == (Decimal(0), "tidak dapat dinilai")
    (fields,) = await indexed.owed()
    assert (fields.claimed.index, fields.verified.index, fields.predicate) == (
        Decimal("32.64"),
        Decimal(0),
        "tidak dapat dinilai",
    )
    assert await indexed.freshness() == Freshness.CLEAN


async def test_the_predicate_is_that_of_the_verified_figure(indexed: IndexedRegion) -> None:
    for number in range(12):
        status = InnovationStatus.VERIFIED if number < 6 else InnovationStatus.SUBMITTED
        await indexed.receive(f"i{number}", level=3, verified=2, status=status, main_affair=BASIC[number % 5])

    index = await indexed.swept()

    assert index is not None
    assert (index.claimed.innovations, index.claimed.maturity) == (12, 12 * 111)
    # Only six are verified, at level 2: 6 × 74 / 12 = 37, JI 2,28; 39,28 / 250 = 15,712
    assert (index.verified.innovations, index.verified.maturity, index.verified.index) == (6, 444, Decimal("15.71"))
    assert (await indexed.owed())[-1].predicate == index.verified.predicate == "kurang inovatif"


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"applied_on": date(2024, 1, 1)}, True),
        ({"applied_on": date(2025, 12, 31)}, True),
        ({"applied_on": date(2023, 12, 31)}, False),
        ({"applied_on": date(2026, 1, 1)}, False),
        ({"applied_on": None}, False),
        ({"applied_on": date(2019, 5, 5), "developed_on": date(2024, 7, 1)}, True),
        ({"applied_on": date(2019, 5, 5), "developed_on": date(2023, 7, 1)}, False),
        ({"year": 2023}, True),
        ({"status": InnovationStatus.RETURNED}, False),
        ({"status": InnovationStatus.WITHDRAWN}, False),
        ({"status": InnovationStatus.VERIFIED}, True),
    ],
)
async def test_what_counts_is_of_the_rounds_age_and_neither_returned_nor_withdrawn(
    indexed: IndexedRegion,
    fields: dict[str, Any],
    counts: bool,
) -> None:
    await indexed.receive("sure")
    await indexed.receive("asked", **fields)

    index = await indexed.swept()

    assert index is not None
    assert index.claimed.innovations == 1 + counts


async def test_an_innovation_that_is_returned_leaves_the_index(indexed: IndexedRegion) -> None:
    await indexed.receive("i1", 10)
    await indexed.receive("i2", 10)
    before = await indexed.swept()
    await indexed.receive("i2", 11, status=InnovationStatus.RETURNED)
    after = await indexed.swept()

    assert before is not None
    assert after is not None
    assert (before.claimed.innovations, after.claimed.innovations) == (2, 1)
    assert [each.claimed.innovations for each in await indexed.owed()] == [2, 1]


async def test_nothing_new_owes_nothing(indexed: IndexedRegion) -> None:
    await indexed.receive("i1", 10)
    await indexed.swept()
    await indexed.owed()
    await indexed.receive("i1", 10)  # the same once more
    first = await indexed.store.get(REGION_INDEX.name, f"{KUBU_RAYA}/2026")

    await indexed.swept()

    assert await indexed.owed() == []
    again = await indexed.store.get(REGION_INDEX.name, f"{KUBU_RAYA}/2026")
    assert first is not None
    assert again is not None
    assert again.sequence == first.sequence


async def test_a_region_with_nothing_in_the_round_has_no_index(indexed: IndexedRegion) -> None:
    await indexed.receive("old", applied_on=date(2019, 1, 1))

    assert await indexed.swept() is None
    assert await indexed.owed() == []


async def test_spd_counts_in_both_figures(indexed: IndexedRegion) -> None:
    await indexed.receive("i1", level=3)
    rows = {"8": SpdRow(level=3, evidence=(Proof(link="https://bpk.go.id/opini"),))}
    await indexed.store.change(
        SPD.name,
        spd_id(KUBU_RAYA, 2026),
        lambda state: enter(state, region=KUBU_RAYA, catalogue=catalogue(), rows=rows, by="bapperida", at=MOMENT),
    )
    await indexed.sweep.mark(KUBU_RAYA)

    index = await indexed.swept()

    assert index is not None
    assert (index.claimed.spd, index.verified.spd, index.verified.index) == (
        Decimal("4.5"),
        Decimal("4.5"),
        Decimal("1.80"),
    )
    assert index.spd_catalogue == "2026.1"


async def test_a_scorecard_that_waits_is_counted_as_waiting_until_its_region_is_known(indexed: IndexedRegion) -> None:
    far = "64.09"
    await indexed.receive("far", region=far)
    indexed.pass_by(PACE)
    await indexed.sweep.run()
    waiting = await indexed.store.get(REGION_INDEX.name, f"{far}/2026")
    await indexed.scoring.on_region(*contracts.decode_event(region_event(region(far), 6).encode()))
    indexed.pass_by(10 * PACE)
    await indexed.sweep.run()
    scored = await indexed.store.get(REGION_INDEX.name, f"{far}/2026")

    assert waiting is not None
    assert scored is not None
    assert (waiting.state["waiting"], waiting.state["claimed"]["innovations"]) == (1, 0)
    assert (scored.state["waiting"], scored.state["claimed"]["innovations"]) == (0, 1)


async def test_an_import_costs_a_few_sweeps(indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[str] = []
    real = indexed.sweep.sweep

    async def counted(region: str, *, audit: int = 0) -> bool:
        done = await real(region, audit=audit)
        swept.extend([region] if done else [])
        return done

    monkeypatch.setattr(indexed.sweep, "sweep", counted)
    for number in range(60):  # in three seconds of machine time, with a look after each
        await indexed.receive(f"i{number}")
        indexed.pass_by(50)
        await indexed.sweep.run()

    index = await indexed.swept()

    assert index is not None
    assert index.claimed.innovations == 60
    assert len(swept) <= 5


async def test_any_order_and_any_repetition_end_in_the_same_index(indexed: IndexedRegion) -> None:
    events: list[tuple[str, int, dict[str, Any]]] = [
        (f"i{number}", sequence, {"level": 1 + (number + sequence) % 3, "main_affair": BASIC[number % 5]})
        for number in range(8)
        for sequence in (10, 11, 12)
    ]
    ends: list[dict[str, Any]] = []
    for seed in (1, 2):
        shuffled: Sequence[Any] = random.Random(seed).sample(events * 2, len(events) * 2)
        for place, (id, sequence, fields) in enumerate(shuffled):
            await indexed.receive(f"{id}-{seed}", sequence, region=f"6{seed}.01", **fields)
            if place % 7 == 0:
                indexed.pass_by(PACE)
                await indexed.sweep.run()
        await indexed.scoring.on_region(*contracts.decode_event(region_event(region(f"6{seed}.01"), 5).encode()))
        indexed.pass_by(10 * PACE)
        await indexed.sweep.run()
        document = await indexed.store.get(REGION_INDEX.name, f"6{seed}.01/2026")
        assert document is not None
        ends.append({name: document.state[name] for name in ("claimed", "verified", "waiting", "catalogues")})

    assert ends[0] == ends[1]
    assert ends[0]["claimed"]["innovations"] == 8


def during_the_next_scan(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Awaitable[None]]
) -> list[str]:
    """Act once, after a scan has passed by. Returns the kinds that are scanned from now on."""
    real, scanned = indexed.store.scan, list[str]()

    async def and_then(kind: str, where: Where, fields: Sequence[str]) -> AsyncIterator[ScanRow]:
        first = not scanned
        scanned.append(kind)
        async for row in real(kind, where, fields):
            yield row
        if first:
            await act()

    monkeypatch.setattr(indexed.store, "scan", and_then)
    return scanned


async def test_a_change_by_this_process_during_a_count_is_in_its_figures(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    await indexed.receive("i1")
    await indexed.sweep.run()
    await indexed.sweep.mark(KUBU_RAYA)
    scanned = during_the_next_scan(indexed, monkeypatch, lambda: indexed.receive("i2"))
    during = await indexed.swept()

    after = await indexed.swept()

    assert during is not None
    assert after is not None
    assert (during.claimed.innovations, after.claimed.innovations) == (2, 2)
    assert scanned == ["scorecard"]


async def test_a_change_by_another_process_during_a_count_is_counted_again(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = another_process(indexed)
    await indexed.receive("i1")
    await indexed.sweep.run()
    await indexed.sweep.mark(KUBU_RAYA)
    scanned = during_the_next_scan(indexed, monkeypatch, lambda: other.receive("i2"))
    during = await indexed.swept()

    after = await indexed.swept()

    assert during is not None
    assert after is not None
    assert (during.claimed.innovations, after.claimed.innovations) == (1, 2)
    assert scanned == ["scorecard", "scorecard"]


def another_process(indexed: IndexedRegion) -> IndexedRegion:
    """A process on the same store."""
    sweep = RegionSweep(indexed.store, ROUNDS, Clock(MOMENT))
    scoring = Scoring(indexed.store, {"2026.1": catalogue()}, Clock(MOMENT), sweep.mark_followed, figures=sweep.figures)
    return IndexedRegion(indexed.store, scoring, sweep, indexed.time)


async def test_a_process_that_alone_changes_scorecards_reads_them_once(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    await indexed.receive("i0")
    await indexed.swept()

    async def nothing() -> None:
        pass

    scanned = during_the_next_scan(indexed, monkeypatch, nothing)
    for number in range(1, 6):
        await indexed.receive(f"i{number}", level=3)
        await indexed.receive("i0", 10 + number, status=InnovationStatus.VERIFIED, verified=number % 3 + 1)
        index = await indexed.swept()
        assert index is not None
        assert (index.claimed.innovations, index.claimed.maturity) == (number + 1, number * 111 + 74)
        assert (index.verified.innovations, index.verified.maturity) == (1, 37 * (number % 3 + 1))

    assert scanned == []


async def test_a_count_after_an_hour_proves_the_figures(
    indexed: IndexedRegion, capsys: pytest.CaptureFixture[str]
) -> None:
    await indexed.receive("i1")
    await indexed.swept()
    figures = indexed.sweep.figures.of(KUBU_RAYA)
    assert figures is not None
    figures[2026].tallies[Figure.CLAIMED].innovations += 5  # as a fault would

    await indexed.receive("i2")
    drifted = await indexed.swept()
    indexed.pass_by(sweeping.AUDIT_EVERY)
    await indexed.receive("i3")
    proved = await indexed.swept()

    assert drifted is not None
    assert proved is not None
    assert (drifted.claimed.innovations, proved.claimed.innovations) == (7, 3)
    assert "index.drifted" in capsys.readouterr().out


async def test_a_repeated_event_makes_the_region_be_counted(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be one whose process died between the change and its mark."""
    await indexed.receive("i1")
    await indexed.swept()
    died = Scoring(indexed.store, {"2026.1": catalogue()}, Clock(MOMENT))  # marks nothing, reports nothing
    await died.on_innovation(*contracts.decode_event(innovation_event(made("i2"), 10).encode()))
    await indexed.receive("i1", 11, level=3)
    before = await indexed.swept()

    await indexed.receive("i2")
    after = await indexed.swept()

    assert before is not None
    assert after is not None
    assert (before.claimed.innovations, after.claimed.innovations) == (1, 2)


@dataclass
class Chaos:
    """Two processes on one store that fails at times, before or after a change is written. lost: events that the bus
    delivers again."""

    processes: list[IndexedRegion]
    dice: random.Random
    lost: list[tuple[str, int, dict[str, Any]]]

    async def change(self, real: Callable[..., Awaitable[Any]], *given: Any, **more: Any) -> Any:  # noqa: ANN401
        """`Store.change`, or not."""
        fate = self.dice.random()
        if fate < 0.1:
            raise StoreAway("before it was written")
        document = await real(*given, **more)
        if fate > 0.9:
            raise StoreAway("after it was written")
        return document

    async def receive(self, id: str, sequence: int, fields: dict[str, Any]) -> None:
        try:
            await self.dice.choice(self.processes).receive(id, sequence, **fields)
        except StoreAway:
            self.lost.append((id, sequence, fields))

    async def sweep(self) -> None:
        self.processes[0].pass_by(self.dice.choice([PACE, 5 * PACE]))
        with contextlib.suppress(StoreAway):
            await self.dice.choice(self.processes).sweep.run()

    async def step(self, number: int) -> None:
        status = self.dice.choice([InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED, InnovationStatus.RETURNED])
        fields = {"level": self.dice.randint(1, 3), "status": status, "main_affair": self.dice.choice(BASIC)}
        ids = [f"i{self.dice.randrange(12)}" for _ in range(self.dice.randint(1, 3))]
        works = [self.receive(id, 10 + number, fields) for id in ids]
        if self.lost and self.dice.random() < 0.5:
            works.append(self.receive(*self.lost.pop(self.dice.randrange(len(self.lost)))))
        if self.dice.random() < 0.4:
            works.append(self.sweep())
        await asyncio.gather(*works)
        if self.dice.random() < 0.05:
            self.processes[self.dice.randrange(2)] = another_process(self.processes[0])


@pytest.mark.parametrize("seed", range(8))
async def test_two_processes_that_die_and_come_again_end_with_the_index_of_a_plain_count(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chaos = Chaos([indexed, another_process(indexed)], random.Random(seed), [])
    with monkeypatch.context() as patched:
        patched.setattr(indexed.store, "change", partial(chaos.change, indexed.store.change))
        for number in range(60):
            await chaos.step(number)
    for each in list(chaos.lost):
        await chaos.receive(*each)
    for process in (*chaos.processes, *chaos.processes):
        indexed.pass_by(LEASE)  # a sweep that died is claimed again
        await process.sweep.run()
    found = await indexed.index()

    plain = await another_process(indexed).swept()

    assert found is not None
    assert plain is not None
    assert found.model_dump(exclude={"generation"}) == plain.model_dump(exclude={"generation"})


async def test_a_sweep_that_dies_anywhere_is_made_good(indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    await indexed.receive("i1")
    real = indexed.sweep._keep

    async def dies(*_: object) -> None:
        raise StoreAway("gone")

    monkeypatch.setattr(indexed.sweep, "_keep", dies)
    with pytest.raises(StoreAway):
        await indexed.sweep.run()
    monkeypatch.setattr(indexed.sweep, "_keep", real)
    assert await indexed.swept() is None  # its lease holds

    indexed.pass_by(sweeping.AUDIT_EVERY)

    index = await indexed.swept()
    assert index is not None
    assert index.claimed.innovations == 1


async def test_a_failed_sweep_of_one_region_does_not_stop_another(
    indexed: IndexedRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    await indexed.receive("a", region="11.01")
    await indexed.receive("i1")
    real = indexed.sweep._keep

    async def fails(region: str, totals: RoundTotals, generation: int) -> None:
        if region == "11.01":
            raise ValueError("no such thing")
        await real(region, totals, generation)

    monkeypatch.setattr(indexed.sweep, "_keep", fails)
    with pytest.raises(ValueError, match="no such thing"):
        await indexed.sweep.run()

    assert await indexed.index() is not None


async def test_two_replicas_sweep_a_region_once(indexed: IndexedRegion) -> None:
    await indexed.receive("i1")
    other = RegionSweep(indexed.store, ROUNDS, Clock(MOMENT))

    done = await asyncio.gather(indexed.sweep.sweep(KUBU_RAYA), other.sweep(KUBU_RAYA))

    assert sorted(done) == [False, True]


async def test_a_starting_process_sweeps_every_region_once(indexed: IndexedRegion) -> None:
    await indexed.receive("i1")
    await indexed.swept()
    await indexed.store.erase(REGION_INDEX.name, f"{KUBU_RAYA}/2026")
    assert await indexed.swept() is None  # clean: nobody looks

    indexed.pass_by(PACE)
    await RegionSweep(indexed.store, ROUNDS, Clock(MOMENT)).run()

    assert await indexed.index() is not None


async def test_scorecards_from_before_there_were_marks_are_found_at_the_start(indexed: IndexedRegion) -> None:
    quiet = Scoring(indexed.store, {"2026.1": catalogue()}, Clock(MOMENT))
    await quiet.on_innovation(*contracts.decode_event(innovation_event(made("i1"), 10).encode()))
    assert await indexed.store.get(REGION_MARK.name, KUBU_RAYA) is None

    index = await indexed.swept()

    assert index is not None
    assert index.claimed.innovations == 1


async def test_a_mark_wakes_the_loop_of_its_process(indexed: IndexedRegion) -> None:
    await indexed.sweep.mark(KUBU_RAYA)
    assert indexed.sweep.wake.is_set()

    indexed.sweep.wake.clear()
    await indexed.sweep.mark(KUBU_RAYA)  # stale already: nothing to wake for
    assert not indexed.sweep.wake.is_set()


def test_an_older_sweep_never_replaces_what_a_newer_one_found() -> None:
    newer, older = RoundTotals(ROUNDS[2026]), RoundTotals(ROUNDS[2026])
    card = ScoredCard(InnovationStatus.SUBMITTED, IN_WINDOW, None, "sosial", "2026.1", Decimal(70), Decimal(0))
    newer.add(card)
    kept = keep(None, computed(KUBU_RAYA, newer, None, 7), ORIGIN)
    assert kept is not None

    assert keep(kept[0], computed(KUBU_RAYA, older, None, 6), ORIGIN) is None
    assert keep(kept[0], computed(KUBU_RAYA, older, None, 8), ORIGIN) is not None


def test_a_change_that_only_insiders_see_is_stored_without_an_event() -> None:
    first, second = RoundTotals(ROUNDS[2026]), RoundTotals(ROUNDS[2026])
    waiting = ScoredCard(InnovationStatus.SUBMITTED, IN_WINDOW, None, "sosial", None, None, None)
    second.add(waiting)
    kept = keep(None, computed(KUBU_RAYA, first, (Decimal(3), "2026.1"), 1), ORIGIN)
    assert kept is not None

    again = keep(kept[0], computed(KUBU_RAYA, second, (Decimal(3), "2026.1"), 2), ORIGIN)

    assert again is not None
    assert (again[0]["waiting"], again[1]) == (1, None)
    assert second.tallies[Figure.CLAIMED].innovations == 0
