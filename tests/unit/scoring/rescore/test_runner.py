from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import newest
from services.scoring.cli.rescore import in_words
from services.scoring.kinds import KINDS, RESCORE, SCORECARD
from services.scoring.rescore.document import (
    LEASE,
    Checkpoint,
    RescoreProgress,
    RescoreRequest,
    RescoreState,
    claim,
    finish,
    request,
    save,
)
from services.scoring.rescore.report import SHOWN, Change, RescoreReport, RowChange
from services.scoring.rescore.runner import Rescoring
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.draft_marker import with_draft
from services.scoring.scorecard.scored_rows import row_caches
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_ms
from shared.contracts.innovation import InnovationState
from shared.faults import Conflict, Invalid
from shared.ports.store import Change as StoreChange
from shared.ports.store import State
from shared.storage.stored import Fingerprint
from tests.support.scoring_examples import ORIGIN, catalogue, drafted, entry, innovation
from tests.unit.scoring.rescore.test_decision import CATALOGUES, HEAVIER, OLD

REQUEST = RescoreRequest(region="61.12", year=2025, catalogue=HEAVIER.name)
DRY = REQUEST.model_copy(update={"dry_run": True})
FORMS = {**CATALOGUES, "2024.1": catalogue("2024.1")}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    yield store
    await store.close()


async def score(store: SqliteStore, said: InnovationState, name: str = OLD.name, catalogues: Any = FORMS) -> None:  # noqa: ANN401 - a catalogues
    used = RegionUsed(sequence=7, catalogue=name)
    await store.change(
        SCORECARD.name,
        said.id,
        lambda state: with_innovation(state, InnovationVersion(said, 10), used, row_caches(catalogues), ORIGIN),
    )


async def add_scorecards(store: SqliteStore, count: int = 5) -> None:
    """Every innovation replicated n % 4 times; the odd ones verified at 1."""
    for number in range(count):
        evidence = [entry("31", level=number % 4 or None, verified_level=number % 2 or None), entry("16", level=1)]
        await score(store, innovation(f"inovasi-{number:03d}", evidence=evidence))
    await score(store, innovation("jauh", region="64.09"))
    await score(store, innovation("lain-tahun", year=2024))


def rescoring(store: SqliteStore, catalogues: Any = FORMS) -> Rescoring:  # noqa: ANN401 - a catalogues
    return Rescoring(store, catalogues, Clock())


async def cards(store: SqliteStore) -> dict[str, State]:
    return {document.id: document.state for document in (await store.find(SCORECARD.name, {}, limit=1000)).documents}


async def test_a_dry_run_reports_gains_by_row_and_writes_nothing(store: SqliteStore) -> None:
    await add_scorecards(store)
    before = await cards(store)
    seen: list[Change | None] = []

    report = await rescoring(store).dry_run(DRY, seen.append)

    assert (report.seen, report.gained, report.lost, report.same) == (5, 3, 0, 2)
    assert (report.points, report.verified_points) == (6, 2)
    assert {row: tally.model_dump() for row, tally in report.by_row.items()} == {
        "31": {"gained": 3, "lost": 0, "points": 6}
    }
    assert [(each.innovation, each.gain) for each in report.gains] == [
        ("inovasi-003", 3),
        ("inovasi-002", 2),
        ("inovasi-001", 1),
    ]
    assert [each.innovation if each else None for each in seen].count(None) == 2
    assert await cards(store) == before
    assert await store.get(RESCORE.name, DRY.id) is None


