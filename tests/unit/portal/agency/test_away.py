"""Pages of an agency while its owners do not answer: what the portal knows itself stands, the rest says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from services.portal.agency.routes import agency_pages
from services.portal.kinds import KINDS
from services.portal.model.model import Model
from services.portal.model.views.freshness import Freshness
from services.portal.owners.client import NoTokens, Owners
from services.portal.pages.render import Pages
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Role
from shared.clock import Clock
from shared.web.routes import Routes
from tests.support.portal.asked import asking

NOBODY = "http://127.0.0.1:9"
GROUPS = 15


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    store = SqliteStore(tmp_path / "portal.sqlite")
    await store.open(KINDS)
    model = Model(store, lambda: Freshness(building=True, as_of=None))
    owners = Owners(NoTokens(), dict.fromkeys(("registry", "scoring", "notifications"), NOBODY))
    made: list[Routes] = []

    def nth(number: int, pages: Pages) -> Routes:
        if not made:
            made.extend(agency_pages(pages, model, owners, Clock()))
        return made[number]

    groups = [lambda pages, number=number: nth(number, pages) for number in range(GROUPS)]
    async with asking(*groups, role=Role.AGENCY) as client:
        yield client
    await owners.close()
    await store.close()


@pytest.mark.parametrize("path", ["/opd", "/opd/inovasi", "/opd/inovasi/baru", "/opd/pemberitahuan"])
async def test_lists_stand_without_their_owners(http: httpx2.AsyncClient, path: str) -> None:
    answer = await http.get(path)

    assert (answer.status_code, "<h1" in answer.text) == (200, True)
    assert path == "/opd/inovasi/baru" or "sedang dibangun" in answer.text


async def test_the_lists_of_contacts_and_ideas_say_that_they_cannot_be_shown(http: httpx2.AsyncClient) -> None:
    for path, what in (("/opd/kontak", "Daftar kontak"), ("/opd/gagasan", "Daftar gagasan")):
        answer = await http.get(path)

        assert (answer.status_code, f"{what} sedang tidak dapat ditampilkan." in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["", "/profil/dasar", "/bukti/16", "/skor", "/tindak-lanjut", "/ajukan"])
async def test_what_only_the_registry_has_is_told_to_be_away(http: httpx2.AsyncClient, path: str) -> None:
    answer = await http.get(f"/opd/inovasi/0b7c1f9e-3f55-5d7c-9a53-1f0b0f6f2c11{path}")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Isian Anda belum hilang" in answer.text
