"""`satu export` as a client of a running registry, and `satu import` of what it wrote."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from shared.cli import exports, imports
from shared.cli.tables import runs
from shared.tables.reading import read_tables
from tests.contract.registry.exports.test_tables import office
from tests.contract.registry.test_import_command import client_of
from tests.support.registry_service import REGION, running_registry


async def test_an_exported_workbook_is_imported_without_a_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "POLL", 0.01)
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await office(registry)
        async with client_of(registry) as client:
            how = exports.SheetOption.INNOVATIONS, ".csv"
            await exports.export_to(tmp_path / "one.csv", client, *how, region=REGION)
        async with client_of(registry) as client:
            body = (await client.send("GET", "/registry/v1/exports/all.xlsx", params={"region": REGION})).content
        async with client_of(registry) as client:
            summary = await imports.import_all(read_tables(io.BytesIO(body)), REGION, client, dry_run=False)

    assert not summary.failed
    told = [line for line in capsys.readouterr().out.splitlines() if "rows" in line]
    assert told == [
        f"{title}: done; {rows} rows, 0 created, 0 updated, {rows} unchanged, 0 skipped, 0 errors, 0 notes"
        for title, rows in (("Perangkat Daerah", 2), ("Inovasi", 3), ("Perjanjian Inovasi", 1))
    ]
