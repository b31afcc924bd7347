"""The routes about messages over HTTP, on a real store: lists, history, export, office."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter

from services.notifications.api.messages import MessageRoutes
from services.notifications.api.office import OfficeRoutes
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import KINDS
from services.notifications.known import KnownFacts
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.message import Message, Via
from services.notifications.messages.office import Offices
from services.notifications.messages.outcome import with_answer
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.texts.details import Office
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind
from shared.faults import Unauthenticated
from shared.web.app import service_app
from tests.support.notifications_service import REGION, agency, agency_id, region

DINKES, DINSOS = agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")
NOON = datetime(2026, 12, 3, 5, tzinfo=UTC)  # 12.00 WIB
SETTLED = datetime(2026, 12, 3, 5, 1, tzinfo=UTC)
PEOPLE = {
    "agency": Principal("account-a", Role.AGENCY, REGION, frozenset({DINKES})),
    "curator": Principal("account-c", Role.CURATOR, REGION),
    "stranger": Principal("account-s", Role.CURATOR, "61.71"),
    "executive": Principal("account-e", Role.EXECUTIVE, REGION),
    "operator": Principal("account-o", Role.OPERATOR),
}
OFFICE = {"name": "Bappedalitbang", "telephone": "(0561) 000000", "reply_to": "kurator@kuburaya.example"}


class RoleGate:
    """A gate whose tokens are the keys of PEOPLE."""

    async def enter(self, token: str) -> Principal:
        if token not in PEOPLE:
            raise Unauthenticated("nobody")
        return PEOPLE[token]


@dataclass
class Api:
    """A store with two agencies, and a client of the routes."""

    store: SqliteStore
    http: httpx2.AsyncClient

    async def get(self, path: str, **query: str | int) -> httpx2.Response:
        return await self.http.get(path, params=query, headers={"Authorization": "Bearer curator"})

    async def put(self, path: str, body: dict[str, Any], who: str = "curator", **headers: str) -> httpx2.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.put(path, json=body, headers={"Authorization": f"Bearer {who}", **headers})

    async def listed(self, **query: str) -> list[str]:
        """`<person>/<number>` of a list."""
        items = (await self.get("/messages", **query)).json()["items"]
        return [f"{each['person']}/{each['number']}" for each in items]

    async def person(self, id: str, of: str, name: str = "Budi Santoso", **more: Any) -> None:  # noqa: ANN401 - fields by name
        contact = Contact.of(region=REGION, agencies=[of], name=name, email=f"{id}@dinas.example", **more)
        await ContactDirectory(self.store).register(id, contact)
        await contact_repository(self.store).create(id, contact)

    async def message(
        self, person: str, number: int, *reasons: Reason, at: datetime = NOON, answer: Answer | None = None
    ) -> None:
        message = Message.of(
            person=person,
            number=number,
            region=REGION,
            alerts=tuple(Alert(id=f"{person}{number}{each.what}", reason=each) for each in reasons),
            as_of=at.date(),
            mail=f"{person}-{number}",
            taken_at=_ms(at),
            due=_ms(at),
        )
        if answer is not None:
            via = Via(channel="email", template="email@2")
            opened = message.open_attempt(via, {alert.id for alert in message.alerts}, _ms(at) + 1000)
            assert opened is not None
            message = with_answer(opened, 1, answer, _ms(at) + 2000, SETTLED) or opened
        await message_repository(self.store).create(f"{person}/{number}", message)


def duty(what: str, of: str = DINKES, year: int = 2026) -> Reason:
    return Reason(kind=ReasonKind.DUTY, what=what, region=REGION, agency=of, year=year, deadline_revision=1)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    store = SqliteStore(tmp_path / "notifications.sqlite")
    await store.open(KINDS)
    known = KnownFacts(store)
    await known.keep_region(region(), 1)
    await known.keep_agency(agency(), 1)
    await known.keep_agency(agency("=Dinas; Sosial", id=DINSOS), 1)
    router = APIRouter()
    for routes in (MessageRoutes(store, known), OfficeRoutes(store, known)):
        router.routes.extend(routes.router().routes)
    transport = httpx2.ASGITransport(app=service_app("notifications", router, RoleGate()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://satu") as http:
        api = Api(store, http)
        await api.person("budi", DINKES)
        await api.person("ani", DINSOS, "Ani")
        yield api
    await store.close()


@pytest.fixture
async def three(api: Api) -> Api:
    """budi/1 was accepted, budi/2 has a wrong address, ani/1 waits."""
    await api.message("budi", 1, duty("before-30"), answer=Answer(AnswerClass.ACCEPTED))
    wrong = Answer(AnswerClass.RECIPIENT, "5.1.1")
    await api.message("budi", 2, duty("overdue"), at=datetime(2027, 1, 4, 2, tzinfo=UTC), answer=wrong)
    await api.message("ani", 1, duty("before-30", DINSOS), at=datetime(2026, 12, 3, 17, 30, tzinfo=UTC))
    return api


async def test_messages_are_listed_newest_first_with_masked_recipients(three: Api) -> None:
    items = (await three.get("/messages")).json()["items"]

    assert [(each["person"], each["number"]) for each in items] == [("budi", 2), ("ani", 1), ("budi", 1)]
    assert items[2]["recipient"] == {"name": "B••• S•••", "address": "b•••@dinas.example"}
    assert items[2]["status_words"] == "diserahkan"
    assert items[2]["reasons"] == ["Pengingat 30 hari sebelum tenggat"]
    assert "Santoso" not in str(items)


async def test_a_list_is_narrowed_by_each_filter(three: Api) -> None:
    assert await three.listed(agency=DINKES) == ["budi/2", "budi/1"]
    assert await three.listed(status="failed") == ["budi/2"]
    assert await three.listed(what="before-30") == ["ani/1", "budi/1"]
    assert await three.listed(channel="email") == ["budi/2", "budi/1"]
    assert await three.listed(channel="whatsapp") == []
    assert await three.listed(since="2026-12-04", until="2026-12-04") == ["ani/1"]  # 00.30 WIB
    assert await three.listed(until="2026-12-03") == ["budi/1"]
    assert await three.listed(agency=DINKES, what="before-30", status="sent") == ["budi/1"]


async def test_pages_of_a_filtered_list_are_full_and_complete(api: Api) -> None:
    for number in range(1, 10):
        await api.message("budi", number, duty("overdue" if number % 3 else "before-7"))

    first = (await api.get("/messages", what="before-7", limit=2)).json()
    rest = (await api.get("/messages", what="before-7", limit=2, after=first["next"])).json()

    assert [each["number"] for each in first["items"] + rest["items"]] in ([3, 6, 9], [9, 6, 3])
    assert len(first["items"]) == 2
    assert rest["next"] is None


async def test_days_out_of_bounds_and_unknown_words_are_refused(api: Api) -> None:
    for wrong in (
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"status": "gone"},
        {"what": "A b"},
        {"after": "x"},
    ):
        assert (await api.get("/messages", **wrong)).status_code == 422, wrong


async def test_a_message_tells_its_history_and_what_happens_next(three: Api) -> None:
    message = (await three.get("/messages/budi/2")).json()

    assert [line["step"] for line in message["history"]] == ["queued", "handed-over", "not-accepted"]
    assert message["history"][-1]["sentence"] == "Belum diterima: alamat surel tidak dikenal penyedianya."
    assert "kontak berikutnya" in message["next"]
    assert message["attempts"][0]["template"] == "email@2"


async def test_an_erased_contact_leaves_the_proof_without_a_person(three: Api) -> None:
    contacts = contact_repository(three.store)
    await contacts.amend("budi", None, lambda contact: (contact.without_personal_data(), None))

    message = (await three.get("/messages/budi/1")).json()

    assert message["recipient"] is None
    assert message["history"]


async def test_a_contact_with_a_new_address_does_not_lend_it_to_an_old_message(three: Api) -> None:
    contacts = contact_repository(three.store)
    await contacts.amend("budi", None, lambda contact: (contact.model_copy(update={"address_revision": 2}), None))

    message = (await three.get("/messages/budi/1")).json()

    assert message["recipient"] == {"name": "B••• S•••", "address": ""}


async def test_the_export_is_a_csv_that_a_spreadsheet_opens_and_never_runs(three: Api) -> None:
    answer = await three.get("/messages/export", region=REGION, year=2026)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    table = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    assert table.keys() == {"budi/1", "budi/2", "ani/1"}
    assert table["budi/1"]["Diserahkan (WIB)"] == "2026-12-03 12:00:01"
    assert table["budi/1"]["Keadaan"] == "diserahkan"
    assert table["budi/2"]["Sebab belum sampai"] == "alamat surel tidak dikenal penyedianya"
    assert table["ani/1"]["Perangkat daerah"] == "'=Dinas; Sosial"
    assert "Santoso" not in answer.text
    assert "budi@" not in answer.text


async def test_the_export_has_the_messages_of_the_duty_year_only(three: Api) -> None:
    await three.message("budi", 3, duty("before-30", year=2027), at=datetime(2026, 12, 1, 5, tzinfo=UTC))

    text = (await three.get("/messages/export", region=REGION, year=2027)).text

    assert "budi/3" in text
    assert "budi/1" not in text


@pytest.mark.parametrize("path", ["/messages", "/messages/export?region=61.12&year=2026", "/messages/budi/1"])
async def test_messages_are_for_those_of_the_region(three: Api, path: str) -> None:
    seen = {who: await three.http.get(path, headers={"Authorization": f"Bearer {who}"}) for who in PEOPLE}

    allowed = {who for who, answer in seen.items() if answer.status_code == 200 and "budi" in answer.text}
    assert allowed == {"curator", "executive", "operator"}


async def test_an_office_is_set_once_repeated_and_replaced_with_its_version(api: Api) -> None:
    assert (await api.get(f"/office/{REGION}")).status_code == 404
    first = await api.put(f"/office/{REGION}", OFFICE)
    again = await api.put(f"/office/{REGION}", OFFICE)
    other = {**OFFICE, "telephone": "(0561) 111111"}

    assert (first.status_code, again.headers["etag"]) == (200, first.headers["etag"])
    assert (await api.put(f"/office/{REGION}", other)).status_code == 428
    assert (await api.put(f"/office/{REGION}", other, If_Match='"1"')).status_code == 412
    assert (await api.put(f"/office/{REGION}", other, If_Match=first.headers["etag"])).status_code == 200
    assert (await api.get(f"/office/{REGION}")).json() == {"region": REGION, **other}


async def test_an_office_is_checked_and_belongs_to_its_curator(api: Api) -> None:
    assert (await api.put(f"/office/{REGION}", OFFICE, "stranger")).status_code == 403
    assert (await api.put("/office/61.99", OFFICE, "operator")).status_code == 404
    assert (await api.put(f"/office/{REGION}", {**OFFICE, "telephone": "<b>"})).status_code == 422
    assert (await api.put(f"/office/{REGION}", {**OFFICE, "reply_to": "kurator"})).status_code == 422


async def test_messages_name_the_office_of_the_region_and_the_addresses_of_the_system(api: Api) -> None:
    offices = Offices(api.store, public_url="https://inovasi.example", reply_to="umum@kuburaya.example")
    await api.put(f"/office/{REGION}", {"name": "Bappedalitbang"})

    assert await offices.of(REGION) == Office("Bappedalitbang", "", "umum@kuburaya.example", "https://inovasi.example")
    assert await offices.of("61.71") == Office("", "", "umum@kuburaya.example", "https://inovasi.example")