async def test_applying_changes_those_of_region_and_year_and_owes_an_event_for_each(store: SqliteStore) -> None:
    await add_scorecards(store)
    depth = await store.owed_depth()
    marked: list[str] = []

    async def mark(region: str) -> None:
        marked.append(region)

    work = Rescoring(store, FORMS, Clock(), mark)
    await work.request(REQUEST, "kurator")
    done = await work.run(REQUEST.id)

    after = await cards(store)
    assert done.status is RescoreProgress.DONE
    assert done.ended is not None
    assert {id: card["catalogue"] for id, card in after.items()} == {
        **{f"inovasi-{number:03d}": HEAVIER.name for number in range(5)},
        "jauh": OLD.name,
        "lain-tahun": OLD.name,
    }
    assert after["inovasi-003"]["scorecard"]["claimed"] == 12 + 3
    assert marked == ["61.12"]
    assert await store.owed_depth() == depth + 1, "the rescore owes its audit entry"
    assert done.report.gained == 3


async def test_a_second_time_nothing_is_written_and_nothing_changes(store: SqliteStore) -> None:
    await add_scorecards(store)
    for _ in range(2):
        work = rescoring(store)
        await work.request(REQUEST, "kurator")
        done = await work.run(REQUEST.id)
    first = await cards(store)

    work = rescoring(store)
    await work.request(REQUEST, "kurator")
    done = await work.run(REQUEST.id)

    assert (done.round, done.report.seen, done.report.same) == (3, 5, 5)
    assert await cards(store) == first


