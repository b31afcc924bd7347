"""Imports over HTTP: agencies and innovations from the tables of an office."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.contracts.vocabulary import InnovationStatus
from tests.support.registry_service import REGION, RegistryService, running_registry
from tests.support.tables import findings, imported, send, workbook

AGENCIES = [
    ("Nama OPD", "Jenis", "Induk", "Wajib sejak tahun", "Ditutup tanggal", "Penerus"),
    ("Dinas Kesehatan", "Dinas", None, 2024),
    ("Puskesmas Contoh", "Puskesmas", "dinas  KESEHATAN", "semua tahun"),
    ("Dinas Pasar", "Dinas", None, 2024, date(2025, 3, 1), "Dinas Dagang"),
    ("Dinas Dagang", "Dinas"),
]
FORM = ("Tahapan", "Inisiator", "Klasifikasi", "Jenis", "Bentuk", "Urusan utama")
FILLED = ("Penerapan", "OPD", "Perangkat Daerah", "Digital", "Pelayanan publik", "Kesehatan")
HEAD = ("OPD", "Tahun", "Judul inovasi", "Status", "Tanggal pengajuan", "Tanggal verifikasi", *FORM, "16", "17")
PAST = [
    (*HEAD, "Verifikasi 16"),
    ("Dinas Kesehatan", 2024, "Satu", "Terverifikasi", date(2024, 5, 6), date(2024, 6, 1), *FILLED, 2, 3, 1),
    ("Dinas Pasar", 2024, "Dua", "Diajukan", "7 Mei 2024", None, *FILLED, 1, None, None),
    ("Puskesmas Contoh", 2026, "Tiga", None, None, None, *FILLED, 2, 0, None),
]


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as running:
        await running.region()
        yield running


async def agencies(registry: RegistryService) -> dict[str, dict[str, Any]]:
    listed = (await registry.by(None)("GET", "/agencies", params={"region": REGION, "limit": 200})).json()["items"]
    return {each["name"]: each for each in listed}


async def innovations(registry: RegistryService) -> dict[str, dict[str, Any]]:
    listed = (await registry.by("curator")("GET", "/innovations", params={"limit": 200})).json()["items"]
    found = [(await registry.by("curator")("GET", f"/innovations/{each['id']}")).json() for each in listed]
    return {each["profile"]["name"]: each for each in found}


async def test_agencies_come_in_with_what_they_are_part_of_and_who_follows_them(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", workbook({"OPD": AGENCIES}))

    assert (done["status"], done["rows"], done["created"], done["errors"]) == ("done", 4, 4, 0)
    found = await agencies(registry)
    assert found["Puskesmas Contoh"]["parent"] == found["Dinas Kesehatan"]["id"]
    assert found["Puskesmas Contoh"]["obliged_from"] is None
    assert found["Dinas Dagang"]["obliged_from"] == 2026
    assert found["Dinas Pasar"]["retired_on"] == "2025-03-01"
    assert found["Dinas Pasar"]["successor"] == found["Dinas Dagang"]["id"]


async def test_the_same_table_twice_changes_nothing(registry: RegistryService) -> None:
    for sheet, rows in (("agencies", AGENCIES), ("innovations", PAST)):
        assert (await imported(registry, sheet, workbook({"Lembar1": rows}), key=sheet))["status"] == "done"
    await registry.owed_events()

    again = [
        await imported(registry, sheet, workbook({"Lembar1": rows}), key=f"{sheet} again")
        for sheet, rows in (("agencies", AGENCIES), ("innovations", PAST))
    ]

    assert [(each["status"], each["created"], each["updated"], each["unchanged"]) for each in again] == [
        ("done", 0, 0, 4),
        ("done", 0, 0, 3),
    ]
    assert await registry.owed_types() == []


async def test_past_years_come_with_their_decisions_and_are_marked(registry: RegistryService) -> None:
    await imported(registry, "agencies", workbook({"OPD": AGENCIES}), key="agencies")
    await registry.owed_events()

    done = await imported(registry, "innovations", workbook({"Inovasi 2024": PAST}))

    assert (done["status"], done["created"]) == ("done", 3)
    found = await innovations(registry)
    one = found["Satu"]
    assert (one["status"], one["year"]) == ("verified", 2024)
    assert one["first_submitted_at"] == "2024-05-05T17:00:00Z"  # the first moment of 6 May in the region
    assert (one["evidence"]["16"]["level"], one["evidence"]["16"]["verified_level"]) == (2, 1)
    assert [each["action"] for each in one["history"]] == ["submitted", "verified", "imported"]
    assert (found["Dua"]["status"], found["Tiga"]["status"]) == ("submitted", "draft")
    assert "17" not in found["Tiga"]["evidence"]
    told = {event.type: payload for event, payload in await registry.owed_events()}
    assert told["innovation.verified"].imported is True  # type: ignore[attr-defined]
    assert "innovation.drafted" in told


async def test_errors_are_reported_by_row_and_column_and_nothing_is_applied(registry: RegistryService) -> None:
    await imported(registry, "agencies", workbook({"OPD": AGENCIES}), key="agencies")
    wrong = [
        HEAD,
        ("Dinas Kesehatan", 2024, "Satu", "Terverifikasi", "31/02/2024", "2024-06-01", *FILLED, 2, 3),
        ("Dinas Keuangan", 2024, "Dua", "Diajukan", "2024-05-06", None, *FILLED, 1, 4),
        ("Dinas Kesehatan", 2024, "Tiga", "Diajukan", "2023-12-31", None, *FILLED, 1, 1),
        ("Dinas Kesehatan", 2024, "Empat", "Diajukan", "2024-12-31", None, None, *FILLED[1:], 1, 1),
        ("Dinas Kesehatan", 2031, "Lima", None, None, None, *FILLED, 1, 1),
        ("Dinas Kesehatan", 2026, "Enam", None, None, None, *FILLED, 1, 1),
        ("dinas kesehatan", 2026, "ENAM", None, None, None, *FILLED, 1, 1),
        ("Dinas Kesehatan", 2025, "Tujuh", "Terverifikasi", "2025-05-05", "2025-05-04", *FILLED, 1, 1),
    ]

    done = await imported(registry, "innovations", workbook({"Inovasi": wrong}))

    assert (done["status"], done["created"]) == ("refused", 0)
    report = await findings(registry, done["id"], limit=2)
    assert len(report) == done["errors"]
    assert {(each["row"], each["column"], each["code"]) for each in report} == {
        (2, "Tanggal pengajuan", "malformed"),
        (3, "17", "malformed"),
        (4, "Tanggal pengajuan", "too-early"),
        (5, "Tahapan", "missing"),
        (6, "Tahun", "implausible"),
        (8, "Judul inovasi", "duplicate"),
        (9, "Tanggal verifikasi", "out-of-order"),
    }
    assert report[0]["value"] == "31/02/2024"
    assert await innovations(registry) == {}


async def test_a_corrected_table_corrects_what_was_imported(registry: RegistryService) -> None:
    await imported(registry, "agencies", workbook({"OPD": AGENCIES}), key="agencies")
    await imported(registry, "innovations", workbook({"Inovasi": PAST}), key="first")
    corrected = [HEAD, ("Dinas Pasar", 2024, "Dua", "Ditarik", date(2024, 5, 8), date(2024, 9, 9), *FILLED, 3, None)]

    done = await imported(registry, "innovations", workbook({"Inovasi": corrected}), key="second")

    assert (done["status"], done["updated"]) == ("done", 1)
    two = (await innovations(registry))["Dua"]
    assert (two["status"], two["evidence"]["16"]["level"]) == ("withdrawn", 3)
    assert two["first_submitted_at"] == "2024-05-07T17:00:00Z"


async def test_what_was_decided_here_is_not_changed_by_a_table(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.submitted(agency)
    name = (await innovations(registry)).popitem()[1]["profile"]["name"]
    rows = [(*HEAD[:4], "Tujuan"), ("Dinas Kesehatan", 2026, name, "Terverifikasi", None)]
    other = [(*HEAD[:4], "Tujuan"), ("Dinas Kesehatan", 2026, name, None, "Lain")]

    decided = await imported(registry, "innovations", workbook({"Inovasi": rows}), key="a")
    edited = await imported(registry, "innovations", workbook({"Inovasi": other}), key="b")

    assert [each["code"] for each in await findings(registry, decided["id"])] == ["decided"]
    assert [each["code"] for each in await findings(registry, edited["id"])] == ["submitted"]
    read = await registry.by("curator")("GET", place)
    assert read.json()["status"] == InnovationStatus.SUBMITTED


async def test_a_draft_is_edited_and_keeps_what_the_table_leaves_empty(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    before = (await registry.by("curator")("GET", place)).json()
    rows = [("ID", *HEAD[:3], "Tujuan", "16"), (before["id"], "Dinas Kesehatan", 2026, "Nama baru", "Lain", 3)]

    done = await imported(registry, "innovations", workbook({"Inovasi": rows}))

    after = (await registry.by("curator")("GET", place)).json()
    assert done["updated"] == 1
    assert (after["profile"]["name"], after["profile"]["purpose"]) == ("Nama baru", "Lain")
    assert after["profile"]["design"] == before["profile"]["design"]
    assert after["evidence"]["16"]["level"] == 3
    assert after["evidence"]["16"]["number"] == before["evidence"]["16"]["number"]


async def test_a_dry_run_reports_and_changes_nothing(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", workbook({"OPD": AGENCIES}), dry_run=True)

    assert (done["status"], done["created"]) == ("checked", 4)
    assert await agencies(registry) == {}


async def test_a_dry_run_of_innovations_knows_the_agencies_of_the_same_file(registry: RegistryService) -> None:
    wrong = [*PAST, ("Dinas Sosial", 2024, "Empat", "Diajukan", "2024-05-06", None, *FILLED, 1)]
    late = [*PAST, ("Dinas Dagang", 2024, "Lima", "Diajukan", "2023-05-06", None, *FILLED, 1)]

    checked = await imported(registry, "innovations", workbook({"Inovasi": PAST, "OPD": AGENCIES}), dry_run=True)
    others = [
        await imported(registry, "innovations", workbook({"OPD": AGENCIES, "Inovasi": rows}), key=key, dry_run=True)
        for key, rows in (("wrong", wrong), ("late", late))
    ]

    assert (checked["status"], checked["created"]) == ("checked", 3)
    codes = [[each["code"] for each in await findings(registry, each["id"])] for each in others]
    assert codes == [["unknown"], ["too-early"]]


async def test_a_dry_run_of_innovations_knows_the_agencies_of_another_dry_run(registry: RegistryService) -> None:
    before = await imported(registry, "agencies", workbook({"OPD": AGENCIES}), key="before", dry_run=True)
    query = {"agencies_from": before["id"]}

    checked = await imported(registry, "innovations", workbook({"Inovasi": PAST}), dry_run=True, **query)
    refused = [
        await registry.by("curator")(
            "POST",
            "/imports",
            key=str(more),
            params={"region": REGION, "sheet": "innovations", **more},
            files={"file": ("a.csv", b"Nama,Jenis\nA,Dinas\n", "text/csv")},
        )
        for more in ({**query}, {"agencies_from": checked["id"], "dry_run": True})
    ]

    assert (checked["status"], checked["created"]) == ("checked", 3)
    assert [(each.status_code, each.json()["flaws"][0]["code"]) for each in refused] == [
        (422, "dry-run-only"),
        (422, "unknown"),
    ]


async def test_a_repeat_under_the_same_key_is_the_same_import(registry: RegistryService) -> None:
    body = workbook({"OPD": AGENCIES})
    first = await send(registry, "agencies", body)

    second = await send(registry, "agencies", body)
    other = await registry.by("curator")(
        "POST",
        "/imports",
        key="import",
        params={"region": REGION, "sheet": "agencies"},
        files={"file": ("a.csv", b"Nama,Jenis\nA,Dinas\n", "text/csv")},
    )

    assert first == second
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_only_the_region_s_curator_imports_and_reads_reports(registry: RegistryService) -> None:
    made = await send(registry, "agencies", workbook({"OPD": AGENCIES}))
    file = {"file": ("a.csv", b"Nama,Jenis\nA,Dinas\n", "text/csv")}
    query = {"region": REGION, "sheet": "agencies"}

    statuses = [
        (await registry.by(token)("POST", "/imports", key="b", params=query, files=file)).status_code
        for token in ("curator-71", "operator", "executive", "agency:a", None)
    ]
    reads = [(await registry.by(token)("GET", f"/imports/{made['id']}")).status_code for token in ("curator-71", None)]

    assert statuses == [403, 403, 403, 403, 401]
    assert reads == [404, 401]


async def test_a_file_that_is_no_table_is_refused_in_the_report(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", b"PK\x03\x04 nothing")

    assert done["status"] == "refused"
    assert [(each["row"], each["code"]) for each in await findings(registry, done["id"])] == [(0, "unreadable")]


async def test_reports_and_templates_are_downloaded(registry: RegistryService) -> None:
    await registry.agency("Dinas Sosial")
    done = await imported(registry, "agencies", workbook({"OPD": [("Nama OPD", "Jenis"), ("=A1", "Kantor")]}))
    curator = registry.by("curator")

    book = load_workbook(io.BytesIO((await curator("GET", f"/imports/{done['id']}/report.xlsx")).content))
    text = (await curator("GET", f"/imports/{done['id']}/report.csv")).content.decode("utf-8-sig")
    template = load_workbook(io.BytesIO((await curator("GET", "/imports/templates/innovations.xlsx")).content))

    assert [cell.value for cell in book.worksheets[0][2]][:3] == ["OPD", 2, "Nama OPD"]
    assert text.splitlines()[1].startswith("OPD,2,Nama OPD")
    assert template["Pilihan"]["A2"].value == "Dinas Sosial"


async def test_old_imports_and_their_reports_are_removed(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", b"PK\x03\x04 nothing")
    registry.clock.move_to(registry.clock.now() + timedelta(days=91))

    await registry.loops["old_imports"]()

    assert (await registry.by("curator")("GET", f"/imports/{done['id']}")).status_code == 404
    assert [row async for row in registry.store.scan("import_report", {}, ())] == []
