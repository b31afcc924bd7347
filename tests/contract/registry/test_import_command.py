"""`satu import FILE` as a client of a running registry."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.cli import imports
from shared.cli.service_client import ServiceClient
from shared.cli.tables import runs
from shared.tables.reading import read_tables
from tests.contract.registry.test_imports import AGENCIES, PAST
from tests.support.registry_service import REGION, RegistryService, running_registry
from tests.support.tables import workbook


@asynccontextmanager
async def client_of(registry: RegistryService) -> AsyncIterator[ServiceClient]:
    """A client whose requests reach the registry below its usual path, while its loop runs."""

    async def work() -> None:
        while True:
            await registry.loops["imports"]()
            await asyncio.sleep(0.01)

    running = asyncio.create_task(work())
    client = ServiceClient("http://test", "curator")
    await client._http.aclose()
    app = Starlette(routes=[Mount("/registry/v1", app=registry.app)])
    headers = {"Authorization": "Bearer curator"}
    client._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test", headers=headers)
    try:
        yield client
    finally:
        running.cancel()


async def test_a_file_of_several_sheets_is_sent_in_order_and_its_report_names_the_lines_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    wrong = [
        *PAST,
        (),
        (),
        ("Dinas Kesehatan", 2024, "Empat", "Terverifikasi", "=A1", "2024-06-01"),
        ("#N/A", 2024, "Lima"),
    ]
    async with running_registry(tmp_path) as registry:
        await registry.region()

        for rows in (wrong, PAST, PAST):
            tables = read_tables(io.BytesIO(workbook({"Inovasi 2024": rows, "OPD": AGENCIES})))
            async with client_of(registry) as client:
                summary = await imports.import_all(tables, REGION, client, dry_run=False)

    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line[0] != " " and "rows" in line] == [
        "OPD: done; 4 rows, 4 created, 0 updated, 0 unchanged, 0 skipped, 0 errors, 0 notes",
        "Inovasi 2024: refused; 5 rows, 0 created, 0 updated, 0 unchanged, 0 skipped, 2 errors, 0 notes",
        "OPD: done; 4 rows, 0 created, 0 updated, 4 unchanged, 0 skipped, 0 errors, 0 notes",
        "Inovasi 2024: done; 3 rows, 3 created, 0 updated, 0 unchanged, 0 skipped, 0 errors, 0 notes",
        "OPD: done; 4 rows, 0 created, 0 updated, 4 unchanged, 0 skipped, 0 errors, 0 notes",
        "Inovasi 2024: done; 3 rows, 0 created, 0 updated, 3 unchanged, 0 skipped, 0 errors, 0 notes",
    ]
    assert "  baris 7, kolom Tanggal pengajuan (=): sel ini berisi rumus" in told
    assert "  baris 8, kolom OPD (#N/A): sel ini berisi kesalahan" in told
    assert not summary.failed


async def test_what_is_not_sent_is_reported_by_the_command_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    noted = read_tables(io.BytesIO(workbook({"OPD": [("Nama", "Jenis", "Alamat"), ("Dinas A", "Dinas", "Jl.", "x")]})))
    twice = read_tables(io.BytesIO(workbook({"OPD": [("Nama", "Jenis", "OPD"), ("Dinas B", "Dinas", "Dinas C")]})))
    async with running_registry(tmp_path) as registry:
        await registry.region()
        async with client_of(registry) as client:
            done = await imports.import_all(noted, REGION, client, dry_run=False)
        async with client_of(registry) as client:
            refused = await imports.import_all(twice, REGION, client, dry_run=False)
        agencies = (await registry.by(None)("GET", "/agencies")).json()["items"]

    told = capsys.readouterr().out
    assert (done.failed, refused.failed) == (False, True)
    assert [each["code"] for each in done.reports] == ["unknown-column", "no-title"]
    assert [each["code"] for each in refused.reports] == ["column-twice"]
    assert [each["name"] for each in agencies] == ["Dinas A"]
    assert "OPD: done; 1 rows, 1 created, 0 updated, 0 unchanged, 0 skipped, 0 errors, 2 notes" in told


async def test_sheets_without_rows_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    tables = read_tables(io.BytesIO(workbook({"OPD": AGENCIES, "Inovasi": PAST[:1], "Kontak": [("Nama", "OPD")]})))
    async with running_registry(tmp_path) as registry:
        await registry.region()
        async with client_of(registry) as client:
            summary = await imports.import_all(tables, REGION, client, dry_run=False)
        async with client_of(registry) as client:
            empty = await imports.import_all(tables[1:2], REGION, client, dry_run=False)

    assert not summary.failed
    assert [each["code"] for each in empty.reports] == ["empty"]


async def test_a_dry_run_does_not_miss_agencies_that_the_same_file_brings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    tables = read_tables(io.BytesIO(workbook({"Inovasi 2024": PAST, "OPD": AGENCIES})))
    async with running_registry(tmp_path) as registry:
        await registry.region()
        async with client_of(registry) as client:
            summary = await imports.import_all(tables, REGION, client, dry_run=True)
        agencies = (await registry.by(None)("GET", "/agencies")).json()["items"]

    assert not summary.failed
    assert agencies == []
    assert "Inovasi 2024: checked; 3 rows" in capsys.readouterr().out


async def test_a_template_of_which_some_sheets_are_empty_comes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    head = ("Perangkat daerah", "Tahun", "Nomor perjanjian", "Tanggal perjanjian")
    book = workbook({"Perangkat Daerah": AGENCIES[:1], "Inovasi": PAST[:1], "Perjanjian Inovasi": [head]})
    filled = workbook({"Perangkat Daerah": AGENCIES, "Inovasi": PAST[:1], "Perjanjian Inovasi": [head]})
    async with running_registry(tmp_path) as registry:
        await registry.region()
        summaries = []
        for each in (filled, book):
            async with client_of(registry) as client:
                tables = read_tables(io.BytesIO(each))
                summaries.append(await imports.import_all(tables, REGION, client, dry_run=False))

    assert [each.failed for each in summaries] == [False, True]
    told = [line.partition(",")[0] for line in capsys.readouterr().out.splitlines() if " rows, " in line]
    assert told == ["Perangkat Daerah: done; 4 rows", "Perangkat Daerah: refused; 0 rows"]
