"""Imports of tables of contacts, with reports, waiting for agencies."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.imports import runner
from shared.faults import StoreAway
from shared.tables.workbook import MEDIA_TYPE
from tests.support.notifications_api import DINKES, REGION, Api, notifications_api
from tests.support.notifications_service import agency

HEAD = ("No", "Nama Lengkap", "Peran", "Surel", "No HP", "OPD", "Berlaku sampai")
ROWS = [
    HEAD,
    (1, "Budi", "Petugas", "b@x.example", 81234567890, "dinas kesehatan", "31 Desember 2026"),
    (2, "Sari", "Kepala", "s@x.example", None, "Dinas Kesehatan; Dinas Sosial", None),
    (3, "Tanpa Alamat", "Petugas", None, None, "Dinas Sosial", None),
]


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


def xlsx(rows: list[tuple[object, ...]]) -> bytes:
    made = Workbook()
    made.worksheets[0].title = "Daftar Kontak"
    for row in rows:
        made.worksheets[0].append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


async def send(api: Api, body: bytes, key: str = "t", *, by: str = "curator", **query: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters by name
    kind = MEDIA_TYPE if body.startswith(b"PK") else "text/csv"
    headers = {"Idempotency-Key": key, "Content-Type": kind}
    sent = await api.request(
        by, "POST", "/contacts/imports", params={"region": REGION, **query}, content=body, headers=headers
    )
    assert sent.status_code == 201, sent.text
    made: dict[str, Any] = sent.json()
    return made


async def imported(api: Api, body: bytes, key: str = "t", **query: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    made = await send(api, body, key, **query)
    return await after_a_look(api, made)


async def after_a_look(api: Api, made: dict[str, Any]) -> dict[str, Any]:
    await api.service.parts.contact_tables.run()
    found: dict[str, Any] = (await api.request("curator", "GET", f"/contacts/imports/{made['id']}")).json()
    return found


async def report(api: Api, made: dict[str, Any]) -> list[tuple[int, str, str]]:
    page = (await api.request("curator", "GET", f"/contacts/imports/{made['id']}/findings")).json()
    assert page["next"] is None
    return [(each["row"], each["column"], each["code"]) for each in page["items"]]


async def test_contacts_come_in_from_a_workbook(api: Api) -> None:
    done = await imported(api, xlsx(ROWS))

    assert (done["status"], done["rows"], done["created"], done["place"]) == ("done", 3, 3, 3)
    people = {each["name"]: each for each in [await in_full(api, each) for each in await api.listed()]}
    assert (people["Budi"]["phone"], people["Budi"]["valid_to"]) == ("+6281234567890", "2026-12-31")
    assert (people["Sari"]["role"], len(people["Sari"]["agencies"])) == ("head", 2)
    assert await report(api, done) == [(1, "No", "unknown-column")]


async def in_full(api: Api, listed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await api.request("curator", "GET", f"/contacts/{listed['id']}")).json()
    return found


@pytest.mark.parametrize(
    ("word", "role"), [("PENGELOLA", "officer"), ("Operator", "officer"), ("Kepala ", "head"), ("Sekda", "executive")]
)
async def test_roles_are_written_in_the_words_of_offices(api: Api, word: str, role: str) -> None:
    agency = "Dinas Sosial" if role != "executive" else None
    done = await imported(api, xlsx([HEAD, (1, "Ani", word, "a@x.example", None, agency, None)]))

    assert done["status"] == "done", await report(api, done)
    assert [each["role"] for each in await api.listed()] == [role]


async def test_the_same_table_twice_changes_nothing(api: Api) -> None:
    await imported(api, xlsx(ROWS), "a")
    before = {row.id: row.sequence async for row in api.service.store.scan("contact", {}, ())}

    again = await imported(api, xlsx(ROWS), "b")

    assert (again["status"], again["created"], again["updated"], again["unchanged"]) == ("done", 0, 0, 3)
    assert {row.id: row.sequence async for row in api.service.store.scan("contact", {}, ())} == before


async def test_errors_are_reported_with_line_column_and_value_and_nothing_is_stored(api: Api) -> None:
    wrong = [
        HEAD,
        (1, "Budi", "Bupati", "b@x.example", None, "Dinas Kesehatan", "kemarin"),
        (2, None, "Petugas", "salah", None, "Dinas Kesehatan", None),
        (3, "=A1", "Petugas", None, None, "Dinas Kesehatan", None),
        (4, "Ani", "Petugas", "a@x.example", None, "Dinas Mana", None),
    ]

    done = await imported(api, xlsx(wrong))

    assert done["status"] == "refused"
    assert set(await report(api, done)) == {
        (1, "No", "unknown-column"),
        (2, "Peran", "malformed"),
        (2, "Berlaku sampai", "malformed"),
        (3, "Nama Lengkap", "missing"),
        (3, "Surel", "malformed"),
        (4, "Nama Lengkap", "formula"),
        (5, "OPD", "unknown"),
    }
    assert await api.listed() == []
    place = f"/contacts/imports/{done['id']}/report"
    book = load_workbook(io.BytesIO((await api.request("curator", "GET", f"{place}.xlsx")).content))
    assert "salah" in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert (await api.request("curator", "GET", f"{place}.csv")).status_code == 200
    stored = await api.service.store.get("contact_table", done["id"])
    assert stored is not None
    assert stored.state["body"] == ""


async def test_a_table_waits_until_its_agencies_are_known(api: Api) -> None:
    rows = [*ROWS, (4, "Ani", "Petugas", "a@x.example", None, "Dinas Baru", None)]

    first = await imported(api, xlsx(rows))
    await api.service.receive(agency("Dinas Baru"))
    second = await after_a_look(api, first)

    assert (first["status"], first["waiting"], first["finished_at"]) == ("waiting", 1, None)
    assert (second["status"], second["created"]) == ("done", 4)


async def test_a_table_does_not_wait_for_ever(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [HEAD, (4, "Ani", "Petugas", "a@x.example", None, "Dinas Salah Ketik", None)]
    first = await imported(api, xlsx(rows))
    now = runner.machine_ms()
    monkeypatch.setattr(runner, "machine_ms", lambda: now + 16 * 60 * 1000)

    second = await after_a_look(api, first)

    assert (first["status"], second["status"]) == ("waiting", "refused")
    assert (2, "OPD", "unknown") in await report(api, second)


async def test_a_dry_run_stores_nothing_and_does_not_wait(api: Api) -> None:
    checked = await imported(api, xlsx(ROWS), "a", dry_run=True)
    unknown = await imported(api, xlsx([HEAD, (4, "Ani", None, None, None, "Dinas Baru", None)]), "b", dry_run=True)

    assert (checked["status"], checked["created"], unknown["status"]) == ("checked", 3, "refused")
    assert await api.listed() == []


async def test_an_import_that_a_crash_cut_off_is_finished(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_row = ContactImporter._apply_row

    async def killed(importer: ContactImporter, found: Any, index: int) -> None:  # noqa: ANN401 - as the real one
        if index >= 20:
            raise StoreAway("killed")
        await apply_row(importer, found, index)

    rows = "".join(f"Orang {number},o{number}@x.example,{DINKES}\n" for number in range(40))
    made = await send(api, f"nama;surel;opd\n{rows}".replace(",", ";").encode("utf-16"))
    with monkeypatch.context() as crashing:
        crashing.setattr(ContactImporter, "_apply_row", killed)
        with pytest.raises(StoreAway):
            await api.service.parts.contact_tables.run()

    done = await after_a_look(api, made)

    assert (done["status"], done["created"], len(await api.listed())) == ("done", 40, 40)


async def test_only_the_region_s_curator_imports_contacts(api: Api) -> None:
    made = await send(api, xlsx(ROWS))
    statuses = [
        (
            await api.request(
                by,
                "POST",
                "/contacts/imports",
                params={"region": REGION},
                content=b"nama;opd\n",
                headers={"Idempotency-Key": "b", "Content-Type": "text/csv"},
            )
        ).status_code
        for by in ("stranger", "agency", "executive", "operator")
    ]

    assert statuses == [403] * 4
    assert (await api.request("stranger", "GET", f"/contacts/imports/{made['id']}")).status_code == 404


async def test_old_imports_and_their_reports_are_erased(api: Api) -> None:
    done = await imported(api, xlsx(ROWS))
    api.service.clock.move_to(api.service.clock.now() + runner.KEPT * 1.1)

    await api.service.parts.contact_tables.purge()

    assert (await api.request("curator", "GET", f"/contacts/imports/{done['id']}")).status_code == 404
    assert [row async for row in api.service.store.scan("contact_table_report", {}, ())] == []


async def test_a_dry_run_knows_the_agencies_of_the_same_file(api: Api) -> None:
    made = load_workbook(io.BytesIO(xlsx([*ROWS, (4, "Ani", None, None, None, "Dinas  báru", None)])))
    sheet = made.create_sheet("Perangkat Daerah")
    for row in (("Nama", "Jenis"), ("Dinas Baru", "Dinas")):
        sheet.append(row)
    file = io.BytesIO()
    made.save(file)

    checked = await imported(api, file.getvalue(), "a", dry_run=True)

    assert (checked["status"], checked["created"]) == ("checked", 4)


async def test_agencies_are_found_as_the_registry_finds_them(api: Api) -> None:
    done = await imported(api, xlsx([HEAD, (1, "Ani", None, "a@x.example", None, "DINAS  Késehatan", None)]))

    assert (done["status"], done["created"]) == ("done", 1)
