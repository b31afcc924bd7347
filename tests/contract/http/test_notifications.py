"""The routes of notifications over HTTP, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.notifications.kinds import CONTACT
from shared.auth.policy import Principal, Role
from shared.faults import Unauthenticated
from shared.web.app import service_app
from tests.support.notifications_service import (
    AFTER,
    REGION,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    innovation,
    innovation_id,
    notifications_service,
    passed,
    region,
)

DINKES, DINSOS = agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")
PEOPLE = {
    "agency": Principal("account-a", Role.AGENCY, REGION, frozenset({DINKES})),
    "elsewhere": Principal("account-w", Role.AGENCY, "61.71", frozenset({DINKES})),
    "curator": Principal("account-c", Role.CURATOR, REGION),
    "stranger": Principal("account-s", Role.CURATOR, "61.71"),
    "executive": Principal("account-e", Role.EXECUTIVE, REGION),
    "operator": Principal("account-o", Role.OPERATOR),
}
BUDI = {"region": REGION, "agencies": [DINKES], "name": "Budi Santoso", "email": "budi@dinkes.example"}

OTHERS = agency_id("Dinas Lain")


class RoleGate:
    """A gate whose tokens are the keys of PEOPLE."""

    async def enter(self, token: str) -> Principal:
        if token not in PEOPLE:
            raise Unauthenticated("nobody")
        return PEOPLE[token]


@dataclass
class Api:
    """The service and a client of its routes."""

    service: NotificationsService
    http: httpx.AsyncClient

    async def request(self, who: str, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        headers = {"Authorization": f"Bearer {who}", **how.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **how)

    async def create_contact(self, key: str = "k", **more: Any) -> httpx.Response:  # noqa: ANN401 - fields by name
        return await self.request("curator", "POST", "/contacts", json=BUDI | more, headers={"Idempotency-Key": key})


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_service(tmp_path, at=AFTER) as service:
        await service.receive(region())
        await service.receive(agency())
        await service.receive(agency("Dinas Sosial"))
        await service.receive(innovation(by="Dinas Sosial"))
        await service.receive(passed("Spirit", by="Dinas Sosial"))
        app = service_app("notifications", service.service.router, RoleGate())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://satu") as http:
            yield Api(service, http)


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


async def test_a_contact_is_created_once_and_masked_in_lists(api: Api) -> None:
    made = await api.create_contact(phone="0812-3456-7890")
    assert made.status_code == 201
    assert made.json()["phone"] == "+6281234567890"
    again = await api.create_contact(phone="0812-3456-7890")
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert (await api.create_contact(name="Lain")).json()["type"] == "/problems/idempotency-key-reused"
    assert (await api.create_contact("other", name="Lain")).status_code == 409
    (listed,) = (await api.request("curator", "GET", "/contacts")).json()["items"]
    assert (listed["name"], listed["email"], listed["phone"]) == ("B••• S•••", "b•••@dinkes.example", "+62•••90")
    assert (await api.request("curator", "GET", "/contacts", params={"agency": DINSOS})).json()["items"] == []
    for who in ("agency", "executive", "operator"):
        assert (await api.request(who, "GET", "/contacts")).status_code == 403


async def test_a_contact_is_corrected_by_its_version(api: Api) -> None:
    made = await api.create_contact()
    place = f"/contacts/{made.json()['id']}"
    body = BUDI | {"email": "budi.baru@dinkes.example"}
    assert (await api.request("curator", "PUT", place, json=body)).status_code == 428
    seen = {"If-Match": made.headers["etag"]}
    corrected = await api.request("curator", "PUT", place, json=body, headers=seen)
    assert corrected.json()["email"] == "budi.baru@dinkes.example"
    assert (await api.request("curator", "PUT", place, json=body, headers=seen)).status_code == 412
    elsewhere = await api.request("curator", "PUT", place, json=body | {"region": "61.71"}, headers={"If-Match": "x"})
    assert elsewhere.status_code == 422
    assert (await api.request("stranger", "GET", place)).status_code == 403


async def test_erasing_a_person_leaves_no_personal_data_and_keeps_the_messages(api: Api) -> None:
    made = await api.create_contact()
    person = made.json()["id"]
    await api.service.remind()
    gone = await api.request("curator", "DELETE", f"/contacts/{person}", headers={"If-Match": made.headers["etag"]})
    assert gone.status_code == 204
    assert (await api.request("curator", "GET", f"/contacts/{person}")).status_code == 404
    stored = [each async for each in api.service.store.dump(CONTACT.name)]
    assert "budi" not in str(stored).lower()
    (message,) = (await api.request("curator", "GET", "/messages", params={"agency": DINKES})).json()["items"]
    assert (message["person"], message["status"], message["alerts"][0]["stage"]) == (person, "sent", "overdue")
    assert (await api.create_contact()).status_code == 409


async def test_bad_contacts_are_refused_with_their_fields(api: Api) -> None:
    bad = await api.create_contact(name=" ", email="bukan", phone="021-555", agencies=[], gaji=1)
    assert bad.status_code == 422
    assert {flaw["field"] for flaw in bad.json()["flaws"]} == {"name", "email", "phone", "agencies", "gaji"}


async def test_a_contact_names_agencies_of_its_own_region_only(api: Api) -> None:
    await api.service.receive(agency("Dinas Lain", region="61.71"))
    made = await api.create_contact(key="own")
    place, tag = f"/contacts/{made.json()['id']}", {"If-Match": made.headers["etag"]}

    created = await api.create_contact(key="foreign", agencies=[DINKES, OTHERS], email="lain@dinkes.example")
    corrected = await api.request("curator", "PUT", place, json=BUDI | {"agencies": [OTHERS]}, headers=tag)
    imported = await api.request(
        "curator",
        "POST",
        "/contacts/import",
        params={"region": REGION},
        content=f"nama,perangkat_daerah\nA,{DINKES}\nB,{OTHERS}|{DINKES}\n".encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "foreign"},
    )

    for answer, field in ((created, "agencies.1"), (corrected, "agencies.0"), (imported, "line.3.agencies")):
        assert answer.status_code == 422
        assert [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]] == [(field, "other-region")]
    assert (
        await api.create_contact(key="new", agencies=[agency_id("Belum Dikenal")], email="b@x.example")
    ).status_code == 201
    assert len((await api.request("curator", "GET", "/contacts")).json()["items"]) == 2


async def test_a_table_of_contacts_is_imported_completely_or_not_at_all(api: Api) -> None:
    async def post_table(table: str, key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "Content-Type": "text/csv; charset=utf-8"}
        return await api.request(
            "curator", "POST", "/contacts/import", params={"region": REGION}, content=table.encode(), headers=headers
        )

    bad = await post_table(
        "nama,email,perangkat_daerah\nBudi,b@x.example,Dinas Kesehatan\nSari,salah,Dinas Mana\n", "1"
    )
    assert [flaw["field"] for flaw in bad.json()["flaws"]] == ["line.3.email", "line.3.perangkat_daerah"]
    assert (await api.request("curator", "GET", "/contacts")).json()["items"] == []
    good = await post_table(f"agency,name,email,phone\n{DINKES},Budi,b@x.example,\n", "2")
    assert (good.status_code, good.json()["created"]) == (201, 1)
    await api.service.remind()
    (message,) = (await api.request("operator", "GET", "/messages")).json()["items"]
    place = f"/messages/{message['person']}/{message['number']}"
    one = (await api.request("operator", "GET", place)).json()
    assert (one["attempts"][0]["channel"], one["attempts"][0]["result"]) == ("log", "taken")
    assert (await api.request("stranger", "GET", place)).status_code == 403


async def test_agencies_without_a_reachable_contact_are_reported_to_the_curator(api: Api) -> None:
    await api.create_contact(email=None)
    answer = await api.request("curator", "GET", "/unreachable", params={"year": YEAR, "limit": 1})
    (found,) = answer.json()["items"]
    assert (found["agency"], found["agency_name"], found["contacts"]) == (DINKES, "Dinas Kesehatan", 1)
    assert (await api.request("agency", "GET", "/unreachable")).status_code == 403


async def test_the_operator_sees_what_is_held_and_whether_the_channel_is_stopped(api: Api) -> None:
    held = (await api.request("operator", "GET", "/held")).json()
    assert held == {"since": None, "alerts": [], "messages": []}
    assert (await api.request("operator", "GET", "/channel")).json() == {"name": "log", "stopped": False, "code": None}


async def test_every_route_is_described(api: Api) -> None:
    document = (await api.http.get("/openapi.json")).json()
    assert set(document["paths"]) == {
        "/obligations",
        "/obligations/{agency}/{year}",
        "/unreachable",
        "/exemptions",
        "/exemptions/{agency}/{year}",
        "/contacts",
        "/contacts/import",
        "/contacts/{person}",
        "/messages",
        "/messages/{person}/{number}",
        "/held",
        "/channel",
    }
