"""Previews and templates over HTTP, with the real facts of a region."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx2
import pytest

from services.notifications.api.preview import PreviewRoutes
from services.notifications.messages.office import OfficeDocument, Offices, office_repository
from services.notifications.messages.previewing import Previews
from services.notifications.messages.texts.whatsapp import whatsapp_templates
from shared.auth.policy import Principal, Role
from shared.faults import Unauthenticated
from shared.web.app import service_app
from tests.support.notifications_service import (
    REGION,
    WITHIN_30,
    YEAR,
    agency,
    agency_id,
    deadline,
    notifications_service,
    region,
)

DINKES = agency_id("Dinas Kesehatan")
PEOPLE = {
    "agency": Principal("account-a", Role.AGENCY, REGION, frozenset({DINKES})),
    "curator": Principal("account-c", Role.CURATOR, REGION),
    "stranger": Principal("account-s", Role.CURATOR, "61.71"),
}


class RoleGate:
    """A gate whose tokens are the keys of PEOPLE."""

    async def enter(self, token: str) -> Principal:
        if token not in PEOPLE:
            raise Unauthenticated("nobody")
        return PEOPLE[token]


class Api:
    """A client of the routes; the region's deadline was moved from the 20th to the 31st of December."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def preview(self, what: str, who: str = "curator", **query: str | int) -> httpx2.Response:
        params = {"region": REGION, "agency": DINKES, "year": YEAR, "what": what, **query}
        return await self.http.get("/preview", params=params, headers={"Authorization": f"Bearer {who}"})


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_service(tmp_path, at=WITHIN_30) as service:
        await service.receive(region(deadline(date(2026, 12, 20)), deadline(revision=2)))
        await service.receive(agency())
        office = OfficeDocument(region=REGION, name="Bappedalitbang", telephone="(0561) 000000")
        await office_repository(service.store).create(REGION, office)
        offices = Offices(service.store, public_url="https://inovasi.example", reply_to="")
        previews = Previews(service.store, service.parts.known_facts, offices, service.clock)
        app = service_app("notifications", PreviewRoutes(previews).router(), RoleGate())
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://satu") as http:
            yield Api(http)


async def test_a_preview_has_the_real_facts_and_an_invented_reader(api: Api) -> None:
    mail = (await api.preview("before-30")).json()
    chat = (await api.preview("before-30", channel="whatsapp")).json()

    assert "Kamis, 31 Desember 2026" in mail["text"]
    assert "Tersisa 26 hari sampai tenggat." in mail["text"]
    assert "Yth. Nama Penerima" in mail["text"]
    assert "Bappedalitbang, telepon (0561) 000000" in mail["text"]
    assert (mail["template"], mail["invented"]) == ("email@2", False)
    assert chat["variables"][:3] == ["Dinas Kesehatan", "2026", "31 Desember 2026"]
    assert chat["html"] == ""


async def test_what_a_curator_may_send_by_hand_can_be_read_before(api: Api) -> None:
    mail = (await api.preview("on-request")).json()

    assert "Kantor kurator mengirim pengingat ini di luar jadwal." in mail["text"]
    assert "Tersisa 26 hari sampai tenggat." in mail["text"]
    assert not mail["invented"]


async def test_a_moved_deadline_is_shown_as_it_was_moved(api: Api) -> None:
    moved = (await api.preview("moved")).json()

    assert "dari 20 Desember 2026 menjadi 31 Desember 2026 (dasar: SE 1/2026)" in moved["text"]
    assert not moved["invented"]


@pytest.mark.parametrize(
    "what", ["opened-again", "returned", "verified", "scored", "cancelled", "registry-behind", "confirm", "weekly"]
)
async def test_what_has_not_happened_is_shown_with_invented_facts(api: Api, what: str) -> None:
    shown = (await api.preview(what)).json()

    assert shown["invented"]
    assert shown["text"]


async def test_a_preview_is_for_the_curator_of_the_region_and_known_words(api: Api) -> None:
    assert (await api.preview("before-30", "agency")).status_code == 403
    assert (await api.preview("before-30", "stranger")).status_code == 403
    assert (await api.preview("nothing")).status_code == 422
    assert (await api.preview("before-30", agency=agency_id("Dinas Lain"))).status_code == 404
    assert (await api.preview("before-30", year=2030)).status_code == 404


async def test_templates_are_listed_as_they_are_submitted(api: Api) -> None:
    answer = await api.http.get("/templates", headers={"Authorization": "Bearer curator"})

    items = {each["name"]: each for each in answer.json()["items"]}
    assert items.keys() == {"email", *whatsapp_templates()}
    submitted = items["satu_pengingat_kewajiban"]["submission"]
    assert submitted["name"] == "satu_pengingat_kewajiban_v1"
    assert (submitted["category"], submitted["language"]) == ("UTILITY", "id")
    assert len(submitted["components"][0]["example"]["body_text"][0]) == 5
