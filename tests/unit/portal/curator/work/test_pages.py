"""The curator's pages without a process: what stands while an owner does not answer, and what is never shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import pytest

from services.portal.curator.work.pages import curator_work
from services.portal.model.model import Model
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.web.routes import Routes
from tests.support.portal.asked import asking
from tests.unit.portal.curator.work.region import CODE, RegionModel, StandingClock, innovation, no_owners


@asynccontextmanager
async def curator(model: RegionModel, role: Role | None = Role.CURATOR) -> AsyncIterator[httpx2.AsyncClient]:
    owners = no_owners()
    made: list[Routes] = []

    def group(at: int) -> Any:  # noqa: ANN401 - a function of Pages
        def of(pages: Pages) -> Routes:
            if not made:
                made.extend(curator_work(pages, cast("Model", model), owners, StandingClock()))
            return made[at]

        return of

    count = len(curator_work(cast("Pages", None), cast("Model", None), owners, StandingClock()))
    async with asking(*(group(at) for at in range(count)), role=role) as client:
        yield client
    await owners.close()


async def test_lists_and_board_stand_while_no_owner_answers() -> None:
    async with curator(RegionModel([innovation()])) as client:
        home, queue, board = [(await client.get(path)).text for path in ("/kurator", "/kurator/antrean", KEPATUHAN)]

    assert "Adu KPM" in home
    assert "Terlama menunggu: 10 hari" in home
    assert "sedang dibangun" in home
    assert "10 hari" in queue
    assert "?sesudah=next" in queue
    assert "Belum, 3 hari lagi" in board
    assert "Batas waktu 3 Desember 2026" in board


KEPATUHAN = "/kurator/kepatuhan"


async def test_of_an_innovation_the_known_stands_while_the_registry_does_not_answer() -> None:
    async with curator(RegionModel([innovation()])) as client:
        answer = await client.get("/kurator/inovasi/i1")

    assert answer.status_code == 200
    assert "Adu KPM" in answer.text
    assert "Isian dan bukti inovasi ini sedang tidak dapat ditampilkan" in answer.text


async def test_nothing_of_another_region_is_shown() -> None:
    async with curator(RegionModel([innovation(region="61.71")])) as client:
        assert (await client.get("/kurator/inovasi/i1")).status_code == 404
        assert (await client.get(f"{KEPATUHAN}/unknown")).status_code == 404


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/kurator/indeks", "Indeks"),
        ("/kurator/indeks/spd/2026", "Isian SPD"),
        ("/kurator/indeks/andai", "Perhitungan"),
        ("/kurator/peringkat", "Peringkat"),
        ("/kurator/peringkat/lomba", "Daftar lomba"),
        ("/kurator/tahapan", "Hitungan tahapan"),
    ],
)
async def test_the_part_whose_owner_is_away_says_so(path: str, part: str) -> None:
    async with curator(RegionModel()) as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert f"{part} sedang tidak dapat ditampilkan" in answer.text


@pytest.mark.parametrize("role", [Role.AGENCY, Role.EXECUTIVE, Role.OPERATOR, None])
async def test_only_curators_come_in(role: Role | None) -> None:
    async with curator(RegionModel(), role) as client:
        answer = await client.get("/kurator")

    assert answer.status_code == (403 if role else 303)


async def test_two_hundred_agencies_on_one_look_cost_a_small_page() -> None:
    async with curator(RegionModel(lines=200)) as client:
        answer = await client.get(KEPATUHAN, headers={"accept-encoding": "gzip"})

    assert answer.text.count('<th scope="row">') == 200
    assert int(answer.headers["content-length"]) <= 12_000


async def test_an_empty_queue_says_that_all_is_decided() -> None:
    async with curator(RegionModel()) as client:
        queue = (await client.get("/kurator/antrean")).text

    assert "Tidak ada yang menunggu" in queue
    assert CODE in (await _home())


async def _home() -> str:
    async with curator(RegionModel()) as client:
        return (await client.get("/kurator")).text
