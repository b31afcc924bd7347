"""A person's data in notifications: exported whole, corrected, erased with all traces, and not kept too long."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import BODY, CONTACT_TABLE_REPORT, KINDS, MESSAGE, RECEIPT
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.receipt import ReceiptState
from services.notifications.messages.repositories import message_repository
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.repositories import exemption_repository
from services.notifications.privacy.correcting import ContactCorrecting
from services.notifications.privacy.data_kinds import data_kinds
from services.notifications.privacy.erasing import ContactErasure
from services.notifications.privacy.part import NotificationsPersonalData
from services.notifications.privacy.places import PLACES, WHAT
from services.notifications.privacy.retention import ContactRetention
from services.notifications.reminders.queue import SweepQueue
from services.notifications.sending.bodies import Bodies
from services.notifications.sending.documents import KeptBody, StoredReceipt
from services.notifications.sending.repositories import body_repository, receipt_repository
from services.notifications.settings import MailSettings
from shared.clock import Clock, machine_ms
from shared.faults import Conflict, Invalid, Misconfigured
from shared.ports.store import Store
from shared.runtime.named_data import NamedData
from shared.runtime.personal_data import Correctable, Subject
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.tables.report import Finding
from shared.tables.reports import Reports
from tests.support.notifications_api import REGION, Api, notifications_api
from tests.support.store_engines import Engine

PERSON = "0b8f3f0e-6f0c-5b1e-9b1c-2f8d7c1a4e55"
NAME, EMAIL, PHONE, WAMID = "Budi Santoso", "budi@dinkes.example", "+6281234567890", "wamid.HBgNNjI4MTIzNDU2Nzg5MA=="


@dataclass
class Office:
    """What holds contacts, without routes and loops."""

    store: Store
    file: ErasureList

    def __post_init__(self) -> None:
        """Put the parts together."""
        waker = SweepQueue()
        self.erasures = Erasures(self.store, "notifications", self.file)
        self.erasing = ContactErasure(self.store, waker, Bodies(self.store, 7), self.erasures)
        correcting = ContactCorrecting(self.store, waker)
        kinds = data_kinds(MailSettings())
        named = NamedData(self.store, "notifications", PLACES, WHAT, self.erasures)
        self.personal = NotificationsPersonalData(self.store, kinds, self.erasing, correcting, named)
        self.contacts = contact_repository(self.store)

    async def put(self, id: str = PERSON, **fields: Any) -> None:  # noqa: ANN401 - fields by name
        known = {"region": REGION, "agencies": ["dinkes"], "name": NAME, "email": EMAIL, "by": "account-c", **fields}
        await self.contacts.create(id, Contact.of(**known))

    @property
    def listed(self) -> list[str]:
        return [each.id for each in self.file.begin().entries]


@pytest.fixture
async def office(either: Engine, tmp_path: Path) -> Office:
    office = Office(await either.open(*KINDS), ErasureList(tmp_path / "operator" / "erased.jsonl"))
    await office.put(phone=PHONE)
    await messages_to(office.store, PERSON)
    return office


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


def subject(**wanted: str) -> Subject:
    return Subject(**{"region": REGION, **wanted})  # type: ignore[arg-type]


async def everything(store: Store) -> str:
    """All that is stored, as one text."""
    stored = [each for kind in KINDS async for each in store.dump(kind.name)]
    return json.dumps(stored, ensure_ascii=False, default=str)


async def messages_to(store: Store, id: str) -> None:
    """The contact was told something by WhatsApp, and the report of an import quotes it."""
    now = machine_ms()
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


@pytest.mark.parametrize("wanted", [{"email": EMAIL}, {"phone": "0812 3456 7890"}, {"name": "budi santoso"}])
async def test_an_export_has_contact_messages_and_texts_however_the_person_is_named(
    wanted: dict[str, str], office: Office
) -> None:
    held = await office.personal.find(subject(**wanted))

    assert [(each.kind, each.id, bool(each.kept)) for each in held] == [
        ("contact", PERSON, False),
        ("body", f"{PERSON}/1/1", False),
        ("message", f"{PERSON}/1", True),
    ]
    assert (held[0].data["name"], held[0].data["email"], held[0].data["phone"]) == (NAME, EMAIL, PHONE)


async def test_an_erasure_leaves_no_trace_and_is_listed(office: Office) -> None:
    done = await office.personal.erase(subject(email=EMAIL), "satu")

    assert done.documents == 5
    left = await everything(office.store)
    assert [each for each in ("Budi", "Santoso", "dinkes.example", "81234567890", WAMID, "3456") if each in left] == []
    assert "Wayan" in left
    assert office.listed == [PERSON]
    assert [row.id async for row in office.store.scan(MESSAGE.name, {}, ())] == [f"{PERSON}/1"]
    for kind in (BODY, RECEIPT):
        assert [row.id async for row in office.store.scan(kind.name, {}, ())] == []


async def test_an_erasure_over_http_is_listed_and_a_stale_one_is_not(api: Api) -> None:
    made = await api.create_contact()
    place, file = f"/contacts/{made.json()['id']}", ErasureList(api.service.world.settings.erasures)

    stale = await api.request("curator", "DELETE", place, headers={"If-Match": '"1"'})
    before = file.begin().entries
    gone = await api.request("curator", "DELETE", place, headers={"If-Match": made.headers["etag"]})

    assert (stale.status_code, before) == (412, ())
    assert (gone.status_code, [each.id for each in file.read().entries]) == (204, [made.json()["id"]])
    assert NAME not in await everything(api.service.store)


async def test_an_erasure_that_could_not_be_listed_is_listed_at_the_next_start(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Misconfigured([])

    with monkeypatch.context() as broken:
        broken.setattr(ErasureList, "append", full)
        with pytest.raises(Misconfigured):
            await office.erasing.erase(PERSON, "account-c")
    assert office.listed == []

    await office.erasures.catch_up(office.personal)

    assert office.listed == [PERSON]


async def test_a_contact_that_a_backup_brought_back_is_erased_at_the_next_start(office: Office) -> None:
    before = [stored async for stored in office.store.dump("contact")]
    await office.erasing.erase(PERSON, "account-c")
    await office.store.load("contact", before)
    await office.store.erase("erasure", f"contact/{PERSON}")

    again = await office.erasures.catch_up(office.personal)

    found = await office.contacts.get(PERSON)
    assert (again, found.value.erased, found.value.name) == (1, True, "")


async def test_a_correction_asks_for_the_new_address_and_refuses_one_of_somebody_else(office: Office) -> None:
    await office.put("other", name="Siti", email="siti@dinkes.example")
    values = {Correctable.NAME: "Budi Susanto", Correctable.EMAIL: "b.susanto@dinkes.example"}

    done = await office.personal.correct(subject(name=NAME), values, "satu")

    found = (await office.contacts.get(PERSON)).value
    assert (done, found.name, found.email, found.phone) == (1, "Budi Susanto", "b.susanto@dinkes.example", PHONE)
    assert (found.address_revision, found.email_confirmed, found.by) == (2, False, "satu")
    wrong = {Correctable.EMAIL: "siti@dinkes.example"}
    with pytest.raises(Conflict):
        await office.personal.correct(subject(person=PERSON), wrong, "satu")
    with pytest.raises(Invalid):
        await office.personal.correct(subject(person=PERSON), {Correctable.PHONE: "123"}, "satu")
    assert await office.personal.correct(subject(person=PERSON), {Correctable.NAME: "Budi Susanto"}, "satu") == 0


async def test_a_name_is_hidden_in_the_reason_of_an_exemption_too_and_again_after_a_restore(office: Office) -> None:
    exemption = Exemption(
        agency="dinkes", region=REGION, year=2026, decree="1", reason=f"Cuti {NAME}, sampai 2027", by="account-c"
    )
    await exemption_repository(office.store).create("dinkes/2026", exemption)
    before = [stored async for stored in office.store.dump("exemption")]

    await office.personal.erase(subject(name=NAME), "satu")

    assert (await exemption_repository(office.store).get("dinkes/2026")).value.reason == "Cuti •••, sampai 2027"
    assert len(office.listed) == 2
    await office.store.load("exemption", before)
    for key in [row.id async for row in office.store.scan("erasure", {}, ())]:
        await office.store.erase("erasure", key)
    await office.erasures.catch_up(office.personal)
    assert NAME not in await everything(office.store)


async def test_an_account_s_id_is_found_and_stays_on_record(office: Office) -> None:
    held = await office.personal.find(subject(account="account-c"))

    assert [(each.kind, each.id, each.data) for each in held] == [("contact", PERSON, {"places": ["by"]})]
    assert all(each.kept for each in held)
    assert (await office.personal.erase(subject(account="account-c"), "satu")).documents == 0


async def test_a_contact_is_erased_when_its_days_are_over(office: Office) -> None:
    clock = Clock(datetime(2026, 11, 30, 3, tzinfo=UTC))
    await office.put("over", email="a@x.example", valid_to=date(2026, 10, 30))
    await office.put("not yet", email="b@x.example", valid_to=date(2026, 10, 31))

    assert await ContactRetention(office.store, office.erasing, clock, days=0).run() == 0
    assert await ContactRetention(office.store, office.erasing, clock, days=30).run() == 1

    people = ("over", "not yet", PERSON)
    assert [(await office.contacts.get(each)).value.erased for each in people] == [True, False, False]
    assert office.listed == ["over"]


async def test_the_notice_of_a_breach_counts_persons_and_texts(office: Office) -> None:
    found = await office.personal.affected(REGION)

    assert {each.kind.slug: (each.documents, each.persons) for each in found} == {
        "contact": (1, 1),
        "body": (1, 1),
        "receipt": (0, 0),
        "contact_table": (0, None),
        "message": (1, 1),
        "office": (0, None),
    }