@pytest.mark.parametrize("dies_at", range(1, 8))
async def test_a_rescore_that_dies_is_taken_up_again_and_ends_as_if_it_had_not(
    store: SqliteStore, dies_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.scoring.rescore.runner.CHUNK", 2)
    await add_scorecards(store, 7)
    work = rescoring(store)
    await work.request(REQUEST, "kurator")
    change, change_many, steps = store.change, store.change_many, 0

    async def dies(kind: str, id: str, decide: Any, **more: Any) -> Any:  # noqa: ANN401 - the port's own
        nonlocal steps
        steps += 1
        if steps > dies_at:
            raise ConnectionError
        return await change(kind, id, decide, **more)

    async def dies_among(changes: Sequence[StoreChange]) -> Any:  # noqa: ANN401 - the port's own
        return await asyncio.gather(
            *(dies(each.kind, each.id, each.decide) for each in changes), return_exceptions=True
        )

    monkeypatch.setattr(store, "change", dies)
    monkeypatch.setattr(store, "change_many", dies_among)
    with pytest.raises(ConnectionError):
        await work.run(REQUEST.id)
    monkeypatch.setattr(store, "change", change)
    monkeypatch.setattr(store, "change_many", change_many)

    successor = rescoring(store)
    with pytest.raises(Conflict):
        await successor.run(REQUEST.id)  # the lease of the one that died still holds
    monkeypatch.setattr("services.scoring.rescore.runner.machine_ms", lambda: machine_ms() + LEASE + 1)
    await successor.pending()

    document = await store.get(RESCORE.name, REQUEST.id)
    assert document is not None
    done = RescoreState.model_validate(document.state)
    assert (done.status, done.report.seen, done.report.gained, done.report.points) == (RescoreProgress.DONE, 7, 5, 9)
    assert {card["catalogue"] for card in (await cards(store)).values() if card["year"] == 2025} == {
        HEAVIER.name,
        OLD.name,  # of the other region
    }
    assert all(
        card["catalogue"] == HEAVIER.name for id, card in (await cards(store)).items() if id.startswith("inovasi")
    )


async def test_a_form_numbered_otherwise_is_counted_by_its_indicators_and_never_rewritten(store: SqliteStore) -> None:
    """By the form of 2024, 16 is Replikasi, level 3 (9 points); 18 a with 150 people is level 2 (6), then level 1."""
    said = innovation("lama", evidence=[entry("16", level=3), entry("18", value="150", basis="a")])
    await score(store, said, "2024.1")
    scope = RescoreRequest(region=None, year=None, catalogue="2026.1")

    report = await rescoring(store).dry_run(scope)
    work = rescoring(store)
    await work.request(scope, "operator")
    await work.run(scope.id)

    assert (report.otherwise_numbered, report.lost, report.points) == (1, 1, -3)
    assert report.losses[0].rows == [RowChange(row="33", before=Decimal(6), after=Decimal(3))]
    assert (await cards(store))["lama"]["catalogue"] == "2024.1"


async def test_a_card_that_waits_is_left_alone(store: SqliteStore) -> None:
    await score(store, innovation("menunggu"), "2031.1")
    scope = RescoreRequest(region=None, year=None, catalogue=HEAVIER.name)
    work = rescoring(store)
    await work.request(scope, "operator")

    done = await work.run(scope.id)

    assert (done.report.seen, done.report.waiting) == (1, 1)
    assert (await cards(store))["menunggu"]["stand"] == "waiting: catalogue"


async def test_drafts_are_no_scorecards_and_are_not_counted(store: SqliteStore) -> None:
    everywhere = RescoreRequest(region=None, year=None, catalogue=HEAVIER.name, dry_run=True)
    await score(store, innovation("inovasi-1"))
    await score(store, innovation("inovasi-2"))
    await store.change(SCORECARD.name, "inovasi-2", lambda state: with_draft(state, drafted("inovasi-2"), 11, ORIGIN))

    report = await rescoring(store).dry_run(everywhere)

    assert (report.seen, report.waiting, await rescoring(store).count(everywhere)) == (1, 0, 1)


async def test_an_unknown_catalogue_is_refused(store: SqliteStore) -> None:
    scope = RescoreRequest(region=None, year=None, catalogue="2031.1")

    with pytest.raises(Invalid, match=r"tidak ada katalog 2031\.1; yang ada: 2024\.1, 2026\.1, 2026\.2"):
        await rescoring(store).dry_run(scope)
    with pytest.raises(Invalid):
        await rescoring(store).request(scope, "operator")


def test_an_unfinished_request_serves_an_equal_one_and_a_done_one_starts_a_new_round() -> None:
    requested = request(None, REQUEST, "d" * 64, "a", "2026-01-01")
    assert requested is not None
    assert request(requested[0], REQUEST, "d" * 64, "b", "2026-01-02") is None
    running = claim(requested[0], "one", 1000)
    assert running is not None
    assert claim(running[0], "two", 1000 + LEASE - 1) is None
    assert claim(running[0], "two", 1000 + LEASE) is not None
    assert claim(running[0], "one", 1001) is not None
    done = finish(running[0], "one", "2026-01-03")
    assert done is not None
    assert claim(done[0], "two", 9**12) is None
    again = request(done[0], REQUEST, "d" * 64, "b", "2026-01-04")
    assert again is not None
    assert (again[0]["round"], again[0]["cursor"], again[0]["by"]) == (2, "", "b")


async def test_a_later_rescore_of_the_same_scorecards_waits_for_an_earlier_one_at_work_elsewhere(
    store: SqliteStore,
) -> None:
    await add_scorecards(store)
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    here, there = Rescoring(store, FORMS, clock), Rescoring(store, FORMS, clock)
    elsewhere = REQUEST.model_copy(update={"region": "64.09"})
    await there.enqueue("first", REQUEST, "a", Fingerprint("1", "1"))
    clock.move_to(datetime(2026, 1, 2, tzinfo=UTC))
    for id, scope in (("all", REQUEST.model_copy(update={"region": None})), ("dry", DRY), ("far", elsewhere)):
        await here.enqueue(id, scope, "b", Fingerprint(id, id))
    claimed = await store.change(RESCORE.name, "first", lambda state: claim(state, "there", machine_ms()))
    assert claimed.changed

    await here.pending()
    found = {each.id: each.state["status"] for each in (await store.find(RESCORE.name, {}, limit=9)).documents}
    assert found == {"first": "running", "all": "queued", "dry": "done", "far": "queued"}

    await store.change(RESCORE.name, "first", lambda state: finish(state, "there", "2026-01-03"))
    await here.pending()
    found = {each.id: each.state["status"] for each in (await store.find(RESCORE.name, {}, limit=9)).documents}
    assert set(found.values()) == {"done"}


def test_a_runner_that_lost_the_lease_saves_nothing() -> None:
    requested = request(None, REQUEST, "d" * 64, "a", "2026-01-01")
    assert requested is not None
    running = claim(requested[0], "one", 1000)
    assert running is not None
    checkpoint = Checkpoint("x", ["x"], RescoreReport().model_dump(mode="json"))

    assert save(running[0], "two", 2000, checkpoint) is None
    assert finish(running[0], "two", "2026-01-03") is None
    saved = save(running[0], "one", 2000, checkpoint)
    assert saved is not None
    assert (saved[0]["cursor"], saved[0]["chunk"], saved[0]["lease_until"]) == ("x", ["x"], 2000 + LEASE)


def test_the_document_is_plain_json() -> None:
    state = RescoreState(wish=REQUEST, digest="d", by="a", begun="2026-01-01").to_state()

    assert json.loads(json.dumps(state)) == state
    assert (state["region"], state["year"], state["status"]) == ("61.12", 2025, "queued")
    assert REQUEST.id == "61.12-2025-2026.2"
    assert RescoreRequest(region=None, year=None, catalogue="2026.2", dry_run=True).id == "all-all-2026.2-dry"


def changed(id: str, gain: int) -> Change:
    return Change(
        innovation=id,
        region="61.12",
        agency="dinkes",
        name=f"Inovasi {id}",
        before=Decimal(50),
        after=Decimal(50 + gain),
        verified_before=Decimal(0),
        verified_after=Decimal(0),
        rows=[RowChange(row="31", before=Decimal(50), after=Decimal(50 + gain))],
    )


def test_a_report_stays_small_and_keeps_the_greatest() -> None:
    report = RescoreReport()

    for gain in range(-100, 101):
        report.take(changed(f"i{gain:+04d}", gain))

    assert [each.gain for each in report.gains] == list(range(100, 100 - SHOWN, -1))
    assert [each.gain for each in report.losses] == list(range(-100, -100 + SHOWN))
    assert (report.seen, report.gained, report.lost, report.only_verified) == (201, 100, 100, 1)


def test_the_report_in_words() -> None:
    report = RescoreReport()
    report.take(changed("a", 12))
    report.take(changed("b", -3))
    report.take(None, waiting=True)
    report.take(None, alike=False)

    assert list(in_words(DRY, report)) == [
        "Uji coba penilaian ulang menurut katalog 2026.2, daerah 61.12, tahun 2025: 4 inovasi",
        "naik 1, turun 1, tetap 2",
        "jumlah poin +9; poin terverifikasi 0",
        "1 menunggu daerah atau katalognya dan dibiarkan",
        (
            "1 berdiri di atas formulir dengan penomoran lain: dihitung menurut padanan indikatornya, tidak pernah "
            "ditulis ulang; perangkat daerah perlu mengisi formulir baru"
        ),
        "indikator 31: naik 1, turun 1, jumlah +9 poin",
        "Kenaikan terbesar:",
        "  +12  61.12  Inovasi a [a]: 50 → 62 (31: 50 → 62)",
        "Penurunan terbesar:",
        "  -3  61.12  Inovasi b [b]: 50 → 47 (31: 50 → 47)",
    ]


def test_a_year_means_its_newest_revision() -> None:
    revisions: dict[str, Catalogue] = {
        f"2026.{number}": OLD.model_copy(update={"revision": number}) for number in (1, 2, 10)
    }

    assert newest(revisions, "2026", "--catalogue") == "2026.10"
    assert newest(revisions, "2026.2", "--catalogue") == "2026.2"
    with pytest.raises(Invalid, match="tidak ada katalog 2025"):
        newest(revisions, "2025", "--catalogue")
