"""What scoring keeps of agencies: the newest, whatever comes first and however often."""

from __future__ import annotations

import asyncio
from itertools import permutations
from pathlib import Path

import pytest

from services.scoring import known
from services.scoring.handlers import Scoring
from services.scoring.kinds import KINDS, KNOWN_AGENCY
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered, AgencyRetired
from shared.contracts.contract import draft
from shared.contracts.event import Event
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Unreadable
from tests.support.scoring_examples import KUBU_RAYA, ORIGIN, region

FIRST = AgencyRegistered(id="dinsos", region=KUBU_RAYA, name="Dinsos", kind=AgencyKind.DINAS)
RENAMED = AgencyRegistered(id="dinsos", region=KUBU_RAYA, name="Dinas Sosial", kind=AgencyKind.DINAS)
RETIRED = AgencyRetired(**RENAMED.model_dump() | {"retired": True})


def _events() -> list[Event]:
    return [
        draft(contract, said, KUBU_RAYA, ORIGIN).stamp("agency", "dinsos", sequence)
        for contract, said, sequence in (
            (AGENCY_REGISTERED, FIRST, 1),
            (AGENCY_REGISTERED, RENAMED, 2),
            (AGENCY_RETIRED, RETIRED, 3),
        )
    ]


async def test_in_any_order_and_twice_the_newest_stays(tmp_path: Path) -> None:
    for number, order in enumerate(permutations([*_events(), _events()[0]])):
        store = SqliteStore(tmp_path / f"{number}.sqlite")
        await store.open(KINDS)
        scoring = Scoring(store, {}, Clock())
        for event in order:
            await scoring.on_agency(*contracts.decode_event(event.encode()))

        kept = await store.get(KNOWN_AGENCY.name, "dinsos")
        await store.close()

        assert kept is not None
        assert (kept.state["agency_sequence"], kept.state["agency"]["name"]) == (3, "Dinas Sosial")
        assert kept.state["agency"]["retired"] is True


async def test_a_region_that_was_read_lately_is_read_again_after_a_second_or_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, seconds = SqliteStore(tmp_path / "scoring.sqlite"), 100.0
    monkeypatch.setattr(known, "machine_seconds", lambda: seconds)
    await store.open(KINDS)
    here, elsewhere = known.UsedRegions(store), known.UsedRegions(store)

    async def used() -> tuple[int, str] | None:
        found = await here.of(KUBU_RAYA)
        return None if found is None else (found.sequence, found.catalogue)

    assert await used() is None
    await elsewhere.keep(region(catalogue="2024.1"), 1)
    assert await used() == (1, "2024.1"), "that a region is not known is not remembered"
    await elsewhere.keep(region(catalogue="2026.1"), 2)
    assert await used() == (1, "2024.1")
    assert (await here.now(KUBU_RAYA)) == (await elsewhere.of(KUBU_RAYA))
    seconds += 1
    assert await used() == (2, "2026.1")

    reading = asyncio.ensure_future(here.of(KUBU_RAYA))
    await here.keep(region(catalogue="2024.1"), 3)
    await reading
    assert await used() == (3, "2024.1")
    await store.close()


async def test_an_event_whose_subject_is_another_agency_is_unreadable(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    event = draft(AGENCY_REGISTERED, FIRST, KUBU_RAYA, ORIGIN).stamp("agency", "another", 1)

    with pytest.raises(Unreadable):
        await Scoring(store, {}, Clock()).on_agency(event, FIRST)

    await store.close()
