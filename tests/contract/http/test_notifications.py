"""The routes of notifications over HTTP, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.notifications_api import Api, notifications_api
from tests.support.notifications_service import (
    REGION,
    YEAR,
    agency_id,
    innovation,
    innovation_id,
    passed,
)

DINKES, DINSOS = agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        await api.service.receive(innovation(by="Dinas Sosial"))
        await api.service.receive(passed("Spirit", by="Dinas Sosial"))
        yield api


async def test_obligations_are_listed_within_the_scope_of_the_account(api: Api) -> None:
    for who, expected in (("agency", {DINKES}), ("curator", {DINKES, DINSOS}), ("operator", {DINKES, DINSOS})):
        page = (await api.request(who, "GET", "/obligations", params={"year": YEAR})).json()
        assert {each["agency"] for each in page["items"]} == expected
    assert (await api.request("stranger", "GET", "/obligations")).json()["items"] == []
    assert (await api.request("elsewhere", "GET", "/obligations")).json()["items"] == []
    assert (await api.request("elsewhere", "GET", f"/obligations/{DINKES}/{YEAR}")).status_code == 403
    assert (await api.request("stranger", "GET", "/obligations", params={"region": REGION})).status_code == 403
    assert (await api.request("agency", "GET", "/obligations", params={"agency": DINSOS})).status_code == 403
    assert (await api.http.get("/obligations")).status_code == 401


async def test_an_obligation_shows_its_status(api: Api) -> None:
    answer = await api.request("executive", "GET", f"/obligations/{DINSOS}/{YEAR}")
    body = answer.json()
    assert (body["status"], body["on_time"], body["counted"]) == ("fulfilled", True, [innovation_id("Spirit")])
    assert body["agency_name"] == "Dinas Sosial"
    assert answer.headers["etag"].strip('"').isdigit()
    assert (await api.request("agency", "GET", f"/obligations/{DINSOS}/{YEAR}")).status_code == 403
    assert (await api.request("operator", "GET", f"/obligations/{DINSOS}/2031")).status_code == 404


async def test_lists_come_in_pages(api: Api) -> None:
    first = await api.request("curator", "GET", "/obligations", params={"limit": 1, "status": "overdue"})
    assert [each["agency"] for each in first.json()["items"]] == [DINKES]
    pages = [(await api.request("curator", "GET", "/obligations", params={"limit": 1})).json()]
    while pages[-1]["next"]:
        more = await api.request("curator", "GET", "/obligations", params={"limit": 1, "after": pages[-1]["next"]})
        pages.append(more.json())
    assert {each["agency"] for page in pages for each in page["items"]} == {DINKES, DINSOS}


async def test_an_exemption_is_granted_corrected_and_lifted(api: Api) -> None:
    place = f"/exemptions/{DINKES}/{YEAR}"
    body = {"decree": "100.3.3.2/417/2026", "reason": "Dibentuk pada triwulan IV."}
    granted = await api.request("curator", "PUT", place, json=body)
    assert granted.status_code == 200
    duty = (await api.request("agency", "GET", f"/obligations/{DINKES}/{YEAR}")).json()
    assert (duty["status"], duty["ground"]) == ("exempted", "decree")
    assert (await api.request("curator", "PUT", place, json=body)).headers["etag"] == granted.headers["etag"]
    other = body | {"decree": "418/2026"}
    assert (await api.request("curator", "PUT", place, json=other)).status_code == 428
    seen = {"If-Match": granted.headers["etag"]}
    changed = await api.request("curator", "PUT", place, json=other, headers=seen)
    assert changed.json()["decree"] == "418/2026"
    assert (await api.request("curator", "PUT", place, json=body, headers=seen)).status_code == 412
    assert (await api.request("curator", "DELETE", place, headers=seen)).status_code == 412
    lifted = await api.request("curator", "DELETE", place, headers={"If-Match": changed.headers["etag"]})
    assert lifted.status_code == 204
    assert (await api.request("curator", "GET", place)).status_code == 404
    assert (await api.service.obligation()).phase == "overdue"
    assert (await api.request("stranger", "PUT", place, json=body)).status_code == 403
    assert (await api.request("curator", "PUT", "/exemptions/nobody/2026", json=body)).status_code == 404


async def test_agencies_without_a_reachable_contact_are_reported_to_the_curator(api: Api) -> None:
    await api.create_contact(email=None)
    answer = await api.request("curator", "GET", "/unreachable", params={"year": YEAR, "limit": 1})
    (found,) = answer.json()["items"]
    assert (found["agency"], found["agency_name"], found["contacts"]) == (DINKES, "Dinas Kesehatan", 1)
    assert (await api.request("agency", "GET", "/unreachable")).status_code == 403


async def test_the_operator_sees_what_is_held_and_whether_the_channel_is_stopped(api: Api) -> None:
    held = (await api.request("operator", "GET", "/held")).json()
    assert held == {"since": None, "alerts": [], "messages": []}
    answer = (await api.request("operator", "GET", "/channel")).json()
    assert (answer["name"], answer["stopped"], answer["code"]) == ("log", False, None)
    assert (await api.request("operator", "GET", "/channels")).json() == {"items": []}


async def test_every_route_is_described(api: Api) -> None:
    document = (await api.http.get("/openapi.json")).json()
    assert set(document["paths"]) == {
        "/audit",
        "/audit.csv",
        "/audit/seal",
        "/exports/contacts.{format}",
        "/obligations",
        "/obligations/{agency}/{year}",
        "/unreachable",
        "/exemptions",
        "/exemptions/{agency}/{year}",
        "/contacts",
        "/contacts/import",
        "/contacts/notice",
        "/alert-policies/{region}",
        "/mode",
        "/mode/effect",
        "/stop",
        "/due",
        "/contacts/{person}",
        "/confirm/{token}",
        "/office/{region}",
        "/messages",
        "/messages/export",
        "/messages/{person}/{number}",
        "/preview",
        "/reminders",
        "/reminders/preview",
        "/reminders/{id}",
        "/templates",
        "/performance",
        "/held",
        "/channel",
        "/channels",
        "/webhooks/whatsapp",
        "/contacts/imports",
        "/contacts/imports/{person}",
        "/contacts/imports/{person}/findings",
        "/contacts/imports/{person}/report.{format}",
        "/recaps/{region}/{year}",
        "/recaps/{region}/{year}/agencies/{agency}",
        "/recaps/{region}/{year}/agencies/{agency}/facts.pdf",
        "/recaps/{region}/{year}/facts.pdf",
        "/recaps/{region}/{year}/recap.{format}",
    }
