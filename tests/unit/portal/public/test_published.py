"""The public pages of frozen rankings and competitions, on what scoring answers the public."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from starlette.routing import Mount, Router

from services.portal.owners.client import NoTokens, Owners
from services.portal.public.published.competitions import CompetitionPages
from services.portal.public.published.freezes import FreezePages
from services.portal.public.published.source import Published
from services.scoring.kinds import KINDS
from shared.adapters.sqlite.store import SqliteStore
from tests.support.paths import ROOT
from tests.support.portal.asked import asking
from tests.support.portal_model.told import told_model
from tests.support.scoring_service import PONTIANAK, ScoringService, add_examples, opened

TERMS = yaml.safe_load((ROOT / "examples/pontianak/competition.yaml").read_text())["terms"] | {
    "entrance": {"first": "2025-09-18", "last": "2025-10-18"},
    "milestones": [{"name": "Final", "first": "2025-11-19", "last": "2025-11-20"}],
}
JURY = {"maturity_weight": 50, "criteria": [{"slug": "kebaruan", "name": "Kebaruan", "weight": 50}]}
YEAR = {"region": PONTIANAK, "year": 2025}


@dataclass
class Site:
    """scoring: whose answers are shown; visitor: of the pages."""

    scoring: ScoringService
    visitor: httpx2.AsyncClient
    owners: Owners

    async def page(self, path: str, status: int = 200) -> str:
        answer = await self.visitor.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    async def freeze(self, key: str, **body: Any) -> str:  # noqa: ANN401 - what is asked
        answer = await self.scoring.request("POST", "/rankings/freezes", "curator", body, Idempotency_Key=key)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def compete(self, **changes: Any) -> str:  # noqa: ANN401 - any of the terms
        body = {"region": PONTIANAK, "terms": TERMS | changes}
        answer = await self.scoring.request("POST", "/competitions", "curator", body, Idempotency_Key="lomba")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def go_away(self) -> None:
        """Scoring answers nothing more."""
        await self.owners.close()

        def refuse(request: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("away", request=request)

        self.owners._http = httpx2.AsyncClient(transport=httpx2.MockTransport(refuse))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    owners = Owners(NoTokens(), {})
    owners.listening("http://here.test")
    async with told_model(tmp_path) as told, opened(store) as scoring:
        clock, published = scoring.clock, Published(owners)
        served = Router([Mount("/scoring/v1", scoring.app)])
        owners._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=served))
        async with asking(
            lambda pages: FreezePages(pages, told.model, owners, published, clock),
            lambda pages: CompetitionPages(pages, told.model, published, clock),
        ) as visitor:
            yield Site(scoring, visitor, owners)
    await owners.close()
    await store.close()


# --- Freezes ---


async def test_a_freeze_is_listed_and_shown_with_places_certificates_and_files(site: Site) -> None:
    await add_examples(site.scoring)
    id = await site.freeze("a", **YEAR)
    listed = await site.page("/peringkat/beku?tahun=2025")
    shown = await site.page(f"/peringkat/beku/{id}")
    table = await site.page(f"/peringkat/beku/{id}/unduh.csv")
    book = await site.visitor.get(f"/peringkat/beku/{id}/unduh.xlsx")
    paper = await site.visitor.get(f"/peringkat/beku/{id}/piagam/peci.pdf")

    assert f'href="/peringkat/beku/{id}"' in listed
    assert "3 Desember 2025" in shown
    assert [shown.index(name) for name in ("Inovasi baca", "Inovasi peci", "Inovasi anakku", "Inovasi klinik")] == (
        sorted(shown.index(name) for name in ("Inovasi baca", "Inovasi peci", "Inovasi anakku", "Inovasi klinik"))
    )
    assert f'href="/peringkat/beku/{id}/piagam/klinik.pdf"' in shown
    assert "Inovasi menunggu" not in shown + table
    assert "baca" in table
    assert 'filename="peringkat-61.71-2025-1.xlsx"' in book.headers["content-disposition"]
    assert paper.content.startswith(b"%PDF")


async def test_a_correction_says_its_reason_and_how_places_moved(site: Site) -> None:
    await site.scoring.add("peci", 3, verified=2)
    await site.scoring.add("baca", 3, verified=1)
    first = await site.freeze("a", **YEAR)
    before = await site.page(f"/peringkat/beku/{first}")
    await site.scoring.add("baca", 3, verified=3)
    second = await site.freeze("b", **YEAR, reason="Verifikasi terlambat dicatat.")
    fresh = await site.page(f"/peringkat/beku/{second}")

    assert "sudah dikoreksi" not in before
    assert "Pergerakan" not in before
    assert "Alasan pembekuan ulang: Verifikasi terlambat dicatat." in fresh
    assert "naik 1" in fresh
    assert "turun 1" in fresh


async def test_the_older_freeze_leads_to_its_correction(site: Site) -> None:
    await site.scoring.add("peci", 3, verified=2)
    first = await site.freeze("a", **YEAR)
    second = await site.freeze("b", **YEAR, reason="Satu inovasi ditarik.")
    older = await site.page(f"/peringkat/beku/{first}")

    assert f'href="/peringkat/beku/{second}"' in older
    assert "Satu inovasi ditarik." in older


async def test_a_long_freeze_comes_in_pages(site: Site) -> None:
    for number in range(53):
        await site.scoring.add(f"inovasi-{number:02}", 3, verified=2, days=number % 7)
    id = await site.freeze("a", **YEAR)
    pages = [await site.page(f"/peringkat/beku/{id}{query}") for query in ("", "?sesudah=50", "?sesudah=x&bagian=9")]

    assert [page.count("piagam/") for page in pages] == [50, 3, 50]
    assert "sesudah=50" in pages[0]
    assert "sesudah" not in pages[1]


async def test_a_freeze_that_is_shown_again_is_not_asked_for_again(site: Site) -> None:
    for number in range(30):
        await site.scoring.add(f"inovasi-{number:02}", 3, verified=2)
    path = f"/peringkat/beku/{await site.freeze('a', **YEAR)}"
    await site.page(path)
    await site.go_away()

    assert (await site.page(path)).count("Inovasi inovasi-") == 60  # the name and its certificate's


async def test_what_is_not_there_is_said_to_be_missing(site: Site) -> None:
    missing = {
        "/peringkat/beku/61.71/2025/1": 404,
        "/peringkat/beku/61.71/tidak-ada/1": 404,
        "/peringkat/beku/xx/2025/1": 404,
        "/peringkat/beku/61.71/2025/0": 404,
        "/peringkat/beku/61.71/..%2f2025/1": 404,
        "/peringkat/beku/61.71/2025/1/unduh.csv": 404,
        "/peringkat/beku/61.71/2025/1/unduh.exe": 404,
        "/peringkat/beku/61.71/2025/1/piagam/peci.pdf": 404,
        "/peringkat/beku?sesudah=x": 422,
        "/peringkat/lomba/tidak-ada": 404,
        "/peringkat/lomba?sesudah=x": 422,
    }

    assert {path: (await site.visitor.get(path)).status_code for path in missing} == missing


# --- Competitions ---


async def test_a_competition_is_shown_with_terms_entrance_and_standings_until_it_is_frozen(site: Site) -> None:
    await add_examples(site.scoring)
    id = await site.compete()
    listed = await site.page("/peringkat/lomba?tahun=2025")
    shown = await site.page(f"/peringkat/lomba/{id}")

    assert TERMS["name"] in listed
    assert "Pendaftaran ditutup 18 Oktober 2025" in listed
    assert "masih dapat berubah" in shown
    assert "Kecamatan" in shown
    assert shown.index("Inovasi peci") < shown.index("Inovasi anakku")
    assert "piagam" not in shown, "certificates are of a freeze"
    frozen = await site.freeze("a", competition=id)
    assert "juara" in await site.page(f"/peringkat/beku/{frozen}")


async def test_marks_and_standings_of_a_jury_are_nowhere_until_the_freeze(site: Site) -> None:
    await add_examples(site.scoring)
    id = await site.compete(jury=JURY)
    before = await site.page(f"/peringkat/lomba/{id}")

    assert "diumumkan setelah kurator membekukan" in before
    assert "Peringkat sementara" not in before
    assert "Inovasi peci" not in before
    frozen = await site.freeze("a", competition=id)
    assert "Inovasi peci" in await site.page(f"/peringkat/beku/{frozen}")


async def test_of_many_groups_a_few_are_on_a_page_and_each_has_its_own(site: Site) -> None:
    for number in range(12):
        await site.scoring.add(f"dinas-{number:02}", 3, verified=2)
    await site.scoring.add("camat", 3, verified=2, agency="kecamatan-kota")
    groups = [{"slug": "a", "name": "Dinas", "kinds": ["dinas"]}, {"slug": "b", "name": "Lainnya"}]
    id = await site.compete(groups=groups, categories=[])
    whole = await site.page(f"/peringkat/lomba/{id}")
    alone = await site.page(f"/peringkat/lomba/{id}?bagian=1")

    assert whole.count("Inovasi dinas-") == 10
    assert "Inovasi camat" in whole
    assert f'href="/peringkat/lomba/{id}?bagian=1"' in whole
    assert alone.count("Inovasi dinas-") == 12
    assert "Inovasi camat" not in alone


async def test_lists_say_that_scoring_is_away_and_the_rest_stands(site: Site) -> None:
    await site.go_away()
    freezes, competitions = await asyncio.gather(site.page("/peringkat/beku"), site.page("/peringkat/lomba"))

    assert "Daftar pembekuan sedang tidak dapat ditampilkan" in freezes
    assert "Daftar lomba sedang tidak dapat ditampilkan" in competitions
    assert "Semua tahun" in freezes
    await site.page("/peringkat/lomba/apa-saja", 503)
    await site.page("/peringkat/beku/61.71/2025/1/unduh.csv", 503)


async def test_the_standings_may_be_away_while_the_terms_stand(site: Site) -> None:
    await add_examples(site.scoring)
    id = await site.compete()

    async def half(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith(("/standings", "/freezes")):
            return httpx2.Response(503)
        return await site.scoring.request("GET", request.url.path.removeprefix("/scoring/v1"))

    await site.owners.close()
    site.owners._http = httpx2.AsyncClient(transport=httpx2.MockTransport(half))
    shown = await site.page(f"/peringkat/lomba/{id}")

    assert "Peringkat lomba sedang tidak dapat ditampilkan" in shown
    assert "Daftar pembekuan sedang tidak dapat ditampilkan" in shown
    assert "Final: 19 November 2025" in shown
