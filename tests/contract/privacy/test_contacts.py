"""A person's data in notifications: exported whole, corrected, erased with all traces, and not kept too long."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import BODY, CONTACT_TABLE_REPORT, KINDS, MESSAGE, RECEIPT
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.receipt import ReceiptState
from services.notifications.messages.repositories import message_repository
from services.notifications.privacy.retention import ContactRetention
from services.notifications.sending.documents import KeptBody, StoredReceipt
from services.notifications.sending.repositories import body_repository, receipt_repository
from shared.clock import machine_ms
from shared.faults import Conflict, Invalid, Misconfigured
from shared.runtime.personal_data import Correctable, Subject
from shared.storage.erasures.list import ErasureList
from shared.tables.report import Finding
from shared.tables.reports import Reports
from tests.support.notifications_api import REGION, Api, notifications_api

NAME, EMAIL, PHONE, WAMID = "Budi Santoso", "budi@dinkes.example", "+6281234567890", "wamid.HBgNNjI4MTIzNDU2Nzg5MA=="


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


def subject(**wanted: str) -> Subject:
    return Subject(**{"region": REGION, **wanted})  # type: ignore[arg-type]


def listed(api: Api) -> list[str]:
    return [each.id for each in ErasureList(api.service.world.settings.erasures).begin().entries]


async def everything(api: Api) -> str:
    """All that is stored, as one text."""
    stored = [each for kind in KINDS async for each in api.service.store.dump(kind.name)]
    return json.dumps(stored, ensure_ascii=False, default=str)


async def person(api: Api) -> str:
    """A contact who was told something by WhatsApp, and whom the report of an import quotes."""
    made = await api.create_contact(phone=PHONE)
    assert made.status_code == 201, made.text
    id: str = made.json()["id"]
    store, now = api.service.store, machine_ms()
    attempt = Attempt(
        number=1,
        channel="whatsapp",
        opened_at=now,
        lease_until=now,
        closed_at=now,
        answer=AnswerClass.ACCEPTED,
        provider_id=WAMID,
        possibly_repeated=False,
    )
    message = Message.of(
        person=id,
        number=1,
        region=REGION,
        alerts=(),
        as_of=date(2027, 1, 5),
        mail="m",
        due=now,
        status=MessageStatus.SENT,
        attempts=(attempt,),
        provider_id=WAMID,
    )
    await message_repository(store).create(f"{id}/1", message)
    body = KeptBody(person=id, channel="whatsapp", template="", subject="", text=f"Yth. {NAME}", kept_until=now + 10**6)
    await body_repository(store).create(f"{id}/1/1", body)
    receipt = StoredReceipt(
        id="r", channel="whatsapp", provider_id=WAMID, state=ReceiptState.SENT, at=now, kept_until=now + 10**6
    )
    await receipt_repository(store).create("r", receipt)
    quoted = [
        Finding(sheet="contacts", row=2, value="0812-3456-7890", code="x", reason="nomor salah"),
        Finding(sheet="contacts", row=3, value=f"Bpk. {NAME}, S.E.", code="x", reason="ganda"),
        Finding(sheet="contacts", row=4, value="Wayan", code="x", reason="lain"),
    ]
    await Reports(store, CONTACT_TABLE_REPORT).write("t", quoted)
    return id


@pytest.mark.parametrize("wanted", [{"email": EMAIL}, {"phone": "0812 3456 7890"}, {"name": "budi santoso"}])
async def test_an_export_has_contact_messages_and_texts_however_the_person_is_named(
    wanted: dict[str, str], api: Api
) -> None:
    id = await person(api)

    held = await api.service.parts.personal_data.find(subject(**wanted))

    assert [(each.kind, each.id, bool(each.kept)) for each in held] == [
        ("contact", id, False),
        ("body", f"{id}/1/1", False),
        ("message", f"{id}/1", True),
    ]
    assert (held[0].data["name"], held[0].data["email"], held[0].data["phone"]) == (NAME, EMAIL, PHONE)


async def test_an_erasure_over_http_leaves_no_trace_and_is_listed(api: Api) -> None:
    id = await person(api)
    tag = (await api.request("curator", "GET", f"/contacts/{id}")).headers["etag"]

    gone = await api.request("curator", "DELETE", f"/contacts/{id}", headers={"If-Match": tag})

    assert gone.status_code == 204
    left = await everything(api)
    assert [each for each in ("Budi", "Santoso", "dinkes.example", "81234567890", WAMID, "3456") if each in left] == []
    assert "Wayan" in left
    assert listed(api) == [id]
    assert [row.id async for row in api.service.store.scan(MESSAGE.name, {}, ())] == [f"{id}/1"]
    for kind in (BODY, RECEIPT):
        assert [row.id async for row in api.service.store.scan(kind.name, {}, ())] == []


async def test_a_stale_erasure_is_refused_and_not_listed(api: Api) -> None:
    id = await person(api)

    refused = await api.request("curator", "DELETE", f"/contacts/{id}", headers={"If-Match": '"1"'})

    assert refused.status_code == 412
    assert listed(api) == []
    assert NAME in await everything(api)


async def test_an_erasure_that_a_crash_left_out_of_the_list_is_listed_at_the_next_start(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await person(api)

    def full(*_: object) -> None:
        raise Misconfigured([])

    with monkeypatch.context() as broken:
        broken.setattr(ErasureList, "append", full)
        with pytest.raises(Misconfigured):
            await api.service.parts.erasing.erase(id, "account-c")
    assert listed(api) == []

    await api.service.parts.erasures.catch_up(api.service.parts.personal_data)

    assert listed(api) == [id]


async def test_a_contact_that_a_backup_brought_back_is_erased_at_the_next_start(api: Api) -> None:
    id = await person(api)
    before = [stored async for stored in api.service.store.dump("contact")]
    await api.service.parts.erasing.erase(id, "account-c")
    await api.service.store.load("contact", before)
    await api.service.store.erase("erasure", f"contact/{id}")

    again = await api.service.parts.erasures.catch_up(api.service.parts.personal_data)

    found = await contact_repository(api.service.store).get(id)
    assert (again, found.value.erased, found.value.name) == (1, True, "")


async def test_a_correction_asks_for_the_new_address_and_refuses_one_of_somebody_else(api: Api) -> None:
    id = await person(api)
    await api.create_contact("other", name="Siti", email="siti@dinkes.example")
    personal = api.service.parts.personal_data

    done = await personal.correct(
        subject(name=NAME), {Correctable.NAME: "Budi Susanto", Correctable.EMAIL: "b.susanto@dinkes.example"}, "satu"
    )

    found = (await contact_repository(api.service.store).get(id)).value
    assert (done, found.name, found.email, found.phone) == (1, "Budi Susanto", "b.susanto@dinkes.example", PHONE)
    assert (found.address_revision, found.email_confirmed, found.by) == (2, False, "satu")
    with pytest.raises(Conflict):
        await personal.correct(subject(person=id), {Correctable.EMAIL: "siti@dinkes.example"}, "satu")
    with pytest.raises(Invalid):
        await personal.correct(subject(person=id), {Correctable.PHONE: "123"}, "satu")
    assert await personal.correct(subject(person=id), {Correctable.NAME: "Budi Susanto"}, "satu") == 0


async def test_an_account_s_id_is_found_and_stays_on_record(api: Api) -> None:
    id = await person(api)
    personal = api.service.parts.personal_data

    held = await personal.find(subject(account="account-c"))

    assert [(each.kind, each.id, each.data) for each in held] == [("contact", id, {"places": ["by"]})]
    assert all(each.kept for each in held)
    assert (await personal.erase(subject(account="account-c"), "satu")).documents == 0


async def test_a_contact_is_erased_when_its_days_are_over(api: Api) -> None:
    today = api.service.clock.now().date()
    over = await api.create_contact("a", email="a@x.example", valid_to=(today - timedelta(days=31)).isoformat())
    not_yet = await api.create_contact("b", email="b@x.example", valid_to=(today - timedelta(days=30)).isoformat())
    always = await api.create_contact("c", email="c@x.example")
    store, erasing, clock = api.service.store, api.service.parts.erasing, api.service.clock

    assert await ContactRetention(store, erasing, clock, days=0).run() == 0
    assert await ContactRetention(store, erasing, clock, days=30).run() == 1

    contacts = contact_repository(store)
    erased = [(await contacts.get(each.json()["id"])).value.erased for each in (over, not_yet, always)]
    assert erased == [True, False, False]
    assert listed(api) == [over.json()["id"]]


async def test_the_notice_of_a_breach_counts_persons_and_texts(api: Api) -> None:
    await person(api)

    found = {
        each.kind.slug: (each.documents, each.persons)
        for each in await api.service.parts.personal_data.affected(REGION)
    }

    assert found == {
        "contact": (1, 1),
        "body": (1, 1),
        "receipt": (0, 0),
        "contact_table": (0, None),
        "message": (1, 1),
        "office": (0, None),
    }
