"""Contacts as a table: whoever may see them takes them out, and the table that is brought in again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.contacts.test_contact_tables import ROWS, imported, report, send, xlsx
from tests.support.notifications_api import DINKES, DINSOS, REGION, Api, notifications_api
from tests.support.notifications_service import agency


async def exported(api: Api, by: str = "curator", format: str = "csv") -> bytes:
    answer = await api.request(by, "GET", f"/exports/contacts.{format}", params={"region": REGION})
    assert answer.status_code == 200, answer.text
    return answer.content


async def office(api: Api) -> None:
    """Contacts from a table, entered ones without and with all fields, a curator, an erased one."""
    await imported(api, xlsx(ROWS))
    await api.create_contact("a", name="Tanpa Alamat", email=None, agencies=[DINSOS])
    whole = {"phone": "0812-9876-5432", "consent_whatsapp": "2026-12", "preferred": "whatsapp"}
    days = {"valid_from": "2026-01-01", "valid_to": "2027-12-31", "landline": "0561-123456", "role": "head"}
    made = await api.create_contact("b", name="=Ani", email="ani@x.example", agencies=[DINKES, DINSOS], **whole, **days)
    assert made.status_code == 201, made.text
    made = await api.create_contact("c", name="Kurator", email="k@x.example", agencies=[], role="curator")
    assert made.status_code == 201, made.text
    gone = await api.create_contact("d", name="Pergi", email="p@x.example")
    place, tag = f"/contacts/{gone.json()['id']}", {"If-Match": gone.headers["etag"]}
    assert (await api.request("curator", "DELETE", place, headers=tag)).status_code == 204


async def stored(api: Api) -> dict[str, int]:
    return {row.id: row.sequence async for row in api.service.store.scan("contact", {}, ())}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_the_exported_table_changes_nothing_when_it_is_brought_in_again(tmp_path: Path, format: str) -> None:
    async with notifications_api(tmp_path) as api:
        await office(api)
        before, body = await stored(api), await exported(api, format=format)

        again = await imported(api, body, "again")

        assert (again["status"], again["created"], again["updated"]) == ("done", 0, 0), await report(api, again)
        assert again["unchanged"] == 6
        assert await stored(api) == before
        assert b"Pergi" not in await exported(api)


async def test_contacts_move_to_another_installation_and_come_out_the_same(tmp_path: Path) -> None:
    async with notifications_api(tmp_path / "one") as api:
        await office(api)
        body = await exported(api)
    async with notifications_api(tmp_path / "two") as other:
        done = await imported(other, body)
        assert (done["status"], done["created"]) == ("done", 6), await report(other, done)
        assert await exported(other) == body


async def test_agencies_with_one_name_are_written_by_their_ids(tmp_path: Path) -> None:
    async with notifications_api(tmp_path) as api:
        await api.create_contact(agencies=[DINKES])
        await api.service.receive(agency("Dinas Kesehatan ", id="11111111-1111-4111-8111-111111111111"))
        body = await exported(api)

        assert DINKES.encode() in body
        assert (await imported(api, body))["unchanged"] == 1


async def test_only_those_who_see_contacts_in_full_take_them_out(tmp_path: Path) -> None:
    async with notifications_api(tmp_path) as api:
        await office(api)
        query = {"region": REGION}
        found = [
            (await api.request(by, "GET", "/exports/contacts.csv", params=query)).status_code
            for by in ("stranger", "executive", "operator", "elsewhere")
        ]
        assert found == [403, 403, 403, 403]
        own = (await exported(api, "agency")).decode()
        assert "Budi" in own
        assert "Kurator" not in own
        assert "Tanpa Alamat" not in own


async def test_a_row_with_an_id_is_that_contact(tmp_path: Path) -> None:
    async with notifications_api(tmp_path) as api:
        made = (await api.create_contact("a")).json()
        other = (await api.create_contact("b", name="Ani", email="ani@x.example")).json()
        head, row = ("ID", "Nama", "Surel", "OPD"), (made["id"], "Budi S.", "baru@x.example", "Dinas Kesehatan")

        done = await imported(api, xlsx([head, row]), "one")
        taken = await imported(api, xlsx([head, (made["id"], "Budi", other["email"], "Dinas Kesehatan")]), "two")
        twice = await imported(api, xlsx([head, row, (*row[:2], None, row[3])]), "three")

        assert (done["status"], done["updated"]) == ("done", 1)
        after = (await api.request("curator", "GET", f"/contacts/{made['id']}")).json()
        assert (after["name"], after["email"], after["address_revision"]) == ("Budi S.", "baru@x.example", 2)
        assert await report(api, taken) == [(2, "", "two-contacts")]
        assert await report(api, twice) == [(3, "", "two-contacts")]


async def test_an_erased_person_does_not_come_back_with_an_old_file(tmp_path: Path) -> None:
    async with notifications_api(tmp_path) as api:
        gone = await api.create_contact()
        body = await exported(api)
        place, tag = f"/contacts/{gone.json()['id']}", {"If-Match": gone.headers["etag"]}
        await api.request("curator", "DELETE", place, headers=tag)

        refused = await imported(api, body)

        assert refused["status"] == "refused"
        assert await report(api, refused) == [(2, "ID", "erased")]


async def test_what_is_no_id_is_reported(tmp_path: Path) -> None:
    async with notifications_api(tmp_path) as api:
        made: dict[str, Any] = await send(api, xlsx([("ID", "Nama", "OPD"), ("x", "Ani", "Dinas Kesehatan")]))
        await api.service.parts.contact_tables.run()

        assert await report(api, made) == [(2, "ID", "malformed")]
