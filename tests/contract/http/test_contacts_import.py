"""Imports of contacts over HTTP, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notifications.contacts.contact_import import ContactImport
from services.notifications.contacts.importing import ContactImporter
from shared.faults import StoreAway
from shared.storage.repository import Versioned
from tests.support.notifications_api import DINKES, DINSOS, Api, notifications_api

HEAD = "nama,peran,email,telepon,telepon_kantor,perangkat_daerah,saluran,berlaku_dari,berlaku_sampai,setuju_whatsapp\n"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


async def flaws(api: Api, table: str, key: str = "bad") -> list[tuple[str, str]]:
    answer = await api.import_table(table, key)
    assert answer.status_code == 422
    assert await api.listed() == []
    return [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]]


async def test_a_table_of_contacts_is_imported_completely_or_not_at_all(api: Api) -> None:
    bad = "nama,email,perangkat_daerah\nBudi,b@x.example,Dinas Kesehatan\nSari,salah,Dinas Mana\n"
    assert await flaws(api, bad) == [("line.3.email", "malformed"), ("line.3.perangkat_daerah", "unknown")]

    good = await api.import_table(f"agency,name,email,phone\n{DINKES},Budi,b@x.example,\n")

    assert (good.status_code, good.json()["created"]) == (201, 1)
    again = await api.import_table(f"agency,name,email,phone\n{DINKES},Budi,b@x.example,\n")
    assert (again.status_code, again.json()) == (201, good.json())
    assert (await api.import_table(f"agency,name,email\n{DINKES},Lain,c@x.example\n")).status_code == 422


async def test_a_table_with_all_columns_fills_all_fields(api: Api) -> None:
    table = (
        f"{HEAD}Budi,petugas,b@x.example,0812-3456-7890,(0561) 721234,Dinas Kesehatan|Dinas Sosial,whatsapp,"
        "1/3/2026,2026-12-31,ya\n"
        "Bu Kepala,Kepala,k@x.example,,,Dinas Kesehatan,,,,\n"
        "Pak Sekda,Sekda,s@x.example,,,,,,,tidak\n"
    )

    done = await api.import_table(table)

    assert done.status_code == 201
    people = [(await api.request("curator", "GET", f"/contacts/{id}")).json() for id in done.json()["people"]]
    budi, head, sekda = people
    names = ("phone", "landline", "preferred", "valid_from", "valid_to", "consent_whatsapp")
    assert [budi[name] for name in names] == [
        "+6281234567890",
        "+62561721234",
        "whatsapp",
        "2026-03-01",
        "2026-12-31",
        "2026-12",
    ]
    assert sorted(budi["agencies"]) == sorted([DINKES, DINSOS])
    assert [each["role"] for each in people] == ["officer", "head", "executive"]
    assert (head["agencies"], sekda["agencies"], sekda["consent_whatsapp"]) == ([DINKES], [], None)
    assert [each["id"] for each in await api.listed(agency=DINSOS)] == [budi["id"]]


async def test_an_empty_cell_leaves_what_is_stored_and_no_withdraws_consent(api: Api) -> None:
    await api.import_table(f"{HEAD}Budi,kepala,b@x.example,0812-3456-7890,0561721234,Dinas Kesehatan,wa,,,ya\n", "1")

    done = await api.import_table(
        f"nama,email,perangkat_daerah,setuju_whatsapp\nBudi S,b@x.example,{DINSOS},tidak\n", "2"
    )

    assert (done.json()["created"], done.json()["updated"]) == (0, 1)
    contact = (await api.request("curator", "GET", f"/contacts/{done.json()['people'][0]}")).json()
    assert (contact["name"], contact["role"], contact["preferred"]) == ("Budi S", "head", "whatsapp")
    assert (contact["phone"], contact["landline"]) == ("+6281234567890", "+62561721234")
    assert (contact["consent_whatsapp"], contact["address_revision"]) == (None, 1)
    assert sorted(contact["agencies"]) == sorted([DINKES, DINSOS])


async def test_a_person_is_recognised_by_the_phone_as_well(api: Api) -> None:
    first = await api.import_table(f"nama,telepon,perangkat_daerah\nBudi,0812-3456-7890,{DINKES}\n", "1")
    second = await api.import_table(
        f"nama,email,telepon,perangkat_daerah\nBudi,b@x.example,+62 812 3456 7890,{DINKES}\n", "2"
    )

    assert second.json()["people"] == first.json()["people"]
    assert len(await api.listed()) == 1


async def test_a_row_with_the_addresses_of_two_contacts_is_refused(api: Api) -> None:
    await api.create_contact("1", email="b@x.example")
    await api.create_contact("2", email=None, phone="0812-3456-7890")

    answer = await api.import_table(f"nama,email,telepon,perangkat_daerah\nBudi,b@x.example,0812-3456-7890,{DINKES}\n")

    assert [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]] == [("line.2", "two-contacts")]


async def test_two_rows_for_one_stored_contact_are_refused(api: Api) -> None:
    await api.create_contact("1", email="b@x.example", phone="0812-3456-7890")

    answer = await api.import_table(
        f"nama,email,telepon,perangkat_daerah\nBudi,b@x.example,,{DINKES}\nSari,,0812-3456-7890,{DINKES}\n"
    )

    assert [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]] == [("line.3", "two-contacts")]


async def test_a_landline_among_the_mobile_numbers_is_kept_to_call(api: Api) -> None:
    done = await api.import_table(f"nama,telepon,perangkat_daerah\nBudi,(0561) 721234,{DINKES}\n")

    contact = (await api.request("curator", "GET", f"/contacts/{done.json()['people'][0]}")).json()
    assert (contact["phone"], contact["landline"]) == (None, "+62561721234")
    assert done.json()["landlines"] == 1


async def test_an_import_that_a_crash_cut_off_is_finished(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_row = ContactImporter._apply_row

    async def killed(importer: ContactImporter, found: Versioned[ContactImport], index: int) -> None:
        if index >= 20:
            raise StoreAway("killed")
        await apply_row(importer, found, index)

    rows = "".join(f"Orang {number},o{number}@x.example,{DINKES}\n" for number in range(40))
    monkeypatch.setattr(ContactImporter, "_apply_row", killed)
    cut_off = await api.import_table(f"nama,email,perangkat_daerah\n{rows}")
    monkeypatch.undo()
    assert cut_off.status_code == 503
    assert len(await api.listed()) == 20

    await api.service.parts.importer.finish()

    assert len(await api.listed(agency=DINKES)) == 40
    again = await api.import_table(f"nama,email,perangkat_daerah\n{rows}")
    assert (again.status_code, again.json()["created"], len(await api.listed())) == (201, 40, 40)


async def test_the_flaws_of_a_table_name_line_and_column(api: Api) -> None:
    table = (
        f"{HEAD}A,bupati,a@x.example,,,Dinas Sosial,,,,\n"
        "B,kurator,b@x.example,,,Dinas Sosial,,,,\n"
        "C,,c@x.example,,12,Dinas Sosial,sms,31/2/2026,kemarin,mungkin\n"
        "D,,d@x.example,0561721234,0561721235,Dinas Sosial,,2026-12-31,2026-12-30,\n"
    )

    assert await flaws(api, table) == [
        ("line.2.peran", "malformed"),
        ("line.3.perangkat_daerah", "not-allowed"),
        ("line.4.telepon_kantor", "malformed"),
        ("line.4.berlaku_dari", "malformed"),
        ("line.4.berlaku_sampai", "malformed"),
        ("line.4.saluran", "malformed"),
        ("line.4.setuju_whatsapp", "malformed"),
        ("line.5.telepon_kantor", "two-landlines"),
        ("line.5.berlaku_sampai", "order"),
    ]
