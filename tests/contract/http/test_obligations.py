"""What lists of obligations and exemptions show and by what they are filtered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.contracts.vocabulary import CountsWhen, InnovationStatus
from shared.web.app import service_app
from tests.support.notifications_api import Api, RoleGate
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    REGION,
    YEAR,
    agency,
    agency_id,
    innovation,
    notifications_service,
    passed,
    region,
)

LATE = AFTER - timedelta(hours=1)
NAMES = ("Belum", "Draf", "Menunggu", "Terlambat", "Tepat", "Belum Terdengar")


async def names(api: Api, **params: Any) -> set[str]:  # noqa: ANN401 - query parameters
    """The agencies of the listed obligations."""
    page = (await api.request("curator", "GET", "/obligations", params=params)).json()
    return {each["agency_name"] for each in page["items"]}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """After the deadline, in a region where the curator decides: an agency in each state."""
    async with notifications_service(tmp_path, at=AFTER) as service:
        await service.receive(region(counts_when=CountsWhen.VERIFIED))
        for name in NAMES:
            await service.receive(agency(name))
        verified = InnovationStatus.VERIFIED
        await service.receive(innovation("D", by="Draf", status=InnovationStatus.DRAFT, turn=1, since=BEFORE))
        await service.receive(innovation("M", by="Menunggu", turn=1, since=BEFORE))
        await service.receive(
            innovation("T", by="Terlambat", first=LATE, status=verified, verified=LATE, turn=2, since=LATE)
        )
        await service.receive(innovation("O", by="Tepat", status=verified, verified=AFTER, turn=2, since=AFTER))
        await service.receive(passed("X", by="Belum Terdengar"))
        app = service_app("notifications", service.service.router, RoleGate())
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://satu") as http:
            yield Api(service, http)


async def test_obligations_are_found_by_status_phase_and_lateness(api: Api) -> None:
    assert await names(api) == set(NAMES)
    assert await names(api, status="overdue") == {"Belum", "Draf"}
    assert await names(api, status="open") == {"Menunggu", "Belum Terdengar"}
    assert await names(api, phase="waiting") == {"Menunggu"}
    assert await names(api, phase="registry", region=REGION) == {"Belum Terdengar"}
    assert await names(api, late=True, year=YEAR) == {"Terlambat"}
    assert await names(api, status="fulfilled", late=False) == {"Tepat"}


async def test_an_obligation_says_how_far_it_has_come_and_since_when_it_waits(api: Api) -> None:
    async def read(name: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await api.request("curator", "GET", f"/obligations/{agency_id(name)}/{YEAR}")).json()
        return answer

    none, draft, waiting, late = [await read(name) for name in ("Belum", "Draf", "Menunggu", "Terlambat")]
    assert (none["progress"], none["progress_since"], none["late"]) == ("none", None, False)
    assert (draft["progress"], draft["progress_since"]) == ("draft", "2026-06-01T03:00:00Z")
    assert (waiting["waiting"], waiting["waiting_since"]) == ("verification", "2026-06-01T03:00:00Z")
    assert (late["progress"], late["late"], late["on_time"], late["hour"]) == ("verified", True, False, None)
    assert (await read("Belum Terdengar"))["waiting_since"] == "2026-12-31T17:00:00Z"


async def test_exemptions_are_listed_with_those_that_were_lifted(api: Api) -> None:
    body = {"decree": "417/2026", "decree_date": "2026-11-02", "reason": "Baru dibentuk."}
    for name in ("Belum", "Draf"):
        granted = await api.request("curator", "PUT", f"/exemptions/{agency_id(name)}/{YEAR}", json=body)
        assert (granted.json()["decree_date"], granted.json()["agency_name"]) == ("2026-11-02", name)
    seen = {"If-Match": granted.headers["etag"]}
    assert (
        await api.request("curator", "DELETE", f"/exemptions/{agency_id('Draf')}/{YEAR}", headers=seen)
    ).status_code == 204

    async def listed(**params: object) -> dict[str, bool]:
        page = (await api.request("curator", "GET", "/exemptions", params=params)).json()
        return {each["agency_name"]: each["in_force"] for each in page["items"]}

    assert await listed() == await listed(region=REGION, year=YEAR) == {"Belum": True, "Draf": False}
    assert await listed(year=YEAR, in_force=True) == {"Belum": True}
    assert await listed(year=YEAR + 1) == {}
    assert (await api.service.obligation("Draf")).spell == "exemption/1"
