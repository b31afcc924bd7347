"""`satu import` and `satu export` of official results and awards, as a client of a running scoring service."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openpyxl import Workbook
from starlette.applications import Starlette
from starlette.routing import Mount

from services.scoring.kinds import KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.cli import exports, imports
from shared.cli.service_client import ServiceClient
from shared.cli.tables.told import Summary
from shared.tables.reading import read_tables
from tests.support.scoring_service import PONTIANAK, ScoringService, opened

Sheets = dict[str, list[tuple[Any, ...]]]
RESULTS = [
    ("Nama inovasi", "Skor", "Predikat", "Tanggal", "Sumber", "Tahun"),
    ("Kabupaten Kubu Raya", "61,37", "Inovatif", date(2025, 11, 10), "Kep 1", 2025),
    ("Inovasi peci", 98, None, date(2025, 11, 10), "Kep 1", 2025),
    ("Inovasi peci", 90, None, date(2024, 11, 10), "Kep 0", 2024),
]
AWARDS = [
    ("Tahun", "Jenis", "Penghargaan", "Pemberi", "OPD", "Inovasi", "Tanggal"),
    (2024, "Piagam", "Top 10", "Wali Kota", "Disdukcapil (sintetis)", "Inovasi peci", "3 Desember 2024"),
    (2024, "Insentif", "Top 10", "Wali Kota", None, None, None),
]
OFFICE: Sheets = {"Hasil Resmi": RESULTS, "Penghargaan": AWARDS}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[ScoringService]:
    store = SqliteStore(tmp_path / "scoring.sqlite")
    await store.open(KINDS)
    async with opened(store) as service:
        await service.add("peci", 3)
        yield service
    await store.close()


@asynccontextmanager
async def client_of(service: ScoringService) -> AsyncIterator[ServiceClient]:
    """A client whose requests reach scoring below its usual path."""
    client = ServiceClient("http://test", "curator")
    await client._http.aclose()
    app = Starlette(routes=[Mount("/scoring/v1", app=service.app)])
    headers = {"Authorization": "Bearer curator"}
    client._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test", headers=headers)
    yield client


async def bring(service: ScoringService, sheets: Sheets, **more: Any) -> Summary:  # noqa: ANN401 - dry_run, year
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    async with client_of(service) as client:
        return await imports.import_all(read_tables(file), PONTIANAK, client, **{"dry_run": False, **more})


async def test_results_go_to_their_rounds_and_awards_come_in(
    service: ScoringService, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = await bring(service, OFFICE, dry_run=True)
    assert (await service.get("/awards", "executive"))["items"] == []
    first = await bring(service, OFFICE)
    again = await bring(service, OFFICE)

    assert [each.failed for each in (checked, first, again)] == [False] * 3
    told = [line for line in capsys.readouterr().out.splitlines() if "rows" in line]
    counts = [line.partition("; ")[0] + ": " + ", ".join(line.split(", ")[1:4]) for line in told]
    assert counts == [
        "Hasil Resmi: checked: 0 created, 3 updated, 0 unchanged",
        "Penghargaan: checked: 2 created, 0 updated, 0 unchanged",
        "Hasil Resmi 2024: done: 0 created, 1 updated, 0 unchanged",
        "Hasil Resmi 2025: done: 0 created, 2 updated, 0 unchanged",
        "Penghargaan: done: 2 created, 0 updated, 0 unchanged",
        "Hasil Resmi 2024: done: 0 created, 0 updated, 1 unchanged",
        "Hasil Resmi 2025: done: 0 created, 0 updated, 2 unchanged",
        "Penghargaan: done: 0 created, 0 updated, 2 unchanged",
    ]
    found = await service.get(f"/results/{PONTIANAK}/2024/innovations", "executive")
    assert [each["official"]["score"] for each in found["items"]] == [90]


async def test_what_is_wrong_names_the_line_of_the_file_and_nothing_is_stored(service: ScoringService) -> None:
    wrong = [
        *RESULTS,
        (),
        ("Inovasi lain", 90, None, date(2024, 11, 10), "Kep 0", 2024),
        ("x", 1, None, None, "y", "z"),
    ]

    refused = await bring(service, {"Hasil Resmi": wrong, "Penghargaan": AWARDS})
    no_year = await bring(service, {"Hasil Resmi": [row[:5] for row in RESULTS[:3]]})

    assert refused.failed
    assert {(each["row"], each["column"], each["code"]) for each in refused.reports} == {
        (6, "Nama inovasi", "unknown"),
        (7, "Tahun", "malformed"),
    }
    assert [each["code"] for each in no_year.reports] == ["missing", "missing"]
    assert (await service.get("/awards", "executive"))["items"] == []
    assert (await service.request("GET", f"/results/{PONTIANAK}/2024", "executive")).headers["etag"] == '"0"'


async def test_a_round_that_the_table_does_not_name_is_given(service: ScoringService) -> None:
    done = await bring(service, {"Hasil Resmi": [row[:5] for row in RESULTS[:3]]}, year=2025)

    assert not done.failed
    assert (await service.get(f"/results/{PONTIANAK}/2025", "executive"))["innovations"] == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
async def test_what_is_exported_is_imported_without_a_change(
    service: ScoringService, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await bring(service, OFFICE)
    capsys.readouterr()
    for sheet in (exports.SheetOption.OFFICIAL, exports.SheetOption.AWARDS):
        file = tmp_path / f"{sheet}{suffix}"
        async with client_of(service) as client:
            await exports.export_to(file, client, sheet, suffix, region=PONTIANAK)
        async with client_of(service) as client:
            done = await imports.import_all(read_tables(file), PONTIANAK, client, dry_run=False)
        assert not done.failed

    told = [line for line in capsys.readouterr().out.splitlines() if "rows" in line]
    assert all(" 0 created, 0 updated" in line for line in told)
    assert len(told) == 3
